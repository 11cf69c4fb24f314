"""`genstudio data`: datasets of the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genstudio import families
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, program
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core import events
from genstudio.core.dataset import Dataset
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.stored import to_name

app = typer.Typer(help="Add and inspect the data that models are trained on.", no_args_is_help=True)
DataPath = Annotated[
    Path, typer.Argument(metavar="PATH", help="Folder, zip, npz or idx files of pictures.")
]


@app.command()
def add(
    context: typer.Context,
    path: DataPath,
    name: Annotated[str, typer.Option(help="What to call it; the folder's name if left out.")] = "",
    copy: Annotated[
        bool, typer.Option(help="Copy the pictures instead of referring to them.")
    ] = False,
    licence: Annotated[str, typer.Option(help="Licence of the data, for the model cards.")] = "",
    attribution: Annotated[str, typer.Option(help="Whom to name, for the model cards.")] = "",
    classes: Annotated[str, typer.Option(help="Names of the classes, separated by commas.")] = "",
    json: JsonFlag = False,
) -> None:
    """Index pictures as a dataset; broken files are skipped and named."""
    session, screen = session_of(context), Screen(json)
    body = {
        "path": _there(path),
        "name": _dataset_name(name, path),
        "copy": copy,
        "licence": licence,
        "attribution": attribution,
        "classes": [word.strip() for word in classes.split(",") if word.strip()],
    }
    done = run(session.work("files", "add_dataset", body), screen)
    found = session.studio.datasets.get(str(done.data.get("dataset", body["name"])))
    _describe(screen, found)
    kinds = "|".join(families.names())
    screen.remark(
        f"Train on it:  {program()} train --family {kinds} --data {found.name}", human=True
    )
    screen.show(done)


def _dataset_name(name: str, path: Path) -> str:
    if not name:
        return to_name(path.stem, "data")
    if to_name(name.replace("_", "-").replace(".", "-")) != name.replace("_", "-").replace(
        ".", "-"
    ):
        raise UsageError(
            f"a dataset cannot be called {name!r}",
            next_step=f"Use small letters, digits and dashes, such as {to_name(name, 'data')}.",
        )
    return name


def _there(path: Path) -> str:
    place = path.expanduser().absolute()
    if not place.exists():
        raise NotFound(f"There is nothing at {path}", next_step="Check the path.")
    return str(place)


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All datasets."""
    session, screen = session_of(context), Screen(json)
    found = session.studio.datasets.list()
    screen.table(
        ("name", "items", "test", "size", "classes", "licence"),
        (
            (
                data.name,
                f"{data.facts.count:,}",
                f"{data.test_count:,}",
                f"{data.facts.size} px",
                str(len(data.facts.classes) or ""),
                data.licence,
            )
            for data in found
        ),
    )
    screen.show(events.Done(data={"datasets": [d.model_dump(mode="json") for d in found]}))


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a dataset.")],
    json: JsonFlag = False,
) -> None:
    """What a dataset holds and what the check found."""
    screen = Screen(json)
    found = session_of(context).studio.datasets.get(name)
    _describe(screen, found)
    screen.show(events.Done(data={"dataset": found.model_dump(mode="json")}))


@app.command()
def check(context: typer.Context, path: DataPath, json: JsonFlag = False) -> None:
    """Look at pictures as `add` would, without adding anything."""
    screen = Screen(json)
    done = run(session_of(context).work("files", "check_dataset", {"path": _there(path)}), screen)
    for name, value in done.data.items():
        if isinstance(value, (str, int, float)) and value != "":
            screen.line(f"{name:<12} {value}")
    screen.show(done)


def _describe(screen: Screen, data: Dataset) -> None:
    facts = data.facts
    colours = {1: "grey", 3: "colour", 4: "colour with transparency"}.get(facts.channels, "")
    lines = {
        "name": data.name,
        "items": f"{facts.count:,} for training, {data.test_count:,} for tests",
        "pictures": f"{facts.size} px, {colours}",
        "classes": ", ".join(facts.classes),
        "skipped": f"{data.skipped:,}" if data.skipped else "",
        "licence": data.licence,
        "by": data.attribution,
        "source": data.source,
    }
    for name, value in lines.items():
        if value:
            screen.line(f"{name:<10} {value}")
    for finding in data.findings[:20]:
        where = f"{finding.file}: " if finding.file else ""
        screen.line(f"  {finding.level}: {where}{finding.what}")
    if len(data.findings) > 20:
        screen.line(f"  … and {len(data.findings) - 20} more findings")
