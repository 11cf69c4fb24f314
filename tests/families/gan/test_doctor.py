"""A critic that wins and a generator that draws one thing, provoked."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.recipe import TrainerSettings
from genstudio.families.gan.doctor import CriticWins, ModeCollapse
from genstudio.training.doctor import History
from tests.helpers import faults

OPEN = {"augment": "off", "loss": "non-saturating", "spectral": False}


def test_a_critic_that_learns_much_faster_wins_and_the_doctor_sees_it(tmp_path: Path):
    options = {**OPEN, "critic_rate": 10.0, "critic_steps": 5}
    settings = {"steps": 50, "sample_every": 0, "validate_every": 0}
    _, events = faults.trained(tmp_path, "gan", faults.blobs(100, 1), None, options, settings)
    said = faults.advice(events, "critic-wins")
    assert said
    assert said[-1].level == "warning"
    assert "almost without fault" in said[-1].text
    titles = [remedy.title for remedy in said[-1].remedies]
    assert titles == [
        "Turn on differentiable augmentation",
        "Slow the critic down (rate 5)",
        "Add the R1 penalty",
    ]
    assert said[-1].remedies[1].options == {"critic_rate": 5.0}


def test_an_even_game_is_no_fault(tmp_path: Path):
    settings = {"steps": 50, "sample_every": 10, "validate_every": 0}
    _, events = faults.trained(tmp_path, "gan", faults.blobs(100, 1), None, {}, settings)
    assert faults.advice(events, "critic-wins") == []
    assert faults.advice(events, "mode-collapse") == []


def test_a_generator_that_runs_ahead_collapses_and_the_doctor_sees_it(tmp_path: Path):
    """Much momentum, a high rate and a slow critic: one picture that pleases is enough."""
    options = {**OPEN, "critic_rate": 0.3, "generator_class": 0.0}
    settings = {
        "steps": 48, "sample_every": 8, "validate_every": 0, "learning_rate": 1e-2, "beta1": 0.9,
        "ema": 0.8,
    }  # fmt: skip
    data, held = faults.blobs(200, 1), faults.blobs(40, 2)
    trainer, events = faults.trained(tmp_path, "gan", data, held, options, settings, seed=5)
    said = [a for a in faults.advice(events, "mode-collapse") if a.level == "warning"]
    assert said
    assert "mode collapse" in said[0].text
    assert said[0].remedies[-1].action == "keep"
    _, diversity = trainer.history.series("watch/diversity")
    assert diversity.min() < 0.35 < diversity.max()


def scores(real: float, made: float, rows: int = 40, loss: str = "hinge") -> History:
    history = History(TrainerSettings(steps=100), {"loss": loss, "augment": "auto"})
    for step in range(1, rows + 1):
        history.add(step, {"score/real": real, "score/made": made})
    return history


@pytest.mark.parametrize(
    ("history", "wins"),
    [
        (scores(2.0, -2.0), True),
        (scores(0.8, -0.8), False),
        (scores(3.0, -0.2), False),
        (scores(2.0, -2.0, rows=20), False),
        (scores(2.0, -2.0, loss="wgan-gp"), False),
        (scores(6.0, -6.0, loss="non-saturating"), True),
        (scores(1.0, -1.0, loss="non-saturating"), False),
    ],
)
def test_when_a_critic_has_won(history: History, wins: bool):
    assert (CriticWins().look(history) is not None) is wins


def test_a_moment_is_no_victory():
    history = scores(0.5, -0.5, rows=30)
    for step in range(31, 44):
        history.add(step, {"score/real": 5.0, "score/made": -5.0})
    assert CriticWins().look(history) is None


def diversity(values: list[float]) -> History:
    history = History(TrainerSettings(steps=100), {"augment": "auto", "r1": 0.5})
    for step, value in enumerate(values, 1):
        history.add(step, {"watch/diversity": value})
    return history


@pytest.mark.parametrize(
    ("values", "fell"),
    [
        ([0.4, 0.9, 0.8, 0.2, 0.1], True),
        ([0.4, 0.9, 0.8, 0.7, 0.6], False),
        ([0.1, 0.1, 0.2, 0.3], False),
        ([0.9, 0.1], False),
        ([0.3, 0.32, 0.31, 0.3], False),
    ],
)
def test_when_samples_have_become_alike(values: list[float], fell: bool):
    found = ModeCollapse().look(diversity(values))
    assert (found is not None) is fell
    if found is not None:
        assert f"{np.mean(values[-2:]):.0%}" in found.text
        assert "R1" not in " ".join(remedy.title for remedy in found.remedies)
