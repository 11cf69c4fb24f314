"""The export sheet of sounds: format, metadata, folder. Never modal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from genstudio.studio.sounds_out import ENDINGS
from genstudio.ui.panels.music_export import DragOut
from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.state.sound_export_state import LEVELS, SoundExportState
from genstudio.ui.state.sound_state import SoundState
from genstudio.ui.state.words import several, short_path
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.panel_frame import label, note

_NAMES = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".mp3": "MP3"}


class SoundExport(Sheet):
    """`ids()` gives the artifacts to be written."""

    def __init__(
        self,
        state: SoundExportState,
        sounds: SoundState,
        ids: Callable[[], list[str]],
        parent: QWidget,
    ) -> None:
        super().__init__("Export sounds", parent)
        self._state, self._sounds, self._ids = state, sounds, ids
        self.about = note("")
        self.format = PillRow([(ext, _NAMES[ext]) for ext in ENDINGS])
        self.level = PillRow(LEVELS)
        self.folder = QLabel()
        self.choose = Button("Change…", "folder")
        self.go = Button("Export", "export", kind="primary")
        self.last = DragOut()
        self._lay_out()
        self.format.changed.connect(state.set_ext)
        self.level.changed.connect(state.set_level)
        self.choose.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._run)
        state.edited.connect(self._show)
        state.busy_changed.connect(self._show)
        state.written.connect(self._on_written)

    def _lay_out(self) -> None:
        self.format.setAccessibleName("Format")
        self.level.setAccessibleName("Metadata")
        self.folder.setAccessibleName("Folder")
        self.choose.setAccessibleName("Change the folder")
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        parts: tuple[QWidget, ...] = (self.about, label("Format"), self.format, label("Metadata"))
        for part in (*parts, self.level, label("Folder")):
            self.column.addWidget(part)
        self.column.addLayout(place)
        self.column.addSpacing(4)
        self.column.addWidget(self.go)
        self.column.addWidget(self.last)

    def open_for(self) -> None:
        """Offer the chosen sounds, or all of the round."""
        self._show()
        self.open_sheet(self.go)

    def _show(self) -> None:
        ids = self._ids()
        changed = sum(self._sounds.edit_of(name).changes for name in ids)
        more = f", {changed} of them trimmed or normalised" if changed else ""
        self.about.setText(f"{several(len(ids), 'sound')}{more}.")
        self.format.set_value(self._state.ext)
        self.level.set_value(self._state.level)
        self.folder.setText(short_path(self._state.folder))
        self.folder.setToolTip(str(self._state.folder))
        self.go.set_text("Exporting…" if self._state.busy else "Export")
        self.hold(self.go, bool(ids) and not self._state.busy)
        if self.isVisible():
            self.place()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", str(self._state.folder))
        if chosen:
            self._state.set_folder(Path(chosen))

    def _run(self) -> None:
        self._state.run(self._ids(), self._sounds.edits)

    def _on_written(self, paths: list[Path]) -> None:
        if paths:
            self.last.show_file(paths[0])
        if self.isVisible():
            self.place()
