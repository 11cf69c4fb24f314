"""LaunchState: a training on its way from the button to its run folder, and free names for it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.events import Cancelled, Done, Event, Failed, Log, Progress
from genstudio.core.job import Job
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.studio import recipes

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

RUN = "Run "
"""What a training's first Log begins with; the id of its run follows."""


class LaunchState(QObject):
    """`coming` says how far a started training is until `started(run)` comes; `late` is a run that
    had to wait in the queue, when nobody may be expecting it any more."""

    changed = Signal()
    started = Signal(str)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._jobs: list[str] = []
        self._waiting: set[str] = set()
        self.coming = ""
        self.late = ""

    def start(self, recipe: Recipe) -> str:
        """Queue the training; the id of its job. Raises GenStudioError."""
        waits = bool(self.busy_text())
        job = self._studio.trainings.start(recipe)
        self._jobs.append(job)
        if waits:
            self._waiting.add(job)
        self.coming = "" if waits else "Preparing…"
        self.changed.emit()
        return job

    def trainings(self) -> list[Job]:
        """Trainings that run or wait."""
        return [
            job
            for job in self._studio.queue.jobs()
            if job.work == "train" and job.state in ("running", "waiting")
        ]

    def busy_text(self) -> str:
        """Why a training would wait, "" where it would start at once."""
        found = self.trainings()
        running = next((job for job in found if job.state == "running"), None)
        if running is not None:
            title = running.title.removeprefix("Train ")
            return f"“{title}” is being trained: this one will wait in the queue."
        if found:
            return "Other trainings wait in the queue: this one comes after them."
        return "The queue is paused: this one will wait." if self._studio.queue.paused else ""

    def on_event(self, event: Event) -> None:
        """Follow what was started here until it has its run."""
        if event.job not in self._jobs:
            return
        if isinstance(event, Log) and event.text.startswith(RUN):
            run = event.text.removeprefix(RUN)
            self.late = run if event.job in self._waiting else ""
            self._leave(event.job)
            self.started.emit(run)
        elif isinstance(event, (Log, Progress)):
            self.coming = event.text or "Preparing…"
            self.changed.emit()
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._leave(event.job)
            if isinstance(event, Failed):
                self.problem.emit(event.problem)

    def _leave(self, job: str) -> None:
        self._jobs.remove(job)
        self._waiting.discard(job)
        self.coming = ""
        self.changed.emit()


class Names:
    """Titles and ids that models have, or will have once their trainings are done."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, str]] = []
        self._coming: list[tuple[str, str]] = []
        self._started: list[tuple[str, str]] = []

    def see(self, models: Iterable[Model], runs: Iterable[Run]) -> None:
        """What is installed, and what trainings that may go on will install."""
        self._kept = [(model.id, model.title) for model in models]
        open_runs = [run.recipe for run in runs if run.state in ("new", "running", "stopped")]
        self._kept += [(recipe.model, recipe.title) for recipe in open_runs]

    def start(self, recipe: Recipe) -> None:
        """A training was started: its name is taken before its run is on the shelf."""
        self._started.append((recipe.model, recipe.title))

    def see_queue(self, jobs: Sequence[Job]) -> None:
        """What waits in the queue."""
        found = [job.body.get("recipe") for job in jobs]
        self._coming = [
            (str(recipe.get("model", "")), str(recipe.get("title", "")))
            for recipe in found
            if isinstance(recipe, dict)
        ]

    def free_title(self, title: str) -> str:
        """The title, or `title 2` …: two models of one name cannot be told apart."""
        taken = {told for _, told in self._all()}
        free, number = title, 2
        while free in taken:
            free, number = f"{title} {number}", number + 1
        return free

    def free_model(self, name: str) -> str:
        """The id, or `id-2` …"""
        return recipes.free_name(name, self.taken)

    @property
    def taken(self) -> Container[str]:
        """Ids in use."""
        return {name for name, _ in self._all()}

    def _all(self) -> list[tuple[str, str]]:
        return [*self._kept, *self._coming, *self._started]
