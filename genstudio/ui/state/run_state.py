"""RunState: the trainings, and the one that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Event
from genstudio.core.run import Run
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio


class RunState(QObject):
    """`current` is the id of the run that is shown, "" while there is none."""

    changed = Signal()
    followed = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    area_wanted = Signal(str)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.current = ""
        self.run: Run | None = None

    def follow(self, run: str) -> None:
        """Show this run from now on."""
        self.current = run
        self.refresh()
        self.followed.emit(run)
        self.edited.emit()

    def refresh(self) -> None:
        """Read the run's folder again."""
        try:
            self.run = self._studio.runs.get(self.current) if self.current else None
        except GenStudioError:
            self.current, self.run = "", None
        self.changed.emit()

    def on_event(self, event: Event) -> None:
        """Follow one event of any job."""

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {"current": self.current}

    def take(self, kept: dict[str, object]) -> None:
        """Take what the session kept; call `refresh` afterwards."""
        self.current = str(kept.get("current", ""))

    def close(self) -> None:
        """Let threads and timers end."""
