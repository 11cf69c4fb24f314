"""The export sheet of a piece: format, metadata with its exact words, folder. Never modal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from genstudio.core.piece_file import PieceFile
from genstudio.studio.pieces import models_alone
from genstudio.studio.pieces_out import ENDINGS, SOUNDS, made_by
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.music_export_state import LEVELS, MusicExportState
from genstudio.ui.state.words import several, short_path
from genstudio.ui.theme import VOICES, color
from genstudio.ui.widgets.buttons import Button, PillRow, Switch
from genstudio.ui.widgets.drag_pill import drag_out
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note

NOTHING = "Nothing besides the music and its title."
RECORDINGS = (
    "Recordings in place of drums add what they say of their making. Where a model made one, the "
    "label is that of a work composed of several."
)
Span = tuple[int, int] | None
_NAMES = {
    ".mid": "MIDI",
    ".musicxml": "MusicXML",
    ".wav": "WAV",
    ".flac": "FLAC",
    ".ogg": "OGG",
    ".mp3": "MP3",
    ".png": "Picture",
}


class DragOut(QLabel):
    """The file that was written last: it can be dragged into another program."""

    def __init__(self) -> None:
        super().__init__("")
        self.path: Path | None = None
        self._pressed: QPoint | None = None
        self.setProperty("role", "dim")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.hide()

    def show_file(self, path: Path) -> None:
        """Offer a file."""
        self.path = path
        self.setText(f"Drag this into another program: {path.name}")
        self.setToolTip(str(path))
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin."""
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough: it begins."""
        if self._pressed is None or self.path is None:
            return
        far = (event.position().toPoint() - self._pressed).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._pressed = None
            drag_out(self, self.path)


class MusicExport(Sheet):
    """`piece()` gives what is open, as it is saved; `span()` the marked ticks of it."""

    def __init__(
        self,
        state: MusicExportState,
        piece: Callable[[], PieceFile],
        span: Callable[[], Span],
        parent: QWidget,
    ) -> None:
        super().__init__("Export the piece", parent)
        self._state, self._piece, self._span = state, piece, span
        self.about = note("")
        self.format = PillRow([(ext, _NAMES[ext]) for ext in ENDINGS])
        self.level = PillRow(LEVELS)
        self.part = Switch("Only the marked bars")
        self.written = QPlainTextEdit()
        self.shown = Folded("What is written into the file")
        self.folder = QLabel()
        self.choose = Button("Change…", "folder")
        self.go = Button("Export", "export", kind="primary")
        self.last = DragOut()
        self._lay_out()
        self.format.changed.connect(state.set_ext)
        self.level.changed.connect(state.set_level)
        self.shown.toggled.connect(lambda _open: self._show())
        self.choose.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._run)
        state.edited.connect(self._show)
        state.busy_changed.connect(self._show)
        state.written.connect(self._on_written)

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
        self.column.addWidget(self.last)

    def open_for(self) -> None:
        """Offer the open piece."""
        marked = self._span() is not None
        self.part.setVisible(marked)
        self.part.setChecked(False)
        self._show()
        self.open_sheet(self.go)

    def _show(self) -> None:
        state, kept = self._state, self._piece()
        told = several(len(kept.made), "part") if kept.made else "nothing"
        by = "all made by models" if models_alone(kept) else f"{told} of it made by models"
        quiet = any(t.muted for t in kept.tracks) or any(t.solo for t in kept.tracks)
        heard = " Muted tracks are left out." if quiet and state.ext in SOUNDS else ""
        self.about.setText(f"{several(len(kept.notes), 'note')}, {by}.{heard}")
        self.format.set_value(state.ext)
        self.level.set_value(state.level)
        self.folder.setText(short_path(state.folder))
        self.folder.setToolTip(str(state.folder))
        self.go.set_text("Exporting…" if state.busy else "Export")
        self.hold(self.go, bool(kept.notes) and not state.busy)
        if self.shown.is_open():
            self.written.setPlainText(self._told(kept) + self._told_of_sounds(kept))
        if self.isVisible():
            self.place()

    def _told(self, kept: PieceFile) -> str:
        """The exact entries, as far as the piece itself knows them."""
        from genstudio.media import xmp

        made = made_by(kept)
        if made is None or self._state.level == "bare":
            return NOTHING
        uri = f"DigitalSourceType\n{xmp.SOURCE_URIS[made.source_type]}"
        if self._state.level == "label":
            return uri
        record = json.dumps(made.model_dump(mode="json"), indent=2, ensure_ascii=False)
        return f"{uri}\n\nGenStudio\n{record}"

    def _told_of_sounds(self, kept: PieceFile) -> str:
        """Their files are read when the sound is written, not while the window waits."""
        heard = self._state.ext in SOUNDS and any(track.sounds for track in kept.tracks)
        return f"\n\n{RECORDINGS}" if heard and self._state.level != "bare" else ""

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", str(self._state.folder))
        if chosen:
            self._state.set_folder(Path(chosen))

    def _run(self) -> None:
        span = self._span() if self.part.isChecked() else None
        self._state.run(self._piece(), span, colours())

    def _on_written(self, path: Path) -> None:
        self.last.show_file(path)
        if self.isVisible():
            self.place()


def colours() -> dict[str, str]:
    """The theme's colours for a picture of the roll, as rrggbb."""
    rows = ("roll_white", "roll_black", "roll_beat", "roll_bar")
    return {name: color(name).name()[1:] for name in (*rows, *VOICES)}
