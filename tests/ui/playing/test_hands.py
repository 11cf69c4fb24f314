"""The two threads: they come with the first work, rest, and end."""

from __future__ import annotations

import threading

from genstudio.ui.playing.hands import Hands
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.transport import Transport
from tests.helpers.playing import scale


class Job:
    """An engine that has something to do a few times."""

    def __init__(self) -> None:
        self.todo, self.fed, self.closed = 0, 0, threading.Event()
        self.made, self.done = 0, threading.Event()

    @property
    def busy(self) -> bool:
        return self.todo > 0

    def prepare(self) -> bool:
        if self.todo <= 0:
            return False
        self.made += 1
        self.todo -= 1
        if not self.todo:
            self.done.set()
        return True

    def feed(self) -> None:
        self.fed += 1

    def close(self) -> None:
        self.closed.set()


def test_no_thread_before_there_is_work():
    before = threading.active_count()
    hands = Hands(Job())
    assert threading.active_count() == before
    hands.close()
    hands.wake()
    assert threading.active_count() == before, "closed is closed"


def test_work_is_done_again_and_again(qapp):
    job = Job()
    hands = Hands(job)
    for _ in range(5):
        job.done.clear()
        job.todo = 20
        hands.wake()
        assert job.done.wait(20)
    hands.close()
    assert job.made == 100
    assert job.fed
    assert job.closed.is_set(), "the device is let go by the thread that fed it"


def test_a_transport_plays_by_itself(qtbot):
    transport = Transport(ClockOutput())
    transport.set_piece(scale(1))
    with qtbot.waitSignal(transport.finished, timeout=30_000):
        transport.play()
    assert transport.place == 0.0
    transport.close()
    assert not any(thread.name.startswith("sound-") for thread in threading.enumerate())
