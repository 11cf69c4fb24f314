"""`genstudio inspect`: what a file says about how it was made. Nothing read is ever run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.errors import NotFound
from genstudio.core.stored import Json


def inspect(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An image, animation or package.")],
    json: JsonFlag = False,
) -> None:
    """Show the settings, the model and the label that a file carries."""
    screen = Screen(json)
    place = file.expanduser().absolute()
    if not place.exists():
        raise NotFound(f"There is nothing at {file}", next_step="Check the path.")
    done = run(session_of(context).work("files", "inspect", {"path": str(place)}), screen)
    for line in lines("", {k: v for k, v in done.data.items() if k not in _doubled(done.data)}):
        screen.line(line)
    screen.show(done)


def _doubled(data: dict[str, Json]) -> set[str]:
    """Facts that are said in other words too; `--json` has them all."""
    said = {"path", "keys", "provenance"}
    if data.get("parameters"):
        said.add("parameters_text")
    return said | {"parameters"} if data.get("made_here") else said


def lines(indent: str, value: dict[str, Json]) -> list[str]:
    """Nested facts as indented `name value` lines; empty ones are left out."""
    found: list[str] = []
    for name, item in value.items():
        if item in (None, "", [], {}):
            continue
        if isinstance(item, dict):
            found += [f"{indent}{name}", *lines(indent + "  ", item)]
        elif isinstance(item, list):
            found.append(f"{indent}{name:<14} {', '.join(map(_word, item))}")
        else:
            found.append(f"{indent}{name:<14} {_word(item)}")
    return found


def _word(item: Json) -> str:
    # Foreign text must not steer the terminal: only printable characters and plain line ends.
    text = str(item)
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
