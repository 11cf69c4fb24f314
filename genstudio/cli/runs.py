"""`genstudio runs`: trainings that ran, run, or can go on."""

from __future__ import annotations

from typing import Annotated

import typer

from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, session_of
from genstudio.cli.train import train_and_install
from genstudio.core import events
from genstudio.core.errors import GenStudioError

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
    }
    for name, value in facts.items():
        if value:
            screen.line(f"{name:<8} {value}")
    screen.show(events.Done(data={"run": found.model_dump(mode="json")}))


@app.command()
def resume(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Go on where a run stopped, from its last checkpoint."""
    session = session_of(context)
    found = session.studio.runs.get(run)
    installed = {model.id for model in session.studio.library.list()}
    if found.state == "done" and found.model in installed:
        raise GenStudioError(
            f"{run} is done already", next_step=f"Go on from its model: --from {found.model}."
        )
    train_and_install(session, Screen(json), {"run": found.id})


@app.command()
def stop(context: typer.Context, run: RunId, json: JsonFlag = False) -> None:
    """Ask a running training to save a checkpoint and leave."""
    session, screen = session_of(context), Screen(json)
    session.studio.runs.stop(run)
    found = session.studio.runs.get(run)
    screen.line(f"{found.id} will save a checkpoint and stop.")
    screen.show(events.Done(data={"run": found.id}))
