"""The plan: verdict, sentence, what to turn, and what each time would mean."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.budget import BUDGETS
from genstudio.core.events import Log
from genstudio.core.paths import Home
from genstudio.core.recipe import TrainerSettings
from genstudio.training import capacity, jobs, plan
from genstudio.training.device import Device
from genstudio.training.setup import prepare
from tests.training import toys
from tests.training.test_jobs import toy
from tests.training.test_setup import finish, home  # noqa: F401 - a fixture

GB = 10**9


@pytest.fixture
def ready(home: Home) -> Any:  # noqa: F811
    """A toy recipe made ready."""
    return finish(prepare(home, toy(steps=1000, batch=32), toys.part, None, "cpu"))[1]


def data(**fields: Any) -> dict[str, Any]:
    """A measured plan that fits."""
    return {
        "seconds_per_step": 0.1, "seconds": 3480.0, "memory_bytes": 2.1 * GB,
        "memory_total": 16 * GB, "memory_short": False, "disk_bytes": 310e6,
        "free_bytes": 50 * GB, "pictures": 500, **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "verdict", "begins"),
    [
        ({}, "fits", "Fits. About 58 min, 2.1 GB memory, 310 MB disk. Measured just now"),
        ({"memory_bytes": 12 * GB}, "tight", "Tight. About"),
        ({"memory_bytes": 15 * GB}, "no", "Will not fit. About"),
        ({"memory_total": 0, "memory_bytes": 0}, "fits", "Fits. About 58 min, 310 MB disk."),
        ({"free_bytes": 0.4 * GB}, "tight", "Tight. About"),
        ({"free_bytes": 0.2 * GB}, "no", "Will not fit: only 200 MB of disk space are free."),
        ({"memory_short": True}, "tight", "Tight: memory ran out at first"),
        (
            {"seconds_per_step": 0.0, "memory_short": True},
            "no",
            "Will not fit: memory ran out in the first step. 2.1 GB memory",
        ),
    ],
)
def test_verdicts_in_words(fields: dict[str, Any], verdict: str, begins: str):
    found = data(**fields)
    assert plan.verdict(found) == verdict
    assert plan.sentence({**found, "verdict": verdict}).startswith(begins)


@pytest.mark.parametrize(
    ("fields", "title", "settings"),
    [
        ({"verdict": "tight", "memory_bytes": 12 * GB}, "Use a batch of 16", {"batch": 16}),
        ({"verdict": "no", "free_bytes": 1e6}, "Keep fewer sample sheets", {"sample_every": 20}),
    ],
)
def test_what_to_turn(ready: Any, fields: dict[str, Any], title: str, settings: dict[str, Any]):
    found = plan.knob(data(**fields), ready)
    assert found == {"title": title, "options": {}, "settings": settings}


def test_when_even_a_small_batch_does_not_fit_a_smaller_model_may(ready: Any):
    found = plan.knob(data(verdict="no", seconds_per_step=0.0), ready)
    assert found is not None
    assert str(found["title"]).startswith("Use the size of")
    assert plan.knob(data(verdict="fits"), ready) is None


def test_one_measured_step_answers_for_every_time(ready: Any):
    found = plan.budgets(data(), ready)
    assert list(found) == [budget.name for budget in BUDGETS]
    coffee: Any = found["coffee"]
    assert coffee["settings"]["steps"] == coffee["steps"]
    assert coffee["seconds"] == pytest.approx(coffee["steps"] * 0.1)
    assert 400 < coffee["seconds"] <= 600
    assert coffee["verdict"] == "fits"
    assert coffee["sentence"].startswith("Fits. About ")
    improving: Any = found["improving"]
    assert improving["settings"]["patience"] > 0
    assert improving["seconds"] > coffee["seconds"]
    assert improving["disk_bytes"] > 0


def test_the_plan_of_a_recipe(home: Home):  # noqa: F811
    events = list(jobs.plan(home, toy(steps=1000), toys.part, device="cpu"))
    found: Any = events[-1].data
    assert found["verdict"] == "fits"
    assert found["knob"] is None
    assert found["sentence"].endswith("Measured just now on this computer.")
    assert found["memory_total"] > found["memory_bytes"]
    assert "Only 114 pictures" in found["little_data"]
    assert set(found["budgets"]) == {"coffee", "hour", "night", "improving"}


def test_a_batch_that_memory_does_not_hold_is_noticed(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    good = toys.Toy.loss

    def greedy(self: toys.Toy, phase: str, batch: Any, step: Any) -> Any:
        if batch.size > 4:
            raise MemoryError
        return good(self, phase, batch, step)

    monkeypatch.setattr(toys.Toy, "loss", greedy)
    found: Any = list(jobs.plan(home, toy(batch=16), toys.part, device="cpu"))[-1].data
    assert found["verdict"] == "tight"
    assert found["memory_short"] is True
    assert found["knob"]["settings"] == {"batch": 8}
    monkeypatch.setattr(toys.Toy, "loss", lambda *words: (_ for _ in ()).throw(MemoryError()))
    found = list(jobs.plan(home, toy(batch=16), toys.part, device="cpu"))[-1].data
    assert found["verdict"] == "no"
    assert "memory ran out in the first step" in found["sentence"]


def test_a_full_disk_is_said(home: Home, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setattr(files, "free_bytes", lambda path: 1000)
    events = list(jobs.plan(home, toy(), toys.part, device="cpu"))
    assert any("too little free disk space" in e.text for e in events if isinstance(e, Log))
    assert events[-1].data["verdict"] == "no"


def test_memory_of_the_machine_and_of_its_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    cpu = Device("cpu", "CPU", "", 1)
    whole = capacity.total_memory(cpu)
    assert whole > 10**8
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(capacity, "LIMITS", (str(tmp_path / "none"), str(limit)))
    limit.write_text("1000000\n")
    assert capacity.total_memory(cpu) == 1_000_000
    limit.write_text("max\n")
    assert capacity.total_memory(cpu) >= whole


def test_what_is_little_for_a_long_training_is_enough_for_a_short_one(ready: Any):
    found = {**data(), "pictures": 1000}
    few = plan.judged(found, ready, TrainerSettings(steps=100, batch=64))
    many = plan.judged(found, ready, TrainerSettings(steps=100_000, batch=64))
    assert few["little_data"] == ""
    assert "Only 1,000 pictures" in many["little_data"]


def test_memory_is_that_of_the_plan_and_not_of_work_before_it():
    cpu = Device("cpu", "CPU", "", 1)
    capacity.forget_peak(cpu)
    before = capacity.peak(cpu)
    block = np.ones(200_000_000, np.uint8)
    high = capacity.peak(cpu)
    assert high >= before + 150_000_000
    del block
    capacity.forget_peak(cpu)
    assert capacity.peak(cpu) < high - 100_000_000
