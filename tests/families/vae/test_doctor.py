"""Posterior collapse, provoked and cured."""

from pathlib import Path

import pytest

from genstudio.core.recipe import TrainerSettings
from genstudio.families.vae.doctor import EMPTY, PosteriorCollapse
from genstudio.training.doctor import History
from tests.helpers import faults

HUGE = {"beta": 20.0, "warm_up": 0.0, "likelihood": "bernoulli"}
SETTINGS = {"steps": 60, "sample_every": 0, "validate_every": 0}


def test_a_huge_beta_empties_the_code_and_the_doctor_sees_it(tmp_path: Path):
    data, held = faults.blobs(100, 1), faults.blobs(20, 2)
    trainer, events = faults.trained(tmp_path, "vae", data, held, HUGE, SETTINGS)
    said = faults.advice(events, "posterior-collapse")
    assert [each.level for each in said] == ["warning"]
    assert "KL term is near zero" in said[0].text
    assert "posterior collapse" in said[0].text
    remedies = {r.title: r for r in said[0].remedies}
    assert [r.action for r in said[0].remedies] == ["amend", "amend", "restart"]
    assert remedies["Lower beta to 1"].options == {"beta": 1.0}
    assert float(trainer.history.series("kl")[1][-5:].mean()) < EMPTY


def test_the_remedy_helps_and_the_doctor_says_so_or_keeps_quiet(tmp_path: Path):
    data, held = faults.blobs(100, 1), faults.blobs(20, 2)
    options = {**HUGE, "beta": 1.0}
    trainer, events = faults.trained(tmp_path, "vae", data, held, options, SETTINGS)
    assert faults.advice(events, "posterior-collapse") == []
    assert float(trainer.history.series("kl")[1][-5:].mean()) > 2 * EMPTY


def history(kl: float, **options: float) -> History:
    made = History(TrainerSettings(steps=100), {"beta": 1.0, "warm_up": 0.0, **options})
    for step in range(1, 51):
        made.add(step, {"kl": kl})
    return made


@pytest.mark.parametrize(
    ("kl", "options", "sick"),
    [
        (0.01, {}, True),
        (5.0, {}, False),
        (0.01, {"warm_up": 0.6}, False),
        (0.01, {"free_bits": 0.5}, False),
        (0.01, {"beta": 0.0}, False),
    ],
)
def test_only_an_empty_code_that_costs_something_is_a_fault(
    kl: float, options: dict[str, float], sick: bool
):
    assert (PosteriorCollapse().look(history(kl, **options)) is not None) is sick


def test_a_small_beta_is_not_lowered_further():
    found = PosteriorCollapse().look(history(0.01, beta=0.5))
    assert found is not None
    assert all(remedy.options.get("beta") is None for remedy in found.remedies)


def test_the_first_steps_are_not_judged():
    made = History(TrainerSettings(steps=100), {"beta": 1.0, "warm_up": 0.0})
    for step in range(1, 19):
        made.add(step, {"kl": 0.0})
    assert PosteriorCollapse().look(made) is None
