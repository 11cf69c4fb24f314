"""Sweeps: which settings of a task can be varied, and the series that two axes make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from genstudio.core.controls import Choice, Option, Seed, defaults
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.series import Item, Series
from genstudio.core.stored import Json
from genstudio.core.sweep import MOST, Axis, AxisControl
from genstudio.studio.requests import make_request
from genstudio.studio.series import new_id

if TYPE_CHECKING:
    from genstudio.studio.library import Model

SEED, MODEL = "seed", "model"
OUTPUTS = ("image", "animation")


class ModelLike(Protocol):
    """What is read of an installed model."""

    id: str
    title: str
    tasks: tuple[Task, ...]


def axes(model: ModelLike, task: Task, models: Sequence[ModelLike]) -> tuple[AxisControl, ...]:
    """What may vary: every value of the task but the number of results, the seed, the model.

    Nothing where the task makes no pictures.
    """
    if task.output not in OUTPUTS:
        return ()
    found: list[AxisControl] = [
        control
        for control in task.controls
        if isinstance(control, AxisControl)
        and not isinstance(control, Seed)
        and control.name != "count"
    ]
    found.append(Seed(name=SEED, label="Seed", help="Other noise, all else the same."))
    able = [m for m in models if any(t.name == task.name for t in m.tasks)]
    if len(able) > 1:
        found.append(
            Choice(
                name=MODEL,
                label="Model",
                default=model.id,
                options=tuple(Option(value=m.id, label=m.title) for m in able),
                help="The same settings, as far as the other models have them.",
            )
        )
    return tuple(found)


def control_named(controls: Sequence[AxisControl], name: str) -> AxisControl:
    """The one called `name`; raises UsageError."""
    for control in controls:
        if control.name == name:
            return control
    known = ", ".join(control.name for control in controls) or "nothing here"
    raise UsageError(f"{name!r} cannot be varied; what can: {known}")


def make(models: Sequence[Model], base: Request, x: Axis, y: Axis | None = None) -> Series:
    """The sweep of one or two axes over `base`, every cell checked; raises UsageError.

    All cells have the seed of `base`, so that they differ in nothing but the axes.
    """
    if y is not None and y.name == x.name and (not y.find or x.find == y.find):
        raise UsageError(f"{x.label} is on both axes; choose another setting for one of them")
    cells = len(x.values) * (len(y.values) if y else 1)
    if cells > MOST:
        raise UsageError(f"A sweep makes at most {MOST} pictures, not {cells}")
    model = _model(models, base.model)
    single = {**base.values, "count": 1} if "count" in base.values else base.values
    base = base.model_copy(update={"values": single, "live": False})
    items = []
    for row in range(len(y.values) if y else 1):
        for column in range(len(x.values)):
            chosen = [(x, column)] + ([(y, row)] if y else [])
            items.append(_item(models, base, chosen))
    words = f"{model.title}: {x.label}" + (f" × {y.label}" if y else "")
    title = words[:400]
    return Series(id=new_id("sweep"), title=title, base=base, items=tuple(items), x=x, y=y)


def _item(models: Sequence[Model], base: Request, chosen: list[tuple[Axis, int]]) -> Item:
    name = ", ".join(f"{_short(axis)} {axis.labels[place]}" for axis, place in chosen)[:400]
    values, seed, model = dict(base.values), base.seed, base.model
    for axis, place in chosen:
        if axis.name == SEED:
            seed = int(str(axis.values[place]))
        elif axis.name == MODEL:
            model = str(axis.values[place])
    other = _model(models, model)
    if model != base.model:
        values = _fitting(other.task(base.task), values)
    for axis, place in chosen:
        if axis.name not in (SEED, MODEL):
            values[axis.name] = axis.applied(place, values.get(axis.name))
    try:
        asked = make_request(other, base.task, values, seed, base.inputs, first=base.first)
    except GenStudioError as error:
        raise UsageError(f"{name}: {error.problem.what}") from error
    changed = {k: v for k, v in asked.values.items() if base.values.get(k) != v}
    return Item(
        name=name,
        model=model if model != base.model else "",
        values=asked.values if model != base.model else changed,
        seed=seed if seed != base.seed else None,
    )


def _short(axis: Axis) -> str:
    return axis.find or axis.label.lower()


def _model(models: Sequence[Model], name: str) -> Model:
    for model in models:
        if model.id == name:
            return model
    raise UsageError(f"There is no model {name!r}")


def _fitting(task: Task, values: dict[str, Json]) -> dict[str, Json]:
    """Those of `values` that another model's task takes; its defaults for the rest."""
    kept = defaults(task.controls)
    for control in task.controls:
        if control.name in kept and control.name in values:
            try:
                kept[control.name] = control.check(values[control.name])  # type: ignore[union-attr]
            except UsageError:
                continue
    return kept
