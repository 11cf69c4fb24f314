"""Qt objects in reference cycles are destroyed by the window's thread, whoever makes garbage."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from genstudio.ui.collecting import Collector


class Cyclic(QObject):
    """Only a collection frees it; it notes who did."""

    freed_by: list[int] = []

    def __init__(self) -> None:
        super().__init__()
        self.me = self

    def __del__(self) -> None:
        self.freed_by.append(threading.get_ident())


def litter() -> None:
    """Make so much garbage that Python would collect many times."""
    for _ in range(20_000):
        waste: list[object] = []
        waste.append(waste)


@pytest.fixture
def collector(qapp):
    assert gc.isenabled()
    made = Collector()
    Cyclic.freed_by.clear()
    yield made
    made.stop()
    assert gc.isenabled()


def test_another_thread_frees_nothing(collector):
    Cyclic()
    busy = threading.Thread(target=litter)
    busy.start()
    busy.join()
    assert Cyclic.freed_by == []
    assert collector.collect() > 0
    assert Cyclic.freed_by == [threading.get_ident()]


def test_the_timer_collects(collector, qtbot):
    Cyclic()
    litter()
    qtbot.waitUntil(lambda: Cyclic.freed_by == [threading.get_ident()], timeout=10_000)


def test_without_garbage_nothing_is_done(collector):
    gc.collect()
    assert collector.collect() == 0


def test_stopping_twice_gives_back_once(qapp):
    first = Collector()
    second = Collector()
    second.stop()
    assert not gc.isenabled()
    first.stop()
    gc.disable()
    first.stop()
    assert not gc.isenabled()
    gc.enable()


def test_what_was_in_use_is_not_looked_through_again(collector):
    gc.unfreeze()  # what the tests themselves have set aside
    for _ in range(gc.get_threshold()[2] + 1):
        gc.collect(1)
    collector.collect()
    assert gc.get_freeze_count() > 0
    Cyclic()
    gc.collect()
    assert Cyclic.freed_by == [threading.get_ident()]
    collector.stop()
    assert gc.get_freeze_count() == 0


def test_what_is_there_when_the_window_stands_is_set_aside(collector):
    gc.unfreeze()
    collector.settle()
    assert gc.get_freeze_count() > 10_000
    collector.stop()
    assert gc.get_freeze_count() == 0
