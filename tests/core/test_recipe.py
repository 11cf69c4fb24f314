"""The limits of a recipe: the edge itself is taken, one step beyond is refused by name."""

import json
import math

import pytest
from pydantic import ValidationError

from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import BadInput
from genstudio.core.recipe import Recipe, TrainerSettings

EDGES = [
    ("steps", (1, 100_000_000), (0, 100_000_001)),
    ("batch", (1, 65536), (0, 65537)),
    ("learning_rate", (1e-12, 1), (0, 1.0001)),
    ("final_rate", (0, 1), (-1e-9, 1.0001)),
    ("warmup", (0, 1), (-1e-9, 1.0001)),
    ("weight_decay", (0, 1), (-1e-9, 1.0001)),
    ("beta1", (0, 0.9999), (-1e-9, 1)),
    ("beta2", (0, 0.9999), (-1e-9, 1)),
    ("clip", (0, 1e6), (-1e-9,)),
    ("ema", (0, 0.99999), (-1e-9, 1)),
    ("holdout", (0, 0.5), (-1e-9, 0.5001)),
    ("checkpoint_seconds", (0, 1e6), (-1,)),
    ("sample_every", (0, 10**6), (-1,)),
    ("validate_every", (0, 10**6), (-1,)),
    ("shift", (0, 0.5), (-1e-9, 0.5001)),
    ("colour", (0, 1), (-1e-9, 1.0001)),
    ("cutout", (0, 0.9), (-1e-9, 0.9001)),
    ("patience", (0, 10_000), (-1, 10_001)),
    ("shards", (1, 4096), (0, 4097)),
    ("parts", (1, 65536), (0, 65537)),
    ("threads", (0, 1024), (-1, 1025)),
]


@pytest.mark.parametrize(("name", "taken", "refused"), EDGES, ids=[edge[0] for edge in EDGES])
def test_edges_of_the_trainer_settings(name, taken, refused):
    for value in taken:
        assert getattr(TrainerSettings(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(ValidationError, match=name):
            TrainerSettings(**{name: value})


@pytest.mark.parametrize("name", ["learning_rate", "clip", "checkpoint_seconds", "ema"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_without_end_are_no_settings(name, value):
    with pytest.raises(ValidationError):
        TrainerSettings(**{name: value})


def test_every_number_has_a_tested_limit():
    numbers = {n for n, v in TrainerSettings() if type(v) in (int, float)}
    assert numbers == {edge[0] for edge in EDGES}


def test_a_refusal_names_file_field_and_reason(tmp_path):
    path = tmp_path / "recipe.json"
    value = {"format": 1, "family": "gan", "model": "m", "data": "d", "settings": {"batch": 0}}
    path.write_text(json.dumps(value))
    with pytest.raises(BadInput, match=r"recipe\.json is not a valid recipe: settings\.batch"):
        Recipe.read(path)
    value["format"] = 2
    path.write_text(json.dumps(value))
    with pytest.raises(BadInput, match="format 2; this version reads up to 1") as caught:
        Recipe.read(path)
    assert "Update GenStudio" in caught.value.problem.next_step
    with pytest.raises(BadInput, match=r"other\.json is missing"):
        Recipe.read(tmp_path / "other.json")


def test_all_that_a_recipe_holds_comes_back(tmp_path):
    made = Recipe(
        family="vae",
        model="my-model",
        title="Größe 名前",
        data="shapes",
        options={"size": "28", "beta": 0.5, "conditional": False},
        settings=TrainerSettings(steps=7, flip=True),
        seed=MAX_SEED,
        start_from="other",
        preset="tiny",
    )
    (tmp_path / "recipe.json").write_bytes(made.to_bytes())
    assert Recipe.read(tmp_path / "recipe.json") == made
    assert "名前" in made.to_bytes().decode()
