"""`genstudio inspect`: what a file says about how it was made. Nothing read is ever run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli.running import run
from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core.errors import NotFound
from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json


def inspect(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An image, animation or package.")],
    json: JsonFlag = False,
) -> None:
    """Show the settings, the model and the label that a file carries.

    Pictures of A1111, ComfyUI, InvokeAI, Fooocus and NovelAI are understood as well as ours.
    """
    screen = Screen(json)
    place = file.expanduser().absolute()
    if not place.exists():
        raise NotFound(f"There is nothing at {file}", next_step="Check the path.")
    done = run(session_of(context).work("files", "inspect", {"path": str(place)}), screen)
    hidden = _doubled(done.data)
    plain = {k: v for k, v in done.data.items() if k not in hidden | {"settings"}}
    for line in lines("", plain):
        screen.line(line)
    if "settings" in done.data and "settings" not in hidden:
        for line in settings_lines(Foreign.model_validate(done.data["settings"])):
            screen.line(line)
    screen.show(done)


def _doubled(data: dict[str, Json]) -> set[str]:
    """Facts that are said in other words too; `--json` has them all."""
    said = {"path", "keys", "provenance", "foreign"}
    if data.get("parameters"):
        said.add("parameters_text")
    if data.get("made_here"):
        return said | {"parameters", "settings"}
    return said | {"parameters"} if data.get("settings") else said | {"settings"}


def settings_lines(found: Foreign) -> list[str]:
    """The settings that another program wrote; further lines of a prompt are indented."""
    made = ["settings"]
    for name, text in found.facts():
        first, *rest = _word(text).split("\n")
        made += [f"  {name:<16} {first}", *(f"  {'':<16} {line}" for line in rest)]
    return made if len(made) > 1 else []


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
