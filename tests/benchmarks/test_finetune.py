"""What fine-tuning saves: the data, the two recipes and the ratio."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import finetune
from genstudio.core.paths import Home, resources
from genstudio.core.recipe import Recipe
from genstudio.studio.datasets import Datasets


def test_the_near_data_are_unseen_pictures_mirrored(tmp_path: Path):
    home = Home(tmp_path)
    assert finetune.add(home, "mirrored") == "mirrored"
    facts = Datasets(home).get("mirrored").facts
    assert facts.count >= 490
    assert facts.classes == ()
    theirs = resources() / "datasets" / "fashion" / "data.npz"
    with np.load(finetune.mirrored(tmp_path / "m.npz")) as ours, np.load(theirs) as parents:
        assert np.array_equal(ours["images"][:, :, ::-1], parents["x_test"])


@pytest.mark.parametrize(
    ("tuned", "ratio"),
    [([(10, 0.4), (20, 0.3)], 3.0), ([(10, 0.9), (20, 0.5)], 1.5), ([(10, 0.9), (20, 0.8)], 0.0)],
)
def test_the_ratio_is_between_the_steps_that_reach_the_best_from_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tuned: finetune.Scores, ratio: float
):
    asked: list[Recipe] = []

    def scores(home: Home, recipe: Recipe) -> finetune.Scores:
        asked.append(recipe)
        return tuned if recipe.start_from else [(10, 2.0), (30, 0.5), (40, 0.6)]

    monkeypatch.setattr(finetune, "scores", scores)
    home = Home(tmp_path)
    row = finetune.compared(home, "fashion-gan", finetune.add(home, "mirrored"), 40, seed=2)
    assert row.value == ratio
    assert row.met is (ratio >= 1.5)
    assert "mirrored" in row.note
    alone, own = asked
    assert (alone.start_from, own.start_from) == ("", "fashion-gan")
    assert alone.settings == own.settings
    assert own.settings.steps == 40
    assert alone.options["size"] == "28"
    assert alone.options["width"] == own.options["width"]
