"""ExportState: how results leave the studio: format, metadata, enlargement, folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Cancelled, Done, Event, Failed
from genstudio.core.stored import Json
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

LEVELS = (
    ("full", "Full", "Settings, model, seed and the AI label, so it can be made again"),
    ("label", "Label only", "Only says that it was made by AI"),
    ("bare", "Bare pixels", "Nothing but the picture"),
)
SCALES = (1, 2, 4, 8, 16)
FORMATS = {
    "image": (".png", ".jpg", ".webp"),
    "animation": (".mp4", ".gif", ".webp", ".png"),
    "report": (".json",),
    "file": (".latent",),
}


class ExportState(QObject):
    """The choices of the export sheet; `run` submits the work to the files worker."""

    edited = Signal()
    finished = Signal(object)
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._ext: dict[str, str] = {}
        self.scale = 1
        self.level = studio.settings.metadata
        places = QStandardPaths.StandardLocation.PicturesLocation
        self.folder = Path(QStandardPaths.writableLocation(places) or Path.home()) / "GenStudio"
        self._jobs: dict[str, tuple[int, Path]] = {}

    def formats(self, output: str) -> tuple[str, ...]:
        """Suffixes that an output kind can be written as."""
        return FORMATS.get(output, (".png",))

    def ext(self, output: str) -> str:
        """The chosen suffix for an output kind."""
        return self._ext.get(output, self.formats(output)[0])

    def set_ext(self, output: str, ext: str) -> None:
        """Choose a suffix; one that does not fit is ignored."""
        if ext in self.formats(output):
            self._ext[output] = ext
            self.edited.emit()

    def set_scale(self, scale: int) -> None:
        """Enlarge by 1, 2, 4, 8 or 16, nearest neighbour."""
        if scale in SCALES:
            self.scale = scale
            self.edited.emit()

    def set_level(self, level: str) -> None:
        """`full`, `label` or `bare`."""
        for known in ("full", "label", "bare"):
            if level == known:
                self.level = known  # type: ignore[assignment]
                self.edited.emit()

    def set_folder(self, folder: Path) -> None:
        """Where files go."""
        self.folder = folder
        self.edited.emit()

    def run(self, artifacts: Sequence[Artifact]) -> str:
        """Write copies of `artifacts`; returns the job id, "" when it was refused."""
        if not artifacts:
            return ""
        output = artifacts[0].output
        ids: list[Json] = [a.id for a in artifacts]
        body: dict[str, Json] = {
            "ids": ids,
            "target": str(self.folder),
            "ext": self.ext(output),
            "level": self.level,
            "scale": self.scale if output in ("image", "animation") else 1,
        }
        title = f"Export {several(len(ids), 'file')}"
        try:
            job = self._studio.queue.submit_work("files", "export", body, title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""
        self._jobs[job] = len(ids), self.folder
        return job

    def on_event(self, event: Event) -> None:
        """Follow the jobs this state has asked for."""
        if event.job not in self._jobs:
            return
        if isinstance(event, Failed):
            del self._jobs[event.job]
            self.problem.emit(event.problem)
        elif isinstance(event, Cancelled):
            del self._jobs[event.job]
        elif isinstance(event, Done):
            count, folder = self._jobs.pop(event.job)
            paths = event.data.get("paths", [])
            self.finished.emit([Path(str(p)) for p in paths] if isinstance(paths, list) else [])
            self.said.emit(f"{several(count, 'file')} written to {folder}", "", None)

    def snapshot(self) -> dict[str, Json]:
        """The choices as JSON."""
        return {
            "ext": dict(self._ext),
            "scale": self.scale,
            "level": self.level,
            "folder": str(self.folder),
        }

    def take(self, saved: dict[str, object]) -> None:
        """Put a snapshot back."""
        ext = saved.get("ext", {})
        for output, suffix in ext.items() if isinstance(ext, dict) else ():
            self.set_ext(str(output), str(suffix))
        scale = saved.get("scale")
        self.set_scale(scale if isinstance(scale, int) else 1)
        self.set_level(str(saved.get("level", "")))
        if saved.get("folder"):
            self.folder = Path(str(saved["folder"]))
