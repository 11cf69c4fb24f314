"""Trainings as the window handles them: jobs of the queue and wishes in run folders, in one place.

A wish to a training that runs is a file in its run folder; one to a paused training is a job.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from genstudio.core import evaluations
from genstudio.core.errors import GenStudioError, Problem, UsageError
from genstudio.core.events import Done, Event, Log, Remedy, Result
from genstudio.core.job import Job
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.studio import amending, recipes
from genstudio.studio.library import Library
from genstudio.studio.queue import Queue
from genstudio.studio.runs import Runs

WORKS = ("train", "finish")


class Trainings:
    """Start, pause, resume, keep, try out and change trainings; follow what comes of them."""

    def __init__(
        self, queue: Queue, runs: Runs, library: Library, tell: Callable[[Problem], None]
    ) -> None:
        self._queue, self._runs, self._library, self._tell = queue, runs, library, tell
        self._lock = threading.Lock()
        self._pending: dict[str, Remedy] = {}

    def plan(self, recipe: Recipe, base: Path | str = "") -> str:
        """Queue the measuring of a recipe; returns the job id. Its Done.data is the plan."""
        return self._queue.submit_work("train", "plan", _body(recipe, base), "Measure")

    def start(self, recipe: Recipe, base: Path | str = "", copy_of: str = "") -> str:
        """Queue a training; returns the job id. Its model gets a free name."""
        taken = {model.id for model in self._library.list()}
        recipe = recipe.model_copy(update={"model": recipes.free_name(recipe.model, taken)})
        body = _body(recipe, base)
        if copy_of:
            body["copy_of"] = copy_of
        return self._queue.submit_work("train", "train", body, _title(recipe))

    def resume(self, run: str) -> str:
        """Queue going on with a run; returns the job id (the old one where it waits or runs)."""
        found = self._runs.get(run)
        job = self.job_of(found.id)
        if job:
            return job
        if found.state == "running":
            raise UsageError(f"{found.id} is being trained by another program")
        for held in self._queue.jobs():
            over = held.work == "train" and held.state in ("paused", "failed")
            if over and held.body.get("run") == found.id:
                return self._queue.retry(held.id)
        title = _title(found.recipe)
        return self._queue.submit_work("train", "train", {"run": found.id}, title)

    def pause(self, run: str) -> None:
        """Ask a running training to save and leave; one that waits is taken out of the queue."""
        found = self._runs.get(run)
        if found.state == "running":
            self._runs.pause(found.id)
        elif job := self.job_of(found.id):
            self._queue.cancel(job)

    def keep(self, run: str) -> str:
        """Stop and keep: the best state becomes the model. The job id where one was queued."""
        found = self._runs.get(run)
        if found.state == "running":
            self._runs.keep(found.id)
            return self.job_of(found.id)
        return self._work(found.id, "finish", f"Finish {found.recipe.model}")

    def try_out(self, run: str) -> str:
        """Put the model as it is now into the library. The job id where one was queued."""
        found = self._runs.get(run)
        if found.state == "running":
            self._runs.try_out(found.id)
            return self.job_of(found.id)
        return self._work(found.id, "try", f"Try {found.recipe.model}")

    def apply(self, run: str, remedy: Remedy) -> str:
        """Do what a remedy says; returns the id of the job that follows, "" where none does.

        A change to a running training pauses it, and it goes on by itself.
        """
        found = self._runs.get(run)
        if remedy.action == "keep":
            return self.keep(found.id)
        if remedy.action == "restart":
            copy = recipes.changed(
                self._runs.duplicate(found.id), remedy.options, remedy.settings
            )  # fmt: skip
            self.pause(found.id)
            return self.start(copy, copy_of=found.id)
        job = self.job_of(found.id)
        if found.state != "running":
            self._runs.amend(found.id, remedy.options, remedy.settings, remedy.title)
            return job
        if not job:
            raise UsageError(f"{found.id} is being trained by another program; stop it there")
        amending.check(self._runs.home, found, remedy.options, remedy.settings)
        with self._lock:
            before = self._pending.get(found.id)
            self._pending[found.id] = _joined(before, remedy) if before else remedy
        self._runs.pause(found.id)
        return job

    def job_of(self, run: str) -> str:
        """The job that trains this run or waits to do so, or ""."""
        for job in self._queue.jobs():
            open_ = job.state in ("running", "waiting")
            if open_ and job.role == "train" and job.body.get("run") == run:
                return job.id
        return ""

    def hear(self, event: Event) -> None:
        """An event of any job: a training says its run first, and packages come in between."""
        if isinstance(event, Log) and event.text.startswith("Run "):
            self._note_run(event.job, event.text.removeprefix("Run "))
        elif isinstance(event, Result) and event.output == "package":
            self._install(event.path, str(event.data.get("model", "")), evaluate=False)

    def ended(self, job: Job, end: Event) -> None:
        """A job of the train role ended: install what it made, go on where that was asked for."""
        if job.work == "plan":
            return
        self._runs.changed()
        if job.work in WORKS and isinstance(end, Done) and end.data.get("package"):
            self._install(str(end.data["package"]), str(end.data.get("model", "")), evaluate=True)
        run = str(job.body.get("run", ""))
        with self._lock:
            remedy = self._pending.pop(run, None)
        if remedy is None or not (isinstance(end, Done) and not end.data.get("package")):
            return
        try:
            self._runs.amend(run, remedy.options, remedy.settings, remedy.title)
            self.resume(run)
        except GenStudioError as error:
            self._tell(error.problem)

    def evaluate(self, model: str) -> str:
        """Queue the evaluation of a model that was just trained; "" where its data is gone."""
        found = self._library.get(model)
        data = Recipe.read(found.folder / "recipe.json").data
        samples = evaluations.usual_samples(found.manifest)
        body: dict[str, Json] = {"model": model, "data": data, "samples": samples, "seed": 0}
        return self._queue.submit_work("generate", "evaluate", body, f"Evaluate {model}")

    def _work(self, run: str, work: str, title: str) -> str:
        if self.job_of(run):
            raise UsageError(f"{run} waits to be trained; it must start or be paused first")
        return self._queue.submit_work("train", work, {"run": run}, title)

    def _install(self, path: str, model: str, evaluate: bool) -> None:
        body: dict[str, Json] = {"path": path, "replace": True, "evaluate": evaluate}
        title = f"Install {model or 'the new model'}"
        self._queue.submit_work("files", "import_model", body, title)

    def _note_run(self, job: str, run: str) -> None:
        found = self._queue.get(job)
        if found is not None and found.work in WORKS and self._runs.has(run):
            self._queue.note_run(job, run)
            self._runs.changed()


def _body(recipe: Recipe, base: Path | str) -> dict[str, Json]:
    return {"recipe": recipes.to_body(recipe), "base": str(base)}


def _title(recipe: Recipe) -> str:
    return f"Train {recipe.title or recipe.model}"


def _joined(first: Remedy, second: Remedy) -> Remedy:
    """Two changes asked for before the training had paused."""
    return Remedy(
        title=f"{first.title}; {second.title}",
        action="amend",
        options={**first.options, **second.options},
        settings={**first.settings, **second.settings},
    )
