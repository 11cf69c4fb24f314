"""The parent's end: one end per job whatever happens to the process, and nothing left behind."""

from __future__ import annotations

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Cancelled, Done, Failed, Progress, Result
from genstudio.core.job import Message
from genstudio.workers import parent
from genstudio.workers.parent import Worker
from tests.helpers.fake_worker import start_words

SOON = 20.0


class Desk:
    """A Worker on the fake process and everything it said."""

    def __init__(self, home: Path, **options) -> None:
        self.said: queue.Queue = queue.Queue()
        self.numbers = iter(range(1000))
        self.worker = Worker(
            "generate", home, self.said.put, start_with=start_words(home), **options
        )

    def send(self, work: str, **body) -> str:
        job = f"job-{next(self.numbers)}"
        self.worker.send(Message(job=job, stamp=7, work=work, body=body))
        return job

    def until(self, kind) -> list:
        """Events up to and with the first of `kind`."""
        events = []
        while True:
            events.append(self.said.get(timeout=SOON))
            if isinstance(events[-1], kind):
                return events

    def do(self, work: str, **body) -> list:
        self.send(work, **body)
        return self.until(ENDS)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path, grace=0.5, silence=2.0)
    yield desk
    desk.worker.close()


def test_a_job_gives_its_events_in_order_and_stamped(desk):
    events = desk.do("count", n=2)
    kinds = [event.kind for event in events]
    assert kinds == ["started", "result", "progress", "result", "progress", "log", "done"]
    assert {(event.job, event.stamp) for event in events} == {("job-0", 7)}
    assert events[-1].data == {"counted": 2}
    assert Path(events[1].path).read_bytes() == bytes(10)


def test_the_process_stays_for_the_next_job_and_tells_its_memory(desk):
    desk.do("count", n=1)
    first = desk.worker.pid
    desk.do("count", n=1)
    assert desk.worker.pid == first
    assert desk.worker.alive
    if sys.platform.startswith("linux"):
        assert desk.worker.memory > 1_000_000


def test_a_library_that_prints_does_not_break_the_lines(desk, tmp_path):
    assert isinstance(desk.do("noisy")[-1], Done)
    log = (tmp_path / "logs" / "worker-generate.log").read_text()
    assert "printed by Python" in log
    assert "written by a C library" in log


@pytest.mark.parametrize(
    ("how", "kind", "words"),
    [
        ("kill", "worker-killed", "memory ran out"),
        ("segv", "worker-signal", "SIGSEGV"),
        ("exit", "worker-exit", "exit code 1"),
        ("quiet", "worker-exit", "in the middle"),
        ("stop", "worker-hang", "did not answer"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_death_is_one_sentence_and_the_next_job_works(desk, how, kind, words):
    events = desk.do("die", how=how)
    assert isinstance(events[-1], Failed)
    assert events[-1].problem.kind == kind
    assert words in events[-1].problem.sentence
    assert "\n" not in events[-1].problem.sentence
    assert isinstance(desk.do("count", n=1)[-1], Done)
    assert desk.said.empty()


def test_a_crash_leaves_its_stack_in_the_details(desk):
    problem = desk.do("die", how="segv")[-1].problem
    assert "Segmentation fault" in problem.details
    assert "fake_worker.py" in problem.details


def test_errors_of_the_work_become_problems(desk):
    problem = desk.do("fail")[-1].problem
    assert problem.sentence == "The file is broken (x.png). Take another."
    assert desk.do("fail", how="memory")[-1].problem.kind == "out-of-memory"
    assert desk.do("fail", how="disk")[-1].problem.kind == "disk-full"


def test_unknown_work_is_refused_in_words(desk):
    assert "cannot do 'dance'" in desk.do("dance")[-1].problem.sentence


def test_cancel_closes_the_generator(desk, tmp_path):
    mark = tmp_path / "mark"
    job = desk.send("count", n=1000, pause=0.02, mark=str(mark))
    desk.until(Progress)
    desk.worker.cancel(job)
    assert isinstance(desk.until(ENDS)[-1], Cancelled)
    assert mark.read_text() == "closed"
    pid = desk.worker.pid
    assert isinstance(desk.do("count", n=1)[-1], Done)
    assert desk.worker.pid == pid


def test_cancel_reaches_into_a_running_call_by_its_hook(desk):
    job = desk.send("hooked")
    desk.until(Progress)
    desk.worker.cancel(job)
    assert isinstance(desk.until(ENDS)[-1], Cancelled)
    assert desk.worker.alive


def test_what_will_not_stop_is_killed_after_the_grace_time(desk, tmp_path):
    job = desk.send("stubborn")
    while not (tmp_path / "spool" / job / "stubborn").exists():
        time.sleep(0.01)
    pid = desk.worker.pid
    desk.worker.cancel(job)
    assert isinstance(desk.until(ENDS)[-1], Cancelled)
    assert isinstance(desk.do("count", n=1)[-1], Done)
    assert desk.worker.pid != pid


def test_cancelling_another_job_changes_nothing(desk):
    job = desk.send("count", n=3, pause=0.05)
    desk.worker.cancel("somebody-else")
    assert isinstance(desk.until(ENDS)[-1], Done)
    desk.worker.cancel(job)
    assert isinstance(desk.do("count", n=1)[-1], Done)


def test_a_process_killed_while_idle_is_replaced_unnoticed(desk):
    for _ in range(3):
        desk.do("count", n=1)
        os.kill(desk.worker.pid, signal.SIGKILL)
        assert isinstance(desk.do("count", n=1)[-1], Done)


def test_a_job_that_says_nothing_is_ended_at_the_idle_limit(tmp_path):
    desk = Desk(tmp_path, idle_limit=0.6)
    try:
        problem = desk.do("die", how="mute")[-1].problem
        assert problem.kind == "worker-idle"
    finally:
        desk.worker.close()


def test_a_program_that_cannot_start_is_one_failure(tmp_path):
    said: queue.Queue = queue.Queue()
    worker = Worker("train", tmp_path, said.put, start_with=["/nowhere/genstudio"])
    worker.send(Message(job="a", stamp=3, work="train"))
    failed = said.get(timeout=SOON)
    assert failed.problem.kind == "worker-start"
    assert (failed.job, failed.stamp) == ("a", 3)
    worker.close()


def test_a_program_that_starts_and_stays_mute_is_ended(tmp_path):
    said: queue.Queue = queue.Queue()
    words = [sys.executable, "-c", "import time; time.sleep(600)"]
    worker = Worker("generate", tmp_path, said.put, start_with=words, first_sign=0.5)
    worker.send(Message(job="a", work="count"))
    assert said.get(timeout=SOON).problem.kind == "worker-start"
    worker.close()


def test_lines_that_are_no_events_are_passed_over(tmp_path):
    said: queue.Queue = queue.Queue()
    code = (
        "import sys; sys.stdin.readline(); print('rubbish'); print('{\"kind\": \"none\"}');"
        'print(\'{"kind": "done", "job": "other"}\');'
        'print(\'{"kind": "done", "job": "a"}\', flush=True); sys.stdin.readline()'
    )
    worker = Worker("generate", tmp_path, said.put, start_with=[sys.executable, "-c", code])
    worker.send(Message(job="a", work="count"))
    assert isinstance(said.get(timeout=SOON), Done)
    worker.close()
    assert said.empty()


def test_one_job_at_a_time_and_none_after_close(desk):
    job = desk.send("stubborn")
    with pytest.raises(GenStudioError, match="busy"):
        desk.send("count")
    desk.worker.cancel(job)
    desk.until(ENDS)
    desk.worker.close()
    with pytest.raises(GenStudioError, match="closed"):
        desk.send("count")


def test_a_listener_that_raises_does_not_silence_the_worker(tmp_path):
    ends: queue.Queue = queue.Queue()

    def listen(event):
        if isinstance(event, ENDS):
            ends.put(event)
        raise RuntimeError("a fault in a slot")

    worker = Worker("generate", tmp_path, listen, start_with=start_words(tmp_path))
    worker.send(Message(job="a", work="count", body={"n": 2}))
    assert isinstance(ends.get(timeout=SOON), Done)
    worker.close()


def test_the_next_job_may_be_sent_from_the_callback(tmp_path):
    done: queue.Queue = queue.Queue()

    def listen(event):
        if isinstance(event, ENDS):
            done.put(event)
            if event.job == "a":
                worker.send(Message(job="b", work="die", body={"how": "exit"}))
            if event.job == "b":
                worker.send(Message(job="c", work="count", body={"n": 1}))

    worker = Worker("generate", tmp_path, listen, start_with=start_words(tmp_path))
    worker.send(Message(job="a", work="count", body={"n": 1}))
    ends = [done.get(timeout=SOON) for _ in range(3)]
    assert [(end.job, end.kind) for end in ends] == [("a", "done"), ("b", "failed"), ("c", "done")]
    worker.close()


def test_close_ends_process_and_threads_even_in_the_middle(tmp_path):
    before = set(threading.enumerate())
    desk = Desk(tmp_path)
    desk.send("count", n=1000, pause=0.05)
    desk.until(Result)
    pid = desk.worker.pid
    desk.worker.close()
    assert not Path(f"/proc/{pid}").exists()
    assert set(threading.enumerate()) <= before
    desk.worker.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_are_gone_when_the_window_dies(tmp_path):
    """SIGKILL of the parent: idle, working and unwilling workers all end within 5 s."""
    code = (
        "import sys, time; from pathlib import Path\n"
        "from genstudio.core.job import Message; from genstudio.workers.parent import Worker\n"
        "from tests.helpers.fake_worker import start_words\n"
        f"home = Path({str(tmp_path)!r}); workers = []\n"
        "for work in ('', 'count', 'stubborn'):\n"
        "    said = []\n"
        "    w = Worker('generate', home, said.append, start_with=start_words(home))\n"
        "    w.send(Message(job='x', work='count', body={'n': 1}))\n"
        "    while w.busy: time.sleep(0.01)\n"
        "    if work: w.send(Message(job='y', work=work, body={'n': 10**6, 'pause': 0.02}))\n"
        "    workers.append(w)\n"
        "print(*[w.pid for w in workers], flush=True); time.sleep(600)\n"
    )
    root = Path(__file__).resolve().parents[2]
    window = subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE)
    pids = [int(word) for word in window.stdout.readline().split()]
    assert len(pids) == 3
    window.kill()
    window.wait()
    window.stdout.close()
    end = time.monotonic() + 5.0
    while time.monotonic() < end and any(_runs(pid) for pid in pids):
        time.sleep(0.05)
    assert not [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_random_kills_of_a_saving_worker_leave_old_or_new_bytes(tmp_path):
    """20 SIGKILLs at seeded moments of a process that does nothing but save."""
    seed = 20261121
    moments = random.Random(seed)
    path, size = tmp_path / "saved.bin", 400_000
    desk = Desk(tmp_path)
    try:
        for turn in range(20):
            desk.send("save_for_ever", path=str(path), size=size)
            while not path.exists():
                time.sleep(0.005)
            wait = moments.uniform(0, 0.05)
            time.sleep(wait)
            os.kill(desk.worker.pid, signal.SIGKILL)
            ends = [event for event in desk.until(ENDS) if isinstance(event, ENDS)]
            assert [type(end) for end in ends] == [Failed]
            data = path.read_bytes()
            told = f"seed {seed}, turn {turn}, {wait:.4f} s"
            assert len(data) == size, told
            assert set(data) == {data[0]}, told
    finally:
        desk.worker.close()


def test_the_command_fits_checkout_and_frozen_program(monkeypatch, tmp_path):
    words = parent.command("train", tmp_path)
    assert words == [sys.executable, "-m", "genstudio", "worker", "train", "--home", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    words = parent.command("train", tmp_path)
    assert words == [sys.executable, "worker", "train", "--home", str(tmp_path)]
