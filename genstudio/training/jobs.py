"""A training from recipe to package, as one generator of events: what worker and CLI call."""

from __future__ import annotations

import itertools
import os
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import torch

import genstudio
from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.errors import GenStudioError, NotFound, UsageError, classify
from genstudio.core.events import Done, Event, Log, Progress
from genstudio.core.manifest import Manifest, TrainedOn, Training
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.training import checkpoint, package, watching
from genstudio.training.device import machine
from genstudio.training.plan import check_room
from genstudio.training.plan import plan as plan
from genstudio.training.setup import Part, Ready, prepare
from genstudio.training.trainer import Trainer

PACKAGE = "package"
NOTED_EVERY = 5.0  # seconds between updates of run.json


def run_training(
    home: Home, recipe: Recipe, part: Part, *, base: Path | None = None, device: str = "auto"
) -> Iterator[Event]:
    """Train `recipe` in a new run folder. `part` is `families.part`, `base` the recipe's folder.

    Ends with Done(data={run, package, model, step}), or without Done when it was stopped.
    Raises GenStudioError; the run's file then says why.
    """
    ready = yield from prepare(home, recipe, part, base, device)
    check_room(home, ready)
    folder = new_folder(home, ready.recipe.model)
    state = Run(id=folder.name, recipe=ready.recipe, created=_now(), device=ready.device.label)
    files.write_bytes(folder / runs.RECIPE_FILE, ready.recipe.to_bytes())
    yield Log(text=f"Run {state.id}")
    yield from _carry_out(state, folder, ready, part)


def resume(home: Home, run: str, part: Part, *, device: str = "auto") -> Iterator[Event]:
    """Go on with the run called `run` (or its number) where its last checkpoint is."""
    folder = find(home, run)
    state = Run.read(folder / runs.RUN_FILE)
    if state.state == "running" and state.pid != os.getpid() and _alive(state.pid):
        raise UsageError(f"Run {state.id} is being trained right now (process {state.pid})")
    ready = yield from prepare(home, state.recipe, part, None, device)
    check_room(home, ready)
    yield Log(text=f"Run {state.id}")
    yield from _carry_out(state, folder, ready, part)


def stop(home: Home, run: str) -> Iterator[Event]:
    """Ask a running training, wherever it runs, to save and leave."""
    folder = find(home, run)
    if Run.read(folder / runs.RUN_FILE).state != "running":
        raise UsageError(f"Run {folder.name} is not running")
    files.write_bytes(folder / runs.STOP_FILE, b"")
    yield Done(data={"run": folder.name})


def new_folder(home: Home, model: str) -> Path:
    """Make `runs/0007-model` with the next free number."""
    numbers = [int(p.name[:4]) for p in home.runs.glob("[0-9][0-9][0-9][0-9]-*")]
    folder = home.runs / f"{max(numbers, default=0) + 1:04d}-{model}"[:64]
    return files.make_folder(folder)


def find(home: Home, run: str) -> Path:
    """The folder of a run by id or number; raises NotFound."""
    for path in sorted(home.runs.glob("*")) if home.runs.is_dir() else []:
        known = path.name == run or path.name.split("-")[0].lstrip("0") == run.lstrip("0")
        if known and (path / runs.RUN_FILE).is_file():
            return path
    raise NotFound(f"There is no run {run!r}", next_step="`genstudio runs list` shows them.")


def _carry_out(state: Run, folder: Path, ready: Ready, part: Part) -> Iterator[Event]:
    """Train, keep the run's file true, and make the package."""
    note = _Note(state, folder)
    note.set(state="running", pid=os.getpid(), problem=None, device=ready.device.label)
    trainer = ready.trainer(folder)
    finished = False
    try:
        for event in trainer.run():
            if isinstance(event, Done):
                finished = True
            else:
                note.passing(event, trainer)
                yield event
        if not finished:
            note.set(state="stopped", pid=0, step=trainer.step, seconds=trainer.seconds)
            return
        yield Log(text="Writing the model package.")
        manifest = _package(folder, ready, trainer, part)
    except GeneratorExit:
        note.set(state="stopped", pid=0, step=trainer.step, seconds=trainer.seconds)
        raise
    except BaseException as error:
        problem = classify(error, "training", folder)
        note.set(state="failed", pid=0, step=trainer.step, problem=problem)
        raise
    note.set(state="done", pid=0, step=trainer.step, seconds=trainer.seconds, model=manifest.id)
    data = {
        "run": state.id, "package": str(folder / PACKAGE), "model": manifest.id,
        "step": trainer.step,
    }  # fmt: skip
    yield Done(seconds=trainer.seconds, data=data)


class _Note:
    """run.json, rewritten as the run goes on."""

    def __init__(self, state: Run, folder: Path) -> None:
        self.state, self.path, self._at = state, folder / runs.RUN_FILE, 0.0

    def set(self, **fields: object) -> None:
        self.state = self.state.model_copy(update=fields)
        files.write_bytes(self.path, self.state.to_bytes())
        self._at = time.monotonic()

    def passing(self, event: Event, trainer: Trainer) -> None:
        """Note the step now and then; it is only shown, so a full disk is no reason to end."""
        if isinstance(event, Progress) and time.monotonic() - self._at > NOTED_EVERY:
            try:
                self.set(step=trainer.step, seconds=trainer.seconds)
            except GenStudioError:
                self._at = time.monotonic()


def _package(folder: Path, ready: Ready, trainer: Trainer, part: Part) -> Manifest:
    step = _take_best(trainer)
    with watching.quiet(ready.objective, trainer.ema) as networks:
        draws = (trainer.batches.draw(number) for number in itertools.count())
        ready.objective.finish(networks, draws, trainer.seed)
        preview = watching.sheet(ready.objective, networks, trainer.batches, trainer.seed)
    seconds = trainer.seconds

    def describe(**found: object) -> Manifest:
        return _manifest(ready, step, seconds, **found)

    return package.build(
        folder / PACKAGE,
        networks,
        lambda nets: part(ready.recipe.family, "to_onnx").graphs(nets, ready.config),
        describe,
        ready.recipe,
        preview or watching.data_sheet(trainer.batches),
    )


def _take_best(trainer: Trainer) -> int:
    """Load the checkpoint that validation chose, where there is one; returns its step."""
    if trainer.best is None or trainer.best[1] == trainer.step:
        return trainer.step
    path = trainer.checkpoints / f"step-{trainer.best[1]:06d}"
    try:
        found = checkpoint.load(path, trainer.device.name)
    except GenStudioError:
        return trainer.step  # damaged since: the last one is whole
    trainer.take_weights(found)
    return found.manifest.step


def _manifest(ready: Ready, step: int, seconds: float, **found: object) -> Manifest:
    recipe, dataset = ready.recipe, ready.source.dataset
    software = f"GenStudio {genstudio.__version__}, PyTorch {torch.__version__}"
    return Manifest.model_validate(
        {
            "id": recipe.model,
            "title": recipe.title or recipe.model,
            "family": recipe.family,
            "modality": ready.family.modality,
            "description": recipe.description,
            "config": ready.config,
            "licence": recipe.licence,
            "trained_on": [
                TrainedOn(
                    name=dataset.title,
                    count=len(ready.pixels.images),
                    licence=dataset.licence,
                    attribution=dataset.attribution,
                    source=dataset.origin,
                    sha256=dataset.sha256,
                )
            ],
            "training": Training(
                steps=step,
                batch=recipe.settings.batch,
                seconds=round(seconds, 1),
                device=_device(ready),
                machine=machine(),
                software=f"{software}, Python {platform.python_version()}",
                parent=recipe.start_from,
            ),
            "limits": recipe.limits,
            "created": _now(),
            "created_by": f"GenStudio {genstudio.__version__}",
            **found,
        }
    )


def _device(ready: Ready) -> str:
    count = ready.device.threads
    return f"{ready.device.label}, {count} thread{'s' if count > 1 else ''}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
