"""`genstudio models`: the library of installed model packages."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from genstudio.cli import comparing
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, duration, program, size
from genstudio.cli.session import JsonFlag, Session, session_of
from genstudio.core import evaluations, events
from genstudio.core import fast as copies
from genstudio.core.controls import Seed, is_input
from genstudio.core.family import Task
from genstudio.core.manifest import Manifest, Score

app = typer.Typer(help="List, check, compare, import and export models.", no_args_is_help=True)
app.command()(comparing.card)
app.command()(comparing.compare)
ModelId = Annotated[str, typer.Argument(metavar="ID", help="Id of an installed model.")]


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All installed models."""
    session = session_of(context)
    screen = Screen(json)
    found = session.studio.library.list()
    screen.table(
        ("id", "title", "family", "data", "where"),
        (
            (
                model.id,
                model.title,
                model.manifest.family,
                ", ".join(data.name for data in model.manifest.trained_on),
                "bundled" if model.bundled else "yours",
            )
            for model in found
        ),
    )
    for problem in session.studio.library.problems:
        screen.remark(f"warning: {problem.sentence}")
    facts: list[Any] = [_facts(model.manifest, model.bundled) for model in found]
    screen.show(events.Done(data={"models": facts}))


def _facts(manifest: Manifest, bundled: bool) -> dict[str, Any]:
    return {
        "id": manifest.id,
        "title": manifest.title,
        "family": manifest.family,
        "modality": manifest.modality,
        "bundled": bundled,
    }


@app.command()
def show(context: typer.Context, model: ModelId, json: JsonFlag = False) -> None:
    """What a model is, what it can be asked, and how good it is."""
    screen = Screen(json)
    session = session_of(context)
    found = session.studio.library.get(model)
    manifest = found.manifest
    scores = evaluations.scores(session.home, manifest)
    for line in [*_about(manifest), f"folder     {found.folder}"]:
        screen.line(line)
    for task in found.tasks:
        screen.line("")
        for line in _task_lines(task):
            screen.line(line)
    if scores:
        screen.line("")
        screen.table(("score", "value", "95 % interval", "real data"), map(score_row, scores))
    if manifest.limits:
        screen.line(f"\nLimits: {manifest.limits}")
    shown = manifest.model_copy(update={"scores": scores})
    screen.show(events.Done(data={"model": shown.model_dump(mode="json")}))


def _about(manifest: Manifest) -> list[str]:
    training = manifest.training
    data = "; ".join(
        f"{d.name} ({d.count:,} items{', ' + d.licence if d.licence else ''})"
        for d in manifest.trained_on
    )
    facts = {
        "id": manifest.id,
        "title": manifest.title,
        "about": manifest.description,
        "family": manifest.family,
        "licence": manifest.licence,
        "data": data,
        "training": f"{training.steps:,} steps, {duration(training.seconds)}, {training.machine}",
        "size": size(sum(entry.size for entry in manifest.files)),
    }
    return [f"{name:<10} {value}" for name, value in facts.items() if value]


def _task_lines(task: Task) -> list[str]:
    lines = [f"{task.name}: {task.help or task.title}"]
    for control in task.controls:
        lines.append(f"  {flag_of(control):<24} {control.label}{range_of(control)}")
    return lines


def flag_of(control: Any) -> str:
    """The words that set a control on the command line."""
    if control.name == "count" or isinstance(control, Seed):
        return f"--{control.name} N"
    return f"--input {control.name}=FILE" if is_input(control) else f"--set {control.name}=…"


def range_of(control: Any) -> str:
    """The values a control takes, in words: ` (0 to 1, default 0.7)`."""
    facts = []
    if hasattr(control, "low"):
        facts.append(f"{_plain(control.low)} to {_plain(control.high)}")
    if hasattr(control, "options"):
        facts.append(", ".join(option.value for option in control.options))
    default = getattr(control, "default", None)
    if default not in (None, ""):
        facts.append(f"default {_plain(default)}")
    if is_input(control) and not control.required:
        facts.append("optional")
    return f" ({'; '.join(facts)})" if facts else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def score_row(score: Score) -> tuple[str, str, str, str]:
    """Name, value, interval and the same score of real data, in words."""
    unit = f" {score.unit}" if score.unit else ""
    known = score.low is not None and score.high is not None
    span = f"{score.low:.4g} to {score.high:.4g}" if known else ""
    floor = f"{score.floor:.4g}" if score.floor is not None else ""
    return score.metric, f"{score.value:.4g}{unit}", span, floor


@app.command()
def verify(context: typer.Context, model: ModelId, json: JsonFlag = False) -> None:
    """Check every file of a model and run its probe in onnxruntime."""
    session, screen = session_of(context), Screen(json)
    session.studio.library.get(model)
    done = run(session.work("generate", "verify", {"model": model}), screen)
    screen.line(f"{model} is whole and answers as it did in training. {_probe_words(done)}".strip())
    screen.show(done)


@app.command()
def fast(
    context: typer.Context,
    model: ModelId,
    samples: Annotated[
        int, typer.Option(min=8, max=2000, help="Pictures to measure the loss on.")
    ] = 48,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the copy instead.")] = False,
    json: JsonFlag = False,
) -> None:
    """Make a copy of a model in 8-bit whole numbers, and measure what it gains and loses.

    It lies in the data folder and is used with `generate --set fast=on`. Beyond a bound of loss
    it is not kept.
    """
    session, screen = session_of(context), Screen(json)
    found = session.studio.library.get(model)
    if remove:
        gone = copies.remove(session.home, found.id)
        screen.line(f"{model} has no fast copy any more." if gone else f"{model} had none.")
        screen.show(events.Done(data={"model": model, "removed": gone}))
        return
    body = {"model": model, "samples": samples}
    done = run(session.work("generate", "make_fast", body), screen)
    screen.line(str(done.data.get("text", "")))
    screen.show(done)


@app.command()
def repack(
    context: typer.Context,
    model: ModelId,
    out: Annotated[Path, typer.Option(help="Folder for the new package; replaced if it exists.")],
    precision: Annotated[
        Literal["int8", "fp16", "fp32"], typer.Option(help="How the weights are to be kept.")
    ] = "int8",
    json: JsonFlag = False,
) -> None:
    """Write a model anew with its weights in other numbers; 8 bits halve the size of 16.

    Scores are left out: measure them again with `evaluate`, which tells what the rounding cost.
    """
    session, screen = session_of(context), Screen(json)
    session.studio.library.get(model)
    body: dict[str, Any] = {
        "model": model, "out": str(out.expanduser().absolute()), "precision": precision,
    }  # fmt: skip
    done = run(session.work("train", "repack", body), screen)
    screen.line(f"{done.data['path']} ({size(int(str(done.data['bytes'])))})")
    screen.show(done)


@app.command()
def merge(
    context: typer.Context,
    model: ModelId,
    name: Annotated[str, typer.Argument(help="Id of the whole model that is made.")],
    json: JsonFlag = False,
) -> None:
    """Make an add-on and the model that it lies over into one model of its own."""
    session, screen = session_of(context), Screen(json)
    session.studio.library.get(model)
    with tempfile.TemporaryDirectory(prefix="genstudio-merge-") as folder:
        out = Path(folder) / "package"
        body: dict[str, Any] = {"model": model, "out": str(out), "name": name}
        done = run(session.work("train", "merge", body), screen)
        made = session.studio.library.install(out)
    screen.line(f"{made.id} ({size(int(str(done.data['bytes'])))})")
    screen.show(done)


def _probe_words(done: events.Done) -> str:
    text = done.data.get("text", "")
    return str(text) if isinstance(text, str) else ""


@app.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A model package: a folder or a zip.")],
    json: JsonFlag = False,
) -> None:
    """Check a model package, copy it into the library and run its probe."""
    session, screen = session_of(context), Screen(json)
    name = install(session, screen, path.expanduser().absolute())
    screen.line(name)
    screen.remark(f"Try it:  {program()} generate {name}", human=True)
    screen.show(events.Done(data={"model": name}))


def install(session: Session, screen: Screen, path: Path) -> str:
    """Install the package and verify it in this process; a bad one is taken out again."""
    model = session.studio.library.install(path)
    try:
        run(session.work("generate", "verify", {"model": model.id}), screen)
    except BaseException:
        session.studio.library.remove(model.id)
        raise
    return model.id


@app.command()
def export(
    context: typer.Context,
    model: ModelId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip to write.")],
    json: JsonFlag = False,
) -> None:
    """Write a model as one zip file that `models import` reads."""
    place = session_of(context).studio.library.export(model, file.expanduser().absolute())
    screen = Screen(json)
    path = str(place or file)
    screen.line(path)
    screen.show(events.Done(data={"path": path}))


@app.command()
def remove(context: typer.Context, model: ModelId, json: JsonFlag = False) -> None:
    """Move one of your models to the trash."""
    session_of(context).studio.library.remove(model)
    screen = Screen(json)
    screen.line(f"{model} is in the trash.")
    screen.show(events.Done(data={"model": model}))
