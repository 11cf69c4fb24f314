"""Progress, time left, device and memory as the status line shows them."""

from __future__ import annotations

import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Done, Progress, Started
from genstudio.core.request import Request
from genstudio.ui.state import queue_state
from genstudio.ui.state.queue_state import Pace, QueueState


@pytest.fixture
def queue(studio):
    made = QueueState(studio)
    yield made
    made.close()


def _ask(studio, live: bool = False) -> str:
    return studio.queue.submit(Request(model="shapes", task="make", live=live), title="Shapes")


def test_time_left_follows_the_pace():
    pace = Pace()
    assert pace.left() is None
    pace.take(Progress(done=0, total=100), now=10.0)
    pace.take(Progress(done=1, total=100), now=10.1)
    assert pace.left() is None
    pace.take(Progress(done=20, total=100), now=12.0)
    assert pace.left() == pytest.approx(8.0)
    pace.take(Progress(done=100, total=100), now=20.0)
    assert pace.left() == 0


def test_no_total_means_no_promise():
    pace = Pace()
    pace.take(Progress(done=0), now=0.0)
    pace.take(Progress(done=5), now=9.0)
    assert pace.left() is None


def test_a_pace_starts_anew_when_the_work_does():
    pace = Pace()
    pace.take(Progress(done=90, total=100), now=0.0)
    pace.take(Progress(done=0, total=100), now=5.0)
    pace.take(Progress(done=50, total=100), now=10.0)
    assert pace.left() == pytest.approx(5.0)


def test_progress_is_passed_on_and_forgotten_at_the_end(queue, studio, heard):
    said = heard(queue.progressed)
    job = _ask(studio)
    queue.on_event(Progress(job=job, done=3, total=12, text="step 3 of 12"))
    assert said == [(job, 3.0, 12.0, "step 3 of 12")]
    assert queue.pace(job).text == "step 3 of 12"
    queue.on_event(Done(job=job))
    assert queue.pace(job).total == 0
    assert queue.eta(job) == ""


def test_live_redraws_are_not_listed(queue, studio):
    _ask(studio, live=True)
    job = _ask(studio)
    assert [j.id for j in queue.jobs()] == [job]
    assert queue.running.id == job


def test_generating_is_shown_before_other_work(queue, studio):
    studio.queue.submit_work("files", "export", {}, "Export")
    job = _ask(studio)
    assert queue.running.id == job


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Started(device="CPU", reason="no CUDA driver found", threads=2),
         "CPU · 2 threads — no CUDA driver found"),
        (Started(device="CUDA", threads=1), "CUDA · 1 thread"),
        (Started(device="CPU", reason="chosen"), "CPU — chosen"),
    ],
)  # fmt: skip
def test_the_device_is_told_with_its_reason(queue, event, text, heard):
    changes = heard(queue.device_changed)
    queue.on_event(event)
    queue.on_event(event)
    assert queue.device_text == text
    assert len(changes) == 1


def test_work_without_a_device_says_nothing_about_it(queue):
    queue.on_event(Started())
    assert queue.device == {}
    assert queue.device_text == ""


def test_acting_goes_to_the_queue(queue, studio):
    first, second = _ask(studio), _ask(studio)
    studio.queue.submitted[1].state = "waiting"
    queue.move(second, 0)
    assert [j.id for j in queue.jobs()] == [second, first]
    queue.clear()
    queue.cancel(first)
    queue.cancel_running()
    assert studio.queue.cancelled == [second, first, "running"]
    queue.pause(True)
    assert queue.paused
    assert len(queue.open_jobs) == 2
    queue.retry(first)


def test_a_training_is_shown_last_and_outlives_a_cancel(queue, studio):
    train = studio.queue.submit_work("train", "train", {"run": "0001-a"}, "Train")
    assert queue.running.id == train
    queue.cancel_running()
    assert studio.queue.cancelled == []
    files = studio.queue.submit_work("files", "export", {}, "Export")
    assert queue.running.id == files
    queue.cancel_running()
    assert studio.queue.cancelled == [files]


def test_a_training_is_paused_by_its_run_or_taken_back(queue, studio, heard, monkeypatch):
    paused, problems = [], heard(queue.problem)
    monkeypatch.setattr(studio.trainings, "pause", paused.append, raising=False)
    studio.queue.submit_work("train", "train", {"run": "0001-a"}, "Train")
    queue.pause_training(queue.running)
    assert paused == ["0001-a"]
    studio.queue.last.body = {"recipe": {}}
    queue.pause_training(queue.running)
    assert studio.queue.cancelled == [studio.queue.last.job]

    def refuse(_run):
        raise GenStudioError("It is gone")

    monkeypatch.setattr(studio.trainings, "pause", refuse)
    studio.queue.last.body = {"run": "0001-a"}
    queue.pause_training(queue.running)
    assert problems[0].what == "It is gone"


def test_memory_is_that_of_all_workers(studio, heard, qtbot, monkeypatch):
    monkeypatch.setattr(queue_state, "LOOK_MS", 10)
    queue = QueueState(studio)
    changes = heard(queue.memory_changed)
    assert queue.memory == 0
    studio.queue.resident = {"generate": 5_000_000, "files": 2_000_000}
    queue.on_event(Started())
    qtbot.waitUntil(lambda: queue.memory == 7_000_000, timeout=3000)
    studio.queue.resident = {}
    qtbot.waitUntil(lambda: queue.memory == 0, timeout=3000)
    assert len(changes) == 2
    queue.close()
