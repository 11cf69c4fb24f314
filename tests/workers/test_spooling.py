"""What was under way when a stop was asked for: kept as unfinished, or not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from genstudio.core.artifact import UNFINISHED
from genstudio.core.events import Preview, Progress, Result
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.settings import Settings
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import Stopped as EngineStopped
from genstudio.engine.outputs import Animation, Picture
from genstudio.media import image, provenance
from genstudio.workers import generate as role
from genstudio.workers import inline
from genstudio.workers.context import Stopped
from genstudio.workers.spooling import Spooler
from tests.workers.test_generate import ask as asked_for
from tests.workers.test_generate import made  # noqa: F401

STEPS = 4
MODEL = SimpleNamespace(
    manifest=SimpleNamespace(
        id="toy", title="Toy", family="toy", sha256="5" * 64, trained_on=(), licence="CC0"
    ),
    device=SimpleNamespace(name="CPU"),
)


def pixels(step: int) -> np.ndarray:
    return np.full((4, 6, 3), 10 * step, np.uint8)


def steps(count: int = 2, first: int = 5, data: bool = True) -> Iterator[Progress | Picture]:
    """A sampler as families write them: a preview of each picture at each step, then both."""
    yield Progress(done=0, total=STEPS)
    for step in range(1, STEPS + 1):
        told = {"step": step, "steps": STEPS, "prompt": "cat"} if data else {}
        for place in range(count):
            yield Picture(first + place, 9, pixels(step), told, passing=True)
        yield Progress(done=step, total=STEPS, text=f"step {step} of {STEPS}")
    for place in range(count):
        yield Picture(first + place, 9, pixels(25), {"prompt": "cat"})


class Stop:
    """Becomes true at the n-th question."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def spooler(folder: Path, stopped=lambda: False, keep: bool = True, output: str = "image"):
    request = Request(model="toy", task="sample", values={"count": 2}, seed=9, first=5)
    task = Task(name="sample", title="Sample", verb="Go", output=output)
    ask = Ask(values={"count": 2}, seed=9, first=5, count=2)
    return Spooler(MODEL, request, task, ask, folder, {}, stopped, keep)


def told(stream) -> tuple[list, BaseException | None]:
    """All events, and what ended them."""
    found: list = []
    try:
        for event in stream:
            found.append(event)
    except Exception as error:
        return found, error
    return found, None


def results(events: list) -> list[Result]:
    return [event for event in events if isinstance(event, Result)]


def test_every_step_is_a_preview_and_the_end_is_a_result(tmp_path):
    events, error = told(spooler(tmp_path).events(steps()))
    assert error is None
    previews = [event for event in events if isinstance(event, Preview)]
    assert [event.index for event in previews] == [0, 1] * STEPS
    assert [result.data.get(UNFINISHED) for result in results(events)] == [None, None]


@pytest.mark.parametrize("data", [True, False])
def test_a_stop_keeps_the_last_preview_of_each_picture(tmp_path, data):
    # Asked after every output: 1 progress, then (2 previews, 1 progress) a step.
    events, error = told(spooler(tmp_path, Stop(7)).events(steps(data=data)))
    assert isinstance(error, Stopped)
    found = results(events)
    assert [result.index for result in found] == [0, 1]
    for result in found:
        words = "stopped at step 3 of 4" if data else "stopped at step 2 of 4"
        expected = words if result.index == 0 or not data else "stopped at step 2 of 4"
        assert result.data[UNFINISHED] == expected
        assert "step" not in result.data
        said = provenance.read(Path(result.path))
        assert said.provenance is not None
        assert said.provenance.facts[UNFINISHED] == expected
        assert said.provenance.index == 5 + result.index
        assert f"Unfinished: {expected}" in said.parameters_text
    assert image.read(Path(found[0].path))[0, 0, 0] == 30
    assert image.read(Path(found[1].path))[0, 0, 0] == 20


def test_a_stop_before_the_first_preview_keeps_nothing(tmp_path):
    events, error = told(spooler(tmp_path, Stop(0)).events(steps()))
    assert isinstance(error, Stopped)
    assert results(events) == []


def test_finished_pictures_are_not_told_twice(tmp_path):
    everything = 1 + 3 * STEPS
    events, error = told(spooler(tmp_path, Stop(everything)).events(steps()))
    assert isinstance(error, Stopped)
    marks = [result.data.get(UNFINISHED) for result in results(events)]
    assert marks == [None, "stopped at step 4 of 4"]


def test_who_does_not_want_them_gets_none(tmp_path):
    events, _error = told(spooler(tmp_path, Stop(7), keep=False).events(steps()))
    assert results(events) == []
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_was_stopped_within_a_step_counts_too(tmp_path):
    flag = threading.Event()

    def run() -> Iterator:
        yield from list(steps())[:5]
        flag.set()
        raise EngineStopped

    events, error = told(spooler(tmp_path, flag.is_set).events(run()))
    assert isinstance(error, EngineStopped)
    assert [result.data[UNFINISHED] for result in results(events)] == [
        "stopped at step 2 of 4",
        "stopped at step 1 of 4",
    ]


def test_an_error_keeps_nothing_unfinished(tmp_path):
    def run() -> Iterator:
        yield from list(steps())[:5]
        raise RuntimeError("broken")

    events, error = told(spooler(tmp_path).events(run()))
    assert isinstance(error, RuntimeError)
    assert results(events) == []


def test_the_preview_of_an_animation_is_no_result(tmp_path):
    def run() -> Iterator:
        yield Picture(5, 9, pixels(1), passing=True)
        yield Progress(done=1, total=2)
        yield Animation(5, 9, np.stack([pixels(1), pixels(2)]), 8.0)

    events, error = told(spooler(tmp_path, Stop(1), output="animation").events(run()))
    assert isinstance(error, Stopped)
    assert results(events) == []


@pytest.mark.parametrize("keep", [True, False])
def test_the_role_keeps_them_as_the_settings_say(made, tmp_path, monkeypatch, keep):  # noqa: F811
    """A stop that comes with a preview, as from the window."""
    body = asked_for(made, "gan", "sample", values={"count": 2}, seed=9, first=5)
    tasks = role.families.part("gan", "sample").TASKS
    monkeypatch.setitem(tasks, "sample", lambda model, ask: steps())
    monkeypatch.setattr(inline, "read_settings", lambda home: Settings(keep_unfinished=keep))
    contexts: list = []
    kind = inline.Context
    monkeypatch.setattr(
        inline, "Context", lambda **facts: contexts.append(kind(**facts)) or contexts[-1]
    )
    found, previews, error = [], 0, None
    try:
        for event in inline.run("generate", "generate", body, made, tmp_path / "spool"):
            found += [event] if isinstance(event, Result) else []
            previews += isinstance(event, Preview)
            if previews == 3:
                contexts[0].cancel()
    except Exception as raised:
        error = raised
    assert isinstance(error, Stopped)
    assert [result.index for result in found] == ([0, 1] if keep else [])
    assert previews == 3
