"""The export sheet of a text: format, metadata with its exact words, folder. Never modal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from genstudio.core.document import Document
from genstudio.studio.writing_out import ENDINGS, made_by, part_of
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.text_export_state import LEVELS, TextExportState
from genstudio.ui.state.words import several, short_path
from genstudio.ui.widgets.buttons import Button, PillRow, Switch
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note

NOTHING = "Nothing besides the words."
Span = tuple[int, int] | None
_NAMES = {".txt": "TXT", ".md": "Markdown", ".docx": "Word", ".html": "HTML"}


class TextExport(Sheet):
    """`document()` gives what is open, as it is saved; `span()` what is selected of it."""

    def __init__(
        self,
        state: TextExportState,
        document: Callable[[], Document],
        span: Callable[[], Span],
        parent: QWidget,
    ) -> None:
        super().__init__("Export the text", parent)
        self._state, self._document, self._span = state, document, span
        self.about = note("")
        self.format = PillRow([(ext, _NAMES[ext]) for ext in ENDINGS])
        self.level = PillRow(LEVELS)
        self.part = Switch("Only the selection")
        self.written = QPlainTextEdit()
        self.shown = Folded("What is written into the file")
        self.folder = QLabel()
        self.choose = Button("Change…", "folder")
        self.go = Button("Export", "export", kind="primary")
        self._lay_out()
        self.format.changed.connect(state.set_ext)
        self.level.changed.connect(state.set_level)
        self.part.toggled.connect(lambda _on: self._show())
        self.shown.toggled.connect(lambda _open: self._show())
        self.choose.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._run)
        state.edited.connect(self._show)

    def _lay_out(self) -> None:
        self.format.setAccessibleName("Format")
        self.level.setAccessibleName("Metadata")
        self.written.setAccessibleName("What is written into the file")
        self.folder.setAccessibleName("Folder")
        self.choose.setAccessibleName("Change the folder")
        self.written.setReadOnly(True)
        self.written.setFixedHeight(150)
        self.written.setTabChangesFocus(True)
        self.shown.body.addWidget(self.written)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        parts: tuple[QWidget, ...] = (self.about, self.part, label("Format"), self.format)
        for part in (*parts, label("Metadata"), self.level, self.shown, label("Folder")):
            self.column.addWidget(part)
        self.column.addLayout(place)
        self.column.addSpacing(4)
        self.column.addWidget(self.go)

    def open_for(self) -> None:
        """Offer the open document."""
        selected = self._span() is not None
        self.part.setVisible(selected)
        self.part.setChecked(selected)
        self._show()
        self.open_sheet(self.go)

    def part_shown(self) -> Document:
        """What would be written."""
        document, span = self._document(), self._chosen()
        return part_of(document, *span) if span else document

    def _chosen(self) -> Span:
        return self._span() if self.part.isChecked() else None

    def _show(self) -> None:
        state, document = self._state, self.part_shown()
        words = several(len(document.text.split()), "word")
        share = document.model_share()
        self.about.setText(f"{words}, {share:.0%} of it written by models.")
        self.format.set_value(state.ext)
        self.level.set_value(state.level)
        self.folder.setText(short_path(state.folder))
        self.folder.setToolTip(str(state.folder))
        self.go.setEnabled(bool(document.text.strip()))
        if self.shown.is_open():
            self.written.setPlainText(self._told(document))
        if self.isVisible():
            self.place()

    def _told(self, document: Document) -> str:
        """The exact entries (they need the codecs, so only while they are unfolded)."""
        from genstudio.media import documents

        told = documents.besides(made_by(document), self._state.level)
        return "\n\n".join(f"{key}\n{_readable(text)}" for key, text in told.items()) or NOTHING

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", str(self._state.folder))
        if chosen:
            self._state.set_folder(Path(chosen))

    def _run(self) -> None:
        if self._state.run(self._document(), self._chosen()):
            self.close_sheet()


def _readable(text: str) -> str:
    """JSON indented, anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
