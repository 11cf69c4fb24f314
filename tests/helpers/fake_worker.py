"""A worker process whose works misbehave on demand, and a Worker that runs no process at all.

As a program: `python fake_worker.py HOME [ROLE]` serves WORKS through the real child loop.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def count(message, context) -> Iterator:
    """`n` steps of progress with a file for each in the spool."""
    from genstudio.core import files
    from genstudio.core.events import Done, Log, Progress, Result, Started

    yield Started(device="CPU", reason="a test")
    total = int(message.body.get("n", 3))
    try:
        for index in range(total):
            path = context.spool / f"{index}.bin"
            files.write_passing(path, bytes([index % 256]) * 10)
            yield Result(path=str(path), index=index, output="file")
            yield Progress(done=index + 1, total=total)
            time.sleep(float(message.body.get("pause", 0)))
    finally:
        if message.body.get("mark"):
            files.write_text(Path(str(message.body["mark"])), "closed")
    yield Log(text="counted")
    yield Done(data={"counted": total})


def die(message, context) -> Iterator:
    """End the process in the middle: by `how` = kill, segv, exit, quiet, hang or stop."""
    from genstudio.core.events import Progress

    yield Progress(done=1, total=2)
    how = message.body["how"]
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    if how == "exit":
        os._exit(1)
    if how == "quiet":
        os._exit(0)
    if how == "mute":
        time.sleep(3600)
    yield Progress(done=2, total=2)


def stubborn(message, context) -> Iterator:
    """Does not care about being cancelled; `mark` tells when it is past its last event."""
    from genstudio.core import files
    from genstudio.core.events import Progress

    yield Progress(done=0, total=1)
    files.write_text(context.spool / "stubborn", "now")
    while True:
        time.sleep(0.05)


def hooked(message, context) -> Iterator:
    """Waits inside one long call that only its hook can end, like a network run."""
    from genstudio.core.events import Progress

    released = threading.Event()
    context.on_cancel(released.set)
    yield Progress(done=0, total=1)
    released.wait(60)
    raise RuntimeError("the call was terminated")


def fail(message, context) -> Iterator:
    """Raises: `as` = words, memory or disk."""
    from genstudio.core.errors import BadInput
    from genstudio.core.events import Progress

    yield Progress(done=0, total=1)
    how = message.body.get("how", "words")
    if how == "memory":
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
    if how == "disk":
        raise OSError(28, "No space left on device")
    raise BadInput("The file is broken", file="x.png", next_step="Take another.")


def noisy(message, context) -> Iterator:
    """Prints to stdout in every way a library may."""
    from genstudio.core.events import Done

    print("printed by Python")
    os.write(1, b"written by a C library\n")
    yield Done(data={"noise": True})


def save_for_ever(message, context) -> Iterator:
    """Does nothing but replace one file: the harshest place to be killed."""
    from genstudio.core import files
    from genstudio.core.events import Progress

    path, size = Path(str(message.body["path"])), int(message.body["size"])
    number = 0
    while True:
        number = (number + 1) % 250
        files.write_bytes(path, bytes([number]) * size)
        if number == 1:
            yield Progress(done=0, total=0)


WORKS = {
    "count": count,
    "generate": count,
    "die": die,
    "stubborn": stubborn,
    "hooked": hooked,
    "fail": fail,
    "noisy": noisy,
    "save_for_ever": save_for_ever,
}


class FakeWorker:
    """Looks like workers.parent.Worker; a test says what it answers.

    `sent` lists the messages. `emit(event)` answers for the running job; `auto` is called with
    (worker, message) on every send, for tests that want an answer at once.
    """

    def __init__(self, role, home, on_event, grace: float = 3.0, **_) -> None:
        self.role, self.home, self.on_event, self.grace = role, home, on_event, grace
        self.sent: list = []
        self.cancelled: list[str] = []
        self.closed = False
        self.auto: Callable | None = None
        self.message = None
        self.alive, self.pid, self.memory = True, 1, 0

    @property
    def busy(self) -> bool:
        return self.message is not None

    def send(self, message) -> None:
        assert self.message is None, "one job at a time"
        self.sent.append(message)
        self.message = message
        if self.auto is not None:
            self.auto(self, message)

    def emit(self, event) -> None:
        from genstudio.core.events import ENDS, stamped

        message = self.message
        if isinstance(event, ENDS):
            self.message = None
        self.on_event(stamped(event, message.job, message.stamp))

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def close(self) -> None:
        self.closed = True


def start_words(home: Path, role: str = "generate") -> list[str]:
    """The command that starts this file as a worker process."""
    return [sys.executable, str(Path(__file__).resolve()), str(home), role]


if __name__ == "__main__":
    from genstudio.workers import child

    channel = child.take_over_stdout()
    root, role = Path(sys.argv[1]), sys.argv[2]
    crash = child.open_crash_file(root)
    sys.exit(child.Child(role, root, channel, WORKS, crash).serve())
