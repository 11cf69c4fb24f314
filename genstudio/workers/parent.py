"""Worker: the parent's end of a worker process. Starts on demand, restarts after a death."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import BadInput, GenStudioError, Problem
from genstudio.core.events import ENDS, Cancelled, Event, Failed, Heartbeat, from_line, stamped
from genstudio.core.job import Message, Role
from genstudio.core.paths import Home
from genstudio.workers import deaths

log = logging.getLogger(__name__)

FIRST_SIGN_SECONDS = 90.0
SILENCE_SECONDS = 20.0
TICK_SECONDS = 0.25
CLOSE_SECONDS = 5.0


def command(role: str, home: Path) -> list[str]:
    """How to start a worker: this Python with the package, or the frozen program itself."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m"]
    name = [] if getattr(sys, "frozen", False) else ["genstudio"]
    return [*start, *name, "worker", role, "--home", str(home)]


class Worker:
    """One process of one role, and at most one running job.

    `on_event` is called from this object's own threads with every event but heartbeats; each
    job sent gets exactly one Done, Cancelled or Failed. `silence` is how long (seconds) the
    process may stay without heartbeat before it counts as hung, `idle_limit` how long a job
    may say nothing at all (0: for ever), `grace` how long a cancelled job may take to stop.
    """

    def __init__(
        self,
        role: Role,
        home: Path,
        on_event: Callable[[Event], None],
        grace: float = 3.0,
        *,
        silence: float = SILENCE_SECONDS,
        first_sign: float = FIRST_SIGN_SECONDS,
        idle_limit: float = 0.0,
        start_with: Sequence[str] = (),
    ) -> None:
        self.role = role
        self._home = home
        self._on_event = on_event
        self._grace = grace
        self._silence = silence
        self._first_sign = first_sign
        self._idle_limit = idle_limit
        self._command = list(start_with) or command(role, home)
        self._lock = threading.RLock()
        self._process: _Process | None = None
        self._closed = False

    @property
    def alive(self) -> bool:
        """True while a process runs."""
        process = self._process
        return process is not None and process.popen.poll() is None

    @property
    def pid(self) -> int:
        """Process id, 0 when none runs."""
        process = self._process
        return process.popen.pid if process is not None else 0

    @property
    def memory(self) -> int:
        """Resident memory of the process in bytes as of its last heartbeat."""
        process = self._process
        return process.memory if process is not None else 0

    @property
    def busy(self) -> bool:
        """True while a job runs."""
        process = self._process
        return process is not None and process.message is not None

    def send(self, message: Message) -> None:
        """Start the job; starts the process when none runs. One job at a time."""
        with self._lock:
            if self._closed:
                raise GenStudioError("The worker was closed")
            if self.busy:
                raise GenStudioError("The worker is busy with another job")
            for _ in range(2):
                process = self._living()
                if process is None:
                    break
                if process.take(message):
                    return
                # It died while idle: a fresh process gets the job.
                self._process = None
        failed = Failed(problem=deaths.never_started(self.role, self._command))
        self._emit(stamped(failed, message.job, message.stamp))

    def cancel(self, job: str) -> None:
        """Ask the running job to stop; after the grace time its process is killed."""
        process = self._process
        if process is not None:
            process.cancel(job, self._grace)

    def close(self) -> None:
        """End the process and wait for it and for the threads."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            process.close()

    def _living(self) -> _Process | None:
        """The process, started when there is none; None when it cannot be started."""
        if self._process is not None and self._process.popen.poll() is None:
            return self._process
        try:
            popen = _spawn(self._command, Home(self._home).logs / f"worker-{self.role}.log")
        except OSError:
            return None
        self._process = _Process(self, popen)
        return self._process

    def _emit(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            # A listener's fault must not silence the worker.
            log.exception("a listener of the %s worker failed", self.role)

    def _gone(self, process: _Process, message: Message | None, problem: Problem | None) -> None:
        """A process ended, running `message`; called from its reader thread."""
        with self._lock:
            if self._process is process:
                self._process = None
            again = message is not None and process.unheard(message) and not self._closed
        if message is None:
            return
        if problem is None:
            self._emit(stamped(Cancelled(), message.job, message.stamp))
        elif again:
            # It died idle in the moment the job was sent: the job deserves a living process.
            self.send(message)
        else:
            self._emit(stamped(Failed(problem=problem), message.job, message.stamp))


class _Process:
    """One incarnation: the Popen, its reader thread and its watching thread."""

    def __init__(self, worker: Worker, popen: subprocess.Popen[bytes]) -> None:
        self.popen = popen
        self.memory = 0
        self.message: Message | None = None
        self._worker = worker
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._jobs = 0
        self._heard_job = False
        self._cancelled = False
        self._kill_at = 0.0
        self._killed_for = ""
        self._last_beat = self._last_event = time.monotonic()
        self._beats = 0
        role = worker.role
        self._threads = (
            threading.Thread(target=self._read, name=f"{role}-reader", daemon=True),
            threading.Thread(target=self._watch, name=f"{role}-watch", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def take(self, message: Message) -> bool:
        """Send a job; False when the process is gone."""
        with self._lock:
            if self._ended.is_set():
                return False
            self.message = message
            self._jobs += 1
            self._heard_job = self._cancelled = False
            self._kill_at = 0.0
            self._last_event = time.monotonic()
        if self._write(message.model_dump(mode="json")):
            return True
        with self._lock:
            # The reader may have noticed first and given the job back already.
            mine, self.message = self.message is message, None
        return not mine

    def cancel(self, job: str, grace: float) -> None:
        """Pass the wish on and set the moment of the kill."""
        with self._lock:
            if self.message is None or self.message.job != job or self._cancelled:
                return
            self._cancelled = True
            self._kill_at = time.monotonic() + grace
        self._write({"cancel": job})

    def unheard(self, message: Message) -> bool:
        """True when a process that had worked before died without a word on this job."""
        return self._jobs > 1 and not self._heard_job and not self._killed_for

    def close(self) -> None:
        """Close stdin, wait, kill what stays; both threads end."""
        with contextlib.suppress(OSError, ValueError):
            if self.popen.stdin is not None:
                self.popen.stdin.close()
        with self._lock:
            self._cancelled = True
        try:
            self.popen.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill("close")
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(CLOSE_SECONDS)

    def _write(self, value: object) -> bool:
        try:
            if self.popen.stdin is None:
                return False
            self.popen.stdin.write(json.dumps(value).encode() + b"\n")
            self.popen.stdin.flush()
            return True
        except (OSError, ValueError):
            return False

    def _read(self) -> None:
        stream = self.popen.stdout
        while stream is not None and (line := stream.readline()):
            try:
                self._hear(from_line(line))
            except BadInput as error:
                log.warning("%s worker: %s", self._worker.role, error)
        self._finish()

    def _hear(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, Heartbeat):
            self.memory, self._last_beat = event.memory, now
            self._beats += 1
            return
        with self._lock:
            if self.message is None or event.job != self.message.job:
                return
            self._heard_job, self._last_event = True, now
            if isinstance(event, ENDS):
                self.message = None
        self._worker._emit(event)

    def _finish(self) -> None:
        """stdout is closed: collect the process and say what became of its job."""
        try:
            code = self.popen.wait(2.0)
        except subprocess.TimeoutExpired:
            self._kill("mute")
            code = self.popen.wait()
        with self._lock:
            self._ended.set()
            message, self.message = self.message, None
        for stream in (self.popen.stdin, self.popen.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        worker = self._worker
        problem = None
        found = deaths.take_crash(worker._home, self.popen.pid)
        if not self._cancelled:
            problem = deaths.problem(worker.role, code, self._killed_for, worker._home, found)
        worker._gone(self, message, problem)

    def _watch(self) -> None:
        """Kill when cancelled too long, hung, or mute; ends with the process."""
        last = time.monotonic()
        while not self._ended.wait(TICK_SECONDS):
            now = time.monotonic()
            if now - last > 5.0:
                # The machine slept, or we did: nobody could be heard in that time.
                self._last_beat = self._last_event = now
            last = now
            why = self._why_kill(now)
            if why:
                self._kill(why)

    def _why_kill(self, now: float) -> str:
        worker = self._worker
        with self._lock:
            if self._kill_at and self.message is not None and now > self._kill_at:
                return "cancel"
            patience = worker._silence if self._beats else worker._first_sign
            if now - self._last_beat > patience:
                return "hang" if self._beats else "start"
            limit = worker._idle_limit
            if limit and self.message is not None and now - self._last_event > limit:
                return "idle"
        return ""

    def _kill(self, why: str) -> None:
        self._killed_for = self._killed_for or why
        with contextlib.suppress(OSError):
            self.popen.kill()


def _spawn(words: list[str], log_file: Path) -> subprocess.Popen[bytes]:
    """Start a process apart from our terminal's signals, without a console window."""
    try:
        log_to = files.open_log(log_file)
    except (GenStudioError, OSError):
        log_to = subprocess.DEVNULL
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log_to,
            cwd=_working_folder(),
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    finally:
        if log_to >= 0:
            os.close(log_to)


def _working_folder() -> str | None:
    """Where `-m genstudio` is found in a checkout; frozen and installed programs need none."""
    if getattr(sys, "frozen", False):
        return None
    import genstudio

    return str(Path(genstudio.__file__).resolve().parent.parent)
