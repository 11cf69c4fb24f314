"""SoundExportState: how sounds leave the studio: format, what they say of themselves, folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Done, Event, Failed
from genstudio.core.sound_edit import SoundEdit
from genstudio.core.stored import Json
from genstudio.studio.sounds_out import ENDINGS
from genstudio.ui.state.words import several, short_path

if TYPE_CHECKING:
    from genstudio.core.artifact import MetadataLevel
    from genstudio.studio.studio import Studio

LEVELS = (
    ("full", "Full", "The AI label, the model, its settings and the seed"),
    ("label", "Label only", "Only says that AI made it"),
    ("bare", "Bare sound", "Nothing but the sound"),
)


class SoundExportState(QObject):
    """`run` has another process write the files; `written(paths)` follows."""

    edited = Signal()
    written = Signal(list)
    said = Signal(str, str, object)
    problem = Signal(object)
    busy_changed = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.ext = ENDINGS[0]
        self.level: MetadataLevel = studio.settings.metadata
        places = QStandardPaths.StandardLocation.MusicLocation
        self.folder = Path(QStandardPaths.writableLocation(places) or Path.home()) / "GenStudio"
        self._jobs: set[str] = set()

    def set_ext(self, ext: str) -> None:
        """Choose the format by its suffix."""
        self.ext = ext if ext in ENDINGS else self.ext
        self.edited.emit()

    def set_level(self, level: str) -> None:
        """Choose what the files say of themselves."""
        known = {name for name, _words, _help in LEVELS}
        self.level = level if level in known else self.level  # type: ignore[assignment]
        self.edited.emit()

    def set_folder(self, folder: Path) -> None:
        """Choose where the files go."""
        self.folder = folder
        self.edited.emit()

    def run(self, ids: Sequence[str], edits: Mapping[str, SoundEdit]) -> bool:
        """Write these sounds of the gallery; False when refused."""
        chosen: dict[str, Json] = {
            name: edits[name].model_dump(mode="json") for name in ids if name in edits
        }
        body: dict[str, Json] = {
            "ids": list(ids),
            "target": str(self.folder),
            "ext": self.ext,
            "level": self.level,
            "edits": chosen,
        }
        try:
            words = f"Export {several(len(ids), 'sound')}"
            job = self._studio.queue.submit_work("files", "export_sounds", body, words)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._jobs.add(job)
        self.busy_changed.emit()
        return True

    @property
    def busy(self) -> bool:
        """Whether files are being written."""
        return bool(self._jobs)

    def on_event(self, event: Event) -> None:
        """The files are there, or why not."""
        if not isinstance(event, ENDS) or event.job not in self._jobs:
            return
        self._jobs.discard(event.job)
        self.busy_changed.emit()
        if isinstance(event, Failed):
            self.problem.emit(event.problem)
        elif isinstance(event, Done):
            told = event.data.get("paths")
            paths = [Path(str(path)) for path in told] if isinstance(told, list) else []
            place = paths[0] if len(paths) == 1 else self.folder
            self.said.emit(f"Written to {short_path(place, 60)}", "", None)
            self.written.emit(paths)

    def snapshot(self) -> dict[str, Any]:
        """The choices as JSON."""
        return {"ext": self.ext, "level": self.level, "folder": str(self.folder)}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back."""
        self.set_ext(str(saved.get("ext", "")))
        self.set_level(str(saved.get("level", "")))
        if saved.get("folder"):
            self.folder = Path(str(saved["folder"]))
