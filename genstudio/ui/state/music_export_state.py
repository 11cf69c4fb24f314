"""MusicExportState: how a piece leaves the studio: format, what it says of itself, folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Done, Event, Failed
from genstudio.core.piece_file import PieceFile
from genstudio.core.stored import Json
from genstudio.studio.pieces_out import ENDINGS
from genstudio.ui.state.words import short_path

if TYPE_CHECKING:
    from genstudio.core.artifact import MetadataLevel
    from genstudio.studio.studio import Studio

LEVELS = (
    ("full", "Full", "The AI label, and for each part its model, settings and seed"),
    ("label", "Label only", "Only says that AI took part"),
    ("bare", "Bare notes", "Nothing but the music"),
)


class MusicExportState(QObject):
    """`run` has another process write the file; `written(path)` follows."""

    edited = Signal()
    written = Signal(object)
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
        """Choose what the file says of itself."""
        known = {name for name, _words, _help in LEVELS}
        self.level = level if level in known else self.level  # type: ignore[assignment]
        self.edited.emit()

    def set_folder(self, folder: Path) -> None:
        """Choose where the file goes."""
        self.folder = folder
        self.edited.emit()

    def run(
        self, kept: PieceFile, span: tuple[int, int] | None, colours: Mapping[str, str]
    ) -> bool:
        """Write the piece, or ticks of it, as it was saved last; False when refused."""
        body: dict[str, Json] = {
            "piece": kept.id,
            "target": str(self.folder),
            "ext": self.ext,
            "level": self.level,
            "span": list(span) if span else None,
            "colours": dict(colours),
        }
        try:
            self._studio.pieces.flush()
            job = self._studio.queue.submit_work(
                "files", "export_piece", body, f"Export {kept.title}"
            )
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._jobs.add(job)
        self.busy_changed.emit()
        return True

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return bool(self._jobs)

    def on_event(self, event: Event) -> None:
        """The file is there, or why not."""
        if not isinstance(event, ENDS) or event.job not in self._jobs:
            return
        self._jobs.discard(event.job)
        self.busy_changed.emit()
        if isinstance(event, Failed):
            self.problem.emit(event.problem)
        elif isinstance(event, Done):
            paths = event.data.get("paths")
            place = Path(str(paths[0])) if isinstance(paths, list) and paths else self.folder
            self.said.emit(f"Written to {short_path(place, 60)}", "", None)
            self.written.emit(place)

    def snapshot(self) -> dict[str, Any]:
        """The choices as JSON."""
        return {"ext": self.ext, "level": self.level, "folder": str(self.folder)}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back."""
        self.set_ext(str(saved.get("ext", "")))
        self.set_level(str(saved.get("level", "")))
        if saved.get("folder"):
            self.folder = Path(str(saved["folder"]))
