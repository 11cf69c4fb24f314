"""Asking a reader."""

import numpy as np
import pytest

from genstudio.core.attributes import parse
from genstudio.core.errors import UsageError
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.attributes.sample import TASKS, said
from genstudio.families.attributes.tasks import tasks
from tests.helpers import packages
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import NAMES, SIZE


def picture(number: int, brightness: int = 0) -> np.ndarray:
    pattern = packages.patterns()[number].reshape(SIZE, SIZE, 1)
    return np.clip(pattern * 60 + 127 + brightness, 0, 255).astype(np.uint8)


def test_each_attribute_has_its_likeliest_value(opened: dict[str, LoadedModel]) -> None:
    stack = np.stack([picture(0), picture(1, 60), np.full((SIZE, SIZE, 1), 127, np.uint8)])
    found = [
        list(r.data) for r in results(ask_for(opened["reader"], "read", inputs={"image": stack}))
    ]
    assert found == [
        ["kind: Alpha", "tone: none"],
        ["kind: Beta", "tone: bright"],
        ["kind: none", "tone: none"],
    ]


def test_many_pictures_at_once(opened: dict[str, LoadedModel]) -> None:
    stack = np.stack([picture(i % 3) for i in range(20)])
    made = results(ask_for(opened["reader"], "read", inputs={"image": stack}))
    assert [next(iter(r.data)) for r in made] == [f"kind: {NAMES[i % 3]}" for i in range(20)]
    assert [r.index for r in made] == list(range(20))


def test_a_picture_is_needed(opened: dict[str, LoadedModel]) -> None:
    with pytest.raises(UsageError, match="needs a picture"):
        ask_for(opened["reader"], "read")


def test_probabilities_stand_large_numbers() -> None:
    slots = parse("hair: blue, red\nhat: hat")
    found = said(slots, np.array([0, 1e4, -1e4, 2, 2], np.float32))
    assert found == {"hair: blue": 1.0, "hat: none": 0.5}


def test_the_task_fits_the_sampler() -> None:
    assert [task.name for task in tasks({})] == list(TASKS)
    assert tasks({})[0].output == "report"
