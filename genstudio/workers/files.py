"""The files role: foreign files are opened here, never in the window's process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Result
from genstudio.core.job import Message
from genstudio.core.stored import Json
from genstudio.workers import files_music, files_sound
from genstudio.workers.context import Context

if TYPE_CHECKING:
    from genstudio.datasets.gather import Wishes


def add_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: path or paths, name ("": after the path), title, copy, licence, attribution, consent,
    fit, classes, column, near. Done.data: dataset, count … (datasets.store.summary)."""
    from genstudio.datasets import check, ingest

    body = message.body
    paths = _paths(body)
    yield from ingest.add(
        context.home,
        paths,
        str(body.get("name") or check.suggested_name(paths)),
        copy=body.get("copy") is True,
        fit=_one_of(body, "fit", ("cover", "contain", "stretch")),  # type: ignore[arg-type]
        licence=str(body.get("licence") or ""),
        attribution=str(body.get("attribution") or ""),
        title=str(body.get("title") or ""),
        consent=str(body.get("consent") or ""),
        wishes=_wishes(body),
    )


def check_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: path or paths, classes, column, near. What `add_dataset` would find."""
    from genstudio.datasets import check

    yield from check.report(_paths(message.body), _wishes(message.body))


def browse(message: Message, context: Context) -> Iterator[Event]:
    """body: name, first, count, side, text, class, which, fit, size. A page of a dataset."""
    from genstudio.datasets import browsing, store

    body: dict[str, Any] = dict(message.body)
    page = browsing.Page()
    asked = browsing.Page(
        first=_whole(body, "first", page.first),
        count=_whole(body, "count", page.count),
        side=_whole(body, "side", page.side),
        text=str(body.get("text") or ""),
        of_class=str(body.get("class") or ""),
        which=body.get("which") or page.which,
        fit=body.get("fit") or page.fit,
        size=_whole(body, "size", page.size),
    )
    yield from browsing.page(store.folder_of(context.home, str(body["name"])), asked)


def edit_dataset(message: Message, context: Context) -> Iterator[Event]:
    """body: name, edits [{row, caption?, class?, excluded?}], title?, licence?, attribution?,
    consent?, fit?. Done.data: the summary, `all_classes`, and `undo`, the body that takes
    it back."""
    from genstudio.datasets import editing, store

    body = message.body
    wanted = body.get("edits")
    edits = [edit for edit in wanted if isinstance(edit, dict)] if isinstance(wanted, list) else []
    folder = store.folder_of(context.home, str(body["name"]))
    found = editing.change(folder, edits, body)
    told = {"undo": found.undo, "all_classes": list(found.classes)}
    yield Done(data={**store.summary(found.dataset), **told})


def augment_preview(message: Message, context: Context) -> Iterator[Event]:
    """body: name, rows, size, channels, settings, policy, count, seed. Previews of variants."""
    from genstudio.datasets import browsing, store

    body: dict[str, Any] = dict(message.body)
    rows = body.get("rows")
    settings = body.get("settings")
    yield from browsing.augmented(
        store.folder_of(context.home, str(body["name"])),
        [row for row in rows if isinstance(row, int)] if isinstance(rows, list) else [],
        _whole(body, "size", 64),
        _whole(body, "channels", 3),
        settings if isinstance(settings, dict) else {},
        str(body.get("policy") or ""),
        _whole(body, "count", 1),
        _whole(body, "seed", 0),
    )


def add_starter(message: Message, context: Context) -> Iterator[Event]:
    """body: name of a starter dataset. Done.data: the summary, also where it is there already."""
    from genstudio.datasets import ingest, store
    from genstudio.datasets.gather import Wishes
    from genstudio.studio.starters import starter

    chosen = starter(str(message.body["name"]))
    if chosen.name in store.names(context.home):
        yield Done(data=store.summary(store.load(context.home, chosen.name)))
        return
    yield from ingest.add(
        context.home,
        chosen.path,
        chosen.name,
        copy=True,
        title=chosen.title,
        licence=chosen.licence,
        attribution=chosen.attribution,
        wishes=Wishes(classes=chosen.classes),
    )


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


def words(message: Message, context: Context) -> Iterator[Event]:
    """body: path of a text. Done.data: path of its words in the spool, UTF-8; at most as many
    as a document holds."""
    from genstudio.core import files
    from genstudio.core.document import MAX_CHARACTERS
    from genstudio.media import documents

    text = documents.text_of(_path(message.body)).replace("\r\n", "\n").replace("\r", "\n")
    made = context.spool / f"{message.job}.txt"
    files.write_passing(made, text[:MAX_CHARACTERS].encode("utf-8", "replace"))
    yield Done(data={"path": str(made), "cut": len(text) > MAX_CHARACTERS})


def read_list(message: Message, context: Context) -> Iterator[Event]:
    """body: path, kind (prompts or pictures), column. Done.data: found, the lines or the names."""
    from genstudio.studio import lists

    kind, path = _one_of(message.body, "kind", ("prompts", "pictures")), _path(message.body)
    found: list[Json] = (
        [dict(line) for line in lists.read_file(path, str(message.body.get("column") or "prompt"))]
        if kind == "prompts"
        else [picture.name for picture in lists.pictures_in(path)]
    )
    yield Done(data={"found": found})


def export_sheet(message: Message, context: Context) -> Iterator[Event]:
    """body: series, target, level: the labelled sheet of a sweep. Done.data: paths."""
    from genstudio.studio import series, sheets
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    asked = series.read(context.home, str(body["series"]))
    gallery = Gallery(context.home)
    try:
        found = series.results(gallery, asked)
        paths = [gallery.path(artifact) if artifact else None for artifact in found]
    finally:
        gallery.close()
    like = next((artifact.provenance for artifact in found if artifact), None)
    level = body.get("level") or context.settings.metadata
    made = sheets.write(asked, paths, like, Path(str(body["target"])), level)
    yield Result(path=str(made), seed=asked.base.seed)
    yield Done(data={"paths": [str(made)]})


def export_table(message: Message, context: Context) -> Iterator[Event]:
    """body: series, target, level: the table of a series with its texts. Done.data: path, texts,
    rows."""
    from genstudio.studio import tables
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    level = body.get("level") or context.settings.metadata
    target = Path(str(body["target"]))
    gallery = Gallery(context.home)
    try:
        yield from tables.export(context.home, gallery, str(body["series"]), target, level)
    finally:
        gallery.close()


def export_text(message: Message, context: Context) -> Iterator[Event]:
    """body: document, target, ext, level, span ([start, end] in characters, or all of it).
    Done.data: paths."""
    from genstudio.core.document import Document
    from genstudio.core.stored import to_name
    from genstudio.studio import writing_out
    from genstudio.studio.gallery import Gallery

    body: dict[str, Any] = dict(message.body)
    name = to_name(str(body["document"]))
    document = Document.read(context.home.documents / f"{name}.json")
    span = body.get("span")
    if isinstance(span, list) and len(span) == 2:
        document = writing_out.part_of(document, int(span[0]), int(span[1]))
    level = body.get("level") or context.settings.metadata
    target, ext = Path(str(body["target"])), str(body.get("ext") or ".txt")
    gallery = Gallery(context.home)
    try:
        yield from writing_out.export(document, target, ext, level, gallery)
    finally:
        gallery.close()


def read_table(message: Message, _context: Context) -> Iterator[Event]:
    """body: path. Done.data: columns, rows, separator, as in `studio.tables.Table`."""
    from genstudio.studio import tables

    table = tables.read(_path(message.body))
    rows: list[Json] = [list(row) for row in table.rows]
    told: dict[str, Json] = {"columns": list(table.columns), "rows": rows}
    yield Done(data={**told, "separator": table.separator})


def export(message: Message, context: Context) -> Iterator[Event]:
    """body: ids, target, ext, level, scale, background, tolerance, timed (what
    `studio.timed_walks.Timed` tells, for films with sound). Done.data: paths."""
    from genstudio.media.finishing import Finish
    from genstudio.studio import exporting
    from genstudio.studio.gallery import Gallery
    from genstudio.studio.timed_walks import Timed

    body: dict[str, Any] = dict(message.body)
    gallery = Gallery(context.home)
    try:
        yield from exporting.export(
            gallery,
            _words(body.get("ids")),
            Path(str(body["target"])),
            str(body.get("ext") or ""),
            body.get("level") or context.settings.metadata,
            Finish(
                enlarge=_whole(body, "scale", 1),
                background=body.get("background") or "keep",
                tolerance=_whole(body, "tolerance", Finish.tolerance),
            ),
            Timed.of(body.get("timed"), context.settings.soundfont),
        )
    finally:
        gallery.close()


WORKS = {
    "add_dataset": add_dataset,
    "check_dataset": check_dataset,
    "browse": browse,
    "edit_dataset": edit_dataset,
    "augment_preview": augment_preview,
    "add_starter": add_starter,
    "remove_dataset": remove_dataset,
    "import_model": import_model,
    "export_model": export_model,
    "rename_model": rename_model,
    "export_card": export_card,
    "inspect": inspect,
    "picture": picture,
    "words": words,
    "export": export,
    "export_sheet": export_sheet,
    "export_table": export_table,
    "export_text": export_text,
    "export_piece": files_music.export_piece,
    "export_sounds": files_sound.export_sounds,
    "score": files_music.score,
    "colours": files_music.colours,
    "read_list": read_list,
    "read_table": read_table,
}


def _path(body: dict[str, Json]) -> Path:
    path = str(body.get("path") or "")
    if not path:
        raise UsageError("This work needs a path")
    return Path(path)


def _paths(body: dict[str, Json]) -> list[Path]:
    """The list `paths`, or the one `path`; raises UsageError."""
    return [Path(path) for path in _words(body.get("paths")) if path] or [_path(body)]


def _wishes(body: dict[str, Json]) -> Wishes:
    from genstudio.datasets.gather import Wishes

    return Wishes(
        classes=_words(body.get("classes")),
        column=str(body.get("column") or ""),
        near=_one_of(body, "near", ("note", "skip")),  # type: ignore[arg-type]
    )


def _one_of(body: dict[str, Json], key: str, known: tuple[str, ...]) -> str:
    """The value of `key`, the first of `known` where there is none; raises UsageError."""
    value = str(body.get(key) or known[0])
    if value not in known:
        raise UsageError(f"{key} is one of {', '.join(known)}, not {value!r}")
    return value


def _whole(body: dict[str, Json], key: str, default: int) -> int:
    value = body.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _words(value: Json) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []
