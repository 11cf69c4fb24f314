"""TrainingState: what is about to be trained, what it will take, and its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.events import Event
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio
    from genstudio.ui.state.data_state import DataState


class TrainingState(QObject):
    """`started(run)`: a training asked for here has its run folder."""

    changed = Signal()
    planned = Signal()
    started = Signal(str)
    edited = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, data: DataState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._data = studio, data
        self.settings: dict[str, Json] = {}

    def take_augmentation(self, chosen: dict[str, Json]) -> None:
        """Train with the augmentation that was looked at."""
        self.settings.update(chosen)
        self.edited.emit()

    def refresh(self) -> None:
        """Models came or went."""

    def on_queue(self) -> None:
        """The queue changed."""

    def on_event(self, event: Event) -> None:
        """Follow one event of any job."""

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {"settings": self.settings}

    def take(self, kept: dict[str, object]) -> None:
        """Take what the session kept."""

    def close(self) -> None:
        """Ask nothing more."""
