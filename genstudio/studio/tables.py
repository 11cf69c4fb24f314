"""Tables: one text for each row of a CSV file, and the same table with the texts behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core import files
from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.series import MOST_ITEMS, Series
from genstudio.core.stored import Json, read_limited, to_name
from genstudio.core.template import Template
from genstudio.core.writing import START, WRITTEN
from genstudio.studio import lists
from genstudio.studio import series as shelf

if TYPE_CHECKING:
    from genstudio.studio.gallery import Gallery
    from genstudio.studio.library import Model

TABLES = (".csv", ".tsv")
MAX_BYTES = 16 * 1024 * 1024
MOST_COLUMNS = 200
TEXT, MADE_BY = "text", "made by"
"""Columns that are added; a number is put behind a name that is taken."""


@dataclass(frozen=True)
class Table:
    """Columns as they are called in the file, and the rows with one cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","

    def column(self, name: str) -> int | None:
        """The column of a field, whatever its case and spaces."""
        wanted = _plain(name)
        return next((i for i, column in enumerate(self.columns) if _plain(column) == wanted), None)


def read(path: Path) -> Table:
    """A .csv or .tsv file with a header; raises BadInput, NotFound.

    UTF-8, else Windows-1252; commas, semicolons or tabs, whatever the header is written with.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path.name}", file=path)
    return from_bytes(read_limited(path, MAX_BYTES), path)


def from_bytes(data: bytes, path: Path) -> Table:
    """The table in `data`; `path` is the name used in messages. Raises BadInput."""
    if b"\x00" in data:
        raise BadInput(f"{path.name} is no table: it holds no plain text", file=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    separator = _separator(text.partition("\n")[0])
    try:
        found = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    except csv.Error as error:
        raise BadInput(f"{path.name} is not a table: {error}", file=path) from error
    if len(found) < 2:
        raise BadInput(
            f"{path.name} holds no rows",
            file=path,
            next_step="Its first line names the columns, each further line is one text.",
        )
    columns = tuple(" ".join(name.split()) for name in found[0])
    if len(columns) > MOST_COLUMNS or len(found) - 1 > MOST_ITEMS:
        raise BadInput(
            f"{path.name} has {len(columns):,} columns and {len(found) - 1:,} rows; "
            f"at most {MOST_COLUMNS} and {MOST_ITEMS:,} go at once",
            file=path,
        )
    wide = len(columns)
    rows = tuple(tuple((*row, *[""] * wide)[:wide]) for row in found[1:])
    return Table(columns, rows, separator)


def matched(table: Table, template: Template) -> tuple[dict[str, int], list[str]]:
    """Columns of the template's fields (by name or label), and the fields without one."""
    found, missing = {}, []
    for field in template.fields:
        column = table.column(field.name)
        column = table.column(field.label) if column is None else column
        if column is None:
            missing.append(field.name)
        else:
            found[field.name] = column
    return found, missing


def lines(
    table: Table,
    template: Template,
    given: Mapping[str, str],
    prompt: str,
    said: Collection[str] = (),
) -> list[dict[str, str]]:
    """What each row asks for, by control: the filled template is the value of `prompt`.

    Settings that were `said` elsewhere are not the template's, unless a column has them.

    Fields without a column, and empty cells, take what is `given`. Raises UsageError where no
    column fits any field.
    """
    columns, _missing = matched(table, template)
    if not columns:
        raise UsageError(
            f"No column of the table is a field of {template.name}",
            next_step=f"Call columns {', '.join(field.name for field in template.fields)}.",
        )
    extra: dict[str, str] = {"stop": template.stop} if template.stop else {}
    result = []
    for row in table.rows:
        cells = {name: row[place].strip() for name, place in columns.items()}
        values = {**given, **{name: cell for name, cell in cells.items() if cell}}
        own = {field.sets for field in template.fields if field.name in cells}
        sets = {**extra, **template.settings(values)}
        kept = {name: value for name, value in sets.items() if name in own or name not in said}
        result.append({prompt: template.filled(values), **kept})
    return result


def of_table(
    model: Model,
    base: Request,
    table: Table,
    template: Template,
    given: Mapping[str, str],
    source: str,
    said: Collection[str] = (),
) -> Series:
    """One item for each row, named after its first field; raises UsageError naming the row.

    `said` are settings of the base that a template does not change.
    """
    task = model.task(base.task)
    control = lists.prompt_control(task)
    if control is None:
        raise UsageError(f"{task.title} takes no text, so a table does not apply")
    known = {c.name for c in task.controls}
    asked = [
        {name: value for name, value in line.items() if name in known}
        for line in lines(table, template, given, control.name, said)
    ]
    made = lists.of_lines(model, base, asked, f"{template.name}, {source}")
    columns, _ = matched(table, template)
    first = next(iter(columns.values()))
    digits = len(str(len(table.rows)))
    names = [f"{n:0{digits}} {row[first]}"[:60] for n, row in enumerate(table.rows, 1)]
    return lists.named(made, names)


def written(text: str, facts: Mapping[str, Json]) -> str:
    """What the model wrote of a finished text, without the prompt before it."""
    start, length = facts.get(START), facts.get(WRITTEN)
    first = start if isinstance(start, int) else 0
    last = first + length if isinstance(length, int) else len(text)
    return text[first:last].strip()


def with_texts(
    table: Table, series: Series, texts: Sequence[str | None], made_by: str = ""
) -> bytes:
    """The table with a column for each draft; `texts` by place in the series, None not made.

    `made_by` (the AI label) goes into a column of its own; "" leaves it out. UTF-8 with a mark,
    so that spreadsheets read it as such.
    """
    count = series.count
    names = [TEXT] if count == 1 else [f"{TEXT} {number}" for number in range(1, count + 1)]
    new = [_free(name, table.columns) for name in names]
    label = [_free(MADE_BY, table.columns)] if made_by else []
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.separator)
    writer.writerow([*table.columns, *new, *label])
    for number, row in enumerate(table.rows):
        own = [text or "" for text in texts[number * count : (number + 1) * count]]
        writer.writerow([*row, *own, *([made_by if any(own) else ""] if label else [])])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_bytes(table: Table) -> bytes:
    """The table as a file that `from_bytes` reads."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=table.separator).writerows([table.columns, *table.rows])
    return out.getvalue().encode()


def label_of(made: Provenance, level: MetadataLevel) -> str:
    """The AI label of a row: by which model at most; "" where no label is wanted."""
    if level == "bare":
        return ""
    told = f"AI: {made.title or made.request.model}"
    return f"{told}, seed {made.request.seed}, {made.app}" if level == "full" else told


# ---- in the window: the table lies beside its series


def start(home: Home, queue: shelf.QueueLike, series: Series, data: bytes) -> str:
    """Keep table and series, and queue the work; returns the job id."""
    files.write_bytes(path_of(home, series.id), data)
    return shelf.start(home, queue, series)


def path_of(home: Home, name: str) -> Path:
    """Where the table of a series is kept."""
    return home.series / f"{to_name(name)}.csv"


def export(
    home: Home, gallery: Gallery, name: str, target: Path, level: MetadataLevel = "full"
) -> Iterator[Event]:
    """Write the table of series `name` with all texts that are there to `target` (.csv).

    Done.data = {"path", "texts", "rows"}. Raises NotFound, BadInput.
    """
    series = shelf.read(home, name)
    table = read(path_of(home, name))
    texts: list[str | None] = []
    made: Provenance | None = None
    for artifact in shelf.results(gallery, series):
        if artifact is None:
            texts.append(None)
        else:
            made = artifact.provenance
            whole = gallery.path(artifact).read_text(encoding="utf-8", errors="replace")
            texts.append(written(whole, made.facts))
    yield Progress(done=1, total=2)
    label = label_of(made, level) if made is not None else ""
    place = files.write_new(target, with_texts(table, series, texts, label))
    yield Progress(done=2, total=2)
    yield Result(path=str(place), output="file")
    count = sum(text is not None for text in texts)
    yield Done(data={"path": str(place), "texts": count, "rows": len(table.rows)})


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


def _separator(head: str) -> str:
    return max(",;\t", key=lambda sign: (head.count(sign), sign == ","))


def _free(name: str, taken: Sequence[str]) -> str:
    used = {_plain(column) for column in taken}
    number, free = 1, name
    while _plain(free) in used:
        number += 1
        free = f"{name} ({number})"
    return free
