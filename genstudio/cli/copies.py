"""`genstudio copies`: which passages of a text stand in what a model was trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.errors import NotFound
from genstudio.core.stored import Json

MOST_SHOWN = 60
"""Characters of a passage that are shown; `--json` has all."""


def copies(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Id of a model of text.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A txt, md, docx or html file.")],
    json: JsonFlag = False,
) -> None:
    """Find passages that stand word for word in a model's training texts, with their source."""
    session, screen = session_of(context), Screen(json)
    session.studio.library.get(model)
    place = file.expanduser().absolute()
    if not place.is_file():
        raise NotFound(f"There is no file {file}", next_step="Check the path.")
    body = {"model": model, "path": str(place)}
    done = run(session.work("generate", "copies", body), screen)
    rows = found(done.data)
    if rows:
        screen.table(("characters", "words", "source", "passage"), rows)
    screen.remark(verdict(done.data, len(rows)), human=True)
    screen.show(done)


def found(data: dict[str, Json]) -> list[tuple[str, str, str, str]]:
    """A row for each passage: where it stands, how long it is, whose it is, how it begins."""
    listed = data.get("passages")
    rows = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            text = " ".join(str(one.get("text", "")).split())
            shown = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
            span = f"{one.get('start')} to {one.get('end')}"
            rows.append((span, str(one.get("words")), str(one.get("source")), shown))
    return rows


def verdict(data: dict[str, Json], count: int) -> str:
    """What the table means, in a sentence."""
    if not data.get("known"):
        return "This model carries no fingerprints of its training texts: nothing can be told."
    surely = f"Copies of {data.get('surely')} words or more are always found, shorter ones often."
    if not count:
        return f"No copied passage was found in {data.get('sources')} training texts. {surely}"
    return f"{count} copied passage{'s' if count != 1 else ''}. {surely}"
