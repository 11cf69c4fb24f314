"""`genstudio templates`: texts with fields, those delivered and one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from genstudio.cli.screen import Screen
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core import events
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.stored import first_fault, read_limited
from genstudio.core.template import Template, plain_fields

app = typer.Typer(help="List, show, keep and remove templates of texts.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the template.")]
MAX_BYTES = 64 * 1024


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All templates with their fields."""
    screen = Screen(json)
    found = session_of(context).studio.templates.list()
    rows = (
        (template.id, ", ".join(field.name for field in template.fields), template.help)
        for template in found
    )
    screen.table(("name", "fields", "what it is for"), rows)
    facts: list[Any] = [template.model_dump(mode="json") for template in found]
    screen.show(events.Done(data={"templates": facts}))


@app.command()
def show(context: typer.Context, name: Name, json: JsonFlag = False) -> None:
    """The text of a template and what its fields mean."""
    screen = Screen(json)
    template = session_of(context).studio.templates.get(name)
    screen.line(template.text)
    rows = (
        (
            field.name,
            field.default,
            ", ".join(option.value for option in field.options) or field.example,
            field.help,
        )
        for field in template.fields
    )
    screen.table(("field", "default", "such as", "help"), rows)
    screen.show(events.Done(data={"template": template.model_dump(mode="json")}))


@app.command()
def add(
    context: typer.Context,
    name: Name,
    text: Annotated[str, typer.Option(help="The text; {word} is a field.")] = "",
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file with the text instead.")
    ] = None,
    help_: Annotated[str, typer.Option("--about", help="What it is for.")] = "",
    json: JsonFlag = False,
) -> None:
    """Keep a template; your own of the same name is replaced."""
    if bool(text) == (file is not None):
        raise UsageError("a template needs --text or --file")
    whole = _read(file) if file is not None else text.replace("\\n", "\n")
    try:
        template = Template(name=name, text=whole, help=help_, fields=plain_fields(whole))
    except ValidationError as error:
        raise UsageError(f"this is no template: {first_fault(error)}") from error
    before = session_of(context).studio.templates.keep(template)
    screen = Screen(json)
    screen.remark(f"{template.id}: {'replaced' if before else 'kept'}", human=True)
    screen.show(events.Done(data={"template": template.model_dump(mode="json")}))


@app.command()
def remove(context: typer.Context, name: Name, json: JsonFlag = False) -> None:
    """Take one of your own templates away."""
    gone = session_of(context).studio.templates.remove(name)
    screen = Screen(json)
    screen.remark(f"{gone.id}: removed", human=True)
    screen.show(events.Done(data={"template": gone.model_dump(mode="json")}))


def _read(path: Path) -> str:
    try:
        return read_limited(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is no text in UTF-8", file=path) from error
