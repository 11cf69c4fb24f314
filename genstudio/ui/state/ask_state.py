"""AskState: what is about to be asked: model, task, values, seed, input files."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import MAX_SEED, Control, Seed, Text, defaults, is_input
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio.requests import make_request
from genstudio.ui.state.drafts import pack, unpack_all
from genstudio.ui.state.model_order import in_order
from genstudio.ui.state.slots import Slot, slots_of

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio


MOST_TIMES = 32
# Models whose pictures the Image panel makes, and models that look at pictures.
_MODALITIES = ("image", "judge")


Dress = Callable[[tuple[Control, ...], dict[str, Json]], dict[str, Json]]


class AskState(QObject):
    """The asking column. Every (model, task) keeps its own values; inputs go by their name.

    Prompts are shared by the tasks of a model. `dress(controls, values)` has the last word on
    the values of a request (styles); `adopted` follows when a whole request was taken over.
    """

    models_changed = Signal()
    model_changed = Signal()
    task_changed = Signal()
    values_changed = Signal()
    edited = Signal(str)
    seed_changed = Signal()
    inputs_changed = Signal(str)
    picture_placed = Signal(str)
    problem = Signal(object)
    """Somebody put a file into this input on purpose, to go on with it."""
    adopted = Signal()

    def __init__(
        self,
        studio: Studio,
        parent: QObject | None = None,
        modalities: tuple[str, ...] = _MODALITIES,
    ) -> None:
        super().__init__(parent)
        self._studio, self._modalities = studio, modalities
        self._models: list[Model] = []
        self.model_id = ""
        self.task_name = ""
        self._values: dict[tuple[str, str], dict[str, Json]] = {}
        self.inputs: dict[str, Path] = {}
        self.drafts: dict[str, bytes] = {}
        self.former: dict[str, Path | bytes] = {}
        self.seed = 0
        self.seed_locked = False
        self.seed_known = False
        self.first = 0
        self.times = 1
        self.dress: Dress = lambda _controls, values: values
        self.reload_models()

    # ---- models and tasks

    @property
    def models(self) -> list[Model]:
        """Models of this panel: makers before judges, one's own before those of the program."""
        return self._models

    @property
    def model(self) -> Model | None:
        """The chosen model, None when the library has none."""
        return next((m for m in self._models if m.manifest.id == self.model_id), None)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What the chosen model can be asked."""
        return self.model.tasks if self.model else ()

    @property
    def task(self) -> Task | None:
        """The chosen task."""
        return next((t for t in self.tasks if t.name == self.task_name), None)

    def reload_models(self) -> None:
        """Read the library again; keeps the choice while that model is there."""
        modalities = self._modalities
        found = [m for m in self._studio.library.list() if m.manifest.modality in modalities]
        self._models = in_order(found, modalities)
        self.models_changed.emit()
        if self.model is None:
            self.model_id = ""
            if self._models:
                self.set_model(self._models[0].manifest.id)
            else:
                self.task_name = ""
                self.model_changed.emit()
                self.task_changed.emit()

    def set_model(self, model_id: str) -> None:
        """Choose a model; the task stays where the model has it too. Unknown ids are ignored."""
        known = any(m.manifest.id == model_id for m in self._models)
        if not known or model_id == self.model_id:
            return
        self.model_id = model_id
        names = [task.name for task in self.tasks]
        if self.task_name not in names:
            self.task_name = names[0] if names else ""
        self.model_changed.emit()
        self.task_changed.emit()
        self.edited.emit("model")

    def set_task(self, name: str) -> None:
        """Choose a task of the model; unknown names are ignored."""
        if name != self.task_name and any(task.name == name for task in self.tasks):
            self.task_name = name
            self.task_changed.emit()
            self.edited.emit("task")

    # ---- values

    @property
    def controls(self) -> tuple[Control, ...]:
        """The task's controls that hold values (inputs and seeds have their own places)."""
        controls = self.task.controls if self.task else ()
        return tuple(c for c in controls if not is_input(c) and not isinstance(c, Seed))

    @property
    def values(self) -> dict[str, Json]:
        """Checked values of the chosen task; defaults where nothing was set."""
        stored = self._values.get((self.model_id, self.task_name), {})
        return {**defaults(self.controls), **_valid(self.controls, stored)}

    def set_value(self, name: str, value: Json) -> None:
        """One field was edited by hand; a value that does not fit is dropped."""
        good = _valid(self.controls, {name: value})
        if good and self.values.get(name) != good[name]:
            self._values.setdefault((self.model_id, self.task_name), {}).update(good)
            self._share_texts(good)
            self.edited.emit(name)

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Set several from the program: the form is told to follow."""
        good = _valid(self.controls, values)
        self._values[(self.model_id, self.task_name)] = {**self.values, **good}
        self._share_texts(good)
        self.values_changed.emit()
        self.edited.emit("values")

    def _share_texts(self, values: Mapping[str, Json]) -> None:
        """What is asked for and what is to be avoided goes to the model's other tasks too."""
        texts = [c for c in self.controls if isinstance(c, Text) and c.role and c.name in values]
        for control in texts:
            for task in self.tasks:
                if any(isinstance(c, Text) and _same_text(c, control) for c in task.controls):
                    kept = self._values.setdefault((self.model_id, task.name), {})
                    kept[control.name] = values[control.name]

    def reset_values(self) -> None:
        """All defaults again."""
        self._values.pop((self.model_id, self.task_name), None)
        self.values_changed.emit()
        self.edited.emit("values")

    def set_seed(self, seed: int, locked: bool | None = None, first: int = 0) -> None:
        """The seed of the next press; `locked` keeps it; item 0 draws its noise from `first`."""
        self.seed, self.first, self.seed_known = min(max(0, seed), MAX_SEED), first, True
        if locked is not None:
            self.seed_locked = locked
        self.seed_changed.emit()
        self.edited.emit("seed")

    def set_times(self, times: int) -> None:
        """How often one press asks, with following seeds: 1 … MOST_TIMES."""
        self.times = min(max(1, times), MOST_TIMES)
        self.edited.emit("times")

    def next_seed(self) -> int:
        """The seed for a press of the button: a fresh one unless locked."""
        if not self.seed_locked:
            self.set_seed(secrets.randbelow(MAX_SEED + 1))
        return self.seed

    # ---- inputs

    def set_input(self, name: str, path: Path | None) -> None:
        """Put a file into an input slot, or take it out; a mask goes when its picture changes."""
        self._give(name, path)

    def take_file(self, name: str, path: Path | None) -> bool:
        """Put a file that somebody dropped or chose into a slot; `problem` where it is gone."""
        if path is not None and not path.exists():
            gone = NotFound(
                f"{path.name} is not there any more ({path.parent})",
                next_step="Take it from where it lies now.",
            )
            self.problem.emit(gone.problem)
            self.inputs_changed.emit(name)  # the form shows what the slot holds
            return False
        self.set_input(name, path)
        return True

    def set_input_bytes(self, name: str, data: bytes, suffix: str) -> Path:
        """Keep pasted bytes in the data folder and use them; returns the path."""
        path = self._studio.keep_input(data, suffix)
        self.set_input(name, path)
        return path

    def set_draft(self, name: str, png: bytes) -> None:
        """Use what was painted here; it stays in memory until it is asked for."""
        self._give(name, png)

    def given(self, name: str) -> Path | bytes | None:
        """What an input slot holds: a file, painted bytes, or nothing."""
        return self.drafts.get(name) or self.inputs.get(name)

    def use_former(self, name: str) -> bool:
        """Put back the mask that was there last; False when there was none."""
        former = self.former.get(name)
        if former is None or (isinstance(former, Path) and not former.is_file()):
            return False
        self._give(name, former)
        return True

    def _give(self, name: str, given: Path | bytes | None) -> None:
        old = self.given(name)
        if old == given:
            return
        self.inputs.pop(name, None)
        self.drafts.pop(name, None)
        if isinstance(given, bytes):
            self.drafts[name] = given
        elif given is not None:
            self.inputs[name] = given
        over = self._masks()
        if old is not None and given is None and name in over:
            self.former[name] = old
        for mask in [mask for mask, picture in over.items() if picture == name and old is not None]:
            self._give(mask, None)
        self.inputs_changed.emit(name)
        self.edited.emit(name)

    def _masks(self) -> dict[str, str]:
        """Every mask input of any task, with the picture it lies over."""
        tasks = [task for model in self._models for task in model.tasks]
        inputs = [control for task in tasks for control in task.inputs()]
        return {c.name: c.over for c in inputs if c.kind == "mask"}

    def _keep_drafts(self) -> None:
        """What was painted becomes a file: a request, and who repeats it, needs a path."""
        names = [c.name for c in self.task.inputs()] if self.task else []
        for name in [name for name in names if name in self.drafts]:
            self.inputs[name] = self._studio.keep_input(self.drafts.pop(name), ".png")

    def missing(self) -> list[Control]:
        """Required inputs of the task that are empty, in the order of the form."""
        inputs = self.task.inputs() if self.task else ()
        return [c for c in inputs if c.required and self.given(c.name) is None]

    def slots(self, kind: str, suffix: str = "") -> list[Slot]:
        """Where a file could go: the task at hand first, then the model's others, then others'."""
        here = [self.model] if self.model else []
        found = []
        for model in here + [m for m in self._models if m is not self.model]:
            first = self.task_name if model is self.model else ""
            tasks = [task for task in model.tasks if task.name == first]
            for task in tasks + [task for task in model.tasks if task.name != first]:
                found += slots_of(model, task, kind, suffix.lower())
        return found

    def slot_for(self, kind: str, suffix: str = "") -> Slot | None:
        """The first of `slots`."""
        return next(iter(self.slots(kind, suffix)), None)

    # ---- requests

    def request(
        self, seed: int, *, live: bool = False, first: int = 0, count: int = 0, **files: Path
    ) -> Request:
        """The Request of the form; `count` and `files` replace the form's own. UsageError."""
        if self.model is None or self.task is None:
            raise UsageError("No model is chosen", next_step="Choose one, or import one in Models.")
        values = self.dress(self.controls, self.values)
        if count and "count" in values:
            values["count"] = count
        self._keep_drafts()
        files = {**self.inputs, **files}
        inputs = {c.name: files[c.name] for c in self.task.inputs() if c.name in files}
        return make_request(
            self.model, self.task_name, values, seed=seed, inputs=inputs, first=first, live=live
        )

    def adopt(self, request: Request, *, seed: bool = True) -> list[str]:
        """Take over model, task, values and inputs of `request`; returns what could not be."""
        notes = []
        if not any(m.manifest.id == request.model for m in self._models):
            return [f"The model {request.model} is not installed here."]
        self.set_model(request.model)
        if not any(task.name == request.task for task in self.tasks):
            return [f"{request.model} has no task {request.task} any more."]
        self.set_task(request.task)
        good = _valid(self.controls, request.values)
        notes += [f"{n} was left out: it no longer fits." for n in request.values if n not in good]
        self._values[(self.model_id, self.task_name)] = good
        self._share_texts(good)
        self.adopted.emit()
        self.values_changed.emit()
        for name, text in request.inputs.items():
            path = Path(text)
            if path.is_file():
                self.set_input(name, path)
            else:
                notes.append(f"The input file {path.name} is no longer there.")
        if seed:
            self.set_seed(request.seed, locked=True, first=request.first)
        self.edited.emit("values")
        return notes

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, chosen or dropped, as JSON."""
        return {
            "model": self.model_id,
            "task": self.task_name,
            "seed": self.seed if self.seed_known else None,
            "seed_locked": self.seed_locked,
            "first": self.first,
            "times": self.times,
            "inputs": {name: str(path) for name, path in self.inputs.items()},
            "drafts": {name: pack(png) for name, png in self.drafts.items()},
            "former": {name: pack(given) for name, given in self.former.items()},
            "values": [[m, t, v] for (m, t), v in self._values.items()],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Put a snapshot back; what no longer fits is left at its default."""
        for entry in saved.get("values", []):
            if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], dict):
                self._values[(str(entry[0]), str(entry[1]))] = entry[2]
        self.set_model(str(saved.get("model", "")))
        self.set_task(str(saved.get("task", "")))
        inputs = saved.get("inputs", {})
        for name, text in inputs.items() if isinstance(inputs, dict) else ():
            if Path(str(text)).is_file():
                self.inputs[name] = Path(str(text))
                self.inputs_changed.emit(name)
        self.former = unpack_all(saved.get("former"))
        for name, given in unpack_all(saved.get("drafts")).items():
            if isinstance(given, bytes):
                self.drafts[name] = given
                self.inputs_changed.emit(name)
        seed, first = saved.get("seed"), saved.get("first", 0)
        if isinstance(seed, int) and isinstance(first, int) and 0 <= seed <= MAX_SEED:
            self.set_seed(seed, locked=saved.get("seed_locked") is True, first=max(0, first))
        times = saved.get("times", 1)
        self.times = times if isinstance(times, int) and 1 <= times <= MOST_TIMES else 1
        self.values_changed.emit()


def _same_text(one: Text, other: Text) -> bool:
    return (one.name, one.role) == (other.name, other.role)


def _valid(controls: tuple[Control, ...], values: Mapping[str, Json]) -> dict[str, Json]:
    """Those of `values` that fit their controls."""
    good: dict[str, Json] = {}
    for control in controls:
        if control.name in values:
            try:
                good[control.name] = control.check(values[control.name])  # type: ignore[union-attr]
            except UsageError:
                continue
    return good
