"""Asking a matcher."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.matcher.sample import TASKS, UNKNOWN, shares
from genstudio.families.matcher.tasks import tasks
from tests.helpers import packages
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import NAMES, SIZE

LINES = "an Alpha\nbeta\n\n  gamma thing \nbeta"


def picture(number: int) -> np.ndarray:
    pattern = packages.patterns()[number].reshape(SIZE, SIZE, 1)
    return (pattern * 100 + 127).astype(np.uint8)


def test_the_text_that_fits_gets_most(opened: dict[str, LoadedModel]) -> None:
    stack = np.stack([picture(i % 3) for i in range(18)])
    made = results(ask_for(opened["matcher"], "match", inputs={"image": stack}, captions=LINES))
    assert [r.index for r in made] == list(range(18))
    for place, report in enumerate(made):
        fit = {line: share for line, share in report.data.items() if line != UNKNOWN}
        assert list(fit) == ["an Alpha", "beta", "gamma thing"], "in order, each once"
        best = max(fit, key=fit.__getitem__)
        assert NAMES[place % 3].lower() in best.lower()
        assert sum(fit.values()) == pytest.approx(1, abs=1e-5)
        assert report.data[UNKNOWN] == "an, thing"


def test_one_text_alone_gets_its_likeness(opened: dict[str, LoadedModel]) -> None:
    inputs = {"image": picture(1)}
    for line, wanted in (("beta", 0.8), ("gamma", 0.0)):
        (report,) = results(ask_for(opened["matcher"], "match", inputs=inputs, captions=line))
        assert report.data[line] == pytest.approx(wanted, abs=0.1)
        assert UNKNOWN not in report.data


@pytest.mark.parametrize("lines", ["", " \n ", "\n".join(f"line {i}" for i in range(101))])
def test_there_must_be_texts_but_not_too_many(opened: dict[str, LoadedModel], lines: str) -> None:
    with pytest.raises(UsageError, match="Write 1 to 100 texts"):
        ask_for(opened["matcher"], "match", inputs={"image": picture(0)}, captions=lines)


def test_shares_stand_large_numbers() -> None:
    found = shares(np.array([1.0, 0.0]), np.array([[1e4, 0], [-1e4, 0]]))
    np.testing.assert_allclose(found, [1, 0])


def test_words_that_it_knows_stand_there_as_an_example() -> None:
    (task,) = tasks({"words": ["cat", "dog"]})
    assert task.control("captions").default == "cat\ndog"
    assert tasks({})[0].control("captions").default.count("\n") == 1
    assert [task.name] == list(TASKS)
