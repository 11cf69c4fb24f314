"""DataState: the datasets as a list, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.dataset import Dataset
from genstudio.core.events import Event
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio


class DataState(QObject):
    """`current` names the chosen dataset, "" while there is none."""

    changed = Signal()
    chosen = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    area_wanted = Signal(str)
    edited = Signal()
    mode_changed = Signal(str)
    augmentation_chosen = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._datasets: list[Dataset] = []
        self.current = ""

    def datasets(self) -> list[Dataset]:
        """All datasets, as read at the last `refresh`."""
        return self._datasets

    def names(self) -> list[str]:
        """Their names."""
        return [found.name for found in self._datasets]

    def find(self, name: str) -> Dataset | None:
        """The dataset called `name`."""
        return next((found for found in self._datasets if found.name == name), None)

    @property
    def dataset(self) -> Dataset | None:
        """The chosen dataset."""
        return self.find(self.current)

    def choose(self, name: str) -> None:
        """Choose a dataset; unknown names are ignored."""
        if name != self.current and name in self.names():
            self.current = name
            self.chosen.emit(name)
            self.edited.emit()

    def refresh(self) -> None:
        """Read the shelf again; keeps the choice while that dataset is there."""
        self._datasets = self._studio.datasets.list()
        names = self.names()
        if self.current not in names:
            self.current = names[0] if names else ""
            self.chosen.emit(self.current)
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
