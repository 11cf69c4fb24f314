"""PlanState: has a few real steps measured when the choices rest, and remembers what came out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Event, Failed, Log, Progress
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.core.job import Job
    from genstudio.studio.studio import Studio

REST_MS = 700
MAX_KEPT = 50
MAX_STORED = 4
LASTS = 12 * 3600.0
"""Seconds for which a measurement counts: memory and disk are used by others too."""
Status = Literal["none", "resting", "measuring", "ready", "busy", "failed", "stopped"]
WORK = "plan"


@dataclass(frozen=True)
class Wish:
    """What is to be measured. Two wishes with one `key` take equally long; `speed_key` names
    what has about the same speed."""

    key: str = ""
    speed_key: str = ""
    recipe: Recipe | None = None


@dataclass
class Measurement:
    """Done.data of a plan and when it came (seconds of the clock on the wall)."""

    data: dict[str, Json] = field(default_factory=dict)
    at: float = 0.0

    @property
    def age(self) -> float:
        """Seconds since then."""
        return max(0.0, time.time() - self.at)


class PlanState(QObject):
    """One measurement at a time; one under way is never broken off, for what it says is kept.

    `status`: "busy" while a training has the device, "stopped" after a cancel, and "none" while
    nothing is wished or nobody looks (`look`).
    """

    changed = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._wish = Wish()
        self._asked = Wish()
        self._job = ""
        self._looking = False
        self._kept: dict[str, Measurement] = {}
        self._faults: dict[str, Problem | None] = {}
        self.speeds: dict[str, float] = {}
        self.text = ""
        self.status: Status = "none"
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)
        self._sweep()

    # ---- reading

    @property
    def measurement(self) -> Measurement | None:
        """What was measured for the present wish."""
        return self._kept.get(self._wish.key)

    @property
    def problem(self) -> Problem | None:
        """Why the present wish cannot be measured."""
        return self._faults.get(self._wish.key)

    @property
    def speed(self) -> float:
        """Seconds per step: measured, else of an earlier measurement like it; 0 if unknown."""
        found = self.measurement
        told = found.data.get("seconds_per_step") if found else None
        if isinstance(told, (int, float)):
            return float(told)
        return self.speeds.get(self._wish.speed_key, 0.0)

    # ---- wishing

    def want(self, wish: Wish) -> None:
        """The choices are these now."""
        if wish.key != self._wish.key:
            self._wish = wish
            self._follow()

    def look(self, on: bool) -> None:
        """The plan is in sight: measure what is missing."""
        self._looking = on
        self._follow()

    def again(self) -> None:
        """Measure anew, also after a failure."""
        self._faults.pop(self._wish.key, None)
        self._kept.pop(self._wish.key, None)
        self._follow()

    def on_queue(self) -> None:
        """The queue changed: the device may be free, or taken."""
        if self.status in ("busy", "resting") or (self.status == "measuring" and self._waits()):
            self._follow()

    def close(self) -> None:
        """Ask nothing more and leave nothing in the queue."""
        self._rest.stop()
        if self._job:
            self._studio.queue.cancel(self._job)
            self._job = ""

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps: all speeds, and the newest measurements as they are."""
        newest = list(self._kept.items())[-MAX_STORED:]
        return {
            "speeds": dict(self.speeds),
            "measured": [{"key": key, "at": m.at, "data": m.data} for key, m in newest],
        }

    def take(self, kept: Mapping[str, Any]) -> None:
        """Take what the session kept, as far as it makes sense and is not too old."""
        speeds, measured = kept.get("speeds"), kept.get("measured")
        for key, value in list(speeds.items())[:MAX_KEPT] if isinstance(speeds, dict) else []:
            if isinstance(value, (int, float)) and 0 < value < 1e6:
                self.speeds[key] = float(value)
        for entry in measured[:MAX_STORED] if isinstance(measured, list) else []:
            found = _measurement(entry)
            if found is not None:
                self._kept[str(entry.get("key"))] = found

    # ---- measuring

    def _follow(self) -> None:
        """Set the status, and a timer where something has to be asked."""
        key, self.text = self._wish.key, ""
        self._rest.stop()
        if not key or self._wish.recipe is None:
            self.status = "none"
        elif key in self._kept:
            self.status = "ready"
        elif key in self._faults:
            self.status = "failed" if self._faults[key] else "stopped"
        elif not self._looking:
            self.status = "none"
        elif self._job:
            self.status = "measuring" if self._asked.key == key else "resting"
            self.text = self._waiting_text()
        elif self._taken():
            self.status = "busy"
        else:
            self.status = "resting"
            self._rest.start()
        self.changed.emit()

    def _ask(self) -> None:
        wish = self._wish
        if self._job or wish.recipe is None:
            return
        try:
            self._job = self._studio.trainings.plan(wish.recipe)
        except GenStudioError as error:
            self._faults[wish.key] = error.problem
        self._asked = wish
        self._follow()

    def _taken(self) -> bool:
        """A training runs or waits: a measurement would come after it, or disturb it."""
        return any(
            job.role == "train" and job.work != WORK and job.state in ("running", "waiting")
            for job in self._studio.queue.jobs()
        )

    def _own(self) -> Job | None:
        return next((job for job in self._studio.queue.jobs() if job.id == self._job), None)

    def _waits(self) -> bool:
        own = self._own()
        return own is not None and own.state == "waiting"

    def _waiting_text(self) -> str:
        return "The queue is paused." if self._waits() and self._studio.queue.paused else ""

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the measurement under way."""
        if not self._job or event.job != self._job:
            return
        if isinstance(event, (Progress, Log)):
            if self.status == "measuring" and event.text != self.text:
                self.text = event.text
                self.changed.emit()
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._end(event)

    def _end(self, event: Done | Cancelled | Failed) -> None:
        asked = self._asked
        if isinstance(event, Done):
            self._kept[asked.key] = Measurement(dict(event.data), time.time())
            self._note_speed(asked.speed_key, event.data)
            _trim(self._kept)
        else:
            self._faults[asked.key] = event.problem if isinstance(event, Failed) else None
            _trim(self._faults)
        # What it said stands in the plan; the queue need not list it too.
        job, self._job = self._job, ""
        self._studio.queue.remove(job)
        self._follow()

    def _note_speed(self, key: str, data: Mapping[str, Any]) -> None:
        speed = data.get("seconds_per_step")
        if key and isinstance(speed, (int, float)) and speed > 0:
            self.speeds.pop(key, None)
            self.speeds[key] = float(speed)
            _trim(self.speeds)

    def _sweep(self) -> None:
        """Measurements that an earlier session left behind answer nobody."""
        for job in self._studio.queue.jobs():
            if job.work == WORK:
                self._studio.queue.cancel(job.id)
                self._studio.queue.remove(job.id)


def _measurement(entry: object) -> Measurement | None:
    """A measurement as an earlier session wrote it; None for nonsense and old ones."""
    if not isinstance(entry, dict):
        return None
    at, data = entry.get("at"), entry.get("data")
    if not isinstance(at, (int, float)) or not isinstance(data, dict):
        return None
    found = Measurement(data, float(at))
    return found if 0 <= time.time() - at < LASTS else None


def _trim(kept: dict[str, Any]) -> None:
    while len(kept) > MAX_KEPT:
        del kept[next(iter(kept))]
