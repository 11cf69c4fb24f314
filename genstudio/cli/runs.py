"""`genstudio runs`: trainings that ran, run, or can go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli import spreading
from genstudio.cli.screen import Screen, duration, program
from genstudio.cli.session import JsonFlag, Session, session_of
from genstudio.cli.train import install, parse_settings, train_and_install
from genstudio.core import events
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.run import Run
from genstudio.core.stored import Json

app = typer.Typer(help="List, resume and stop trainings.", no_args_is_help=True)
RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, such as 0007-gan-shells.")]


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All runs, the newest first."""
    screen = Screen(json)
    found = session_of(context).studio.runs.list()
    screen.table(
        ("run", "state", "step", "of", "time", "model"),
        (
            (
                run.id,
                run.state,
                f"{run.step:,}",
                f"{run.recipe.settings.steps:,}",
                duration(run.seconds),
                run.model or run.recipe.model,
            )
            for run in found
        ),
    )
    screen.show(events.Done(data={"runs": [run.model_dump(mode="json") for run in found]}))


@app.command()
def show(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """State, recipe and last numbers of a run."""
    session, screen = session_of(context), Screen(json)
    found = session.studio.runs.get(run)
    recipe = found.recipe
    facts = {
        "run": found.id,
        "state": found.state,
        "family": recipe.family,
        "data": recipe.data,
        "step": f"{found.step:,} of {recipe.settings.steps:,}",
        "time": duration(found.seconds),
        "device": found.device,
        "folder": str(session.home.runs / found.id),
        "problem": found.problem.sentence if found.problem else "",
        "options": ", ".join(f"{name}={value}" for name, value in recipe.options.items()),
        "best": f"step {found.best_step:,}" if found.best_step else "",
        "changes": "; ".join(f"step {c.step}: {c.what}" for c in found.changes),
    }
    for name, value in facts.items():
        if value:
            screen.line(f"{name:<8} {value}")
    for advice in session.studio.runs.advice(found.id):
        screen.line(f"doctor   {advice.level}: {advice.text}")
    screen.show(events.Done(data={"run": found.model_dump(mode="json")}))


@app.command()
def resume(
    context: typer.Context,
    run: RunId,
    devices: spreading.Devices = 1,
    nodes: spreading.Nodes = 1,
    max_restarts: spreading.Restarts = 0,
    rendezvous: spreading.Rendezvous = "",
    json: JsonFlag = False,
) -> None:
    """Go on where a run stopped, from its last checkpoint."""
    session = session_of(context)
    spread = spreading.Spread(devices, nodes, max_restarts, rendezvous)
    found = _unfinished(session, run)
    train_and_install(session, Screen(json), {"run": found.id}, spread=spread)


@app.command()
def stop(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Ask a running training to save a checkpoint and leave."""
    session, screen = session_of(context), Screen(json)
    session.studio.runs.pause(run)
    _asked(session, screen, run, "will save a checkpoint and stop")


@app.command()
def keep(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """End a training here: the best state so far becomes the model."""
    session, screen = session_of(context), Screen(json)
    found = _unfinished(session, run)
    if found.state == "running":
        session.studio.runs.keep(run)
        _asked(session, screen, run, "will end and make its model")
        return
    train_and_install(session, screen, {"run": found.id}, "finish")


@app.command("try")
def try_(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Put the model as it is now on the shelf; a training that runs goes on."""
    session, screen = session_of(context), Screen(json)
    found = _unfinished(session, run)
    if found.state == "running":
        session.studio.runs.try_out(run)
        _asked(session, screen, run, "will hand out its model as it is")
        return
    done = events.Done()
    for event in session.work("train", "try", {"run": found.id}):
        if isinstance(event, events.Result):
            screen.line(install(session, Path(event.path)).id)
        elif isinstance(event, events.Done):
            done = event
        else:
            screen.show(event)
    screen.show(done)


@app.command()
def amend(
    context: typer.Context,
    run: RunId,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V", help="A setting of the family or of the trainer."),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Let a stopped training go on with other settings."""
    session, screen = session_of(context), Screen(json)
    found = _unfinished(session, run)
    if not set_:
        raise UsageError("say what shall change: --set K=V")
    options, settings = parse_settings(found.recipe, set_)
    found = session.studio.runs.amend(found.id, options, settings)
    screen.line(f"{found.id}: {found.changes[-1].what}, from step {found.step} on.")
    screen.show(events.Done(data={"run": found.model_dump(mode="json")}))


@app.command()
def compare(
    context: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN RUN …", help="Two runs or more.")],
    json: JsonFlag = False,
) -> None:
    """What differs between trainings, and how far they came."""
    session, screen = session_of(context), Screen(json)
    if len(runs) < 2:
        raise UsageError("name at least two runs")
    shelf = session.studio.runs
    found = [shelf.get(run) for run in runs]
    rows = differences(found)
    rows += numbers([shelf.metrics(run.id) for run in found])
    screen.table(("", *(run.id for run in found)), rows)
    screen.show(events.Done(data={"runs": [run.id for run in found], "rows": [*map(list, rows)]}))


@app.command()
def remove(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Move a training that does not run to the trash."""
    session, screen = session_of(context), Screen(json)
    found = session.studio.runs.get(run)
    session.studio.runs.remove(run)
    screen.line(
        f"{found.id} is in the trash; bring it back with: {program()} runs restore {found.id}"
    )
    screen.show(events.Done(data={"run": found.id}))


@app.command()
def restore(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Bring back a removed training."""
    screen = Screen(json)
    found = session_of(context).studio.runs.restore(run)
    screen.line(f"{found.id} is back.")
    screen.show(events.Done(data={"run": found.id}))


def differences(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """State and step of the runs, and each value of their recipes that is not the same in all."""
    flat = [_flat(run) for run in runs]
    names = dict.fromkeys(name for each in flat for name in each)
    always = ("state", "step", "time")
    rows = [(name, *(each.get(name, "-") for each in flat)) for name in names]
    return [row for row in rows if row[0] in always or len(set(row[1:])) > 1]


def _flat(run: Run) -> dict[str, str]:
    recipe = run.recipe
    first = {"state": run.state, "step": f"{run.step:,}", "time": duration(run.seconds)}
    facts = {"family": recipe.family, "data": recipe.data, "from": recipe.start_from or "-"}
    values = {**facts, "seed": recipe.seed, **recipe.options, **recipe.settings.model_dump()}
    return {**first, **{name: str(value) for name, value in values.items()}}


def numbers(logs: Sequence[Sequence[Mapping[str, Json]]]) -> list[tuple[str, ...]]:
    """The last value of every number that all runs have."""
    last: list[dict[str, float]] = []
    for rows in logs:
        found: dict[str, float] = {}
        for row in rows:
            found.update({k: v for k, v in row.items() if k != "step" and isinstance(v, float)})
        last.append(found)
    names = [name for name in last[0] if all(name in each for each in last)]
    return [(name, *(f"{each[name]:.4g}" for each in last)) for name in names]


def _unfinished(session: Session, run: str) -> Run:
    """The run; raises GenStudioError where its finished model is installed: an earlier state must
    not take that model's place, nor may its recipe be told differently afterwards."""
    found = session.studio.runs.get(run)
    installed = {model.id for model in session.studio.library.list()}
    if found.state == "done" and found.model in installed:
        raise GenStudioError(
            f"{run} is done already", next_step=f"Go on from its model: --from {found.model}."
        )
    return found


def _asked(session: Session, screen: Screen, run: str, what: str) -> None:
    found = session.studio.runs.get(run)
    screen.line(f"{found.id} {what}.")
    screen.show(events.Done(data={"run": found.id}))
