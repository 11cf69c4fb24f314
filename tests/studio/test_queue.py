"""The queue: order, persistence, one end per job, the latest slider wins."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import DiskFull, GenStudioError, NotFound, Problem
from genstudio.core.events import ENDS, Cancelled, Done, Failed, Log, Preview, Progress, Result
from genstudio.core.job import QueueFile
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.studio.gallery import Gallery
from genstudio.studio.job_list import KEEP_ENDED
from genstudio.studio.queue import Queue
from genstudio.workers.parent import Worker
from tests.helpers.fake_worker import FakeWorker, start_words
from tests.helpers.results import result

SOON = 20.0


class Desk:
    """A queue over fake workers with everything it said."""

    def __init__(self, home: Home, **options) -> None:
        self.home = home
        self.workers: dict[str, FakeWorker] = {}
        self.events: list = []
        self.problems: list[Problem] = []
        self.changes = 0
        self.heard = threading.Condition()
        self.gallery = Gallery(home)
        self.queue = Queue(
            home,
            self.gallery,
            **{"worker": self._worker, "on_problem": self.problems.append, **options},
        )
        self.queue.on_event(self._hear)
        self.queue.on_change(self._change)

    def _worker(self, role, home, on_event):
        self.workers[role] = FakeWorker(role, home, on_event)
        return self.workers[role]

    def _hear(self, event) -> None:
        with self.heard:
            self.events.append(event)
            self.heard.notify_all()

    def _change(self) -> None:
        with self.heard:
            self.changes += 1
            self.heard.notify_all()

    def until(self, condition) -> None:
        with self.heard:
            assert self.heard.wait_for(condition, SOON), (self.events, self.queue.jobs())

    def sent(self, count: int, role: str = "generate") -> list:
        """The messages once there are `count` of them."""
        self.until(lambda: role in self.workers and len(self.workers[role].sent) >= count)
        return self.workers[role].sent

    def finish(self, event=None, role: str = "generate") -> None:
        """Answer the running job, and wait until it is noted."""
        ends = len(self.ends())
        self.workers[role].emit(event or Done())
        self.until(lambda: len(self.ends()) > ends)

    def ends(self) -> list:
        return [event for event in self.events if isinstance(event, ENDS)]

    def state(self, job: str) -> str:
        return self.queue.get(job).state

    def close(self) -> None:
        self.queue.close()
        self.gallery.close()


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def desk(home):
    desk = Desk(home)
    yield desk
    desk.close()


def ask(seed: int = 1, **facts) -> Request:
    return Request(model="toy-gan", task="sample", seed=seed, **facts)


def seeds(messages) -> list[int]:
    return [message.body["request"]["seed"] for message in messages]


def test_jobs_of_a_role_run_one_after_the_other(desk):
    jobs = [desk.queue.submit(ask(n)) for n in (1, 2, 3)]
    desk.sent(1)
    assert [desk.state(job) for job in jobs] == ["running", "waiting", "waiting"]
    assert desk.queue.busy("generate")
    desk.finish()
    desk.sent(2)
    assert [desk.state(job) for job in jobs] == ["done", "running", "waiting"]
    desk.finish()
    desk.sent(3)
    desk.finish()
    assert seeds(desk.workers["generate"].sent) == [1, 2, 3]
    assert [event.job for event in desk.ends()] == jobs
    assert not desk.queue.busy("generate")


def test_roles_do_not_wait_for_each_other(desk):
    desk.queue.submit(ask())
    desk.queue.submit_work("files", "inspect", {"path": "x"}, "Look")
    assert desk.sent(1)[0].work == "generate"
    message = desk.sent(1, "files")[0]
    assert (message.work, message.body) == ("inspect", {"path": "x"})
    assert Path(message.spool).parent == desk.home.spool


def test_results_lie_in_the_gallery_before_they_are_told(desk, home):
    job = desk.queue.submit(ask())
    desk.sent(1)
    for n in range(5):
        desk.workers["generate"].emit(result(home, seed=n, data={"score": 1.0}))
    desk.finish()
    told = [event for event in desk.events if isinstance(event, Result)]
    assert [event.seed for event in told] == [0, 1, 2, 3, 4]
    for event in told:
        assert event.job == job
        assert Path(event.path).is_relative_to(home.gallery)
        assert event.data["score"] == 1.0
        assert "provenance" not in event.data
        artifact = desk.gallery.get(event.data["artifact"])
        assert desk.gallery.path(artifact) == Path(event.path)
    assert isinstance(desk.events[-1], Done)
    assert not (home.spool / job).exists()


def test_results_of_other_work_are_passed_on_as_they_are(desk, home):
    desk.queue.submit_work("files", "export", {})
    desk.sent(1, "files")
    desk.workers["files"].emit(Result(path="/somewhere/x.jpg"))
    desk.finish(role="files")
    assert desk.events[0].path == "/somewhere/x.jpg"
    assert desk.gallery.count() == 0


def test_a_failure_is_kept_with_its_problem_and_the_next_job_runs(desk):
    first, second = desk.queue.submit(ask(1)), desk.queue.submit(ask(2))
    desk.sent(1)
    desk.finish(Failed(problem=Problem(what="It crashed")))
    desk.sent(2)
    assert desk.state(first) == "failed"
    assert desk.queue.get(first).problem.what == "It crashed"
    assert desk.state(second) == "running"


def test_cancel_of_a_waiting_job_never_starts_it(desk):
    first, second = desk.queue.submit(ask(1)), desk.queue.submit(ask(2))
    desk.sent(1)
    desk.queue.cancel(second)
    desk.until(lambda: desk.ends())
    assert [(event.job, event.kind) for event in desk.ends()] == [(second, "cancelled")]
    desk.finish()
    assert seeds(desk.workers["generate"].sent) == [1]
    assert [desk.state(job) for job in (first, second)] == ["done", "cancelled"]
    desk.queue.cancel(second)
    desk.queue.cancel("nobody")
    assert len(desk.ends()) == 2


def test_cancel_of_the_running_job_reaches_its_worker(desk):
    job = desk.queue.submit(ask())
    desk.sent(1)
    desk.until(lambda: desk.workers["generate"].busy)
    desk.queue.cancel_running()
    assert desk.workers["generate"].cancelled[0] == job
    desk.finish(Cancelled())
    assert desk.state(job) == "cancelled"


def test_pause_holds_what_waits_but_not_the_sliders(desk):
    desk.queue.pause(True)
    job = desk.queue.submit(ask(1))
    desk.queue.submit(ask(2, live=True))
    assert seeds(desk.sent(1)) == [2]
    desk.finish()
    assert desk.queue.paused
    assert desk.state(job) == "waiting"
    desk.queue.pause(False)
    assert seeds(desk.sent(2)) == [2, 1]


def test_move_changes_the_order(desk):
    jobs = [desk.queue.submit(ask(n)) for n in range(5)]
    desk.sent(1)
    desk.queue.move(jobs[4], 0)
    desk.queue.move(jobs[1], 99)
    desk.queue.move(jobs[0], 0)
    desk.queue.move("nobody", 0)
    assert [job.id for job in desk.queue.jobs()] == [jobs[i] for i in (0, 4, 2, 3, 1)]
    for _ in range(4):
        count = len(desk.workers["generate"].sent)
        desk.finish()
        desk.sent(count + 1)
    assert seeds(desk.workers["generate"].sent) == [0, 4, 2, 3, 1]


def test_the_latest_slider_wins(desk):
    desk.queue.submit(ask(0, live=True))
    desk.sent(1)
    for seed in range(1, 50):
        desk.queue.submit(ask(seed, live=True))
    desk.workers["generate"].emit(Preview(data="eA=="))
    desk.finish()
    assert seeds(desk.sent(2)) == [0, 49]
    desk.finish()
    stamps = [event.stamp for event in desk.events]
    assert stamps == sorted(stamps)
    assert desk.queue.jobs() == []
    assert len(desk.ends()) == 2


def test_a_slider_goes_before_what_waits_and_can_be_dropped(desk):
    for seed in (1, 2):
        desk.queue.submit(ask(seed))
    desk.sent(1)
    desk.queue.submit(ask(3, live=True))
    desk.finish()
    assert seeds(desk.sent(2)) == [1, 3]
    desk.queue.submit(ask(4, live=True))
    desk.queue.drop_live()
    desk.finish()
    assert seeds(desk.sent(3)) == [1, 3, 2]


def test_replace_takes_the_older_one_out(desk):
    desk.queue.submit(ask(0))
    desk.sent(1)
    old = desk.queue.submit(ask(1), replace=True)
    new = desk.queue.submit(ask(2), replace=True)
    assert desk.state(old) == "cancelled"
    desk.finish()
    assert seeds(desk.sent(2)) == [0, 2]
    assert desk.state(new) == "running"


def test_retry_gives_the_same_work_a_new_id(desk):
    job = desk.queue.submit(ask(7), title="Seven")
    desk.sent(1)
    with pytest.raises(NotFound):
        desk.queue.retry(job)
    desk.finish(Failed(problem=Problem(what="no")))
    again = desk.queue.retry(job)
    assert again != job
    assert desk.queue.get(job) is None
    assert desk.queue.get(again).title == "Seven"
    assert seeds(desk.sent(2)) == [7, 7]


def test_ended_jobs_are_listed_last_newest_first_and_can_go(desk):
    jobs = [desk.queue.submit(ask(n)) for n in range(3)]
    for n in range(2):
        desk.sent(n + 1)
        desk.finish()
    desk.sent(3)
    assert [job.id for job in desk.queue.jobs()] == [jobs[2], jobs[1], jobs[0]]
    desk.queue.remove(jobs[2])
    desk.queue.remove(jobs[0])
    assert [job.id for job in desk.queue.jobs()] == [jobs[2], jobs[1]]
    desk.queue.clear_ended()
    assert [job.id for job in desk.queue.jobs()] == [jobs[2]]


def test_only_the_latest_ended_jobs_are_kept(desk):
    for n in range(KEEP_ENDED + 5):
        desk.queue.submit(ask(n))
        desk.sent(n + 1)
        desk.finish()
    assert len(desk.queue.jobs()) == KEEP_ENDED


def test_what_waits_survives_a_restart(home):
    first = Desk(home)
    jobs = [first.queue.submit(ask(n), title=f"Job {n}") for n in range(3)]
    first.sent(1)
    first.queue.move(jobs[2], 0)
    first.close()
    second = Desk(home)
    assert [(j.title, j.state) for j in second.queue.jobs()] == [
        ("Job 0", "waiting"),
        ("Job 2", "waiting"),
        ("Job 1", "waiting"),
    ]
    assert second.workers == {}
    second.queue.start()
    assert seeds(second.sent(1)) == [0]
    second.close()


def test_what_ran_at_a_crash_failed_and_can_be_tried_again(home):
    first = Desk(home)
    job = first.queue.submit(ask(5))
    first.queue.submit(ask(6))
    first.sent(1)
    end = time.monotonic() + SOON
    while time.monotonic() < end and not _stored(home, job, "running"):
        time.sleep(0.01)
    kept = home.queue_file.read_bytes()
    first.close()
    home.queue_file.write_bytes(kept)
    second = Desk(home)
    assert [j.id for j in second.queue.recovered] == [job]
    assert second.state(job) == "failed"
    assert second.queue.get(job).problem.kind == "interrupted"
    second.queue.start()
    assert seeds(second.sent(1)) == [6]
    second.queue.retry(job)
    second.finish()
    assert seeds(second.sent(2)) == [6, 5]
    second.close()


def _stored(home: Home, job: str, state: str) -> bool:
    try:
        return any(j.id == job and j.state == state for j in QueueFile.read(home.queue_file).jobs)
    except GenStudioError:
        return False


def test_a_training_that_ran_at_the_end_waits_to_be_told(home):
    first = Desk(home)
    job = first.queue.submit_work("train", "train", {"recipe": {}})
    first.sent(1, "train")
    first.queue.note_run(job, "0007-toy")
    first.close()
    second = Desk(home)
    assert second.state(job) == "paused"
    assert second.queue.get(job).body == {"run": "0007-toy"}
    second.queue.start()
    assert second.workers == {}
    second.queue.retry(job)
    assert second.sent(1, "train")[0].body == {"run": "0007-toy"}
    second.close()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 1, "jobs": 3}', None])
def test_a_damaged_queue_falls_back_to_the_version_before(home, damage):
    first = Desk(home)
    first.queue.pause(True)
    first.queue.submit(ask(1), title="one")
    first.close()
    data = home.queue_file.read_bytes()
    again = Desk(home)
    again.queue.submit(ask(2), title="two")
    again.close()
    changed = data.replace(b'"one"', b'"own"') if damage is None else damage
    home.queue_file.write_bytes(changed)
    last = Desk(home)
    assert [job.title for job in last.queue.jobs()] == ["one"]
    assert [p.kind for p in last.problems] == ["damaged"]
    assert (home.root / "queue.json.damaged").read_bytes() == changed
    last.close()


def test_a_guest_stores_nothing(home):
    desk = Desk(home, stored=False)
    desk.queue.submit(ask())
    desk.sent(1)
    desk.close()
    assert not home.queue_file.exists()


def test_a_full_disk_keeps_the_old_queue_and_is_told_once(desk, home, monkeypatch):
    desk.queue.pause(True)
    desk.queue.submit(ask(1))
    _until(lambda: home.queue_file.exists() and b'"seed": 1' in home.queue_file.read_bytes())
    before = home.queue_file.read_bytes()

    def full(moves, writes):
        raise DiskFull("The disk is full; queue.json was not written", next_step="Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(files, "commit", full)
        for n in range(5):
            desk.queue.submit(ask(n))
        _until(lambda: desk.problems)
    assert home.queue_file.read_bytes() == before
    assert [problem.kind for problem in desk.problems] == ["disk-full"]
    desk.queue.submit(ask(9))
    _until(lambda: b'"seed": 9' in home.queue_file.read_bytes())


def _until(condition) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_results_that_cannot_be_kept_end_the_job_in_one_sentence(desk, home, monkeypatch):
    job = desk.queue.submit(ask())
    desk.sent(1)

    def full(results):
        raise DiskFull("The disk is full", next_step="Free some space.")

    made = result(home)
    monkeypatch.setattr(desk.gallery, "add_many", full)
    desk.workers["generate"].emit(made)
    desk.workers["generate"].emit(result(home, seed=2))
    desk.until(lambda: job in desk.workers["generate"].cancelled)
    desk.finish(Cancelled())
    assert [event.kind for event in desk.ends()] == ["failed"]
    assert desk.ends()[0].problem.kind == "disk-full"
    assert [event.kind for event in desk.events if isinstance(event, Log)] == ["log"]
    assert desk.state(job) == "failed"


def test_a_listener_that_raises_hurts_nobody(desk):
    def bad(*_):
        raise RuntimeError("a fault")

    stop_events, stop_changes = desk.queue.on_event(bad), desk.queue.on_change(bad)
    desk.queue.submit(ask())
    desk.sent(1)
    desk.finish()
    stop_events()
    stop_changes()
    stop_changes()
    desk.queue.submit(ask())
    desk.sent(2)


def test_nothing_is_taken_after_close(home):
    desk = Desk(home)
    desk.close()
    with pytest.raises(GenStudioError, match="closing"):
        desk.queue.submit(ask())


def test_a_worker_that_cannot_take_a_job_fails_it(desk, monkeypatch):
    def broken(self, message):
        raise OSError("no more processes")

    monkeypatch.setattr(FakeWorker, "send", broken)
    job = desk.queue.submit(ask())
    desk.until(lambda: desk.ends())
    assert desk.state(job) == "failed"
    assert "no more processes" in desk.ends()[0].problem.what


def test_memory_of_a_role(desk):
    assert desk.queue.memory("train") == 0
    desk.queue.submit(ask())
    desk.sent(1)
    desk.workers["generate"].memory = 123
    assert desk.queue.memory("generate") == 123


@pytest.mark.parametrize("how", ["kill", "segv", "exit", "hang"])
def test_real_workers_that_die_give_one_end_each_and_the_next_job_works(home, how):
    """The whole chain with real processes: death in the middle, then a job that works."""

    def worker(role, home, on_event):
        words = start_words(home.root, role)
        return Worker(role, home.root, on_event, 0.5, silence=2.0, start_with=words)

    desk = Desk(home, worker=worker)
    try:
        body = {"how": "stop" if how == "hang" else how}
        jobs = [
            desk.queue.submit_work("files", "count", {"n": 1}),
            desk.queue.submit_work("files", "die", body),
            desk.queue.submit_work("files", "count", {"n": 2}),
        ]
        desk.until(lambda: len(desk.ends()) == 3)
        assert [(e.job, e.kind) for e in desk.ends()] == list(
            zip(jobs, ["done", "failed", "done"], strict=True)
        )
        assert all(
            event.stamp for event in desk.events if isinstance(event, (Progress, Done, Failed))
        )
    finally:
        desk.close()


def test_a_series_that_is_tried_again_goes_on_where_it_was(desk, home):
    job = desk.queue.submit_work("generate", "series", {"series": "sweep-1"}, "Sweep")
    desk.sent(1)
    worker = desk.workers["generate"]
    for place in (0, 1, 2):
        unfinished = {UNFINISHED: "stopped at step 1 of 2"} if place == 1 else {}
        made = result(home, seed=place, data=unfinished).model_copy(update={"index": place})
        worker.emit(made)
    desk.finish(Failed(problem=Problem(what="It crashed")))
    assert desk.gallery.count() == 3
    again = desk.queue.retry(job)
    assert desk.sent(2)[1].body == {"series": "sweep-1", "made": [0, 2]}
    desk.finish()
    assert desk.state(again) == "done"
