"""The benchmark of sound measures what it says: with a small model and few samples."""

import pytest

from benchmarks import sound, token_package
from genstudio.engine import device
from genstudio.engine.loaded_model import LoadedModel

SMALL = {**sound.CONFIG, "width": 8, "layers": 4, "reach": 81, "rate": 2000}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench") / "model"
    token_package.build(folder, sound.FAMILY, SMALL, b"{}", "sound", graphs=2)
    with LoadedModel.open(folder, device.choose("cpu", 1)) as opened:
        yield opened


def test_three_rows_of_which_two_have_bars(model):
    cached, loop, pace = sound.sampling(model, 40, 1, "toy")
    assert (cached.bar, cached.wanted) == (sound.CACHED, "at least")
    assert (loop.bar, loop.wanted) == (sound.LOOP, "at most")
    assert pace.bar is None
    assert all(row.value > 0 for row in (cached, loop, pace))
    assert "reach 81" in cached.note


def test_the_shape_is_that_of_the_bundled_recipe():
    from genstudio import families
    from genstudio.core.paths import bundled_models
    from genstudio.core.recipe import Recipe

    recipe = Recipe.read(bundled_models() / sound.MODEL / "recipe.json")
    found = families.family(sound.FAMILY).config(recipe.options, {"classes": tuple("0123456789")})
    keys = ("rate", "reach", "width", "layers", "stacks", "kernel", "window")
    assert {key: found[key] for key in keys} == {key: sound.CONFIG[key] for key in keys}
