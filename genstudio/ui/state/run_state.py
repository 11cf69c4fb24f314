"""RunState: the training that is shown, read from its folder, and what can be done with it.

The folder is the truth: a window that is opened again after a crash shows the same. Events of
the training only say that there is something new, how far it is and where it runs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core import events
from genstudio.core.errors import GenStudioError
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.core.stored import Json
from genstudio.ui.state.run_curves import best_of
from genstudio.ui.state.run_reading import Curves, Look, Reader, Sample, ends_of
from genstudio.ui.state.run_speed import Speed
from genstudio.ui.state.run_words import ACTIVE, Phase, outcome, phase_of
from genstudio.ui.state.runs_list import Beside, RunsList

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

SOON_MS = 300
POLL_MS = 2000
BIRTH_TRIES = 50
_NEWS = (events.Metric, events.Preview, events.Advice, events.Log)
_RUN = re.compile(r"^\d{4,}-\S{1,64}$")


class RunState(QObject):
    """`current` is the id of the run that is shown, "" while there is none.

    `changed`: another run or another phase; `progressed`: a number beside the curves.
    `model_ready(id)`: a model that was asked for with `try_out` is installed.
    """

    changed = Signal()
    followed = Signal(str)
    progressed = Signal()
    metric_added = Signal()
    sample_added = Signal()
    advice_changed = Signal()
    log_added = Signal()
    model_ready = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    area_wanted = Signal(str)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.current = ""
        self.look = Look("")
        self.device: events.Started | None = None
        self.memory = 0
        self.all = RunsList(studio, self)
        self._reader: Reader | None = None
        self._progress: events.Progress | None = None
        self._speed = Speed()
        self._job = ""
        self._runs: dict[str, str] = {}
        self._pausing = False
        self._trying, self._tries = "", 0
        self._soon = self._timer(SOON_MS, self._read)
        self._poll = self._timer(POLL_MS, self._read, once=False)
        self._beside = Beside(self)
        self._beside.done.connect(self._take)
        self.all.said.connect(self.said)
        self.all.problem.connect(self.problem)
        self.all.changed.connect(self._adopt)

    def _timer(self, interval: int, callback: Callable[[], None], once: bool = True) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(once)
        timer.setInterval(interval)
        timer.timeout.connect(callback)
        return timer

    # ---- reading

    @property
    def run(self) -> Run | None:
        """The run as its folder tells it, None while it is unknown."""
        return self.look.run

    @property
    def phase(self) -> Phase:
        """How it stands: what the folder says, and what the queue knows better."""
        found = phase_of(self.look)
        if self._job and found != "done":
            if self._pausing:
                return "pausing"
            return "running" if self._progress is not None or found == "running" else "waiting"
        return "pausing" if self._pausing and found == "running" else found

    @property
    def active(self) -> bool:
        """Whether it runs or is about to."""
        return self.phase in ACTIVE

    @property
    def step(self) -> int:
        """How far it is."""
        if self._speed.last is not None:
            return self._speed.last
        steps = [int(curve[0][-1]) for curve in self.curves.values() if curve[0]]
        noted = self.run.step if self.run else 0
        return max([noted, *steps]) if self.phase == "running" else noted or max(steps, default=0)

    @property
    def total(self) -> int:
        """Steps of the whole training."""
        return self.run.recipe.settings.steps if self.run else 0

    @property
    def text(self) -> str:
        """What the training says it is doing when that is not a step; "" otherwise."""
        text = self._progress.text if self._progress else ""
        return "" if text.startswith("step ") else text

    @property
    def curves(self) -> Curves:
        """All numbers of the run by name."""
        return self.look.curves

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The sheets of samples, oldest first."""
        return self.look.samples

    @property
    def advice(self) -> tuple[events.Advice, ...]:
        """What the training doctor says now."""
        return self.look.advice

    @property
    def best_step(self) -> int:
        """Step of the best state so far, 0 while there is none."""
        noted = self.run.best_step if self.run else 0
        found = best_of(self.curves, noted) if noted else None
        return found.step if found else noted

    def items_per_second(self) -> float:
        """Pictures or passages: of late, else over the whole training; 0 while unknown."""
        if self.run is None:
            return 0.0
        batch = self.run.recipe.settings.batch
        if self._speed.rate():
            return self._speed.rate() * batch
        return self.run.step / self.run.seconds * batch if self.run.seconds > 1 else 0.0

    def seconds_left(self) -> float | None:
        """None while unknown or when it does not run."""
        rate = self._speed.rate()
        return (self.total - self.step) / rate if rate and self.phase == "running" else None

    # ---- following

    def follow(self, run: str) -> None:
        """Show this run from now on (its id; "" for none, a job that has none yet is ignored)."""
        known = self._runs.get(run, run)
        if known and not _RUN.match(known):
            return
        if known != self.current:
            self._forget()
            self.current = known
            self.edited.emit()
        self.refresh()
        self.followed.emit(known)

    def _forget(self) -> None:
        self.look, self._reader = Look(""), None
        self._progress, self.device, self.memory = None, None, 0
        self._speed, self._pausing, self._job = Speed(), False, ""

    def refresh(self) -> None:
        """Read the folder again, and the list of all runs if somebody looks at it."""
        self.all.refresh()
        self._read()

    def _adopt(self) -> None:
        """Where no run was chosen, the newest is shown."""
        left = [row.id for row in self.all.rows if self._studio.runs.has(row.id)]
        if not self.current and left:
            self.current = left[0]
            self._read()

    def _read(self) -> None:
        self._soon.stop()
        if not self.current:
            self.changed.emit()
            return
        try:
            if self._reader is None:
                folder = self._studio.runs.folder(self.current)
                self._reader = Reader(self.current, folder, self._studio.runs.get)
        except GenStudioError:
            # A training tells its name a moment before it writes run.json.
            self._tries += 1
            if self._tries < BIRTH_TRIES and self._studio.runs.has(self.current):
                self._soon.start()
            else:
                self._let_go()
            return
        self._tries = 0
        self._beside.ask("run", self._reader.look)

    def _let_go(self) -> None:
        """The run was removed, or is one of another data folder."""
        self.current = ""
        self._forget()
        self._poll.stop()
        self.changed.emit()
        self._adopt()

    def _take(self, _key: object, found: object) -> None:
        if not isinstance(found, Look) or found.id != self.current:
            return
        if found.run is None and not self._studio.runs.has(self.current):
            self._let_go()
            return
        phase, before = self.phase, self.look
        self.look = found
        self._job = self._job_of()
        if found.run is None or found.run.state != "running":
            self._pausing = self._pausing and bool(self._job)
        on = found.run is not None and found.run.state == "running" and not found.interrupted
        self._poll.start() if on or self._job else self._poll.stop()
        new = before.id != found.id
        if new or phase != self.phase or before.run != found.run:
            self.changed.emit()
        if new or ends_of(before.curves) != ends_of(found.curves):
            self.metric_added.emit()
        if new or before.samples != found.samples or before.asked != found.asked:
            self.sample_added.emit()
        if new or before.advice != found.advice:
            self.advice_changed.emit()
        if new or before.log != found.log:
            self.log_added.emit()
        self.progressed.emit()

    def _job_of(self) -> str:
        """The job that trains it; one that only packs a paused run to be tried does not."""
        job = self._studio.trainings.job_of(self.current)
        packs = any(one.id == job and one.work == "try" for one in self._studio.queue.jobs())
        return "" if packs else job

    # ---- acting

    def pause(self) -> None:
        """Write a checkpoint and give the device free; it can be resumed."""
        if self._try(lambda: self._studio.trainings.pause(self.current)):
            self._pausing = True
            self.changed.emit()

    def resume(self) -> None:
        """Go on from the last checkpoint."""
        self._start(lambda: self._studio.trainings.resume(self.current))

    def keep(self) -> None:
        """End here: the best state so far becomes the model."""
        if self._try(lambda: self._studio.trainings.keep(self.current)):
            self.said.emit("It ends here; the best state so far becomes the model", "", None)
            self._soon.start()

    def try_out(self) -> None:
        """Make a model of the state as it is now; `model_ready` says when it is installed."""
        run = self.run
        if run is None:
            return
        if self.phase == "done" and run.model:
            self.model_ready.emit(run.model)
        elif self._try(lambda: self._studio.trainings.try_out(run.id)):
            self._trying = run.recipe.model
            self.said.emit(f"A model of about step {self.step:,} is being made", "", None)

    @property
    def trying(self) -> bool:
        """Whether a model of the run is on its way."""
        return bool(self._trying)

    def apply(self, remedy: events.Remedy) -> None:
        """Do what the training doctor offers."""
        run = self.current
        if remedy.action == "restart":
            self._start(lambda: self._studio.trainings.apply(run, remedy))
        elif self._try(lambda: self._studio.trainings.apply(run, remedy)):
            told = outcome(remedy.action, self.active)
            self.said.emit(f"{remedy.title}: {told}", "", None)
            self._soon.start()

    def duplicate(self, run: str = "") -> Recipe | None:
        """A recipe like that of the run (this one if none is named), free to be changed."""
        try:
            return self._studio.runs.duplicate(run or self.current)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None

    def _start(self, action: Callable[[], str]) -> None:
        self._pausing = False
        if self._try(action):
            self._soon.start()

    def _try(self, action: Callable[[], object]) -> bool:
        if not self.current:
            return False
        try:
            action()
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        return True

    # ---- events

    def on_event(self, event: events.Event) -> None:
        """Follow one event of any job."""
        if isinstance(event, events.Log):
            run = event.text.removeprefix("Run ")
            if run != event.text and _RUN.match(run):
                self._runs[event.job] = run
                self._job = event.job
                self.follow(run)
                return
        if (
            isinstance(event, events.Done)
            and self._trying
            and event.data.get("model") == self._trying
        ):
            self._tried(event)
        run = self._runs.get(event.job, "")
        if (run and run == self.current) or (event.job and event.job == self._job):
            self._on_own(event)

    def _tried(self, event: events.Done) -> None:
        """A package was imported: the one that was asked for, unless it is the training's end."""
        if "run" not in event.data:
            model, self._trying = self._trying, ""
            self.model_ready.emit(model)
            self.changed.emit()

    def _on_own(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            self._on_progress(event)
        elif isinstance(event, events.Started):
            self.device = event
            self.progressed.emit()
        elif isinstance(event, events.Heartbeat):
            self.memory = event.memory
            self.progressed.emit()
        elif isinstance(event, events.ENDS):
            self._on_end(event)
        elif isinstance(event, _NEWS) and not self._soon.isActive():
            self._soon.start()

    def _on_progress(self, event: events.Progress) -> None:
        first, self._progress = self._progress is None, event
        if not self.text:  # else it counts pictures that are read, or the like
            self._speed.take(event.done, time.monotonic())
        self.memory = self._studio.queue.memory("train") or self.memory
        self.changed.emit() if first else self.progressed.emit()

    def _on_end(self, event: events.Event) -> None:
        self._runs.pop(event.job, None)
        self._progress, self._job, self._pausing = None, "", False
        self._speed, self.memory = Speed(), 0
        if isinstance(event, events.Failed):
            self._trying = ""
        self.changed.emit()
        self._read()

    # ---- session

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {"current": self.current}

    def take(self, kept: dict[str, object]) -> None:
        """Take what the session kept; call `refresh` afterwards."""
        self.current = str(kept.get("current", ""))

    def wait(self) -> None:
        """Let the readings under way end (at closing, and in tests)."""
        self._beside.wait()
        self.all.wait()

    def close(self) -> None:
        """Let threads and timers end."""
        self._soon.stop()
        self._poll.stop()
        self.wait()
