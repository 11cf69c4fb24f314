"""`genstudio evaluate`: scores of a model against real data."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from genstudio.cli.models import score_row
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.manifest import Score
from genstudio.core.stored import Json


def evaluate(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Id of a model.")],
    data: Annotated[str, typer.Option(help="Name of the dataset to compare with.")],
    metric: Annotated[
        list[str] | None, typer.Option(help="Only this metric; repeat at will. Default: all.")
    ] = None,
    samples: Annotated[
        int, typer.Option(min=16, help="How many samples to draw; fewer for small datasets.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the samples.")] = 0,
    judge: Annotated[
        str, typer.Option(help="Id of the judge; else the one that fits, or the general one.")
    ] = "",
    rewrite: Annotated[
        bool, typer.Option(help="Write on the card of a model of the program too (for its makers).")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Score a model on the held-out part of a dataset; your own models' cards keep the scores."""
    session, screen = session_of(context), Screen(json)
    session.studio.library.get(model)
    session.studio.datasets.get(data)
    body: dict[str, Json] = {
        "model": model,
        "data": data,
        "metrics": list(metric or []),
        "samples": samples,
        "seed": seed,
        "judge": judge,
        "rewrite": rewrite,
    }
    done = run(session.work("generate", "evaluate", body), screen)
    screen.table(
        ("score", "value", "95 % interval", "real data"), map(score_row, scores(done.data))
    )
    nearest = done.data.get("nearest")
    if nearest and done.data.get("pairs"):
        screen.remark(f"The samples nearest to training pictures: {nearest}", human=True)
    screen.remark(f"Done in {duration(done.seconds)}.", human=True)
    screen.show(done)


def scores(data: dict[str, Json]) -> list[Score]:
    """The scores in the data of a Done event."""
    try:
        return TypeAdapter(list[Score]).validate_python(data.get("scores", []))
    except ValidationError:
        return []
