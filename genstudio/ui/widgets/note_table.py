"""The notes of a piece as a table: for screen readers, and for exact numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_names import drum_name, length_name, pitch_name, pitch_of

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Note", "Place", "Length", "Velocity", "Voice", "Locked", "Probability")
_NOTE, _PLACE, _LENGTH, _VELOCITY, _VOICE, _LOCKED, _CHANCE = range(len(COLUMNS))
_WIDTHS = (110, 150, 130, 80, 140, 80, 100)


class _Notes(QAbstractTableModel):
    def __init__(self, model: RollModel) -> None:
        super().__init__()
        self.roll = model

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.roll.rows())

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(COLUMNS)

    def headerData(
        self, section: int, direction: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section] if direction == Qt.Orientation.Horizontal else str(section + 1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() in (_NOTE, _LENGTH, _VELOCITY):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.roll.rows()):
            return None
        row = self.roll.rows()[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return self._raw(row, index.column())
        return self.words(row, index.column()) if role == Qt.ItemDataRole.DisplayRole else None

    def words(self, row: np.void, column: int) -> str:
        """A cell as it is read."""
        if column == _NOTE:
            return self.name(int(row["pitch"]), int(row["track"]))
        if column == _PLACE:
            return self.roll.grid.words(int(row["start"]))
        if column == _LENGTH:
            return length_name(int(row["duration"]) / self.roll.grid.ppq)
        if column == _VELOCITY:
            return str(int(row["velocity"]))
        if column == _VOICE:
            return self.voice(int(row["track"]))
        if column == _LOCKED:
            return "locked" if row["locked"] else ""
        return f"{row['p']:.0%}".replace("%", " %") if row["p"] >= 0 else ""

    def name(self, pitch: int, track: int) -> str:
        """A pitch, or a drum sound or the recording in its place, by its track."""
        player = self.roll.piece().tracks[track]
        own = player.sound_of(pitch)
        if player.drums and own is not None:
            return f"{drum_name(pitch)} ({own.name})"
        return drum_name(pitch) if player.drums else pitch_name(pitch)

    def voice(self, track: int) -> str:
        """A track by its name, or its number."""
        return self.roll.piece().tracks[track].name or f"Voice {track + 1}"

    def _raw(self, row: np.void, column: int) -> str:
        if column == _LENGTH:
            return f"{int(row['duration']) / self.roll.grid.ppq:g}"
        if column == _NOTE and self.roll.piece().tracks[int(row["track"])].drums:
            return str(int(row["pitch"]))
        return self.words(row, column)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed: a pitch, quarters, a velocity; what cannot be read is left."""
        field, found = _read(index.column(), str(value), self.roll.grid.ppq)
        if role != Qt.ItemDataRole.EditRole or found is None:
            return False
        rows = roll_rows.alone(self.roll.rows(), index.row())
        rows[field][index.row()] = found
        self.roll.apply(rows, f"Change a {COLUMNS[index.column()].lower()}")
        return True


def _read(column: int, text: str, ppq: int) -> tuple[str, int | None]:
    """(field, value) of a typed cell; None for what means nothing."""
    if column == _NOTE:
        return "pitch", pitch_of(text)
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return "", None
    if column == _VELOCITY:
        return "velocity", round(number) if 1 <= number <= 127 else None
    return "duration", max(1, round(number * ppq)) if 0 < number <= 1000 else None


class NoteTable(QTableView):
    """`went_to(index)`: a note was gone to. Enter or F2 changes pitch, length or velocity."""

    went_to = Signal(int)

    def __init__(self, model: RollModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roll = model
        self._notes = _Notes(model)
        self._quiet = False
        self.setModel(self._notes)
        self.setObjectName("notes")
        self.setAccessibleName("Notes as a list")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(30)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.horizontalHeader().setStretchLastSection(True)
        model.edited.connect(lambda _what: self._reset())
        model.reset.connect(self._reset)
        model.selected.connect(self._show_selected)
        self.selectionModel().selectionChanged.connect(self._chosen)
        self.selectionModel().currentRowChanged.connect(self._went)

    def _reset(self) -> None:
        self._quiet = True
        row, column = self.currentIndex().row(), max(0, self.currentIndex().column())
        self._notes.beginResetModel()
        self._notes.endResetModel()
        if self._notes.rowCount():
            here = self._notes.index(max(0, min(row, self._notes.rowCount() - 1)), column)
            no = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(here, no)
        self._quiet = False
        self._show_selected()

    def _show_selected(self) -> None:
        if self._quiet or not self.isVisible():
            return
        self._quiet = True
        chosen, found = self._roll.chosen(), QItemSelection()
        breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
        for part in np.split(chosen, breaks) if len(chosen) else ():
            first, last = self._notes.index(int(part[0]), 0), self._notes.index(int(part[-1]), 0)
            found.select(first, last)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(found, flags.ClearAndSelect | flags.Rows)
        if len(chosen) and self.currentIndex().row() not in set(chosen.tolist()):
            here = self._notes.index(int(chosen[0]), 0)
            self.selectionModel().setCurrentIndex(here, flags.NoUpdate)
            self.scrollTo(here)
        self._quiet = False

    def showEvent(self, event: Any) -> None:
        """Take over what is selected."""
        super().showEvent(event)
        self._show_selected()

    def _chosen(self) -> None:
        if not self._quiet:
            self._quiet = True
            rows = [index.row() for index in self.selectionModel().selectedRows()]
            self._roll.select(np.array(rows, int))
            self._quiet = False

    def _went(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._quiet and now.isValid():
            self.went_to.emit(now.row())

    # ---- in words

    def name_of(self, pitch: int, track: int) -> str:
        """A pitch or a drum sound."""
        return self._notes.name(pitch, track)

    def words_of(self, index: int) -> str:
        """A note in one sentence: "A4, bar 3, beat 2, quarter, velocity 80, Alto, locked"."""
        row = self._roll.rows()[index]
        words = [self._notes.words(row, column) for column in range(len(COLUMNS))]
        words[_VELOCITY] = f"velocity {words[_VELOCITY]}"
        if words[_CHANCE]:
            words[_CHANCE] = f"probability {words[_CHANCE]}"
        return ", ".join(word for word in words if word)

    def words_of_selection(self) -> str:
        """What is selected, in words."""
        chosen, count = self._roll.chosen(), len(self._roll.rows())
        if len(chosen) == 1:
            return self.words_of(int(chosen[0]))
        if len(chosen):
            return f"{len(chosen)} of {count} notes selected"
        return f"{count} notes, none selected"
