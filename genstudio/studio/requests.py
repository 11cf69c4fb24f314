"""Make a Request: values checked by the task's controls, a seed drawn when none is given."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from genstudio.core.controls import MAX_SEED, FileInput, Seed, check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio.library import Model


def draw_seed() -> int:
    """A fresh seed, 0 to 2**32 - 1, from the system's own randomness."""
    return random.SystemRandom().randint(0, MAX_SEED)


def make_request(
    model: Model,
    task: str = "",
    values: Mapping[str, Json] | None = None,
    seed: int | None = None,
    inputs: Mapping[str, str | Path] | None = None,
    *,
    first: int = 0,
    live: bool = False,
) -> Request:
    """The checked Request for `task` (default: the model's first); raises UsageError."""
    wanted = model.task(task)
    given = dict(values or {})
    for control in wanted.controls:
        if isinstance(control, Seed) and control.name in given:
            seed = control.check(given.pop(control.name))
    checked = check_values(wanted.controls, given)
    seed = Seed(name="seed", label="Seed").check(seed)
    if live and not wanted.live:
        raise UsageError(f"{wanted.title} cannot follow a slider")
    return Request(
        model=model.id,
        task=wanted.name,
        values=checked,
        seed=draw_seed() if seed is None else seed,
        first=first,
        inputs=_inputs(wanted, inputs or {}),
        live=live,
    )


def _inputs(task: Task, inputs: Mapping[str, str | Path]) -> dict[str, str]:
    known = {control.name: control for control in task.inputs()}
    for name in inputs:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise UsageError(f"{task.title} takes no input {name!r}; known are: {listed}")
    result = {}
    for name, control in known.items():
        given = str(inputs.get(name, "") or "")
        if given:
            path = Path(given).absolute()
            if not path.is_file():
                raise UsageError(f"{control.label}: there is no file {path.name}")
            suffixes = control.suffixes if isinstance(control, FileInput) else ()
            if suffixes and path.suffix.lower() not in suffixes:
                raise UsageError(f"{control.label} must be a {' or '.join(suffixes)} file")
            result[name] = str(path)
        elif getattr(control, "required", False):
            raise UsageError(f"{task.title} needs {control.label.lower()} ({name})")
    return result
