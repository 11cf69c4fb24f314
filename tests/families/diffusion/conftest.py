"""Hand-made diffusion models, opened once."""

import pytest

from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import denoise, noisy


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoadedModel]:
    """By kind: text, classes, none, distilled (text, 4 steps)."""
    folder = tmp_path_factory.mktemp("noisy")
    kinds = {"text": {}, "classes": {}, "none": {}}
    places = {kind: noisy.package(folder / kind, kind) for kind in kinds}
    places["distilled"] = noisy.package(folder / "distilled", "text", distilled=4)
    device = choose("cpu", 1)
    return {name: LoadedModel.open(place, device) for name, place in places.items()}


@pytest.fixture(scope="session")
def pictures():
    """Captioned pictures, dark and bright."""
    return denoise.dark_and_bright()


@pytest.fixture(scope="session")
def learnt(pictures):
    """A model that has learnt to draw dark and bright."""
    made = denoise.objective(lose=0.0, guidance=2.0)
    denoise.train(made, pictures, 250)
    return made
