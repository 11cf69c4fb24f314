"""Captions that find their picture among ten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import asking, matching, registry
from tests.evaluation import worded
from tests.helpers import packages


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoadedModel]:
    """A model of words, and the matcher as the judge of captions."""
    place = tmp_path_factory.mktemp("matched")
    folders = {
        "model": worded.trained(packages.gan(place / "model")),
        "pairer": worded.trained(packages.matcher(place / "matcher")),
    }
    return {name: LoadedModel.open(folder, choose("cpu", 1)) for name, folder in folders.items()}


def test_by_chance_one_of_ten_is_first() -> None:
    captions = [f"caption {i}" for i in range(2000)]
    logits = np.random.default_rng(0).standard_normal((2000, 2000)).astype(np.float32)
    assert matching.ranked_first(logits, captions, 1).mean() == pytest.approx(0.1, abs=0.03)
    logits[np.diag_indices(2000)] += 100
    assert matching.ranked_first(logits, captions, 1).all()


def test_pictures_of_the_same_caption_are_no_rivals() -> None:
    logits = np.array([[1, 5, 0], [5, 1, 0], [0, 0, 1]], np.float32)
    assert matching.ranked_first(logits, ["a", "a", "b"], 0).tolist() == [True, True, True]
    assert matching.ranked_first(logits, ["a", "c", "b"], 0).tolist() == [False, False, True]
    assert not matching.ranked_first(np.ones((2, 2), np.float32), ["a", "b"], 0).any(), "a tie"
    assert not matching.ranked_first(np.ones((1, 1), np.float32), ["a"], 0).any(), "no rival"


def test_captions_fit_the_pictures_they_describe(models) -> None:
    captions = ["one Alpha", "one Beta", "one Gamma"] * 15
    pictures = np.stack([worded.draw(caption) for caption in captions])
    found = matching.fits(models["pairer"], captions, pictures)
    assert found.shape == (45, 45)
    assert (found.argmax(axis=1) % 3 == np.arange(45) % 3).all()


def test_a_model_that_draws_what_is_asked_is_known_by_its_captions(models) -> None:
    # Bright or not, the judge knows no difference: only kinds are told apart, so ties count.
    scores = []
    for blind in ("nothing", "one"):
        material = worded.material(models["model"], worded.Draws(blind), pairer=models["pairer"])
        material.captioned = plain()
        list(asking.prepare(material, (asking.SEEN,)))
        (score,) = matching.matching(material)
        scores.append(score)
    good, bad = scores
    assert good.value == 1.0
    assert (good.floor, good.settings["real"]) == (1.0, 39)
    assert good.low < good.value == good.high
    assert bad.value == pytest.approx(1 / 3, abs=0.01), "its Alphas are Betas, like its Betas"
    assert good.settings["among"] == 10
    assert good.settings["extractor"] == models["pairer"].manifest.id


def test_one_caption_alone_says_nothing(models) -> None:
    material = worded.material(models["model"], worded.Draws(), pairer=models["pairer"])
    found = plain()
    material.captioned = found.__class__(**{**vars(found), "captions": ("one Alpha",) * len(found)})
    list(asking.prepare(material, (asking.SEEN,)))
    assert matching.matching(material) == []


def test_the_judge_itself_is_measured_on_unseen_pictures(models, tmp_path: Path) -> None:
    material = worded.material(models["pairer"], worded.Draws())
    material.captioned = plain()
    (score,) = matching.pairing(material)
    assert (score.value, score.samples) == (1.0, 9 + 30)
    assert "pairing" in [metric.name for metric in registry.chosen((), material)]
    everything = worded.trained(packages.matcher(tmp_path / "all"), holdout=0.0)
    material.model = LoadedModel.open(everything, choose("cpu", 1))
    material.captioned.parts[1].images[:] = 0  # none of the test pictures shows anything
    assert matching.pairing(material)[0].value == 0


def plain():
    """The world with captions that name a kind and nothing else."""
    found = worded.captioned()
    captions = tuple(caption.removesuffix(", bright") for caption in found.captions)
    return found.__class__(**{**vars(found), "captions": captions})
