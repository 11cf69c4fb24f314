"""Looks run beside the window; only the answer to the newest question of a slot arrives."""

from __future__ import annotations

import threading

import pytest

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.events import Preview, Progress
from genstudio.ui.state.looks import Looks
from tests.helpers.fake_studio import preview


class Slow:
    """Answers when told to; `began` says that the thread has arrived."""

    def __init__(self) -> None:
        self.gates: dict[str, threading.Event] = {}
        self.began: list[str] = []
        self.stopped: list[str] = []
        self.threads: set[threading.Thread] = set()
        self.now = ""

    def hold(self, work: str) -> threading.Event:
        return self.gates.setdefault(work, threading.Event())

    def ask(self, work, body, hear):
        self.now = work
        self.began.append(work)
        self.threads.add(threading.current_thread())
        if work in self.gates:
            assert self.gates[work].wait(20), "nobody opened the gate"
        if work.startswith("bad"):
            raise BadInput("It is broken", next_step="Take another.")
        if work.startswith("gone"):
            raise GenStudioError("stopped", kind="cancelled")
        hear(Progress(done=1))
        hear(preview("", 3))
        hear(Preview(index=4, data="no base64!"))
        return {"work": work, **body}

    def stop(self) -> None:
        self.stopped.append(self.now)
        self.gates[self.now].set()


@pytest.fixture
def asker():
    return Slow()


@pytest.fixture
def looks(asker, qapp):
    made = Looks(asker)
    yield made
    for gate in asker.gates.values():
        gate.set()
    made.close()


@pytest.fixture
def told():
    return []


def ask(looks, told, slot, work, **body):
    looks.ask(
        slot,
        work,
        body,
        lambda data: told.append(("done", data["work"])),
        lambda index, png: told.append(("preview", index, png[:4])),
        lambda problem: told.append(("failed", problem.sentence)),
    )


def idle(qtbot, looks):
    qtbot.waitUntil(lambda: not looks.busy, timeout=10_000)


def test_an_answer_comes_in_the_windows_thread_with_its_pictures(looks, asker, told, qtbot):
    where = []
    looks.ask("page", "one", {}, lambda _data: where.append(threading.current_thread()))
    idle(qtbot, looks)
    assert where == [threading.main_thread()]
    assert threading.main_thread() not in asker.threads
    ask(looks, told, "page", "two")
    idle(qtbot, looks)
    assert told == [("preview", 3, b"\x89PNG"), ("done", "two")], "what is no picture is left out"


def test_a_failure_is_a_sentence(looks, told, qtbot):
    ask(looks, told, "page", "bad")
    idle(qtbot, looks)
    assert told == [("failed", "It is broken. Take another.")]


def test_what_was_stopped_is_no_failure(looks, told, qtbot):
    ask(looks, told, "page", "gone")
    idle(qtbot, looks)
    assert told == []


def test_a_newer_question_of_the_slot_replaces_the_waiting_one(looks, asker, told, qtbot):
    first = asker.hold("first")
    ask(looks, told, "other", "first")
    qtbot.waitUntil(lambda: asker.began == ["first"])
    ask(looks, told, "page", "old")
    ask(looks, told, "page", "new")
    first.set()
    idle(qtbot, looks)
    assert asker.began == ["first", "new"], "the old one is never asked"
    assert [t[1] for t in told if t[0] == "done"] == ["first", "new"]


def test_a_newer_question_stops_the_running_one(looks, asker, told, qtbot):
    asker.hold("old")
    ask(looks, told, "page", "old")
    qtbot.waitUntil(lambda: asker.began == ["old"])
    ask(looks, told, "page", "new")
    idle(qtbot, looks)
    assert asker.stopped == ["old"]
    assert [t[1] for t in told if t[0] == "done"] == ["new"], "its answer is dropped"


def test_slots_do_not_disturb_each_other(looks, asker, told, qtbot):
    held = asker.hold("a")
    ask(looks, told, "left", "a")
    qtbot.waitUntil(lambda: asker.began == ["a"])
    ask(looks, told, "right", "b")
    held.set()
    idle(qtbot, looks)
    assert asker.stopped == []
    assert [t[1] for t in told if t[0] == "done"] == ["a", "b"]


def test_without_a_slot_everything_is_done_in_order(looks, asker, told, qtbot):
    held = asker.hold("one")
    for work in ("one", "two", "three"):
        ask(looks, told, "", work)
    held.set()
    idle(qtbot, looks)
    assert [t[1] for t in told if t[0] == "done"] == ["one", "two", "three"]


def test_what_is_forgotten_is_not_told(looks, asker, told, qtbot):
    asker.hold("one")
    ask(looks, told, "page", "one")
    qtbot.waitUntil(lambda: asker.began == ["one"])
    looks.forget("page")
    assert not looks.busy
    assert asker.stopped == ["one"]
    ask(looks, told, "other", "two")
    idle(qtbot, looks)
    assert [t[1] for t in told if t[0] == "done"] == ["two"]


def test_closing_carries_out_edits_and_drops_the_rest(asker, told, qapp):
    looks = Looks(asker)
    held = asker.hold("edit 1")
    ask(looks, told, "", "edit 1")
    ask(looks, told, "page", "browse")
    ask(looks, told, "", "edit 2")
    held.set()
    looks.close()
    qapp.processEvents()
    assert asker.began == ["edit 1", "edit 2"]
    assert told == [], "nobody is there to be told"


def test_closing_stops_a_look_that_runs(asker, told, qtbot):
    looks = Looks(asker)
    asker.hold("browse")
    ask(looks, told, "page", "browse")
    qtbot.waitUntil(lambda: asker.began == ["browse"])
    looks.close()
    assert asker.stopped == ["browse"]


def test_being_busy_is_said(looks, heard, qtbot):
    said = heard(looks.busy_changed)
    looks.ask("page", "one", {}, lambda data: None)
    assert looks.busy
    idle(qtbot, looks)
    assert len(said) == 2
