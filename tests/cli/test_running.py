"""Streams of events: to their end, to their failure, and stopped by Ctrl+C."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from genstudio.cli.running import Stopped, Stopping, failure, polite_stop, run
from genstudio.cli.screen import Screen
from genstudio.core import events
from genstudio.core.errors import GenStudioError, Problem


@pytest.fixture
def screen():
    return Screen(json=True)


def test_returns_done_and_does_not_show_it(screen, capsys):
    done = run(iter([events.Log(text="a"), events.Done(seconds=2)]), screen)
    assert done.seconds == 2
    assert '"done"' not in capsys.readouterr().out


def test_failed_raises_its_sentence(screen):
    problem = Problem(kind="disk-full", what="The disk is full", next_step="Free some.")
    with pytest.raises(GenStudioError, match="The disk is full") as caught:
        run(iter([events.Failed(problem=problem)]), screen)
    assert caught.value.problem.kind == "disk-full"
    assert failure(events.Failed(problem=problem)).problem == problem


def test_cancelled_raises_stopped(screen):
    with pytest.raises(Stopped, match="so far"):
        run(iter([events.Cancelled()]), screen, stopped="kept so far")


def test_errors_of_the_generator_pass_and_it_is_closed(screen):
    closed = []

    def work():
        try:
            yield events.Log(text="a")
            raise GenStudioError("no")
        finally:
            closed.append(True)

    with pytest.raises(GenStudioError, match="no"):
        run(work(), screen)
    assert closed == [True]


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def interruptible():
    """Ctrl+C as in a terminal: programs started in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_first_ctrl_c_closes_the_generator(screen, capsys, interruptible):
    steps, asked = [], []

    def work():
        try:
            for step in range(1000):
                steps.append(step)
                if step == 3:
                    press()
                yield events.Progress(done=step, total=1000)
        finally:
            steps.append("clean")

    with pytest.raises(Stopped, match="it is kept"):
        run(work(), screen, on_stop=lambda: asked.append(True), stopped="it is kept")
    assert steps == [0, 1, 2, 3, "clean"]
    assert asked == [True]
    assert "Ctrl+C again" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_ends_by_itself_after_ctrl_c_is_done(screen):
    def work():
        yield events.Log(text="a")
        press()
        yield events.Done(seconds=1)

    assert run(work(), screen).seconds == 1


class Work:
    """Goes on until it is asked to stop, then tells what it has, as work in a worker does."""

    def __init__(self, presses: bool = True) -> None:
        self.asked, self.presses = threading.Event(), presses

    def events(self, stop: Stopping):
        stop.of(self.asked.set)
        if self.presses:
            press()
        assert self.asked.wait(20)
        yield events.Result(path="half.png", index=0, seed=1, output="image")
        raise GenStudioError("The work was stopped", kind="cancelled")


def test_a_work_that_is_asked_shows_what_it_has(screen, capsys, interruptible):
    stop = Stopping()
    with pytest.raises(Stopped, match="it is kept"):
        run(Work().events(stop), screen, stop, stopped="it is kept")
    assert "half.png" in capsys.readouterr().out


def test_a_stop_before_the_work_begins_is_not_forgotten(screen):
    stop, work = Stopping(), Work(presses=False)
    stop()
    assert not work.asked.is_set()
    assert next(work.events(stop)).path == "half.png"


def test_other_errors_are_told_as_they_are(screen):
    def work():
        yield events.Log(text="a")
        press()
        raise GenStudioError("The disk is full", kind="disk-full")

    with pytest.raises(GenStudioError, match="disk is full"):
        run(work(), screen, Stopping())


def test_second_ctrl_c_interrupts_hard(screen):
    def work():
        press()
        press()
        yield events.Log(text="never")

    with pytest.raises(KeyboardInterrupt):
        run(work(), screen)


def test_signals_are_left_alone_outside_the_main_thread(screen):
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def other():
        with polite_stop(screen) as sign:
            seen.append((bool(sign), signal.getsignal(signal.SIGINT) is before))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [(False, True)]
