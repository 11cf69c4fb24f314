"""RunState beside a real training: its events, its folder, a pause, a new window, the end."""

from __future__ import annotations

import pytest

from genstudio.core import files
from genstudio.core.events import Done, stamped
from genstudio.core.run import STOP_FILE
from genstudio.studio import recipes
from genstudio.ui.state import run_state
from genstudio.ui.state.run_state import RunState
from genstudio.workers import inline
from tests.helpers import fake_runs
from tests.helpers.drive import turn, until
from tests.helpers.fake_studio import FakeStudio

STEPS = 150
EVERY = 50


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(run_state, "SOON_MS", 0)
    monkeypatch.setattr(run_state, "POLL_MS", 20)


@pytest.fixture
def studio(tiny_copy, qapp):
    made = FakeStudio(tiny_copy)
    made.trainings = fake_runs.FakeDesk()
    return made


@pytest.fixture
def states():
    """`states(studio)` makes a RunState that is closed after the test."""
    made = []

    def make(studio):
        made.append(RunState(studio))
        return made[-1]

    yield make
    for state in made:
        state.close()


def body(studio):
    recipe = recipes.from_scratch("vae", studio.datasets.get("shapes"), "tiny")
    changes = {"steps": STEPS, "threads": 1, "sample_every": EVERY, "validate_every": EVERY,
               "batch": 16}  # fmt: skip
    recipe = recipes.changed(recipe, {}, changes)
    return {"recipe": recipes.to_body(recipe), "base": str(studio.home.root)}


def hear(state, studio, events, stop_at=0):
    """Let the events arrive as the window gets them; ask for a pause at a step."""
    last = None
    for event in events:
        state.on_event(stamped(event, "j1", 1))
        turn()
        if stop_at and state.current and state.step >= stop_at:
            files.write_bytes(studio.home.runs / state.current / STOP_FILE, b"")
        last = event
    return last


def test_a_training_from_beginning_to_end(studio, states):
    state = states(studio)
    hear(state, studio, inline.run("train", "train", body(studio), studio.home), stop_at=EVERY + 1)
    until(lambda: state.phase == "paused", "the pause")
    paused = state.step
    assert EVERY < paused < STEPS
    assert state.total == STEPS
    until(lambda: state.curves["loss/bound"][0][-1] == paused, "all numbers")
    sheets = list(range(EVERY, paused + 1, EVERY))
    assert [sample.step for sample in state.samples] == sheets
    assert state.best_step in sheets
    assert any("resumed" in line.text for line in state.look.log)

    # Another window, after a crash perhaps, shows the same.
    again = states(studio)
    again.follow(state.current)
    until(lambda: again.run is not None, "the run")
    assert again.look == state.look
    assert (again.phase, again.step) == ("paused", paused)

    run = {"run": again.current}
    last = hear(again, studio, inline.run("train", "train", run, studio.home))
    assert isinstance(last, Done)
    until(lambda: again.phase == "done", "the end")
    assert again.run.model == "vae-shapes"
    until(lambda: again.curves["loss/bound"][0][-1] == STEPS, "all numbers")
    assert again.curves["loss/bound"][0] == sorted(set(again.curves["loss/bound"][0]))
    assert [sample.step for sample in again.samples] == list(range(EVERY, STEPS + 1, EVERY))
    assert again.device is not None
