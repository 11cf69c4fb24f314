"""Binds the queue's state to the status line and the queue popup."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from PySide6.QtCore import QObject, QTimer

from genstudio.core.errors import Problem
from genstudio.core.events import Cancelled, Done, Event, Failed
from genstudio.core.job import Job
from genstudio.ui.state import words
from genstudio.ui.state.queue_state import is_training
from genstudio.ui.widgets.error_dialog import show_problem
from genstudio.ui.widgets.queue_popup import QueuePopup, QueueRow
from genstudio.ui.widgets.status_line import StatusLine

_SHOWN = ("running", "waiting", "paused", "failed")
REFRESH_MS = 60


class StatusBinding(QObject):
    """`queue` is the QueueState; `settings` tells which device was asked for."""

    def __init__(self, line: StatusLine, state: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._line, self._queue, self._settings = line, state.queue, state.settings
        self._popup: QueuePopup | None = None
        self._stopping = ""
        self._ended: tuple[str, str] = ("Ready", "")
        self._titles: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        queue = self._queue
        queue.changed.connect(self._soon)
        queue.progressed.connect(lambda *_: self._soon())
        queue.device_changed.connect(self.show_device)
        queue.memory_changed.connect(self._show_memory)
        self._settings.changed.connect(lambda *_: self.show_device())
        line.queue_wanted.connect(self.open_popup)
        self.refresh()
        self.show_device()

    def cancel(self) -> bool:
        """Stop what runs (a training saves and can be resumed); said at once. False when nothing
        runs."""
        running = self._queue.running
        if running is None:
            return False
        if is_training(running):
            self._queue.pause_training(running)
            self._stopping = running.id
            self._line.set_stopping()
            return True
        self._stopping = running.id
        self._line.set_stopping()
        self._queue.cancel_running()
        return True

    def training(self) -> Job | None:
        """The training that runs while nothing else does."""
        running = self._queue.running
        return running if running is not None and is_training(running) else None

    def on_event(self, event: Event) -> None:
        """Remember how the last job ended."""
        title = self._titles.get(event.job, "")
        if not title:
            return
        if isinstance(event, Done) and event.data.get("run") and not event.data.get("package"):
            self._ended = (f"{title} is paused", "")
        elif isinstance(event, Done):
            self._ended = (f"{title} is done", took(event.seconds))
        elif isinstance(event, Cancelled):
            self._ended = (f"{title} was stopped", "")
        elif isinstance(event, Failed):
            self._ended = (f"{title} failed", event.problem.what)

    def refresh(self) -> None:
        """Show the state of the queue as it is now."""
        jobs = self._queue.jobs()
        self._titles.update({job.id: job.title for job in jobs if job.state == "running"})
        running = self._queue.running
        waiting = sum(job.state in ("waiting", "paused") for job in jobs)
        failed = sum(job.state == "failed" for job in jobs)
        self._line.set_queue(waiting, self._queue.paused, failed)
        if running is None:
            self._stopping = ""
            self._line.set_idle(*self._ended)
        else:
            self._show_running(running)
        if self._popup is not None and self._popup.isVisible():
            self._popup.set_rows(self._rows(jobs), self._queue.paused)

    def _show_running(self, job: Job) -> None:
        pace = self._queue.pace(job.id)
        text = f"{job.title} · {pace.text}" if pace.text else job.title
        self._line.set_running(text, pace.done, pace.total, self._queue.eta(job.id))
        self._line.set_cancel("Pause" if is_training(job) else "Cancel")
        if self._stopping == job.id:
            self._line.set_stopping()
        else:
            self._line.set_can_cancel(True)

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    # ---- device and memory

    def show_device(self) -> None:
        """Where models run, and why not on the GPU."""
        name = str(self._queue.device.get("name", ""))
        wanted = str(self._settings.values.device)
        if not name:
            chosen = {"cpu": "CPU, as chosen", "cuda": "CUDA wanted"}.get(wanted, "")
            self._line.device.set_device(chosen or "Device known after the first run")
            return
        state = "gpu" if name != "CPU" else "trouble" if wanted == "cuda" else "cpu"
        self._line.device.set_device(self._queue.device_text, state)

    def _show_memory(self) -> None:
        used, total = self._queue.memory, total_memory()
        text = words.size(used) if used else ""
        self._line.set_memory(f"{text} of {words.size(total)}" if text and total else text)

    # ---- popup

    def open_popup(self) -> None:
        """Show the queue above the status line."""
        if self._popup is None:
            self._popup = self._make_popup()
        self._popup.set_rows(self._rows(self._queue.jobs()), self._queue.paused)
        self._popup.open_above(self._line.queue)

    def _make_popup(self) -> QueuePopup:
        popup, queue = QueuePopup(self._line), self._queue
        popup.move_wanted.connect(queue.move)
        popup.cancel_wanted.connect(queue.cancel)
        popup.retry_wanted.connect(queue.retry)
        popup.pause_wanted.connect(queue.pause)
        popup.clear_wanted.connect(queue.clear)
        popup.problem_wanted.connect(self._show_problem)
        return popup

    def _rows(self, jobs: list[Job]) -> list[QueueRow]:
        return [self._row(job) for job in jobs if job.state in _SHOWN]

    def _row(self, job: Job) -> QueueRow:
        pace = self._queue.pace(job.id)
        share = pace.done / pace.total if pace.total else -1.0
        text = {"waiting": "waits", "paused": "paused"}.get(job.state, "")
        if job.state == "running":
            text = " · ".join(part for part in (pace.text, self._queue.eta(job.id)) if part)
        elif job.problem is not None:
            text = job.problem.what
        return QueueRow(job.id, job.title, job.state, text or job.state, share)

    def _show_problem(self, job_id: str) -> None:
        for job in self._queue.jobs():
            if job.id == job_id and isinstance(job.problem, Problem):
                show_problem(self._line.window(), job.problem)


def took(seconds: float) -> str:
    """ "in 0.4 s", "in 12 s", "in 5 min"; "" for nothing."""
    if seconds <= 0:
        return ""
    if seconds < 60:
        return f"in {seconds:.1f} s" if seconds < 10 else f"in {seconds:.0f} s"
    return f"in {words.duration(seconds).removeprefix('about ')}"


def total_memory() -> int:
    """Memory of this machine in bytes; 0 where it cannot be told."""
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 0
