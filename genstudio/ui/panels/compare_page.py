"""Two or more runs beside each other: curves over each other, what differs, the last samples."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui.panels import pictures
from genstudio.ui.panels.train_run_boxes import plain_box
from genstudio.ui.panels.train_run_samples import reader
from genstudio.ui.state import run_words as say
from genstudio.ui.state import words
from genstudio.ui.state.run_curves import best_of, groups
from genstudio.ui.state.run_reading import Look
from genstudio.ui.theme import SERIES
from genstudio.ui.widgets.buttons import Select
from genstudio.ui.widgets.chart import Chart, Curve
from genstudio.ui.widgets.panel_frame import label, note, scrolled
from genstudio.ui.widgets.picture_tiles import Tiles
from genstudio.ui.widgets.roll_tiles import RollTiles
from genstudio.ui.widgets.writing_tiles import WritingTiles

MOST = len(SERIES)
ROW = 30


class ComparePage(QWidget):
    """`show_looks` fills it; the pictures are decoded beside the window."""

    metric_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: list[Look] = []
        self.chart = Chart("")
        self.chart.title.hide()
        self.chart.setMinimumHeight(280)
        self.which = Select()
        self.which.setAccessibleName("Number to compare")
        self.which.setFixedWidth(230)
        self.which.chosen.connect(self._choose)
        self.chart.head.insertWidget(0, self.which, 0, Qt.AlignmentFlag.AlignVCenter)
        self.table = _table()
        self.same = note("The recipes are the same.")
        self._sheets = QGridLayout()
        self._sheets.setSpacing(12)
        self._tiles: dict[str, Tiles | WritingTiles | RollTiles] = {}
        self._loader = pictures.Loader(self, threads=1)
        self._loader.ready.connect(self._loaded)
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 0, 20, 16)
        column.setSpacing(12)
        curves, room = plain_box()
        room.addWidget(self.chart)
        column.addWidget(curves)
        facts, room = plain_box()
        room.addWidget(label("What differs"))
        room.addWidget(self.table)
        room.addWidget(self.same)
        column.addWidget(facts)
        self.sheets, room = plain_box()
        room.addWidget(label("Newest samples, the same places from the same seeds"))
        room.addLayout(self._sheets)
        column.addWidget(self.sheets)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(body))

    def close_page(self) -> None:
        """Let the thread end."""
        self._loader.close()

    # ---- contents

    def looks(self) -> list[Look]:
        """What is compared."""
        return list(self._looks)

    def show_looks(self, looks: Sequence[Look]) -> None:
        """Compare these; at most as many as there are colours."""
        self._looks = [look for look in looks if look.run is not None][:MOST]
        before = self.which.value()
        self.which.set_options(self._numbers())
        self.which.set_value(before)
        self._choose(self.which.value())
        self._show_table()
        self._show_sheets()

    def _numbers(self) -> list[tuple[str, str]]:
        """Numbers that most of the runs have come first; among equals the losses."""
        names: dict[str, int] = {}
        for look in self._looks:
            for name in look.curves:
                names[name] = names.get(name, 0) + 1
        titles = {
            line.name: f"{group.title}: {line.title}" if len(group.lines) > 1 else group.title
            for group in groups(list(names))
            for line in group.lines
        }
        ranked = sorted(titles, key=lambda name: -names[name])
        return [(name, titles[name]) for name in ranked]

    def _choose(self, name: str) -> None:
        curves = []
        for look, token in zip(self._looks, SERIES, strict=False):
            if name in look.curves:
                steps, values = look.curves[name]
                sparse = name.partition("/")[0] in ("valid", "watch")
                curves.append(Curve(_name(look), steps, values, token, sparse))
        titles = dict(self._numbers())
        self.chart.set_title(titles.get(name, ""))
        self.chart.set_curves(curves)
        self.metric_chosen.emit(name)

    def _show_table(self) -> None:
        runs = [look.run for look in self._looks if look.run is not None]
        rows = [*self._reached(), *say.differences(runs)]
        table = self.table
        table.setColumnCount(len(runs) + 1)
        table.setHorizontalHeaderLabels(["", *(say.title(run) for run in runs)])
        table.setRowCount(len(rows))
        for row, (name, values) in enumerate(rows):
            for column, text in enumerate([name, *values]):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(row, column, item)
        table.setFixedHeight(ROW * (len(rows) + 1) + 4)
        self.same.setVisible(len(say.differences(runs)) == 0)

    def _reached(self) -> list[tuple[str, list[str]]]:
        """How far they are: the first rows, also where they are the same."""
        runs = [(look.run, look) for look in self._looks if look.run is not None]
        best = [best_of(look.curves, run.best_step) for run, look in runs]
        return [
            ("State", [say.phase_words(say.phase_of(look))[0] for _, look in runs]),
            ("Steps", [f"{run.step:,} of {run.recipe.settings.steps:,}" for run, _ in runs]),
            ("Best", [f"{b.words} at step {b.step:,}" if b else "—" for b in best]),
            ("Time", [words.duration(run.seconds) for run, _ in runs]),
        ]

    def _show_sheets(self) -> None:
        while self._sheets.count():
            gone = self._sheets.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        self._tiles = {}
        shown = [look for look in self._looks if look.samples]
        self.sheets.setVisible(bool(shown))
        for place, look in enumerate(shown):
            row, column = divmod(place, 2)
            self._sheets.addWidget(self._sheet(look), row, column)
            last = look.samples[-1]
            self._loader.ask(look.id, reader(last))

    def _sheet(self, look: Look) -> QWidget:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        words_ = QLabel(f"{_name(look)} · step {look.samples[-1].step:,}")
        words_.setProperty("role", "small")
        last = look.samples[-1]
        rolls = RollTiles(plays=False) if last.pieces else None
        tiles = WritingTiles() if last.written else rolls or Tiles(rows=3)
        tiles.setAccessibleName(f"Samples of {look.id}")
        self._tiles[look.id] = tiles
        column.addWidget(words_)
        column.addWidget(tiles)
        return room

    def _loaded(self, run: object, sheet: object) -> None:
        tiles = self._tiles.get(str(run))
        if tiles is not None and sheet is not None:
            tiles.set_sheet(sheet)


def _name(look: Look) -> str:
    """`0002 · GAN`."""
    kind = say.family_title(look.run.recipe.family) if look.run else ""
    return " · ".join(part for part in (say.number_of(look.id), kind) if part)


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setAccessibleName("What differs")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setStyleSheet("QTableView::item, QHeaderView::section { padding: 0 8px; }")
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setFixedHeight(ROW)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table
