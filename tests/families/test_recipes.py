"""The recipes of the models that ship, and every preset: they must resolve."""

import pytest

from genstudio import families
from genstudio.core.paths import bundled_models
from genstudio.core.picture_options import SIZES
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training.setup import resolve

FACTS = {
    "size": 28, "channels": 1, "classes": tuple("abcdefghij"),
    "captions": True, "words": ["bright", "shape"],
}  # fmt: skip
RECIPES = sorted(bundled_models().glob("*/recipe.json"))
LARGE = sorted((bundled_models().parent / "resources" / "recipes").glob("*-large.json"))
PRESETS = [(n, p.name) for n in families.names() for p in families.family(n).presets]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.parent.name)
def test_recipes_of_bundled_models_are_understood(path):
    recipe = Recipe.read(path)
    family = families.family(recipe.family)
    assert recipe.model == path.parent.name
    config = family.config(resolve(family, recipe).options, FACTS)
    if family.data_kind == "sound":
        assert config["reach"] < config["window"]
    else:
        assert config["context"] > 0 if family.data_kind == "text" else config["size"] in SIZES
    assert recipe.licence
    assert recipe.limits


@pytest.mark.parametrize("path", LARGE, ids=lambda path: path.stem)
def test_recipes_for_a_gpu_make_the_same_models_larger(path):
    small, large = (Recipe.read(p) for p in (_bundled(path), path))
    assert (large.model, large.data.split("/")[-1]) == (small.model, small.data.split("/")[-1])
    assert large.hold_out == small.hold_out
    assert large.settings.steps > small.settings.steps
    family = families.family(large.family)
    found, before = (family.config(resolve(family, r).options, FACTS) for r in (large, small))
    if family.data_kind == "text":
        assert found["width"] > before["width"]
        return
    assert found["patch"] < before["patch"]
    assert found["levels"] > before["levels"]


def _bundled(path):
    return bundled_models() / path.stem.removesuffix("-large") / "recipe.json"


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_presets_resolve(name: str, preset: str):
    family = families.family(name)
    chosen = family.preset(preset)
    TrainerSettings.model_validate(chosen.settings)
    found = resolve(family, Recipe(family=name, model="m", data="d", preset=preset))
    assert family.config(found.options, FACTS)["width"] > 0
    assert {p.name for p in family.presets} == {"tiny", "small", "standard", "large"}


@pytest.mark.parametrize("name", families.names())
def test_every_option_says_what_it_is_for(name: str):
    for control in families.family(name).options:
        assert control.help.endswith((".", ")")), control.name
        assert 10 < len(control.help) < 140, control.name
