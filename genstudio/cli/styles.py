"""`genstudio styles`: named words around a prompt, the same that the window keeps."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from pydantic import ValidationError

from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core import events
from genstudio.core.errors import UsageError
from genstudio.core.stored import first_fault
from genstudio.core.style import Style

app = typer.Typer(help="List, keep and remove styles of prompts.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the style.")]


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All styles with what they add to a prompt."""
    screen = Screen(json)
    found = session_of(context).studio.styles.list()
    rows = ((style.name, style.prompt, style.negative, _settings(style)) for style in found)
    screen.table(("name", "prompt", "avoids", "settings"), rows)
    facts: list[Any] = [style.model_dump(mode="json") for style in found]
    screen.show(events.Done(data={"styles": facts}))


@app.command()
def add(
    context: typer.Context,
    name: Name,
    prompt: Annotated[
        str, typer.Option(help="Words; {prompt} stands where yours go, else these come behind.")
    ] = "",
    negative: Annotated[str, typer.Option(help="Words to avoid.")] = "",
    json: JsonFlag = False,
) -> None:
    """Keep a style; one of the same name is replaced."""
    if not prompt.strip() and not negative.strip():
        raise UsageError("a style needs --prompt or --negative")
    try:
        style = Style(name=name, prompt=prompt, negative=negative)
    except ValidationError as error:
        raise UsageError(f"this is no style: {first_fault(error)}") from error
    before = session_of(context).studio.styles.keep(style)
    screen = Screen(json)
    screen.remark(f"{style.name}: {'replaced' if before else 'kept'}", human=True)
    screen.show(events.Done(data={"style": style.model_dump(mode="json")}))


@app.command()
def remove(context: typer.Context, name: Name, json: JsonFlag = False) -> None:
    """Take a style away."""
    gone = session_of(context).studio.styles.remove(name)
    screen = Screen(json)
    screen.remark(f"{gone.name}: removed", human=True)
    screen.show(events.Done(data={"style": gone.model_dump(mode="json")}))


def _settings(style: Style) -> str:
    return ", ".join(f"{name}={value}" for name, value in style.values.items())
