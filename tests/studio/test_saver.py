"""The newest state is written in a thread, once; a trouble is told once."""

from __future__ import annotations

import threading
import time

import pytest

from genstudio.core.errors import Problem
from genstudio.studio.saver import Saver


@pytest.fixture
def made():
    """Makes savers that are closed in the end."""
    savers: list[Saver] = []

    def make(save, on_problem=lambda _problem: None, rest=0.0) -> Saver:
        savers.append(Saver(save, on_problem, rest))
        return savers[-1]

    yield make
    for saver in savers:
        saver.close()


def wait_for(true) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_it_saves_in_a_thread_of_its_own(made):
    threads: list[threading.Thread] = []
    made(lambda: threads.append(threading.current_thread())).mark()
    wait_for(lambda: threads)
    assert threads[0] is not threading.main_thread()


def test_marks_during_a_rest_are_one_save(made):
    saves: list[int] = []
    saver = made(lambda: saves.append(1), rest=0.2)
    for _ in range(20):
        saver.mark()
    assert saves == []
    wait_for(lambda: saves)
    saver.close()
    assert saves == [1]


def test_closing_does_not_wait_for_the_rest(made):
    saves: list[int] = []
    saver = made(lambda: saves.append(1), rest=300.0)
    saver.mark()
    saver.close()
    assert saves == [1]


def test_a_mark_during_a_save_is_one_more(made):
    saves, begun, free = [], threading.Event(), threading.Event()

    def save() -> None:
        saves.append(1)
        begun.set()
        assert free.wait(10)

    saver = made(save)
    saver.mark()
    assert begun.wait(10)
    saver.mark()
    free.set()
    wait_for(lambda: len(saves) == 2)
    saver.close()
    assert len(saves) == 2


def test_a_trouble_is_told_once_until_it_works_again(made):
    told: list[Problem] = []
    turns = iter([True, True, False, True])
    done: list[int] = []

    def save() -> None:
        bad = next(turns)
        done.append(1)
        if bad:
            raise OSError(28, "No space left on device")

    saver = made(save, told.append)
    for number in range(1, 5):
        saver.mark()
        wait_for(lambda number=number: len(done) == number)
    saver.close()
    assert len(told) == 2
