"""Asking samplers in tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import check_values
from genstudio.core.events import Progress
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.families import part


def ask_for(
    model: LoadedModel,
    task: str,
    seed: int = 1,
    first: int = 0,
    inputs: Mapping[str, Any] | None = None,
    live: bool = False,
    **values: Any,
) -> list:
    """All that a sampler yields for values checked as the program checks them.

    `class_` stands for the control "class". Asserts that progress rises to its total.
    """
    values = {("class" if key == "class_" else key): value for key, value in values.items()}
    tasks = part(model.manifest.family, "tasks").tasks(model.config)
    declared = next(t for t in tasks if t.name == task)
    checked = check_values(declared.controls, values)
    count = checked.get("count", 1)
    ask = Ask(checked, seed, first, int(count), dict(inputs or {}), live)
    found = list(part(model.manifest.family, "sample").TASKS[task](model, ask))
    steps = [event for event in found if isinstance(event, Progress)]
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == steps[-1].total > 0
    return found


def results(found: list) -> list:
    """The final results among what a sampler yielded."""
    return [
        item
        for item in found
        if not isinstance(item, Progress) and not (isinstance(item, Picture) and item.passing)
    ]
