"""Classes and noise of pictures depend on (seed, index) alone."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine import drawing
from genstudio.engine.ask import Ask
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.numerics import noise
from tests.helpers import packages
from tests.helpers.packages import NAMES


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A model that knows three classes."""
    folder = packages.gan(tmp_path_factory.mktemp("drawing") / "gan")
    return LoadedModel.open(folder, Device("CPU", "", 1))


@pytest.fixture
def plain(tmp_path: Path) -> LoadedModel:
    """A model without classes."""
    return LoadedModel.open(packages.gan(tmp_path / "gan", classes=False), Device("CPU", "", 1))


def test_any_class_is_drawn_by_seed_and_place(known: LoadedModel) -> None:
    drawn = [drawing.drawn_class(known, Ask({}, seed=1), index) for index in range(60)]
    assert set(drawn) == set(range(len(NAMES)))
    assert drawn != [drawing.drawn_class(known, Ask({}, seed=2), index) for index in range(60)]
    recognise = Ask({"class": "auto"}, seed=1)
    assert drawing.drawn_class(known, recognise, 5) == drawn[5]


def test_variations_of_a_picture_have_its_class(known: LoadedModel) -> None:
    ask = Ask({"variation_of": 7}, seed=1)
    wanted = drawing.drawn_class(known, Ask({}, seed=1), 7)
    assert {drawing.drawn_class(known, ask, index) for index in range(9)} == {wanted}
    assert drawing.base_of(ask, 3) == 7
    assert drawing.base_of(Ask({}), 3) == 3


def test_a_chosen_class_is_taken(known: LoadedModel, plain: LoadedModel) -> None:
    assert drawing.drawn_class(known, Ask({"class": NAMES[2]}), 0) == 2
    assert drawing.drawn_class(plain, Ask({}), 0) == -1
    with pytest.raises(UsageError, match="no class 'Owl'; it has: Alpha, Beta, Gamma"):
        drawing.drawn_class(known, Ask({"class": "Owl"}), 0)


def test_a_class_may_be_called_auto(known: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "class_names", ("bus", "auto"))
    assert {drawing.drawn_class(known, Ask({"class": "auto"}), i) for i in range(9)} == {1}


def test_noise_is_that_of_the_place_until_it_is_varied() -> None:
    shape = (1, 4, 4)
    plain = drawing.varied(Ask({}, seed=5), 3, shape)
    np.testing.assert_array_equal(plain, noise.normal(5, 3, shape))
    ask = Ask({"variation": 1.0, "variation_seed": 9}, seed=5)
    entire = drawing.varied(ask, 3, shape)
    np.testing.assert_allclose(entire, noise.normal(9, 3, shape, stream=1), atol=1e-6)
    some = drawing.varied(Ask({"variation": 0.2, "variation_of": 3}, seed=5), 8, shape)
    assert some.shape == shape
    assert some.dtype == np.float32
    near, far = np.linalg.norm(some - plain), np.linalg.norm(entire - plain)
    assert 0 < near < far
