"""Asking a classifier."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.classifier.sample import TASKS, softmax
from genstudio.families.classifier.tasks import tasks
from tests.helpers import packages
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import NAMES, SIZE


def picture(number: int) -> np.ndarray:
    pattern = packages.patterns()[number].reshape(SIZE, SIZE, 1)
    return (pattern * 100 + 127).astype(np.uint8)


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_the_likeliest_class_comes_first(opened: dict[str, LoadedModel], number: int) -> None:
    (report,) = results(ask_for(opened["judge"], "classify", inputs={"image": picture(number)}))
    shares = list(report.data.values())
    assert next(iter(report.data)) == NAMES[number]
    assert set(report.data) == set(NAMES)
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_many_pictures_at_once(opened: dict[str, LoadedModel]) -> None:
    stack = np.stack([picture(i % 3) for i in range(20)])
    found = results(ask_for(opened["judge"], "classify", inputs={"image": stack}))
    assert [next(iter(r.data)) for r in found] == [NAMES[i % 3] for i in range(20)]
    assert [r.index for r in found] == list(range(20))


def test_a_picture_is_needed(opened: dict[str, LoadedModel]) -> None:
    with pytest.raises(UsageError, match="needs a picture"):
        ask_for(opened["judge"], "classify")


def test_softmax_stands_large_numbers() -> None:
    found = softmax(np.array([[1e4, 0, -1e4], [0, 0, 0]], np.float32))
    np.testing.assert_allclose(found, [[1, 0, 0], [1 / 3] * 3], atol=1e-9)


def test_the_task_fits_the_sampler() -> None:
    assert [task.name for task in tasks({})] == list(TASKS)
    assert tasks({})[0].output == "report"
