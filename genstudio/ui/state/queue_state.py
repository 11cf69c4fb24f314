"""QueueState: what runs, how far it is, how long still, on which device and why."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Event, Progress, Started
from genstudio.core.job import Job, Role
from genstudio.ui.state.words import left as left_words

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

_OPEN = ("waiting", "running", "paused")
_ROLES: tuple[Role, ...] = ("generate", "train", "files")
_ORDER: tuple[Role, ...] = ("generate", "files", "train")
# Workers tell their memory with every heartbeat; looking now and then is enough.
LOOK_MS = 2000


def is_training(job: Job) -> bool:
    """True for what may take hours and can be gone on with."""
    return job.work == "train"


class Pace:
    """Time left of one job from its progress so far; silent until it can be trusted."""

    def __init__(self) -> None:
        self.done = 0.0
        self.total = 0.0
        self.text = ""
        self._first: tuple[float, float] | None = None
        self._last = 0.0

    def take(self, event: Progress, now: float) -> None:
        """Note one progress event; `now` in seconds on any steady clock."""
        self.done, self.total, self.text = event.done, event.total, event.text
        self._last = now
        if self._first is None or event.done < self._first[1]:
            self._first = (now, event.done)

    def left(self) -> float | None:
        """Seconds left, None while unknown (no total, or less than half a second observed)."""
        if self._first is None or not self.total:
            return None
        seconds, units = self._last - self._first[0], self.done - self._first[1]
        if units <= 0 or seconds < 0.5:
            return None
        return seconds / units * max(0.0, self.total - self.done)


class QueueState(QObject):
    """Binds the status line and the queue popup. Live redraws are not listed."""

    changed = Signal()
    progressed = Signal(str, float, float, str)
    device_changed = Signal()
    memory_changed = Signal()
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._paces: dict[str, Pace] = {}
        self.device: dict[str, object] = {}
        self.memory = 0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._measure)

    # ---- reading

    def jobs(self) -> list[Job]:
        """Jobs that wait, run, are paused or failed, in their order."""
        return [job for job in self._studio.queue.jobs() if not job.live]

    @property
    def open_jobs(self) -> list[Job]:
        """Jobs that are not over."""
        return [job for job in self.jobs() if job.state in _OPEN]

    @property
    def running(self) -> Job | None:
        """The job that runs now: the generating one before others, a training last."""
        running = [job for job in self.jobs() if job.state == "running"]
        return min(running, key=lambda job: _ORDER.index(job.role), default=None)

    @property
    def paused(self) -> bool:
        """True while no new job is started."""
        return bool(self._studio.queue.paused)

    def pace(self, job: str) -> Pace:
        """Progress of a job."""
        return self._paces.get(job, Pace())

    def eta(self, job: str) -> str:
        """`about 40 s left`, or "" while unknown."""
        left = self.pace(job).left()
        return "" if left is None else left_words(left)

    @property
    def device_text(self) -> str:
        """`CPU · 1 thread — no CUDA driver found`; "" before the first job."""
        if not self.device:
            return ""
        threads = int(str(self.device.get("threads") or 0))
        text = str(self.device.get("name", ""))
        if threads:
            text += f" · {threads} thread{'s' if threads != 1 else ''}"
        reason = str(self.device.get("reason", ""))
        return f"{text} — {reason}" if reason else text

    # ---- acting

    def cancel(self, job: str) -> None:
        """Stop a job that waits or runs."""
        self._studio.queue.cancel(job)

    def cancel_running(self) -> None:
        """Stop what runs now, but no training: hours of work do not end by the way."""
        running = [job for job in self.jobs() if job.state == "running"]
        if not any(is_training(job) for job in running):
            self._studio.queue.cancel_running()
            return
        for job in running:
            if not is_training(job):
                self._studio.queue.cancel(job.id)

    def pause_training(self, job: Job) -> None:
        """Have a training save and leave; one without a run so far is taken back."""
        run = str(job.body.get("run") or "")
        try:
            if run:
                self._studio.trainings.pause(run)
            else:
                self._studio.queue.cancel(job.id)
        except GenStudioError as error:
            self.problem.emit(error.problem)

    def pause(self, on: bool) -> None:
        """Hold the queue after the running job, or let it go on."""
        self._studio.queue.pause(on)

    def move(self, job: str, position: int) -> None:
        """Put a waiting job at `position` (0 is next)."""
        self._studio.queue.move(job, position)

    def retry(self, job: str) -> None:
        """Run a failed or cancelled job again."""
        self._studio.queue.retry(job)

    def clear(self) -> None:
        """Cancel everything that waits."""
        for job in self.jobs():
            if job.state in ("waiting", "paused"):
                self._studio.queue.cancel(job.id)

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow one event of any job."""
        if not self._look.isActive():
            self._look.start()
        if isinstance(event, Progress):
            pace = self._paces.setdefault(event.job, Pace())
            pace.take(event, time.monotonic())
            self.progressed.emit(event.job, event.done, event.total, event.text)
        elif isinstance(event, Started):
            self._set_device(event)
        elif isinstance(event, ENDS):
            self._paces.pop(event.job, None)

    def close(self) -> None:
        """Look no more."""
        self._look.stop()

    def _measure(self) -> None:
        """Resident bytes of all living workers; once they are gone there is nothing to look at."""
        memory = sum(self._studio.queue.memory(role) for role in _ROLES)
        if memory != self.memory:
            self.memory = memory
            self.memory_changed.emit()
        if not memory and not self.open_jobs:
            self._look.stop()

    def _set_device(self, event: Started) -> None:
        if not event.threads and not event.reason:
            return
        device = {"name": event.device, "reason": event.reason, "threads": event.threads}
        if device != self.device:
            self.device = device
            self.device_changed.emit()
