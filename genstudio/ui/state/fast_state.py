"""FastState: the fast copies of models: which there are, making one, letting one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core import fast
from genstudio.core.controls import Control
from genstudio.core.errors import GenStudioError, NotFound
from genstudio.core.events import Cancelled, Done, Event, Failed, Progress
from genstudio.core.stored import Json
from genstudio.ui.state.models_state import ModelsState

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

_OPEN = ("waiting", "running", "paused")


@dataclass
class Making:
    """A fast copy on its way. `total` 0: not begun."""

    job: str
    model: str
    done: float = 0.0
    total: float = 0.0
    text: str = ""


class FastState(QObject):
    """`changed(model id)`: a copy came, went, or is being made; `progressed`: it moved on."""

    changed = Signal(str)
    progressed = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, models: ModelsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._models = studio, models
        self._works: dict[str, Making] = {}
        self.refresh()

    # ---- reading

    def able(self, model: Model) -> bool:
        """Whether a copy would gain anything: the model runs a network again and again."""
        try:
            return bool(model.family.repeated)
        except NotFound:
            return False

    def copy(self, model: Model) -> fast.FastCopy | None:
        """What was made of these weights, also where it was refused."""
        return fast.read(self._studio.home, model.manifest)

    def making(self, model_id: str) -> Making | None:
        """The copy of a model that waits or is being made."""
        return next((work for work in self._works.values() if work.model == model_id), None)

    def dressed(self, model: Model | None, controls: tuple[Control, ...]) -> tuple[Control, ...]:
        """The controls with the switch only where there is a copy, saying what it costs."""
        name = fast.SWITCH.name
        if model is None or not any(control.name == name for control in controls):
            return controls
        found = fast.offered(self._studio.home, model.manifest)
        if found is None:
            return tuple(control for control in controls if control.name != name)
        switch = fast.SWITCH.model_copy(update={"help": f"Whole numbers: {found.in_words()}."})
        return tuple(switch if control.name == name else control for control in controls)

    # ---- acting

    def make(self, model_id: str, samples: int = 0) -> str:
        """Make, measure and keep the copy in the generate worker; the job id."""
        body: dict[str, Json] = {"model": model_id, **({"samples": samples} if samples else {})}
        title = f"Fast copy of {self._models.title(model_id)}"
        try:
            job = self._studio.queue.submit_work("generate", "make_fast", body, title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""
        self._works[job] = Making(job, model_id)
        self.changed.emit(model_id)
        return job

    def cancel(self, model_id: str) -> None:
        """Stop making the copy of a model."""
        work = self.making(model_id)
        if work is not None:
            self._studio.queue.cancel(work.job)

    def remove(self, model_id: str) -> None:
        """Let the copy of a model go; it can be made again."""
        try:
            gone = fast.remove(self._studio.home, model_id)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        if gone:
            self.said.emit(f"The fast copy of {self._models.title(model_id)} is gone", "", None)
            self.changed.emit(model_id)

    # ---- events

    def refresh(self) -> None:
        """Take up copies that wait in the queue since the last session; forget removed jobs."""
        known = {job.id: job for job in self._studio.queue.jobs() if job.work == "make_fast"}
        for job in known.values():
            if job.state in _OPEN and job.id not in self._works:
                work = Making(job.id, str(job.body.get("model", "")))
                self._works[job.id] = work
                self.changed.emit(work.model)
        for name in [name for name in self._works if name not in known]:
            self._end(name)

    def on_event(self, event: Event) -> None:
        """Follow the copies that are being made."""
        work = self._works.get(event.job)
        if work is None:
            return
        if isinstance(event, Progress):
            work.done, work.total, work.text = event.done, event.total, event.text
            self.progressed.emit(work.model)
        elif isinstance(event, (Done, Cancelled, Failed)):
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            elif isinstance(event, Done):
                self.said.emit(f"{self._models.title(work.model)}: {_told(event)}", "", None)
            self._end(event.job)

    def _end(self, job: str) -> None:
        work = self._works.pop(job, None)
        if work is not None:
            self.changed.emit(work.model)


def _told(event: Done) -> str:
    found = event.data.get("fast")
    refused = isinstance(found, dict) and found.get("refused")
    return f"no fast copy, {refused}" if refused else "the fast copy is ready"
