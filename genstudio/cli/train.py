"""`genstudio train`: a Recipe from a file or from flags, trained, checked and installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from genstudio import families
from genstudio.cli.running import Stopped, run
from genstudio.cli.screen import Screen, duration, program, size
from genstudio.cli.session import JsonFlag, Session, pairs, session_of
from genstudio.core import controls, events
from genstudio.core.errors import UsageError
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import NAME_PATTERN, to_name
from genstudio.studio import recipes

RESUMABLE = "Stopped; go on with: genstudio runs resume RUN (`genstudio runs list` shows them)."


def train(
    context: typer.Context,
    recipe: Annotated[
        Path | None, typer.Argument(metavar="[RECIPE.json]", help="A recipe file.")
    ] = None,
    family: Annotated[
        str, typer.Option(help=f"Kind of model: {', '.join(families.names())}.")
    ] = "",
    data: Annotated[str, typer.Option(help="Name of a dataset; see `genstudio data list`.")] = "",
    preset: Annotated[str, typer.Option(help="Named settings of the family, such as tiny.")] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V", help="A setting of the family or of the trainer."),
    ] = None,
    from_: Annotated[
        str, typer.Option("--from", metavar="MODEL", help="Go on from this model's weights.")
    ] = "",
    name: Annotated[str, typer.Option(help="Id of the new model.")] = "",
    steps: Annotated[int | None, typer.Option(min=1, help="How many steps to train.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the training.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only measure and show the plan.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Train a model on your data; it is installed when it is done."""
    session, screen = session_of(context), Screen(json)
    made, base = _choose(session, recipe, family, data, preset, from_)
    changes: dict[str, Any] = {}
    if name:
        changes["model"] = _model_name(name)
    if seed is not None:
        changes["seed"] = seed
    made = apply_settings(made, set_ or [], steps).model_copy(update=changes)
    made = made.model_copy(update={"model": free_model_name(session, screen, made.model)})
    # Only what was asked for: a preset that the recipe names fills in the rest.
    body = {"recipe": recipes.to_body(made), "base": str(base)}
    if dry_run:
        plan = run(session.work("train", "plan", body), screen)
        show_plan(screen, made, plan)
        return
    train_and_install(session, screen, body)


def _choose(
    session: Session, recipe: Path | None, family: str, data: str, preset: str, parent: str
) -> tuple[Recipe, Path]:
    """The recipe that the flags ask for, and the folder its data path is relative to."""
    if sum(map(bool, (recipe, family, parent))) != 1:
        raise UsageError("give one of: a RECIPE.json, --family with --data, --from with --data")
    if recipe is not None:
        if preset:
            raise UsageError("--preset goes with --family; a recipe has its own settings")
        read = Recipe.read(recipe.expanduser().absolute())
        return (read.model_copy(update={"data": data}) if data else read), recipe.absolute().parent
    if not data:
        raise UsageError("say what to train on: --data NAME (see `genstudio data list`)")
    dataset = session.studio.datasets.get(data)
    if parent:
        return recipes.continued(session.studio.library.get(parent), dataset), Path.cwd()
    return recipes.from_scratch(family, dataset, preset), Path.cwd()


def _model_name(name: str) -> str:
    if not re.fullmatch(NAME_PATTERN, name):
        raise UsageError(
            f"a model cannot be called {name!r}; for example: {to_name(name, 'model')}"
        )
    return name


def free_model_name(session: Session, screen: Screen, name: str) -> str:
    """The name or the first free `name-2` …: hours of training must not end in a clash."""
    free = recipes.free_name(name, {model.id for model in session.studio.library.list()})
    if free != name:
        screen.remark(f"There is a model {name} already; the new one will be {free}.", human=True)
    return free


def apply_settings(recipe: Recipe, words: Sequence[str], steps: int | None) -> Recipe:
    """The recipe with `K=V` words put into the family's options or the trainer's settings."""
    texts = pairs(words)
    if steps is not None:
        texts["steps"] = str(steps)
    fields = TrainerSettings.model_fields
    own = {c.name: c for c in families.family(recipe.family).options}
    for key in texts:
        if key not in fields and key not in own:
            known = ", ".join([*own, *fields])
            raise UsageError(f"there is no setting {key!r} here; known are: {known}")
    options = controls.parse_values(own.values(), {k: v for k, v in texts.items() if k in own})
    trainer = {k: v for k, v in texts.items() if k not in own}
    return recipes.changed(recipe, options, trainer)


PLAN: dict[str, tuple[str, Callable[[Any], str]]] = {
    "device": ("device", str),
    "seconds_per_step": ("a step", lambda value: f"{value * 1000:.0f} ms"),
    "seconds": ("in all", duration),
    "memory_bytes": ("memory", size),
    "disk_bytes": ("disk", size),
    "free_bytes": ("free disk", size),
    "parameters": ("parameters", "{:,}".format),
    "pictures": ("pictures", "{:,}".format),
}


def show_plan(screen: Screen, recipe: Recipe, done: events.Done) -> None:
    """What a dry run found: time, memory, disk."""
    steps = done.data.get("steps", recipe.settings.steps)
    screen.line(f"{recipe.model}: {recipe.family}, {steps:,} steps on {recipe.data}")
    for name, (label, words) in PLAN.items():
        if name in done.data:
            screen.line(f"  {label:<12} {words(done.data[name])}")
    screen.show(done)


def train_and_install(session: Session, screen: Screen, body: Mapping[str, Any]) -> None:
    """Run the training of `body` (a recipe or a run), check the package and install it."""
    done = run(session.work("train", "train", body), screen, stopped=RESUMABLE)
    if "package" not in done.data:
        # Somebody asked for a stop with `genstudio runs stop`.
        raise Stopped(RESUMABLE)
    package = Path(str(done.data["package"]))
    _check_in_child(session, package)
    model = session.studio.library.install(package)
    screen.line(model.id)
    screen.remark(f"Trained in {duration(done.seconds)} ({done.data['run']}). Next:", human=True)
    screen.remark(f"  {program()} generate {model.id} --out out", human=True)
    screen.remark(f"  {program()} models show {model.id}", human=True)
    screen.show(done.model_copy(update={"data": {**done.data, "model": model.id}}))


def _check_in_child(session: Session, package: Path) -> None:
    """Let a generate process run the probe: torch and onnxruntime never share a process."""
    from genstudio.cli.child_work import do_in_child

    do_in_child(session.home, "generate", "install_check", {"folder": str(package)})
