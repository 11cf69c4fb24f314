"""How training goes on from a model: gentler, shorter, and measured by data of its own."""

from __future__ import annotations

import pytest

from genstudio import families
from genstudio.core.dataset import Dataset
from genstudio.core.manifest import RECIPE
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.studio import recipes, tuning
from genstudio.studio.library import Library

SHAPES = Dataset(name="shapes", title="My shapes", licence="MIT")


def of(family: str, **changes) -> Recipe:
    """A recipe from which a model was made."""
    settings = changes.pop("settings", {})
    found = Recipe(family=family, model="parent", data="d", preset="tiny", **changes)
    return found.model_copy(update={"settings": TrainerSettings(**settings)})


@pytest.mark.parametrize("family", families.names())
def test_every_family_goes_on_gently(family):
    own = families.family(family).preset("tiny").settings
    found = tuning.settings(of(family))
    assert found.learning_rate == pytest.approx(own["learning_rate"] / 3)
    assert found.steps == max(100, own["steps"] // 4) or found.steps == own["steps"] < 100
    assert 0 < found.validate_every <= found.steps // 10
    assert bool(found.sample_every) == bool(own.get("sample_every", 500))
    assert "holdout" not in found.model_fields_set


def test_steps_are_cut_but_few_stay():
    for steps, left in ((4000, 1000), (400, 100), (300, 100), (60, 60)):
        assert tuning.settings(of("gan", settings={"steps": steps})).steps == left


def test_what_was_trained_on_already_keeps_its_rate():
    parent = of("gan", start_from="first", settings={"steps": 800, "learning_rate": 1e-4})
    found = tuning.settings(parent)
    assert (found.steps, found.learning_rate) == (800, 1e-4)


def test_the_rest_stays_and_the_preset_may_say_more():
    parent = of("vae", settings={"batch": 9, "holdout": 0.01, "patience": 3, "threads": 2})
    found = tuning.settings(parent)
    assert found.batch == 9
    assert {"holdout", "patience", "threads"}.isdisjoint(found.model_fields_set)
    assert "ema" not in found.model_fields_set


def test_settings_are_filled_by_the_preset_where_it_is_known():
    tiny = families.family("vae").preset("tiny").settings
    assert tuning.full_settings(of("vae")).steps == tiny["steps"]
    assert tuning.full_settings(of("vae", settings={"steps": 7})).steps == 7
    strange = of("vae").model_copy(update={"preset": "of another version"})
    assert tuning.full_settings(strange) == TrainerSettings()
    assert tuning.full_settings(of("gone")) == TrainerSettings()


def lights() -> list[tuple[str, str]]:
    """Options that bring settings with them: (family, option)."""
    return [(name, option) for name in families.names() for option in families.family(name).along]


@pytest.mark.parametrize(("family", "option"), lights())
def test_an_option_brings_its_settings(family, option):
    along = families.family(family).along[option]
    made = recipes.from_scratch(family, SHAPES, "tiny")
    light = recipes.changed(made, {option: 4}, {"steps": 9})
    assert light.settings.learning_rate == along["learning_rate"]
    assert light.settings.steps == 9
    by_hand = recipes.changed(made, {option: 4}, {"learning_rate": 1e-5})
    assert by_hand.settings.learning_rate == 1e-5
    off = recipes.changed(made, {option: 0}, {})
    assert off.settings == made.settings
    again = recipes.changed(by_hand, {option: 8}, {})
    assert again.settings.learning_rate == 1e-5, "it was on before"


def test_it_is_said_in_words(tiny_copy):
    family, option = lights()[0]
    model = Library(tiny_copy).get(f"tiny-{family}")
    was = tuning.full_settings(Recipe.read(model.folder / RECIPE))
    made = recipes.continued(model, SHAPES)
    words = tuning.in_words(made, model)
    assert words.startswith(
        f"Learning rate {was.learning_rate / 3:.2g} (a third of what {model.title}"
    )
    assert f" {made.settings.steps:,} steps; " in words
    assert words.endswith(" % of the data is kept back to measure by.")
    light = recipes.changed(made, {option: 4}, {"holdout": 0})
    words = tuning.in_words(light, model)
    label = next(c.label for c in families.family(family).options if c.name == option)
    assert f"(usual with “{label}”)" in words
    assert words.endswith("; none of the data is kept back to measure by.")
    same = recipes.changed(made, {}, {"learning_rate": was.learning_rate})
    assert f"(that of {model.title})" in tuning.in_words(same, model)
    own = recipes.changed(made, {}, {"learning_rate": 0.25})
    assert f"({model.title} began with {was.learning_rate:.2g})" in tuning.in_words(own, model)
