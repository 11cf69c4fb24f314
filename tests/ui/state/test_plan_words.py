"""What a training will take, in words."""

from __future__ import annotations

import pytest

from genstudio.core.budget import budget
from genstudio.core.recipe import TrainerSettings
from genstudio.ui.state import plan_words
from genstudio.ui.state.plan_words import Knob

DATA = {
    "seconds_per_step": 1.0,
    "memory_bytes": 2.1e9,
    "memory_total": 24e9,
    "disk_bytes": 310e6,
    "free_bytes": 50e9,
}


def told(steps: int = 3200, patience: int = 0, age: float = 0.0, time: str = "", **changes):
    wanted = TrainerSettings(steps=steps, patience=patience)
    return plan_words.measured({**DATA, **changes}, wanted, age, time)


def test_a_measurement_in_one_sentence():
    assert told().sentence == (
        "Fits. About 1 h, 2.1 GB memory, 310 MB disk. Measured just now on this computer."
    )
    assert told(patience=8).text.startswith("At most about 1 h")
    assert told(age=840).source == "Measured 14 min ago on this computer."
    assert told(age=3 * 3600).source == "Measured 3 h ago on this computer."
    assert told(steps=1000).text.startswith("About 20 min")


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, "fits", ""),
        ({"memory_bytes": 21e9}, "tight", ""),
        ({"memory_bytes": 25e9}, "no", ""),
        ({"free_bytes": 200e6}, "no", "Only 200 MB of disk space are free. "),
        ({"verdict": "tight", "memory_short": True}, "tight", "Memory ran out at first"),
        ({"verdict": "no", "seconds_per_step": 0.0}, "no", "Memory ran out in the first step."),
        ({"verdict": "nonsense"}, "fits", ""),
    ],
)
def test_verdicts_and_their_reasons(changes, verdict, reason):
    found = told(**changes)
    assert found.verdict == verdict
    assert found.text.startswith(reason or "About")
    assert found.head == plan_words.HEADS[verdict]


def test_no_speed_means_no_time():
    assert told(seconds_per_step=0.0).text == (
        "Memory ran out in the first step. 2.1 GB memory, 310 MB disk."
    )


def test_a_time_has_its_own_verdict_while_its_steps_hold():
    entry = {
        "settings": {"steps": 500}, "verdict": "no", "disk_bytes": 60e9,
        "little_data": "90 pictures are few.",
    }  # fmt: skip
    found = told(steps=500, time="hour", budgets={"hour": entry}, verdict="fits")
    assert (found.verdict, found.advice) == ("no", "90 pictures are few.")
    assert found.text.startswith("Only 50 GB")
    assert told(steps=9, time="hour", budgets={"hour": entry}, verdict="fits").verdict == "fits"
    assert told(steps=500, time="hour", budgets={"hour": 3}, verdict="fits").verdict == "fits"


def test_knobs_are_read_with_care():
    knob = {"title": "Half the batch", "settings": {"batch": 32}, "options": None}
    assert told(knob=knob).knob == Knob("Half the batch", {}, {"batch": 32})
    assert told(knob={"title": ""}).knob is None
    assert told(knob="turn it").knob is None


def test_guesses_say_what_they_rest_on():
    wanted = TrainerSettings(steps=1000, patience=0)
    guess = plan_words.guessed(0.5, wanted)
    assert guess.sentence == "About 9 min. By an earlier measurement."
    assert guess.verdict == "unknown"
    assert plan_words.blind(wanted).sentence == "1,000 steps."


def test_a_time_becomes_settings():
    hour, improving = budget("hour"), budget("improving")
    entry = {"hour": {"settings": {"steps": 77}}}
    given = plan_words.budget_settings
    assert given(hour, {**DATA, "budgets": entry}, 0.0) == {"steps": 77}
    assert given(hour, DATA, 9.0)["steps"] == 3200, "what was measured counts more"
    assert given(hour, {}, 10.0)["steps"] == 320
    assert given(hour, {}, 0.0) == {}
    assert given(improving, {}, 0.0) == {"patience": improving.patience}
    out_of_memory = {"seconds_per_step": 0.0, "budgets": entry}
    assert given(hour, out_of_memory, 0.0) == {}, "what cannot run has no steps"
