"""Sound for a walk, in the export sheet: the piece, what its key pictures fall on, which bars."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from genstudio.core.controls import Int
from genstudio.ui.state.music_opening import SUFFIXES
from genstudio.ui.state.walk_sound import EVERY, MOST_BARS, SILENT, WalkSound
from genstudio.ui.widgets.buttons import PillRow, Select, Switch
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.panel_frame import label, note

FROM_FILE = "file"
TOLD = (
    "The film lasts as long as these bars and a second more; the walk's {} pictures come in turn."
)


class WalkSoundBox(QWidget):
    """Binds its fields to a WalkSound; `show_all(stops)` fills them anew. `grew`: it needs
    another height."""

    grew = Signal()

    def __init__(self, state: WalkSound, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.piece, self.every = Select(), PillRow(EVERY)
        self.eased = Switch("Rest on each key picture")
        self.first, self.last = _bar("From bar", 1), _bar("To bar", 0)
        self.last.box.setSpecialValueText("end")
        self.told = note("")
        self.piece.setAccessibleName("Sound: a piece of music")
        self.every.setAccessibleName("Key pictures fall on")
        self._lay_out()
        self.piece.chosen.connect(self._choose)
        self.every.changed.connect(state.set_every)
        self.eased.toggled.connect(state.set_eased)
        self.first.changed.connect(lambda bar, _held: state.set_bars(int(bar), state.last))
        self.last.changed.connect(lambda bar, _held: state.set_bars(state.first, int(bar)))
        state.edited.connect(self._show)

    def _lay_out(self) -> None:
        self._timing = QWidget()
        column = self._column = QVBoxLayout(self)
        inner = QVBoxLayout(self._timing)
        for box in (column, inner):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(8)
        column.addWidget(label("Sound"))
        column.addWidget(self.piece)
        column.addWidget(self._timing)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (note("Bars"), self.first, note("to"), self.last):
            row.addWidget(widget)
        row.addStretch(1)
        inner.addWidget(label("Key pictures fall on"))
        inner.addWidget(self.every)
        inner.addLayout(row)
        inner.addWidget(self.eased)
        inner.addWidget(self.told)

    def show_all(self, stops: int) -> None:
        """The pieces that are there now; `stops`: key pictures of the walk, told in words."""
        self.told.setText(TOLD.format(stops))
        choices = [*self._state.choices(), (FROM_FILE, "From a file…")]
        if self._state.piece not in {key for key, _words in choices}:
            self._state.choose(SILENT)
        self.piece.set_options(choices)
        self._show()

    def _show(self) -> None:
        state = self._state
        self.piece.set_value(state.piece)
        self.every.set_value(state.every)
        self.first.set_value(state.first)
        self.last.set_value(state.last)
        self.eased.blockSignals(True)
        self.eased.setChecked(state.eased)
        self.eased.blockSignals(False)
        sounding = state.piece != SILENT
        if self._timing.isVisibleTo(self) != sounding:
            self._timing.setVisible(sounding)
            self._column.invalidate()
            self.updateGeometry()  # at once: who holds this asks for its height now
            self.grew.emit()

    def _choose(self, key: str) -> None:
        if key != FROM_FILE:
            self._state.choose(key)
            return
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        path, _ = QFileDialog.getOpenFileName(self, "Sound of the film", "", f"Music ({kinds})")
        if path and self._state.choose_file(Path(path)):
            self.piece.set_options([*self._state.choices(), (FROM_FILE, "From a file…")])
        self._show()


def _bar(words: str, low: int) -> NumberEdit:
    control = Int(name="bar", label=words, default=low, low=low, high=MOST_BARS)
    edit = NumberEdit(control)
    edit.setFixedWidth(72)
    return edit
