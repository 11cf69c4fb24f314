"""`genstudio data`: datasets of the data folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from genstudio import families
from genstudio.cli import data_words
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, program
from genstudio.cli.session import JsonFlag, session_of
from genstudio.core import events
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.stored import to_name

app = typer.Typer(help="Add and inspect the data that models are trained on.", no_args_is_help=True)
DataPaths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH…",
        help="Folders or files: pictures, zip, tar, npz, idx, texts, tables, MIDI, sound.",
    ),
]
DataName = Annotated[str, typer.Argument(metavar="NAME", help="Name of a dataset.")]
Classes = Annotated[str, typer.Option(help="Names of the classes, separated by commas.")]
Column = Annotated[str, typer.Option(help="Column of a csv or jsonl table: one text a row.")]
Near = Annotated[
    str, typer.Option(metavar="note|skip", help="Pictures that look nearly like others.")
]
Licence = Annotated[str | None, typer.Option(help="Licence of the data, for the model cards.")]
Attribution = Annotated[str | None, typer.Option(help="Whom to name, for the model cards.")]
Consent = Annotated[
    str | None, typer.Option(help="What people who appear in the data agreed to, in your words.")
]
Title = Annotated[str | None, typer.Option(help="What people read instead of the name.")]
Fit = Annotated[
    str | None,
    typer.Option(metavar="cover|contain|stretch", help="How pictures meet the square: cut, …"),
]


@app.command()
def add(
    context: typer.Context,
    paths: DataPaths,
    name: Annotated[str, typer.Option(help="What to call it; the folder's name if left out.")] = "",
    copy: Annotated[bool, typer.Option(help="Copy the files, do not refer to them.")] = False,
    title: Title = None,
    licence: Licence = None,
    attribution: Attribution = None,
    consent: Consent = None,
    classes: Classes = "",
    column: Column = "",
    near: Near = "note",
    fit: Fit = None,
    json: JsonFlag = False,
) -> None:
    """Index files as a dataset; broken ones are skipped and named."""
    session, screen = session_of(context), Screen(json)
    told = {
        "title": title,
        "licence": licence,
        "attribution": attribution,
        "consent": consent,
        "fit": fit,
    }
    body = {
        **_reading(paths, classes, column, near),
        "name": _checked_name(name),
        "copy": copy,
        **{key: value for key, value in told.items() if value is not None},
    }
    done = run(session.work("files", "add_dataset", body), screen)
    found = session.studio.datasets.get(str(done.data["dataset"]))
    data_words.describe(screen, found)
    if found.kind == "image":
        kinds = "|".join(families.names())
        screen.remark(
            f"Train on it:  {program()} train --family {kinds} --data {found.name}", human=True
        )
    screen.show(done)


@app.command()
def check(
    context: typer.Context,
    paths: DataPaths,
    classes: Classes = "",
    column: Column = "",
    near: Near = "note",
    json: JsonFlag = False,
) -> None:
    """Look at files as `add` would, without adding anything."""
    screen = Screen(json)
    body = _reading(paths, classes, column, near)
    done = run(session_of(context).work("files", "check_dataset", body), screen)
    data_words.report(screen, cast("dict[str, Any]", done.data))
    screen.show(done)


@app.command("list")
def list_(context: typer.Context, json: JsonFlag = False) -> None:
    """All datasets."""
    session, screen = session_of(context), Screen(json)
    found = session.studio.datasets.list()
    screen.table(
        ("name", "kind", "items", "test", "size", "classes", "licence"),
        map(data_words.row, found),
    )
    screen.show(events.Done(data={"datasets": [d.model_dump(mode="json") for d in found]}))


@app.command()
def show(
    context: typer.Context,
    name: DataName,
    rows: Annotated[int, typer.Option(help="List so many items.")] = 0,
    first: Annotated[int, typer.Option(help="From this one of the matching items on.")] = 0,
    text: Annotated[str, typer.Option(help="Only items with this in name or caption.")] = "",
    of_class: Annotated[str, typer.Option("--class", help="Only items of this class.")] = "",
    which: Annotated[
        str, typer.Option(metavar="all|train|valid|test|excluded", help="Only these items.")
    ] = "all",
    json: JsonFlag = False,
) -> None:
    """What a dataset holds and what the check found; with --rows also its items."""
    session, screen = session_of(context), Screen(json)
    found = session.studio.datasets.get(name)
    data_words.describe(screen, found)
    data: dict[str, Any] = {"dataset": found.model_dump(mode="json")}
    if rows > 0:
        body = {
            "name": name,
            "first": first,
            "count": rows,
            "side": 0,
            "text": text,
            "class": of_class,
            "which": which,
        }
        page = run(session.work("files", "browse", body), screen)
        data_words.items(screen, cast("dict[str, Any]", page.data))
        data["page"] = page.data
    screen.show(events.Done(data=data))


@app.command()
def edit(
    context: typer.Context,
    name: DataName,
    rows: Annotated[
        str,
        typer.Option(metavar="3,7,10-19", help="Items to change, numbered as in `show --rows`."),
    ] = "",
    caption: Annotated[str | None, typer.Option(help="Their new caption.")] = None,
    to_class: Annotated[
        str | None, typer.Option("--class", help="Their new class; '' for none.")
    ] = None,
    exclude: Annotated[
        bool | None, typer.Option("--exclude/--include", help="Leave them out, or take them back.")
    ] = None,
    title: Title = None,
    licence: Licence = None,
    attribution: Attribution = None,
    consent: Consent = None,
    fit: Fit = None,
    json: JsonFlag = False,
) -> None:
    """Change captions, classes and exclusions, or what is said of the dataset; files stay."""
    session, screen = session_of(context), Screen(json)
    wanted = {"caption": caption, "class": to_class, "excluded": exclude}
    change = {key: value for key, value in wanted.items() if value is not None}
    said = {
        "title": title,
        "licence": licence,
        "attribution": attribution,
        "consent": consent,
        "fit": fit,
    }
    fields = {key: value for key, value in said.items() if value is not None}
    chosen = _numbers(rows)
    if bool(chosen) != bool(change) or not (change or fields):
        raise UsageError(
            "there is nothing to change",
            next_step="Name rows with --rows and what they get with --caption, --class, "
            "--exclude or --include; or give a new --title, --licence, --consent or --fit.",
        )
    body = {"name": name, "edits": [{"row": row, **change} for row in chosen], **fields}
    done = run(session.work("files", "edit_dataset", body), screen)
    data_words.describe(screen, session.studio.datasets.get(name))
    screen.show(done)


@app.command()
def remove(context: typer.Context, name: DataName, json: JsonFlag = False) -> None:
    """Move a dataset to the trash; files that were only referred to stay where they are."""
    session, screen = session_of(context), Screen(json)
    done = run(session.work("files", "remove_dataset", {"name": name}), screen)
    screen.line(f"{name} is in the trash; bring it back with: {program()} data restore {name}")
    screen.show(done)


@app.command()
def restore(context: typer.Context, name: DataName, json: JsonFlag = False) -> None:
    """Bring back a removed dataset."""
    screen = Screen(json)
    session_of(context).studio.datasets.restore(name)
    screen.line(f"{name} is back.")
    screen.show(events.Done(data={"dataset": name}))


@app.command()
def starters(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Add this one.")] = "",
    json: JsonFlag = False,
) -> None:
    """Small datasets that come with the program; with a NAME that one is added."""
    session, screen = session_of(context), Screen(json)
    if name:
        done = run(session.work("files", "add_starter", {"name": name}), screen)
        data_words.describe(screen, session.studio.datasets.get(name))
        screen.show(done)
        return
    found = session.studio.datasets.starters()
    screen.table(
        ("name", "items", "licence", "what"),
        ((s.name, f"{s.count:,}", s.licence, s.text) for s in found),
    )
    told = [
        {"name": s.name, "title": s.title, "count": s.count, "kind": s.kind, "licence": s.licence}
        for s in found
    ]
    screen.show(events.Done(data={"starters": told}))  # type: ignore[dict-item]


def _reading(paths: list[Path], classes: str, column: str, near: str) -> dict[str, Any]:
    return {
        "paths": [_there(path) for path in paths],
        "classes": [word.strip() for word in classes.split(",") if word.strip()],
        "column": column,
        "near": near,
    }


def _checked_name(name: str) -> str:
    plain = name.replace("_", "-").replace(".", "-")
    if name and to_name(plain) != plain:
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


def _numbers(words: str) -> list[int]:
    """`3,7,10-19` as numbers; raises UsageError."""
    found: list[int] = []
    for word in filter(None, (part.strip() for part in words.split(","))):
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", word)
        if match is None:
            raise UsageError(f"--rows takes numbers such as 3,7,10-19, not {word!r}")
        last = int(match[2] or match[1])
        if last - int(match[1]) > 1_000_000:
            raise UsageError(f"--rows {word} are too many")
        found += range(int(match[1]), last + 1)
    return found
