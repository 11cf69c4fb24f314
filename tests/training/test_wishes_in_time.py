"""A wish is heard from the moment in which the run says that it runs, and an old one never is."""

import os
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.events import Done, Event, Started
from genstudio.core.paths import Home
from genstudio.core.run import Run
from genstudio.training import jobs
from genstudio.training import trainer as module
from tests.training import toys
from tests.training.test_jobs import toy, until
from tests.training.test_setup import finish, home  # noqa: F401 - a fixture

DEAD = 2**22 + 12345


@pytest.fixture(autouse=True)
def every_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAID_EVERY", 0.0)


def at_step_five(home: Home) -> Path:  # noqa: F811
    until(jobs.run_training(home, toy(), toys.part, device="cpu"), 5)
    return sorted(home.runs.glob("*-toy"))[-1]


def killed(folder: Path) -> None:
    """As a process leaves it that was killed while it ran."""
    state = Run.read(folder / runs.RUN_FILE)
    state = state.model_copy(update={"state": "running", "pid": DEAD})
    files.write_bytes(folder / runs.RUN_FILE, state.to_bytes())


def standing(folder: Path) -> tuple[str, int, int]:
    state = Run.read(folder / runs.RUN_FILE)
    return state.state, state.step, state.pid


@pytest.mark.parametrize("wish", runs.WISHES)
def test_a_wish_that_was_not_heard_before_the_kill_is_forgotten(home: Home, wish: str):  # noqa: F811
    folder = at_step_five(home)
    killed(folder)
    files.write_bytes(folder / wish, b"")
    done = list(jobs.resume(home, folder.name, toys.part, device="cpu"))[-1]
    assert isinstance(done, Done)
    assert done.data["step"] == 12
    assert not (folder / wish).exists()
    assert not (folder / jobs.TRIED).exists()


def test_a_pause_before_the_checkpoint_is_read_is_heard(home: Home):  # noqa: F811
    folder = at_step_five(home)
    events: list[Event] = []
    for event in jobs.resume(home, folder.name, toys.part, device="cpu"):
        events.append(event)
        if isinstance(event, Started):
            assert standing(folder) == ("running", 5, os.getpid())
            list(jobs.stop(home, folder.name))
    assert events[-1].data == {"run": folder.name, "step": 5}
    assert standing(folder) == ("stopped", 5, 0)
    assert not (folder / runs.STOP_FILE).exists()


def test_left_before_the_checkpoint_is_read_it_keeps_its_step(home: Home):  # noqa: F811
    folder = at_step_five(home)
    work = jobs.resume(home, folder.name, toys.part, device="cpu")
    next(event for event in work if isinstance(event, Started))
    work.close()
    assert standing(folder) == ("stopped", 5, 0)


def test_a_killed_run_that_is_made_ready_rests_until_it_runs(home: Home):  # noqa: F811
    folder = at_step_five(home)
    killed(folder)
    work = jobs.resume(home, folder.name, toys.part, device="cpu")
    next(work)
    assert standing(folder) == ("stopped", 5, 0)
    work.close()
    assert standing(folder) == ("stopped", 5, 0)
