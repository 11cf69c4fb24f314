"""`genstudio train`: a Recipe from a file or from flags, trained, checked and installed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from genstudio import families
from genstudio.cli import spreading
from genstudio.cli.running import Stopped, run
from genstudio.cli.screen import Screen, duration, program, size
from genstudio.cli.session import JsonFlag, Session, pairs, session_of
from genstudio.core import controls, evaluations, events
from genstudio.core.budget import BUDGETS, budget
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.manifest import RECIPE
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import NAME_PATTERN, to_name
from genstudio.studio import recipes, tuning
from genstudio.studio.library import Model

RESUMABLE = "Stopped; go on with: genstudio runs resume RUN (`genstudio runs list` shows them)."
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="A setting of the family or of the trainer."),
]
HoldOut = Annotated[
    list[str] | None,
    typer.Option(
        metavar='"A + B"',
        help="Do not train on pictures whose caption says all of these; may be repeated.",
    ),
]
For = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="TIME",
        help=f"How long: {', '.join(b.name for b in BUDGETS)}; measured first.",
    ),
]


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
    set_: Set = None,
    from_: Annotated[
        str, typer.Option("--from", metavar="MODEL", help="Go on from this model's weights.")
    ] = "",
    name: Annotated[str, typer.Option(help="Id of the new model.")] = "",
    hold_out: HoldOut = None,
    steps: Annotated[int | None, typer.Option(min=1, help="How many steps to train.")] = None,
    for_: For = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the training.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only measure and show the plan.")
    ] = False,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the run; `runs resume RUN` trains it.")
    ] = False,
    devices: spreading.Devices = 1,
    nodes: spreading.Nodes = 1,
    max_restarts: spreading.Restarts = 0,
    rendezvous: spreading.Rendezvous = "",
    json: JsonFlag = False,
) -> None:
    """Train a model on your data; it is installed when it is done."""
    session, screen = session_of(context), Screen(json)
    spread = spreading.Spread(devices, nodes, max_restarts, rendezvous, prepare)
    made, base = _choose(session, recipe, family, data, preset, from_)
    made = _named(apply_settings(made, set_ or [], steps), name, seed, hold_out or [])
    made = spreading.in_shards(made, spread)
    made = made.model_copy(update={"model": free_model_name(session, screen, made.model)})
    # Only what was asked for: a preset that the recipe names fills in the rest.
    body = {"recipe": recipes.to_body(made), "base": str(base)}
    if dry_run or for_:
        found = run(session.work("train", "plan", body), screen)
        if for_:
            made, found = for_time(made, found, for_)
            body["recipe"] = recipes.to_body(made)
        show_plan(screen, made, found, whole=dry_run)
    if from_:
        parent = session.studio.library.get(from_)
        screen.remark(tuning.in_words(made, parent), human=True)
    if prepare and not dry_run:
        spreading.prepare(session, screen, body)
    elif not dry_run:
        train_and_install(session, screen, body, spread=spread)


def for_time(recipe: Recipe, plan: events.Done, name: str) -> tuple[Recipe, events.Done]:
    """The recipe for the time called `name`, by a measured plan, and the plan for it."""
    budget(name)  # raises UsageError with the names that are known
    chosen = plan.data["budgets"][name]  # type: ignore[index,call-overload]
    means = {key: value for key, value in chosen.items() if key not in ("title", "settings")}
    recipe = recipes.changed(recipe, {}, chosen["settings"])
    return recipe, plan.model_copy(update={"data": {**plan.data, **means}})


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


def _named(recipe: Recipe, name: str, seed: int | None, hold_out: Sequence[str]) -> Recipe:
    changes: dict[str, Any] = {"model": _model_name(name)} if name else {}
    if seed is not None:
        changes["seed"] = seed
    if hold_out:
        changes["hold_out"] = tuple(hold_out)
    return recipe.model_copy(update=changes)


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
    more = [f"steps={steps}"] if steps is not None else []
    return recipes.changed(recipe, *parse_settings(recipe, [*words, *more]))


def parse_settings(recipe: Recipe, words: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`K=V` words as options of the recipe's family and settings of the trainer."""
    texts = pairs(words)
    fields = TrainerSettings.model_fields
    own = {c.name: c for c in families.family(recipe.family).options}
    for key in texts:
        if key not in fields and key not in own:
            known = ", ".join([*own, *fields])
            raise UsageError(f"there is no setting {key!r} here; known are: {known}")
    options = controls.parse_values(own.values(), {k: v for k, v in texts.items() if k in own})
    return options, {k: v for k, v in texts.items() if k not in own}


PLAN: dict[str, tuple[str, Callable[[Any], str]]] = {
    "device": ("device", str),
    "seconds_per_step": ("a step", lambda value: f"{value * 1000:.0f} ms"),
    "seconds": ("in all", duration),
    "memory_bytes": ("memory", size),
    "disk_bytes": ("disk", size),
    "free_bytes": ("free disk", size),
    "parameters": ("parameters", "{:,}".format),
    "pictures": ("pictures", "{:,}".format),
    "texts": ("texts", "{:,}".format),
    "tokens": ("tokens", "{:,}".format),
}


def show_plan(screen: Screen, recipe: Recipe, done: events.Done, whole: bool = True) -> None:
    """What measuring found: the sentence; and with `whole` time, memory and disk in a table."""
    data = done.data
    if not whole:
        screen.remark(str(data.get("sentence", "")), human=True)
        return
    steps = data.get("steps", recipe.settings.steps)
    screen.line(f"{recipe.model}: {recipe.family}, {steps:,} steps on {recipe.data}")
    for name, (label, words) in PLAN.items():
        if name in data:
            screen.line(f"  {label:<12} {words(data[name])}")
    for name in ("sentence", "little_data"):
        if data.get(name):
            screen.line(str(data[name]))
    knob = data.get("knob")
    if isinstance(knob, dict):
        screen.line(f"To make it fit: {knob['title']}.")
    screen.show(done)


def train_and_install(
    session: Session,
    screen: Screen,
    body: Mapping[str, Any],
    name: str = "train",
    spread: spreading.Spread | None = None,
) -> None:
    """Run the training of `body` (a recipe or a run), check the package and install it."""
    several = spread is not None and spread.several
    if spread is not None and several:
        stream = spreading.training(session, body, spread)
    else:
        stream = session.work("train", name, body)
    done = run(_installing(session, screen, stream), screen, stopped=RESUMABLE)
    if several and "package" not in done.data and not done.data.get("step"):
        return  # another machine has the first process, and installs
    if "package" not in done.data:
        # Somebody asked for a stop with `genstudio runs stop`.
        raise Stopped(RESUMABLE)
    model = install(session, Path(str(done.data["package"])))
    evaluate(session, screen, model)
    screen.line(model.id)
    screen.remark(f"Trained in {duration(done.seconds)} ({done.data['run']}). Next:", human=True)
    screen.remark(f"  {program()} generate {model.id} --out out", human=True)
    screen.remark(f"  {program()} models show {model.id}", human=True)
    screen.show(done.model_copy(update={"data": {**done.data, "model": model.id}}))


def evaluate(session: Session, screen: Screen, model: Model) -> None:
    """Measure a model that was just trained, as the window does; without its data it is let be."""
    from genstudio.cli.child_work import do_in_child

    data = Recipe.read(model.folder / RECIPE).data
    samples = evaluations.usual_samples(model.manifest)
    screen.remark(f"Measuring {model.id} with {samples:,} samples …", human=True)
    body: dict[str, Any] = {"model": model.id, "data": data, "samples": samples, "seed": 0}
    try:
        do_in_child(session.home, "generate", "evaluate", body)
    except Stopped:
        raise
    except GenStudioError as error:
        screen.remark(f"Not measured: {error.problem.sentence}", human=True)


def install(session: Session, package: Path) -> Model:
    """Check a package that was just made and put it on the shelf, in place of an earlier state."""
    _check_in_child(session, package)
    return session.studio.library.install(package, replace=True)


def _installing(
    session: Session, screen: Screen, stream: Generator[events.Event]
) -> Generator[events.Event]:
    """The events; a package of the model so far is installed as it comes."""
    with contextlib.closing(stream):
        for event in stream:
            yield event
            if isinstance(event, events.Result) and event.output == "package":
                model = install(session, Path(event.path))
                screen.remark(f"{model.title}: {program()} generate {model.id} --out out")


def _check_in_child(session: Session, package: Path) -> None:
    """Let a generate process run the probe: torch and onnxruntime never share a process."""
    from genstudio.cli.child_work import do_in_child

    do_in_child(session.home, "generate", "install_check", {"folder": str(package)})
