"""The files role: foreign files are opened here, never in the window's process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event
from genstudio.core.job import Message
from genstudio.core.stored import Json
from genstudio.workers.context import Context


def add_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: path, name, copy, licence, attribution, classes. Done.data: dataset, count …"""
    from genstudio.datasets import ingest

    body = message.body
    yield from ingest.add(
        context.home,
        _path(body),
        str(body["name"]),
        copy=body.get("copy") is True,
        licence=str(body.get("licence") or ""),
        attribution=str(body.get("attribution") or ""),
        title=str(body.get("title") or ""),
        classes=_words(body.get("classes")),
    )


def check_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: path, classes. What `add_dataset` would find."""
    from genstudio.datasets import check

    yield from check.report(_path(message.body), _words(message.body.get("classes")))


def remove_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: name."""
    from genstudio.studio.datasets import Datasets

    name = str(message.body["name"])
    Datasets(context.home).remove(name)
    yield Done(data={"dataset": name})


def import_model(message: Message, context: Context) -> Iterator[Event]:
    """body: path, replace. Done.data: model."""
    from genstudio.studio import importing

    replace = message.body.get("replace") is True
    yield from importing.import_model(context.home, _path(message.body), replace=replace)


def export_model(message: Message, context: Context) -> Iterator[Event]:
    """body: model, target (a zip file or a folder), replace. Done.data: path."""
    from genstudio.studio.library import Library

    body = message.body
    target = Path(str(body["target"]))
    path = Library(context.home).export(str(body["model"]), target, body.get("replace") is True)
    yield Done(data={"path": str(path)})


def rename_model(message: Message, context: Context) -> Iterator[Event]:
    """body: model, title. Done.data: model, title."""
    from genstudio.studio.library import Library

    body = message.body
    model = Library(context.home).rename(str(body["model"]), str(body["title"]))
    yield Done(data={"model": model.id, "title": model.title})


def export_card(message: Message, context: Context) -> Iterator[Event]:
    """body: model, target (.html or .md), replace, pairs. Done.data: path."""
    from genstudio.studio import cards
    from genstudio.studio.library import Library

    body = message.body
    path = cards.export(
        context.home,
        Library(context.home).get(str(body["model"])),
        Path(str(body["target"])),
        replace=body.get("replace") is True,
        pairs=body.get("pairs") is True,
    )
    yield Done(data={"path": str(path)})


def inspect(message: Message, context: Context) -> Iterator[Event]:
    """body: path. Done.data: what the file is and says about itself."""
    from genstudio.studio import importing

    yield Done(data=importing.describe_file(_path(message.body)).facts())


def picture(message: Message, context: Context) -> Iterator[Event]:
    """body: path, side. Done.data: path of a PNG in the spool, at most `side` wide and high."""
    from genstudio.core import files
    from genstudio.media import image

    pixels = image.shrunk(_path(message.body), int(str(message.body["side"])))
    made = context.spool / f"{message.job}.png"
    files.write_passing(made, image.png(pixels))
    yield Done(data={"path": str(made)})


def export(message: Message, context: Context) -> Iterator[Event]:
    """body: ids, target, ext, level, scale. Done.data: paths."""
    from genstudio.studio import exporting
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    gallery = Gallery(context.home)
    try:
        yield from exporting.export(
            gallery,
            _words(body.get("ids")),
            Path(str(body["target"])),
            str(body.get("ext") or ""),
            body.get("level") or context.settings.metadata,
            int(body.get("scale") or 1),
        )
    finally:
        gallery.close()


WORKS = {
    "add_dataset": add_dataset,
    "check_dataset": check_dataset,
    "remove_dataset": remove_dataset,
    "import_model": import_model,
    "export_model": export_model,
    "rename_model": rename_model,
    "export_card": export_card,
    "inspect": inspect,
    "picture": picture,
    "export": export,
}


def _path(body: dict[str, Json]) -> Path:
    path = str(body.get("path") or "")
    if not path:
        raise UsageError("This work needs a path")
    return Path(path)


def _words(value: Json) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []
