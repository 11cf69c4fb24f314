"""ColourAsking: a picture's colours fill in the key and the tempo of what is to be composed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.composing import COLOURED
from genstudio.core.family import Task
from genstudio.core.stored import Json
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.opening import Opening

if TYPE_CHECKING:
    from genstudio.studio.looking import Looker


class ColourAsking(QObject):
    """`open(path)`, and a moment later the form has other values; `sentence` says what was read.

    `changed`: the sentence is another. It goes once the key or the tempo is changed by hand.
    """

    changed = Signal()
    problem = Signal(object)

    def __init__(self, ask: AskState, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask, self._looker, self.sentence = ask, looker, ""
        self._opening = Opening(self._read, "reading the picture's colours", self)
        self._opening.ready.connect(self._take)
        self._opening.problem.connect(self.problem)
        ask.edited.connect(self._on_edit)
        ask.model_changed.connect(self._forget)

    @property
    def fits(self) -> bool:
        """Whether the chosen task has a key and a tempo."""
        return _coloured(self._ask.task)

    @property
    def possible(self) -> bool:
        """Whether any task of the model has them."""
        return any(_coloured(task) for task in self._ask.tasks)

    def open(self, path: Path) -> None:
        """Have the picture's colours read."""
        self._opening.open(path)

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._opening.wait()

    def _read(self, path: Path) -> dict[str, Json]:
        return self._looker.colours(path)

    def _take(self, _path: Path, found: dict[str, Json]) -> None:
        if not self.fits:
            task = next((task for task in self._ask.tasks if _coloured(task)), None)
            if task is None:
                return
            self._ask.set_task(task.name)
        self._ask.set_values({name: found[name] for name in COLOURED})
        self.sentence = str(found["sentence"])
        self.changed.emit()

    def _on_edit(self, name: str) -> None:
        if name in COLOURED:
            self._forget()

    def _forget(self) -> None:
        if self.sentence:
            self.sentence = ""
            self.changed.emit()


def _coloured(task: Task | None) -> bool:
    return task is not None and set(COLOURED) <= {control.name for control in task.controls}
