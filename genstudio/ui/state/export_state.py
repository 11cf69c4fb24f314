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
from genstudio.ui.state.walk_sound import WalkSound
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

LEVELS = (
    ("full", "Full", "Settings, model, seed and the AI label, so it can be made again"),
    ("label", "Label only", "Only says that it was made by AI"),
    ("bare", "Bare pixels", "Nothing but the picture"),
)
_BARE = {
    "text": ("bare", "Bare words", "Nothing but the text"),
    "music": ("bare", "Bare notes", "Nothing but the music"),
    "sound": ("bare", "Bare sound", "Nothing but the sound"),
}
SCALES = (1, 2, 4, 8, 16)
BACKGROUNDS = (
    ("keep", "As it is", "The picture with all of its background"),
    ("hard", "Transparent", "The colour of the border is taken away; all else stays as it is"),
    ("soft", "Soft edge", "The same, and the edge blends into whatever lies behind"),
)
TOLERANCE = 10
CLEAR = (".png", ".webp")
"""Formats that hold transparency."""
FORMATS = {
    "image": (".png", ".jpg", ".webp"),
    "animation": (".mp4", ".gif", ".webp", ".png"),
    "text": (".txt", ".md", ".docx", ".html"),
    "music": (".mid", ".musicxml"),
    "sound": (".wav", ".flac", ".ogg", ".mp3"),
    "report": (".json",),
    "file": (".latent",),
}


def levels_of(output: str) -> tuple[tuple[str, str, str], ...]:
    """How much may be written besides a result, in words that fit its kind."""
    return (*LEVELS[:2], _BARE.get(output, LEVELS[2]))


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
        self.background = "keep"
        self.tolerance = TOLERANCE
        self.level = studio.settings.metadata
        places = QStandardPaths.StandardLocation.PicturesLocation
        self.folder = Path(QStandardPaths.writableLocation(places) or Path.home()) / "GenStudio"
        self.sound = WalkSound(studio, self)
        self.sound.edited.connect(self.edited)
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

    def set_background(self, background: str) -> None:
        """`keep`, `hard` or `soft`."""
        if any(background == known for known, *_words in BACKGROUNDS):
            self.background = background
            self.edited.emit()

    def set_tolerance(self, tolerance: int) -> None:
        """By how many hundredths a colour may differ from the background's, 0 to 100."""
        if not isinstance(tolerance, bool) and 0 <= tolerance <= 100:
            self.tolerance = tolerance
            self.edited.emit()

    def can_clear(self, output: str) -> bool:
        """Whether files of the chosen format may have a transparent background."""
        return output == "image" and self.ext(output) in CLEAR

    def can_sound(self, output: str) -> bool:
        """Whether files of the chosen format may have a piece of music as their sound."""
        return output == "animation" and self.ext(output) == ".mp4"

    def background_for(self, output: str) -> str:
        """The background that is really written."""
        return self.background if self.can_clear(output) else "keep"

    def path(self, artifact: Artifact) -> Path:
        """The file of a result."""
        return self._studio.gallery.path(artifact)

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
        if self.background_for(output) != "keep":
            body |= {"background": self.background, "tolerance": self.tolerance}
        title = f"Export {several(len(ids), 'file')}"
        try:
            timed = self.sound.told() if self.can_sound(output) else None
            if timed is not None:
                body["timed"] = timed
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
            "background": self.background,
            "tolerance": self.tolerance,
            "level": self.level,
            "folder": str(self.folder),
            "sound": self.sound.snapshot(),
        }

    def take(self, saved: dict[str, object]) -> None:
        """Put a snapshot back."""
        ext = saved.get("ext", {})
        for output, suffix in ext.items() if isinstance(ext, dict) else ():
            self.set_ext(str(output), str(suffix))
        scale = saved.get("scale")
        self.set_scale(scale if isinstance(scale, int) else 1)
        self.set_background(str(saved.get("background", "")))
        tolerance = saved.get("tolerance")
        self.set_tolerance(tolerance if isinstance(tolerance, int) else TOLERANCE)
        self.set_level(str(saved.get("level", "")))
        self.sound.take(saved.get("sound"))
        if saved.get("folder"):
            self.folder = Path(str(saved["folder"]))
