"""Words that change nothing and an average that lags, provoked and told."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch

from genstudio.core.recipe import TrainerSettings
from genstudio.families.diffusion.doctor import AverageLags, WordsIgnored
from genstudio.training.doctor import History
from tests.helpers import denoise, faults

TINY = {"width": 8, "text_width": 16, "length": 4, "patch": "4"}


def history(name: str, values: list[float], steps: int = 100, **settings: float) -> History:
    """Values of one validation number, the last of them at the last step."""
    options = {"drop": 0.1, "lose": 0.2}
    found = History(TrainerSettings(steps=steps, **settings), options)
    for place, value in enumerate(values, 1):
        found.add(place * steps // len(values), {f"valid/{name}": value})
    return found


# ---- words


def test_captions_that_say_nothing_of_the_pictures_are_noticed(tmp_path: Path):
    """Every picture is a blob; its caption is drawn by lot."""
    lots = np.random.default_rng(5).integers(0, 2, 40)
    said = tuple((("dark", "bright")[lot],) for lot in lots.tolist())
    data, held = faults.blobs(40, 1), faults.blobs(24, 2)
    data.captions, held.captions = said, said[:24]
    settings = {"steps": 24, "sample_every": 0, "validate_every": 4, "ema": 0.5}
    _, events = faults.trained(tmp_path, "diffusion", data, held, TINY, settings)
    found = faults.advice(events, "words-ignored")
    assert found
    assert found[0].level == "warning"
    assert found[0].step >= 8
    assert "make no difference so far" in found[0].text
    assert [remedy.options or remedy.settings for remedy in found[0].remedies] == [
        {"drop": 0.05}, {"lose": 0.0}, {"steps": 48},
    ]  # fmt: skip


def test_the_right_words_gain_where_they_tell_the_pictures_apart(learnt, pictures):
    with torch.no_grad():
        found = learnt.validate(learnt.networks, pictures)
        fresh = denoise.objective()
        unread = fresh.validate(fresh.networks, pictures)
    assert found["words"] > 0.5
    assert abs(float(unread["words"])) < 0.05
    assert found["lag"] == unread["lag"] == 0.0


def test_without_words_there_is_no_gain_to_measure(pictures):
    made = denoise.objective(condition="none")
    with torch.no_grad():
        assert set(made.validate(made.networks, pictures)) == {"error", "lag"}


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([0.0, 0.001, 0.0], True),
        ([0.0, 0.0, 0.0, 0.05], False),
        ([0.05, 0.04, 0.06], False),
        ([0.0, 0.0], False),
    ],
)
def test_when_words_count_as_ignored(gains: list[float], said: bool):
    assert (WordsIgnored().look(history("words", gains)) is not None) == said


def test_words_have_time_to_tell():
    found = history("words", [0.0] * 5)
    found.settings = TrainerSettings(steps=1000)
    assert WordsIgnored().look(found) is None


# ---- the average


def test_an_average_that_lags_is_measured(learnt, pictures):
    old = copy.deepcopy(dict(learnt.networks))
    with torch.no_grad():
        for parameter in old["unet"].parameters():
            parameter.mul_(0.9)
        found = learnt.validate(old, pictures)
    assert found["lag"] > 0.04


@pytest.mark.parametrize(
    ("lags", "said"), [([0.1, 0.1, 0.1], True), ([0.1, 0.1, 0.01], False), ([0.1], False)]
)
def test_when_the_average_counts_as_late(lags: list[float], said: bool):
    assert (AverageLags().look(history("lag", lags)) is not None) == said


def test_fewer_steps_to_average_over_are_offered():
    found = AverageLags().look(history("lag", [0.2] * 3, steps=5000, ema=0.9995))
    assert "20% higher" in found.text
    assert [remedy.settings for remedy in found.remedies] == [{"ema": 0.99333}]
    found = AverageLags().look(history("lag", [0.2] * 3, steps=100_000, ema=0.995))
    assert [remedy.settings for remedy in found.remedies] == [{"ema": 0.98}]
    assert AverageLags().look(history("lag", [0.2] * 3, ema=0.4)).remedies == ()
