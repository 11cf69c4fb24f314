"""`genstudio models card` and `genstudio models compare`: scores for people."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, Session, session_of
from genstudio.core import evaluations, events
from genstudio.core.comparing import Cell, Table, table
from genstudio.core.errors import UsageError

UNCOMPARED = "(unlike)"


def card(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="ID", help="Id of an installed model.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The .html or .md file to write.")],
    pairs: Annotated[
        bool,
        typer.Option(help="Show samples beside their nearest training pictures (HTML only)."),
    ] = False,
    replace: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
    json: JsonFlag = False,
) -> None:
    """Write a model's card as one HTML or Markdown file, with its newest scores."""
    from genstudio.studio import cards

    session, screen = session_of(context), Screen(json)
    found = session.studio.library.get(model)
    path = cards.export(session.home, found, out.expanduser().absolute(), replace, pairs)
    screen.line(str(path))
    screen.show(events.Done(data={"path": str(path)}))


def compare(
    context: typer.Context,
    models: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of installed models.")],
    json: JsonFlag = False,
) -> None:
    """Scores of models side by side; numbers that were measured differently are not compared."""
    session, screen = session_of(context), Screen(json)
    if len(set(models)) < 2:
        raise UsageError("two different models at least are needed for a comparison")
    found = _table(session, list(dict.fromkeys(models)))
    if not found.columns:
        raise UsageError(
            "none of these models was measured yet",
            next_step="`genstudio evaluate MODEL --data NAME` does it.",
        )
    screen.table(("score", *found.titles, "real data", "better"), _rows(found))
    if any(cell.best for row in found.cells for cell in row):
        screen.remark("* the best, or not to be told from it at 95 %", human=True)
    for sentence in found.refused:
        screen.remark(sentence, human=True)
    screen.show(events.Done(data={"table": _facts(found)}))


def _table(session: Session, models: list[str]) -> Table:
    library = session.studio.library
    known = [library.get(name) for name in models]
    return table([(m.title, evaluations.scores(session.home, m.manifest)) for m in known])


def _rows(found: Table) -> list[tuple[str, ...]]:
    rows = []
    for place, column in enumerate(found.columns):
        cells = [_words(row[place]) for row in found.cells]
        floor = "" if column.floor is None else f"{column.floor:.4g}"
        rows.append((column.metric, *cells, floor, column.better))
    return rows


def _words(cell: Cell) -> str:
    if cell.refused:
        return f"{cell.value} {UNCOMPARED}"
    span = f" ({cell.interval})" if cell.interval else ""
    return f"{cell.value}{span}{' *' if cell.best else ''}"


def _facts(found: Table) -> dict[str, Any]:
    """The table as JSON."""
    return {
        "titles": list(found.titles),
        "columns": [asdict(column) for column in found.columns],
        "cells": [
            [
                {
                    "value": None if cell.score is None else cell.score.value,
                    "low": None if cell.score is None else cell.score.low,
                    "high": None if cell.score is None else cell.score.high,
                    "refused": cell.refused,
                    "best": cell.best,
                    "axis": cell.axis,
                }
                for cell in row
            ]
            for row in found.cells
        ],
        "refused": list(found.refused),
        "axes": list(found.axes),
    }
