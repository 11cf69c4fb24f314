"""The classes along a walk of a GAN: from one to the other, there and back in a loop."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.gan import sample
from tests.helpers.packages import NAMES


def marks(model: LoadedModel, stops: int, loop: bool, **values) -> np.ndarray:
    values = {("class" if key == "class_" else key): value for key, value in values.items()}
    found = sample.stop_labels(model, Ask(values, seed=4), stops, loop)
    assert found is not None
    assert found.shape == (stops, len(NAMES))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    assert found.min() >= 0
    return found


@pytest.mark.parametrize("stops", [2, 3, 4, 7, 16])
def test_an_open_walk_ends_in_the_other_class(opened: dict[str, LoadedModel], stops: int) -> None:
    found = marks(opened["gan"], stops, False, class_=NAMES[0], class_to=NAMES[2])
    np.testing.assert_allclose(found[:, 2], np.linspace(0, 1, stops), atol=1e-6)
    assert (found[:, 1] == 0).all()


@pytest.mark.parametrize("stops", [2, 3, 4, 5, 7, 16])
def test_a_loop_reaches_the_other_class_and_comes_back(
    opened: dict[str, LoadedModel], stops: int
) -> None:
    found = marks(opened["gan"], stops, True, class_=NAMES[0], class_to=NAMES[2])[:, 2]
    assert found[0] == 0
    assert found.max() == pytest.approx(1)
    # What follows the last stop is the first: the way back mirrors the way there.
    np.testing.assert_allclose(found[1:], found[1:][::-1], atol=1e-6)
    assert (np.diff(found[: stops // 2 + 1]) > 0).all()


def test_the_same_class_stays_and_any_is_drawn_by_seed(opened: dict[str, LoadedModel]) -> None:
    model = opened["gan"]
    assert (marks(model, 5, True, class_=NAMES[1])[:, 1] == 1).all()
    drawn = marks(model, 16, True)
    assert set(drawn.ravel()) == {0.0, 1.0}
    assert len(set(drawn.argmax(axis=1))) > 1
    np.testing.assert_array_equal(drawn, marks(model, 16, False))
    other = sample.stop_labels(model, Ask({}, seed=5), 16, True)
    assert not np.array_equal(drawn, other)


def test_a_model_without_classes_has_no_labels(opened: dict[str, LoadedModel]) -> None:
    model = opened["gan-plain"]
    assert sample.stop_labels(model, Ask({}), 4, True) is None
    assert sample.labels(model, [-1, -1]) is None
    assert sample.class_facts(model, -1) == {}
    assert set(sample.inputs(np.zeros((1, 2)), None)) == {"z"}


def test_unknown_goals_are_named(opened: dict[str, LoadedModel]) -> None:
    with pytest.raises(UsageError, match="no class 'Owl'; it has: Alpha"):
        sample.stop_labels(opened["gan"], Ask({"class_to": "Owl"}), 4, True)


def test_variation_runs_from_the_parent_to_the_other_seed(opened: dict[str, LoadedModel]) -> None:
    model = opened["gan"]

    def at(amount: float, **more) -> np.ndarray:
        return sample.latent_of(model, Ask({"variation": amount, **more}, seed=1), 3)

    parent, end = at(0), at(1)
    gaps = [np.abs(at(amount) - parent).max() for amount in (0, 0.25, 0.5, 1)]
    assert gaps == sorted(gaps)
    assert gaps[0] == 0 < gaps[1]
    np.testing.assert_allclose(at(1, variation_of=8), end, atol=1e-6)
    np.testing.assert_array_equal(at(0, variation_of=8), at(0, variation_of=8))
    assert not np.array_equal(at(0, variation_of=8), parent)
    assert (at(1, truncation=0.0) == 0).all()
