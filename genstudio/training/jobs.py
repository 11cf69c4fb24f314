"""A training from recipe to package, as generators of events: what worker and CLI call."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.errors import GenStudioError, NotFound, UsageError, classify
from genstudio.core.events import Done, Event, Log, Result
from genstudio.core.manifest import TOKENIZER
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.training import packing, shards
from genstudio.training.distributed import place
from genstudio.training.noting import Note
from genstudio.training.packing import now
from genstudio.training.plan import check_room
from genstudio.training.plan import plan as plan
from genstudio.training.setup import Part, Ready, prepare
from genstudio.training.sources import PARENT
from genstudio.training.trainer import Trainer

PACKAGE = "package"
TRIED = "tried"


def run_training(
    home: Home,
    recipe: Recipe,
    part: Part,
    *,
    base: Path | None = None,
    device: str = "auto",
    copy_of: str = "",
) -> Iterator[Event]:
    """Train `recipe` in a new run folder. `part` is `families.part`, `base` the recipe's folder.

    Ends with Done(data={run, package, model, step}); without package and model when it was paused.
    `copy_of` names the run that this one goes back to. Raises GenStudioError; the run's file then
    says why.
    """
    state, folder, ready = yield from _begun(home, recipe, part, base, device, copy_of)
    yield Log(text=f"Run {state.id}")
    yield from _carry_out(state, folder, ready, part)


def begin(
    home: Home, recipe: Recipe, part: Part, *, base: Path | None = None, device: str = "auto"
) -> Iterator[Event]:
    """Check all of `recipe` and make its run folder; `resume` trains it. Done(data={"run"}).

    So that several processes can carry on one run. Raises GenStudioError.
    """
    state, folder, ready = yield from _begun(home, recipe, part, base, device, "")
    settings = ready.recipe.settings
    try:
        shards.check(settings.batch, settings.shards, 1)
    except UsageError:
        files.remove(folder)
        raise
    files.write_bytes(folder / runs.RUN_FILE, state.to_bytes())
    yield Log(text=f"Run {state.id}")
    yield Done(data={"run": state.id})


def _begun(
    home: Home, recipe: Recipe, part: Part, base: Path | None, device: str, copy_of: str
) -> Generator[Event, None, tuple[Run, Path, Ready]]:
    """A new run folder with what is known before the first step."""
    ready = yield from prepare(home, recipe, part, base, device)
    check_room(home, ready)
    folder = new_folder(home, ready.recipe.model)
    state = Run(
        id=folder.name,
        recipe=ready.recipe,
        created=now(),
        device=ready.device.label,
        copy_of=copy_of,
        makes=ready.family.modality_for(ready.source.dataset.kind),
    )
    files.write_bytes(folder / runs.RECIPE_FILE, ready.recipe.to_bytes())
    if (tokenizer := getattr(ready.data, "tokenizer", None)) is not None:
        # A run that goes on must not learn another one.
        files.write_bytes(folder / TOKENIZER, tokenizer.to_bytes())
    if ready.parent is not None:
        files.write_bytes(folder / PARENT, ready.parent.manifest.to_bytes())
    return state, folder, ready


def resume(
    home: Home, run: str, part: Part, *, device: str = "auto", ends: bool = False
) -> Iterator[Event]:
    """Go on with the run called `run` (or its number) where its last checkpoint is.

    `ends`: it is not trained further, its best state becomes the model.
    """
    folder, state = _at_rest(home, run)
    if ends and not state.step:
        raise UsageError(f"Run {state.id} has not learnt anything yet; resume it first")
    ready = yield from prepare(home, state.recipe, part, None, device, folder)
    check_room(home, ready)
    yield Log(text=f"Run {state.id}")
    yield from _carry_out(state, folder, ready, part, ends)


def try_out(home: Home, run: str, part: Part, *, device: str = "auto") -> Iterator[Event]:
    """Package a paused run as its newest checkpoint is; the run stays paused.

    Result(output="package"), then Done(data={run, step}).
    """
    folder, state = _at_rest(home, run)
    ready = yield from prepare(home, state.recipe, part, None, device, folder)
    trainer = ready.trainer(folder)
    yield from trainer.restore()
    if not trainer.step:
        raise UsageError(f"Run {state.id} has not learnt anything yet; resume it first")
    note = Note(state, folder)
    for event in _attempt(note, folder, ready, trainer, part):
        if isinstance(event, Log):
            note.keep(event, trainer.step)
        yield event
    yield Done(data={"run": state.id, "step": trainer.step})


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


def _at_rest(home: Home, run: str) -> tuple[Path, Run]:
    """Folder and state of a run that no other training works on; raises UsageError."""
    folder = find(home, run)
    state = Run.read(folder / runs.RUN_FILE)
    busy = state.state == "running" and state.pid != os.getpid() and _alive(state.pid)
    if busy and place().writes:  # the other processes of one training find the first at work
        raise UsageError(f"Run {state.id} is being trained right now (process {state.pid})")
    if state.state == "running" and not busy and place().writes:
        # Its process was killed. Until it trains again it rests: that is what a reader is to see.
        state = state.model_copy(update={"state": "stopped", "pid": 0})
        files.write_bytes(folder / runs.RUN_FILE, state.to_bytes())
    return folder, state


def _carry_out(
    state: Run, folder: Path, ready: Ready, part: Part, ends: bool = False
) -> Iterator[Event]:
    """Train, keep the run's file true, and make the package."""
    note = Note(state, folder)
    if place().writes:
        for wish in runs.WISHES:  # old ones: from here on the run is running and can be asked
            files.remove(folder / wish)
    note.set(state="running", pid=os.getpid(), problem=None, device=ready.device.label)
    trainer = ready.trainer(folder)
    trainer.attempt = lambda: _attempt(note, folder, ready, trainer, part)
    finished = False
    try:
        for event in trainer.run(ends):
            note.passing(event, trainer)
            if isinstance(event, Done):
                finished = True
            else:
                yield event
        if finished:
            yield note.keep(Log(text="Writing the model package."), trainer.step)
            model = _finish(note, folder, ready, trainer, part)
    except GeneratorExit:
        note.rest("stopped", trainer)
        raise
    except BaseException as error:
        note.rest("failed", trainer, problem=classify(error, "training", folder))
        raise
    if not finished:
        note.rest("stopped", trainer)
        yield Done(seconds=trainer.seconds, data={"run": state.id, "step": trainer.step})
        return
    note.rest("done", trainer, model=model)
    data = {
        "run": state.id, "package": str(folder / PACKAGE), "model": model, "step": trainer.step,
    }  # fmt: skip
    yield Done(seconds=trainer.seconds, data=data)


def _finish(note: Note, folder: Path, ready: Ready, trainer: Trainer, part: Part) -> str:
    """Make the package (the first of several processes does); the model's id."""
    recipe = note.state.recipe
    if trainer.place.writes:
        packing.finished(folder / PACKAGE, ready, recipe, trainer, part)
    return recipe.model


def _attempt(
    note: Note, folder: Path, ready: Ready, trainer: Trainer, part: Part
) -> Iterator[Event]:
    """The model as it is now, as a package; when that fails, training goes on all the same."""
    if not trainer.place.writes:
        return
    recipe, out = note.state.recipe, folder / TRIED
    try:
        manifest = packing.so_far(out, ready, recipe, trainer, part)
    except GenStudioError as error:
        yield Log(level="warning", text=f"The model so far was not packed: {error.problem.what}.")
        return
    yield Log(text=f"The model as it is at step {trainer.step} is packed.")
    data = {"model": manifest.id, "run": note.state.id, "step": trainer.step}
    yield Result(path=str(out), output="package", data=data)


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
