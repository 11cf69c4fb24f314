"""Stopping any task of any family from outside, and asking it again afterwards."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.controls import check_values
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel, Stopped
from genstudio.families import part
from tests.helpers.packages import SIZE

KINDS = ("gan", "gan-plain", "vae", "vae-classes", "vae-both", "judge")
CASES = [
    (kind, task)
    for kind in KINDS
    for task in part(
        {"gan-plain": "gan", "judge": "classifier"}.get(kind, kind.split("-")[0]), "sample"
    ).TASKS
    if task != "decode"
]


def ask_of(model: LoadedModel, name: str) -> Ask:
    tasks = part(model.manifest.family, "tasks").tasks(model.config)
    task = next(task for task in tasks if task.name == name)
    picture = (np.indices((SIZE, SIZE)).sum(0) * 16).astype(np.uint8)[..., None]
    inputs: dict[str, np.ndarray | Path] = {
        control.name: picture for control in task.inputs() if control.kind in ("image", "mask")
    }
    values = check_values(task.controls, {})
    return Ask(values, seed=1, count=int(values.get("count", 1)), inputs=inputs)


@pytest.mark.parametrize(("kind", "task"), CASES)
def test_a_stop_ends_the_next_call(opened: dict[str, LoadedModel], kind: str, task: str) -> None:
    model = opened[kind]
    run = part(model.manifest.family, "sample").TASKS[task]
    work = run(model, ask_of(model, task))
    try:
        model.stop()
        with pytest.raises(Stopped):
            list(work)
    finally:
        model.begin()
    assert len(list(run(model, ask_of(model, task)))) > 1


@pytest.mark.parametrize(("kind", "task"), CASES)
def test_leaving_a_task_half_way_harms_nothing(
    opened: dict[str, LoadedModel], kind: str, task: str
) -> None:
    model = opened[kind]
    run = part(model.manifest.family, "sample").TASKS[task]
    work = run(model, ask_of(model, task))
    next(work)
    work.close()  # type: ignore[attr-defined]
    assert len(list(run(model, ask_of(model, task)))) > 1


@pytest.mark.parametrize(("kind", "task"), CASES)
def test_a_task_repeats_bit_for_bit(opened: dict[str, LoadedModel], kind: str, task: str) -> None:
    model = opened[kind]
    run = part(model.manifest.family, "sample").TASKS[task]
    for a, b in zip(*(run(model, ask_of(model, task)) for _ in range(2)), strict=True):
        assert type(a) is type(b)
        for field in ("pixels", "frames"):
            if hasattr(a, field):
                np.testing.assert_array_equal(getattr(a, field), getattr(b, field))
        for field in ("index", "seed", "data", "content", "done", "total"):
            assert getattr(a, field, None) == getattr(b, field, None)
