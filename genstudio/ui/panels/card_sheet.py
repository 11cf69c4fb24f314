"""The sheet that lets a model's card out: HTML or Markdown, with what, where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from genstudio.core import files
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.quality_state import QualityState
from genstudio.ui.widgets.buttons import Button, PillRow, Switch
from genstudio.ui.widgets.panel_frame import label, note

if TYPE_CHECKING:
    from genstudio.studio.library import Model


class CardSheet(Sheet):
    """The card as a file: HTML or Markdown, where to."""

    def __init__(self, state: QualityState, parent: QWidget) -> None:
        super().__init__("Export the card", parent)
        self._state = state
        self._model = ""
        places = QStandardPaths.StandardLocation.DocumentsLocation
        self.folder = Path(QStandardPaths.writableLocation(places) or Path.home())
        self.format = PillRow(
            [
                ("html", "HTML", "One file with its pictures, for any browser"),
                ("md", "Markdown", "Plain text, for repositories and notes"),
            ]
        )
        self.format.setAccessibleName("Format")
        self.pairs = Switch("With the nearest training pictures")
        self.warning = note("They show some of the data that it was trained on.")
        self.where = QLabel()
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setWordWrap(True)
        self.choose = Button("Change…", "folder")
        self.choose.setAccessibleName("Change the file")
        self.go = Button("Export", "export", kind="primary")
        self._target: Path | None = None
        self._has_pairs = False
        column = self.column
        column.addWidget(label("Format"))
        column.addWidget(self.format)
        column.addWidget(self.pairs)
        column.addWidget(self.warning)
        column.addWidget(label("File"))
        row = QHBoxLayout()
        row.addWidget(self.where, 1)
        row.addWidget(self.choose)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(self.go)
        self.format.changed.connect(lambda _value: self._show())
        self.choose.clicked.connect(self._choose)
        self.go.clicked.connect(self._run)

    def open_for(self, model: Model) -> None:
        """Offer to export this model's card."""
        self._model, self._target = model.id, None
        self._has_pairs = self._state.pairs(model) is not None
        self.pairs.setChecked(False)
        self._show()
        self.open_sheet(self.go)

    def target(self) -> Path:
        """The file to write."""
        ending = f".{self.format.value()}"
        if self._target is not None:
            return self._target.with_suffix(ending)
        return files.free_name(self.folder / f"{self._model}-card{ending}")

    def _show(self) -> None:
        offered = self._has_pairs and self.format.value() == "html"
        self.pairs.setVisible(offered)
        self.warning.setVisible(offered)
        self.where.setText(str(self.target()))
        self.where.setAccessibleName(f"File: {self.target()}")
        self.place()

    def _choose(self) -> None:
        kind = "Web page (*.html)" if self.format.value() == "html" else "Markdown (*.md)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export the card", str(self.target()), kind)
        if chosen:
            self._target = Path(chosen)
            self.folder = self._target.parent
            self._show()

    def _run(self) -> None:
        pairs = self.pairs.isChecked() and self._has_pairs and self.format.value() == "html"
        if self._state.export_card(self._model, self.target(), pairs):
            self.close_sheet()
