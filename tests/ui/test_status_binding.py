"""What the status line says for every state of the queue, device and memory."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import Problem
from genstudio.core.events import Cancelled, Done, Failed, Log
from genstudio.core.job import Job
from genstudio.core.settings import Settings
from genstudio.ui import status_binding
from genstudio.ui.state.queue_state import Pace
from genstudio.ui.status_binding import StatusBinding, took, total_memory
from genstudio.ui.widgets.error_dialog import ErrorDialog
from genstudio.ui.widgets.status_line import StatusLine


class Queue(QObject):
    """A QueueState whose answers the test writes down."""

    changed = Signal()
    progressed = Signal(str, float, float, str)
    device_changed = Signal()
    memory_changed = Signal()

    def __init__(self):
        super().__init__()
        self.list: list[Job] = []
        self.paces: dict[str, Pace] = {}
        self.paused = False
        self.device: dict[str, object] = {}
        self.memory = 0
        self.left = ""
        self.done: list[object] = []

    def jobs(self):
        return list(self.list)

    @property
    def running(self):
        return next((job for job in self.list if job.state == "running"), None)

    def pace(self, job):
        return self.paces.get(job, Pace())

    def eta(self, _job):
        return self.left

    @property
    def device_text(self):
        return f"{self.device['name']} — {self.device['reason']}"

    def cancel_running(self):
        self.done.append("cancel")

    def pause_training(self, job):
        self.done.append(("pause", job.id))

    def move(self, job, place):
        self.done.append((job, place))

    def cancel(self, job):
        self.done.append(("cancel", job))

    def retry(self, job):
        self.done.append(("retry", job))

    def pause(self, on):
        self.paused = on

    def clear(self):
        self.done.append("clear")


class SettingsOf(QObject):
    changed = Signal(str)

    def __init__(self):
        super().__init__()
        self.values = Settings()


def job(name: str, state: str = "waiting", **more) -> Job:
    return Job(id=name, role="generate", work="x", title=name.title(), body={}, state=state, **more)


@pytest.fixture
def made(qtbot):
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1200, 44)
    line.show()
    state = SimpleNamespace(queue=Queue(), settings=SettingsOf())
    binding = StatusBinding(line, state, line)
    yield SimpleNamespace(line=line, queue=state.queue, settings=state.settings, binding=binding)
    if binding._popup is not None:
        binding._popup.close()


def show(made, *jobs):
    made.queue.list = list(jobs)
    made.binding.refresh()


def test_at_rest(made):
    assert made.line.text() == "Ready"
    assert not made.line.cancel.isVisible()
    assert not made.binding.cancel(), "nothing to stop"


def test_running_without_progress(made):
    show(made, job("boots", "running"))
    assert made.line.text() == "Boots"
    assert made.line._bar.maximum() == 0


def test_running_with_progress_and_time(made):
    pace = Pace()
    pace.done, pace.total, pace.text = 3, 4, "picture 3 of 4"
    made.queue.paces["boots"] = pace
    made.queue.left = "about 40 s left"
    show(made, job("boots", "running"), job("bags"))
    assert made.line.text() == "Boots · picture 3 of 4"
    assert made.line._bar.value() == 750
    assert made.line.detail() == "about 40 s left"
    assert made.line.queue.text() == "1 more in the queue"


def test_many_changes_are_shown_once(made, qtbot, monkeypatch):
    calls = []
    monkeypatch.setattr(made.binding, "refresh", lambda: calls.append(1))
    made.binding._timer.timeout.disconnect()
    made.binding._timer.timeout.connect(made.binding.refresh)
    for _ in range(50):
        made.queue.progressed.emit("boots", 1.0, 2.0, "")
        made.queue.changed.emit()
    qtbot.waitUntil(lambda: bool(calls))
    assert len(calls) == 1


def training(name: str, **body) -> Job:
    return Job(id=name, role="train", work="train", title=name.title(), body=body, state="running")


def test_a_training_is_paused_where_others_are_cancelled(made):
    show(made, job("boots", "running"))
    assert (made.line.cancel.text(), made.binding.training()) == ("Cancel", None)
    show(made, training("bags"))
    assert made.line.cancel.text() == "Pause"
    assert made.binding.training().id == "bags"
    assert made.binding.cancel()
    assert made.queue.done == [("pause", "bags")]
    assert made.line.detail() == "Stopping…"
    show(made, job("boots", "running"))
    assert made.line.cancel.text() == "Cancel"


def test_a_paused_training_is_not_called_done(made):
    show(made, training("bags"))
    made.binding.on_event(Done(job="bags", seconds=9, data={"run": "0001-bags", "step": 5}))
    show(made)
    assert made.line.text() == "Bags is paused"
    show(made, training("bags"))
    made.binding.on_event(Done(job="bags", data={"run": "0001-bags", "package": "/p"}))
    show(made)
    assert made.line.text() == "Bags is done"


def test_stopping_is_said_at_once_and_stays_said(made):
    show(made, job("boots", "running"))
    made.line.cancel.click()
    made.binding.cancel()
    assert made.queue.done[-1] == "cancel"
    made.binding.refresh()
    assert made.line.detail() == "Stopping…"
    assert not made.line.cancel.isEnabled()
    show(made, job("bags", "running"))
    assert made.line.cancel.isEnabled(), "the next job can be stopped again"


@pytest.mark.parametrize(
    ("end", "text", "detail"),
    [
        (Done(job="boots", seconds=3.04), "Boots is done", "in 3.0 s"),
        (Done(job="boots"), "Boots is done", ""),
        (Cancelled(job="boots"), "Boots was stopped", ""),
        (
            Failed(job="boots", problem=Problem(what="The disk is full")),
            "Boots failed",
            "The disk is full",
        ),
    ],
)
def test_how_it_ended_is_remembered(made, end, text, detail):
    show(made, job("boots", "running"))
    made.binding.on_event(end)
    show(made)
    assert (made.line.text(), made.line.detail()) == (text, detail)


def test_other_events_and_unknown_jobs_say_nothing(made):
    show(made, job("boots", "running"))
    made.binding.on_event(Log(job="boots", text="hello"))
    made.binding.on_event(Done(job="somebody else"))
    show(made)
    assert made.line.text() == "Ready"


@pytest.mark.parametrize(
    ("jobs", "paused", "words"),
    [
        ([], False, None),
        ([], True, "paused"),
        ([job("a"), job("b", "paused")], False, "2 more in the queue"),
        ([job("a", "failed")], False, "1 failed"),
        ([job("a"), job("b", "failed")], True, "1 more in the queue · 1 failed · paused"),
        ([job("a", "done"), job("b", "cancelled")], False, None),
    ],
)
def test_words_of_the_queue(made, jobs, paused, words):
    made.queue.paused = paused
    show(made, *jobs)
    assert made.line.queue.isVisible() is (words is not None)
    if words:
        assert made.line.queue.text() == words


# ---- device


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("auto", "after the first run"), ("cpu", "CPU, as chosen"), ("cuda", "CUDA wanted")],
)
def test_before_the_first_run_nothing_is_claimed(made, wanted, words):
    made.settings.values = Settings(device=wanted)
    made.settings.changed.emit("device")
    assert words in made.line.device.text()


@pytest.mark.parametrize(
    ("name", "wanted", "token"),
    [("CUDA", "auto", "good"), ("CPU", "auto", "dim"), ("CPU", "cuda", "amber")],
)
def test_device_of_the_last_run(made, name, wanted, token):
    made.settings.values = Settings(device=wanted)
    made.queue.device = {"name": name, "reason": "no driver", "threads": 1}
    made.queue.device_changed.emit()
    assert made.line.device.text() == f"{name} — no driver"
    assert made.line.device._dot.token == token


def test_memory(made, monkeypatch):
    monkeypatch.setattr(status_binding, "total_memory", lambda: 24_000_000_000)
    made.queue.memory = 1_100_000_000
    made.queue.memory_changed.emit()
    assert made.line._memory.text() == "1.1 GB of 24.0 GB" or "1.1 GB of 24" in (
        made.line._memory.text()
    )
    made.queue.memory = 0
    made.queue.memory_changed.emit()
    assert not made.line._memory.isVisible()


def test_memory_of_the_machine_is_known_or_zero(monkeypatch):
    assert total_memory() >= 0
    monkeypatch.delattr(status_binding.os, "sysconf")
    assert total_memory() == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, ""),
        (0, ""),
        (0.04, "in 0.0 s"),
        (0.44, "in 0.4 s"),
        (9.96, "in 10.0 s"),
        (12.4, "in 12 s"),
        (59.4, "in 59 s"),
        (300, "in 5 min"),
    ],
)
def test_how_long_it_took(seconds, words):
    assert took(seconds) == words


# ---- popup


def test_popup_shows_rows_in_words(made):
    pace = Pace()
    pace.done, pace.total, pace.text = 1, 2, "step 1 of 2"
    made.queue.paces["boots"] = pace
    made.queue.left = "about 4 s left"
    broken = job("bags", "failed", problem=Problem(what="The disk is full"))
    show(made, job("boots", "running"), job("hats"), job("old", "done"), broken)
    made.line.queue.click()
    rows = made.binding._popup.rows()
    assert [(row.title, row.state, row.text) for row in rows] == [
        ("Boots", "running", "step 1 of 2 · about 4 s left"),
        ("Hats", "waiting", "waits"),
        ("Bags", "failed", "The disk is full"),
    ]
    assert rows[0].share == 0.5
    assert rows[1].share == -1


def test_popup_acts_on_the_queue(made):
    show(made, job("boots", "running"), job("hats"), job("bags"))
    made.line.queue.click()
    popup = made.binding._popup
    popup.move_wanted.emit("bags", 0)
    popup.cancel_wanted.emit("boots")
    popup.retry_wanted.emit("bags")
    popup.clear_wanted.emit()
    popup.pause_wanted.emit(True)
    assert made.queue.done == [("bags", 0), ("cancel", "boots"), ("retry", "bags"), "clear"]
    assert made.queue.paused


def test_popup_follows_while_it_is_open(made):
    show(made, job("boots", "running"), job("hats"))
    made.line.queue.click()
    popup = made.binding._popup
    show(made, job("boots", "running"))
    assert [row.id for row in popup.rows()] == ["boots"]
    popup.close()
    show(made, job("boots", "running"), job("new"))
    assert [row.id for row in popup.rows()] == ["boots"], "closed: nothing to do"
    made.line.queue.click()
    assert made.binding._popup is popup
    assert len(popup.rows()) == 2


def test_popup_explains_failures(made):
    show(made, job("bags", "failed", problem=Problem(what="The disk is full")), job("hats"))
    made.line.queue.click()
    made.binding._popup.problem_wanted.emit("hats")
    assert made.line.window().findChild(ErrorDialog) is None
    made.binding._popup.problem_wanted.emit("bags")
    dialog = made.line.window().findChild(ErrorDialog)
    assert "disk is full" in dialog._report
    dialog.close()


def test_the_time_left_stays_whole_where_room_is_short(made, qtbot):
    made.line.resize(560, 44)
    made.queue.device = {"name": "CPU · 2 threads", "reason": "no CUDA device was found here"}
    made.binding.show_device()
    made.queue.left = "about 40 s left"
    show(made, job("a-job-with-a-rather-long-name", "running"))
    qtbot.waitUntil(lambda: made.line._left.width() >= made.line._left.sizeHint().width())
    assert made.line._text.width() < made.line._text.sizeHint().width()
