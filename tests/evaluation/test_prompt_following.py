"""Attributes that were asked for and are there, on pictures whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import asking, intervals, registry
from genstudio.evaluation import prompt_following as following
from genstudio.evaluation.material import Material
from tests.evaluation import worded
from tests.helpers import packages

HELD = ("Alpha + bright",)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoadedModel]:
    """A model of words that never saw a bright Alpha, one that saw all, and the reader."""
    place = tmp_path_factory.mktemp("worded")
    folders = {
        "held": worded.trained(packages.gan(place / "held"), HELD),
        "plain": worded.trained(packages.gan(place / "plain")),
        "reader": worded.trained(packages.reader(place / "reader"), HELD),
    }
    return {name: LoadedModel.open(folder, choose("cpu", 1)) for name, folder in folders.items()}


def prepared(models: dict[str, LoadedModel], name: str, sampler: worded.Draws) -> Material:
    material = worded.material(models[name], sampler, reader=models["reader"])
    said = [step for step in asking.prepare(material) if isinstance(step, Progress)]
    assert said[-1].done == said[-1].total
    assert "captions" in said[-1].text
    return material


def test_a_model_that_draws_what_is_asked_gets_all(models) -> None:
    known, new = following.prompt_following(prepared(models, "held", worded.Draws()))
    for score in (known, new):
        assert (score.value, score.floor) == (1.0, 1.0)
        low, high = intervals.wilson(score.settings["asked"], score.settings["asked"])
        assert (score.low, score.high) == (pytest.approx(low, abs=1e-5), high)
        assert score.settings["extractor"] == models["reader"].manifest.id
        assert score.settings["whole"] == score.settings["whole_real"] == 1.0
        assert score.settings["seed"] == 5
    assert (known.metric, new.metric) == ("prompt_following", "prompt_following_new")
    assert known.settings["by_slot"] == {"kind": 1.0, "tone": 1.0}
    # Three kinds, bright or not, without the one that was held out; and that one alone.
    assert (known.settings["captions"], new.settings["captions"]) == (5, 1)
    assert (known.samples, new.samples) == (50, 10), "a caption comes ten times at most"


def test_what_is_not_drawn_is_not_found(models) -> None:
    known, new = following.prompt_following(prepared(models, "held", worded.Draws("Alpha")))
    # One of the five captions that training has shown names an Alpha, and that one held out.
    assert known.settings["by_slot"] == {"kind": 0.8, "tone": 1.0}
    assert known.settings["whole"] == 0.8
    assert new.settings["by_slot"] == {"kind": 0.0, "tone": 1.0}
    assert (new.value, new.floor) == (0.5, 1.0)
    assert known.value == pytest.approx(known.settings["by_slot"]["kind"] * 50 / 70 + 20 / 70)


def test_a_model_that_held_nothing_out_has_no_new_combinations(models) -> None:
    (only,) = following.prompt_following(prepared(models, "plain", worded.Draws()))
    assert only.metric == "prompt_following"
    assert only.settings["captions"] == 6


def test_the_judge_is_tried_on_pictures_that_it_never_saw(models) -> None:
    material = prepared(models, "held", worded.Draws())
    for kind, held in ((asking.SEEN, False), (asking.NEW, True)):
        numbers = asking.real(material, kind, models["reader"])
        # A tenth of 90 was kept from the reader, all test pictures, and what it held out itself.
        unseen = [n < 9 or n >= 90 or (n % 3 == 0 and n % 2 == 1) for n in range(120)]
        bright_alpha = [n % 3 == 0 and n % 2 == 1 for n in range(120)]
        assert numbers.tolist() == [n for n in range(120) if unseen[n] and bright_alpha[n] is held]


def test_the_reader_itself_is_measured_on_unseen_pictures(models) -> None:
    material = worded.material(models["reader"], worded.Draws())
    (score,) = following.reads(material)
    assert (score.value, score.samples) == (1.0, 9 + 30 + 14)
    assert score.settings["by_slot"] == {"kind": 1.0, "tone": 1.0}
    assert score.settings["split"] == "unseen"
    metrics = [metric.name for metric in registry.chosen((), material)]
    assert "reading" in metrics
    assert "accuracy" not in metrics


def test_readings_count_only_what_is_asked_for(models) -> None:
    captions = ["nothing known", "Alpha", "bright"]
    pictures = np.stack([worded.draw("Gamma, bright"), worded.draw("Alpha"), worded.draw("")])
    found = following.reading(models["reader"], captions, pictures)
    assert found.wanted.tolist() == [[0, 0], [1, 0], [0, 1]]
    assert found.seen.tolist() == [[3, 1], [1, 0], [0, 0]]
    assert (found.share, found.whole) == (0.5, pytest.approx(2 / 3))
    assert found.by_slot() == {"kind": 1.0, "tone": 0.0}
    empty = following.reading(models["reader"], [], pictures[:0])
    assert (empty.share, empty.whole, empty.by_slot()) == (None, 0.0, {})


def test_what_is_missing_is_said(models) -> None:
    material = worded.material(models["held"], worded.Draws())
    with pytest.raises(UsageError, match=r"prompt_following cannot be .* no judge of attributes"):
        registry.chosen(("prompt_following",), material)
    material.captioned = None
    with pytest.raises(UsageError, match="there are no prompts and no judge of captions"):
        registry.chosen(("matching",), material)


def test_captions_are_asked_for_in_an_order_of_the_seed_unseen_ones_first(models) -> None:
    samplers = [worded.Draws(), worded.Draws(), worded.Draws()]
    for sampler, seed in zip(samplers, (5, 5, 6), strict=True):
        material = worded.material(models["plain"], sampler, reader=models["reader"])
        material.seed = seed
        list(asking.prepare(material, (asking.SEEN,)))
    assert samplers[0].asked == samplers[1].asked
    assert [text for _, text in samplers[0].asked] != [text for _, text in samplers[2].asked]
    assert [index for index, _ in samplers[0].asked] == list(range(60))
    both = worded.Draws()
    prepared(models, "held", both)
    assert [index for index, _ in both.asked] == list(range(60)), "each with noise of its own"


def test_samples_of_other_scores_are_asked_for_by_training_captions(models) -> None:
    sampler = worded.Draws()
    material = worded.material(models["plain"], sampler, count=4)
    material.prompts = ("one Alpha", "one Beta", "one Gamma")
    list(material.prepare())
    assert [text for _, text in sampler.asked] == [
        "one Alpha",
        "one Beta",
        "one Gamma",
        "one Alpha",
    ]
    material.values = {"prompt": "one Beta"}
    assert material.ask(7, 2).texts("prompt") == ["one Beta", "one Beta"]


def test_paths_of_packages_are_not_needed(tmp_path: Path, models) -> None:
    """A package that lost its recipe is taken for one trained on the usual share."""
    folder = worded.trained(packages.reader(tmp_path / "bare"))
    (folder / "recipe.json").unlink()
    bare = LoadedModel.open(folder, choose("cpu", 1))
    unseen = worded.captioned().unseen_by(bare)
    assert unseen.tolist() == [n < 30 or n >= 90 for n in range(120)]
    stranger = LoadedModel.open(packages.reader(tmp_path / "stranger"), choose("cpu", 1))
    assert worded.captioned().unseen_by(stranger).all()
