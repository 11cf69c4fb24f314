"""Exporting a sweep: one labelled sheet, or all of its cells."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from genstudio.core.series import Series
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.export_state import LEVELS, ExportState
from genstudio.ui.state.sweep_state import SweepState
from genstudio.ui.state.words import several, short_path
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.panel_frame import label, note


class SweepSheet(Sheet):
    """Metadata and folder are those of every export; `cells_wanted` asks for the single files."""

    cells_wanted = Signal()

    def __init__(self, state: SweepState, exports: ExportState, parent: QWidget) -> None:
        super().__init__("Export the sweep", parent)
        self._state, self._exports = state, exports
        self._series: Series | None = None
        self.about = note("")
        self.level = PillRow(LEVELS)
        self.folder = QLabel()
        self.choose = Button("Change…", "folder")
        self.cells = Button("")
        self.go = Button("Export the sheet", "export", kind="primary")
        self.level.setAccessibleName("Metadata")
        self.folder.setAccessibleName("Folder")
        self.choose.setAccessibleName("Change the folder")
        self._lay_out()
        self.level.changed.connect(exports.set_level)
        self.choose.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._run)
        self.cells.clicked.connect(self._to_cells)
        exports.edited.connect(self._show)

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cells)
        foot.addWidget(self.go, 1)
        self.column.addWidget(self.about)
        self.column.addWidget(label("Metadata"))
        self.column.addWidget(self.level)
        self.column.addWidget(label("Folder"))
        self.column.addLayout(place)
        self.column.addSpacing(4)
        self.column.addLayout(foot)

    def open_for(self, series: Series, done: int) -> None:
        """Offer the sheet of a sweep of which `done` cells are there."""
        self._series = series
        cells = several(series.total, "cell")
        have = f"{done} of {cells} are made" if done < series.total else f"All {cells} are made"
        self.about.setText(f"One PNG with every picture, its row and its column. {have}.")
        self.cells.set_text(f"{several(done, 'file')}…")
        self.cells.setAccessibleName(f"Export {several(done, 'single picture')}")
        self._show()
        self.open_sheet(self.go)

    def _show(self) -> None:
        self.level.set_value(self._exports.level)
        self.folder.setText(short_path(self._exports.folder))
        self.folder.setToolTip(str(self._exports.folder))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", str(self._exports.folder))
        if chosen:
            self._exports.set_folder(Path(chosen))

    def _run(self) -> None:
        exports, series = self._exports, self._series
        if series is not None and self._state.export_sheet(series, exports.folder, exports.level):
            self.close_sheet()

    def _to_cells(self) -> None:
        self.close_sheet()
        self.cells_wanted.emit()
