"""The worker process: JSON lines in by stdin, events out by what was stdout.

Only the standard library is imported up here: `main` first moves stdout out of the reach of
libraries that print, then imports the rest.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import stat
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genstudio.core.events import Event
    from genstudio.core.job import Message
    from genstudio.workers.context import Context
    from genstudio.workers.inline import Work

BEAT_SECONDS = 2.0
GONE_SECONDS = 4.0
# A C call that holds the interpreter's lock stops the heartbeats; after this long the process
# writes where it hangs into its crash file and ends, even if nobody is left to kill it.
HANG_SECONDS = 60.0
MAX_LOG = 8 * 1024 * 1024
NICE = {"generate": 4, "files": 5, "train": 10}
"""Steps back behind the window: whoever waits for a core while a model uses them all is the window,
at every key and every letter that streams in."""


def main(role: str, home: Path | str) -> int:
    """Serve one role until stdin closes; the exit code."""
    channel = take_over_stdout()
    home = Path(home)
    # Libraries that bring threads of their own are held to one: they spin for work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if role == "train":
        # Spinning OpenMP threads make a step 3 to 6 times slower when the cores are shared.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    crash = open_crash_file(home)
    from genstudio.workers import inline, memory

    memory.lower_priority(NICE.get(role, 0))
    return Child(role, home, channel, inline.works(role), crash).serve()


def take_over_stdout() -> int:
    """A private copy of fd 1; fd 1 itself then goes where stderr goes."""
    channel = os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(channel, os.O_BINARY)
    os.dup2(2, 1)
    if sys.stdout is None or sys.stderr is None:
        sys.stdout = sys.stderr = os.fdopen(2, "a", closefd=False)
    return channel


def open_crash_file(home: Path) -> IO[str] | None:
    """Where a fault of this process leaves its stack; None where the folder may not be written."""
    from genstudio.core import files
    from genstudio.core.errors import GenStudioError

    with contextlib.suppress(GenStudioError, OSError):
        crash = os.fdopen(files.open_log(home / "logs" / f"crash-{os.getpid()}.log"), "a")
        faulthandler.enable(crash)
        return crash
    faulthandler.enable()
    return None


def _trim_log() -> None:
    """Start the log anew when it grew large: a worker may live for days."""
    with contextlib.suppress(OSError):
        facts = os.fstat(2)
        if stat.S_ISREG(facts.st_mode) and facts.st_size > MAX_LOG:
            os.ftruncate(2, 0)


class Child:
    """The loop: one reader thread, one heartbeat thread, work in the main thread."""

    def __init__(
        self, role: str, home: Path, channel: int, table: dict[str, Work], crash: Any = None
    ) -> None:
        from genstudio.core.paths import Home

        self._role = role
        self._home = Home(home)
        self._channel = channel
        self._table = table
        self._crash = crash
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._state = threading.Lock()
        self._running: Context | None = None
        self._refused: set[str] = set()
        self._kept: dict[str, Any] = {}
        self._ended = threading.Event()

    def serve(self) -> int:
        """Work until the parent closes the pipe."""
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        try:
            while (message := self._inbox.get()) is not None:
                self._work(message)
        finally:
            self._ended.set()
            self._remove_empty_crash_file()
        return 0

    def _read(self) -> None:
        from genstudio.core.job import Message

        while line := sys.stdin.buffer.readline():
            try:
                value = json.loads(line)
                if "cancel" in value:
                    self._cancel(str(value["cancel"]))
                else:
                    self._inbox.put(Message.model_validate(value))
            except ValueError as error:
                print(f"a line that is no message: {error}", file=sys.stderr, flush=True)
        self._leave()

    def _leave(self) -> None:
        """The parent is gone: stop the work, and end the process even if it will not stop."""
        timer = threading.Timer(GONE_SECONDS, lambda: os._exit(3))
        timer.daemon = True
        timer.start()
        with self._state:
            running = self._running
        if running is not None:
            running.cancel()
        self._inbox.put(None)

    def _cancel(self, job: str) -> None:
        with self._state:
            running = self._running
            if running is None or running.job != job:
                self._refused.add(job)
                return
        running.cancel()

    def _beat(self) -> None:
        from genstudio.core.events import Heartbeat
        from genstudio.workers import memory

        while True:
            faulthandler.dump_traceback_later(
                HANG_SECONDS, exit=True, file=self._crash or sys.stderr
            )
            self._send(Heartbeat(memory=memory.resident_bytes()))
            if self._ended.wait(BEAT_SECONDS):
                faulthandler.cancel_dump_traceback_later()
                return

    def _work(self, message: Message) -> None:
        from genstudio.core.errors import classify
        from genstudio.core.events import Cancelled, Failed
        from genstudio.workers.inline import events

        _trim_log()
        context = self._context(message)
        with self._state:
            self._running = context
            refused = message.job in self._refused
            self._refused.clear()
        if refused:
            context.cancel()
        try:
            for event in events(self._table, message, context):
                self._send(event, message)
        except Exception as error:
            # A stop often surfaces as some library's error: what was asked for decides.
            self._finish()
            problem = classify(error)
            self._send(Cancelled() if context.cancelled else Failed(problem=problem), message)
        finally:
            self._finish()

    def _finish(self) -> None:
        with self._state:
            self._running = None

    def _context(self, message: Message) -> Context:
        from genstudio.workers.context import Context, read_settings

        spool = Path(message.spool) if message.spool else self._home.spool / message.job
        return Context(
            home=self._home,
            spool=spool,
            job=message.job,
            settings=read_settings(self._home),
            kept=self._kept,
            in_worker=True,
        )

    def _send(self, event: Event, message: Message | None = None) -> None:
        from genstudio.core.events import stamped, to_line

        if message is not None:
            event = stamped(event, message.job, message.stamp)
        data = memoryview(to_line(event).encode("utf-8", "replace") + b"\n")
        try:
            with self._writing:
                while data:
                    data = data[os.write(self._channel, data) :]
        except OSError:
            # Nobody listens any more.
            os._exit(3)

    def _remove_empty_crash_file(self) -> None:
        if self._crash is None:
            return
        from genstudio.core import files

        path = self._home.logs / f"crash-{os.getpid()}.log"
        faulthandler.disable()
        self._crash.close()
        with contextlib.suppress(Exception):
            if path.stat().st_size == 0:
                files.remove(path)
