"""Recipes made from what a person chose."""

from __future__ import annotations

import pytest

from genstudio import families
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.studio import recipes
from genstudio.studio.library import Library

SHAPES = Dataset(name="shapes", title="My shapes", licence="MIT")


@pytest.mark.parametrize("family", families.names())
def test_every_family_has_a_tiny_recipe(family):
    made = recipes.from_scratch(family, SHAPES, "tiny")
    assert made.model == f"{family}-shapes"
    assert (made.title, made.licence, made.preset) == (
        f"My shapes ({families.family(family).title})", "MIT", "tiny"
    )  # fmt: skip
    assert made.settings.steps == families.family(family).preset("tiny").settings["steps"]
    with pytest.raises(UsageError, match="tiny"):
        recipes.from_scratch(family, SHAPES, "enormous")


def test_continuing_takes_the_recipe_of_the_parent(tiny_copy):
    model = Library(tiny_copy).get("tiny-vae")
    made = recipes.continued(model, SHAPES)
    assert (made.start_from, made.model, made.family) == ("tiny-vae", "tiny-vae-shapes", "vae")
    assert "My shapes" in made.title


def test_continuing_leaves_what_spoke_of_the_other_data(tiny_copy):
    model = Library(tiny_copy).get("tiny-diffusion")
    path = model.folder / "recipe.json"
    read = Recipe.read(path)
    options = {**read.options, "prompts": "a disc"}
    path.write_bytes(
        read.model_copy(update={"options": options, "hold_out": ("a + b",)}).to_bytes()
    )
    made = recipes.continued(model, SHAPES)
    assert made.hold_out == ()
    assert "prompts" not in made.options
    assert made.options["width"] == read.options["width"]


def test_continuing_leaves_the_other_computer_behind(tiny_copy):
    model = Library(tiny_copy).get("tiny-vae")
    path = model.folder / "recipe.json"
    read = Recipe.read(path)
    settings = {"batch": 16, "threads": 1, "parts": 4, "shards": 2, "holdout": 0.0}
    old = {**settings, "validate_every": 0, "ema": 0.9}
    path.write_bytes(read.model_copy(update={"settings": TrainerSettings(**old)}).to_bytes())
    made = recipes.continued(model, SHAPES).settings
    assert (made.batch, made.ema) == (16, 0.9)
    assert (made.threads, made.parts, made.shards) == (0, 1, 1)
    assert made.holdout > 0
    assert 0 < made.validate_every <= made.steps
    assert "holdout" not in made.model_fields_set, "the preset may say more"


def test_what_holds_no_weights_cannot_be_continued(tiny_copy):
    model = Library(tiny_copy).get("tiny-vae")
    manifest = model.manifest.model_copy(update={"trainable": False})
    frozen = type(model)(manifest, model.folder, model.bundled)
    with pytest.raises(GenStudioError, match="cannot be trained further"):
        recipes.continued(frozen, SHAPES)


def test_changes_are_checked_and_leave_the_rest_open():
    made = recipes.from_scratch("vae", SHAPES, "tiny")
    other = recipes.changed(made, {"latent": 16}, {"batch": 8})
    assert (other.options["latent"], other.settings.batch) == (16, 8)
    assert "cutout" not in recipes.to_body(other)["settings"]
    for options, settings, word in (
        ({"latent": 0}, {}, "from 2"),
        ({"frob": 1}, {}, "frob"),
        ({}, {"batch": 0}, "batch"),
        ({}, {"latent": 3}, "latent"),
    ):
        with pytest.raises(UsageError, match=word):
            recipes.changed(made, options, settings)


def test_a_taken_name_gets_a_number():
    assert recipes.free_name("cat", set()) == "cat"
    assert recipes.free_name("cat", {"cat", "cat-2"}) == "cat-3"
    long = "a" * 64
    assert len(recipes.free_name(long, {long})) <= 64
