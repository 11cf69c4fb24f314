"""Lists of prompts and folders of pictures, and the series that they make."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core.controls import ImageInput, Seed, Text
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.series import MOST_ITEMS, Item, Series
from genstudio.core.stored import Json, read_limited
from genstudio.studio.series import new_id

if TYPE_CHECKING:
    from genstudio.studio.library import Model

LISTS = (".txt", ".csv", ".tsv")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
MAX_BYTES = 4 * 1024 * 1024
_NUMBERS = re.compile(r"(\d+)")
_NAMED = 60

Line = Mapping[str, str]
"""Settings of one item by the name of their control, as they were written."""


def prompt_control(task: Task) -> Text | None:
    """Where the lines of a list go: the prompt, else the task's first text."""
    texts = [control for control in task.controls if isinstance(control, Text)]
    return next((t for t in texts if t.role == "prompt"), texts[0] if texts else None)


def picture_control(task: Task) -> ImageInput | None:
    """Where the pictures of a folder go: the task's first picture."""
    return next((c for c in task.inputs() if isinstance(c, ImageInput)), None)


def read_file(path: Path, column: str = "prompt") -> list[dict[str, str]]:
    """The lines of a .txt (one prompt a line, # begins a remark) or a .csv/.tsv with a header.

    Raises BadInput, NotFound. UTF-8; files of other encodings are read as Windows-1252.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path.name}", file=path)
    data = read_limited(path, MAX_BYTES)
    if b"\x00" in data:
        raise BadInput(f"{path.name} is no list of prompts: it holds no plain text", file=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    table = path.suffix.lower() in (".csv", ".tsv")
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    found = _table(text, separator, column, path) if table else read_lines(text, column)
    if not found:
        raise BadInput(f"{path.name} holds no prompts", file=path)
    if len(found) > MOST_ITEMS:
        raise BadInput(
            f"{path.name} holds {len(found):,} prompts; at most {MOST_ITEMS:,} go at once",
            file=path,
            next_step="Cut it into several files.",
        )
    return found


def read_lines(text: str, column: str = "prompt") -> list[dict[str, str]]:
    """One prompt a line; empty lines and those that begin with # are left out."""
    lines = (line.strip() for line in text.splitlines())
    return [{column: line} for line in lines if line and not line.startswith("#")]


def _table(text: str, separator: str, column: str, path: Path) -> list[dict[str, str]]:
    """Rows by the names in the first line; in a table of one column without it, prompts alone."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    except csv.Error as error:  # such as a field without an end
        raise BadInput(
            f"{path.name} is not a table: {error}",
            file=path,
            next_step="Write one prompt a line instead.",
        ) from error
    head = [name.strip().lower().replace(" ", "_") for name in rows[0]] if rows else []
    if column not in head:
        if max(map(len, rows), default=0) > 1:
            raise _no_column(rows[0], column, path)
        return [{column: row[0].strip()} for row in rows if row[0].strip()]
    found = []
    for row in rows[1:]:
        line = {k: v.strip() for k, v in zip(head, row, strict=False) if v.strip()}
        if line.get(column):
            found.append(line)
    return found


def _no_column(first: list[str], column: str, path: Path) -> BadInput:
    return BadInput(
        f"{path.name} has no column called {column!r}; its first line says "
        f"{', '.join(cell.strip() for cell in first)[:80]!r}",
        file=path,
        next_step="Name the columns in the first line, or write one prompt a line into a .txt.",
    )


def pictures_in(folder: Path) -> list[Path]:
    """The pictures that lie in `folder` itself, 2 before 10. Raises NotFound, BadInput."""
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder.name}", file=folder)
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURES and not path.name.startswith(".") and path.is_file()
    ]
    if not found:
        kinds = ", ".join(suffix[1:] for suffix in PICTURES)
        raise BadInput(f"There are no pictures in {folder.name} ({kinds})", file=folder)
    if len(found) > MOST_ITEMS:
        raise BadInput(
            f"{folder.name} holds {len(found):,} pictures; at most {MOST_ITEMS:,} go at once",
            file=folder,
        )
    return sorted(found, key=_natural)


def of_lines(model: Model, base: Request, lines: Sequence[Line], source: str = "a list") -> Series:
    """One item for each line; every one is checked first. Raises UsageError naming the line.

    Items draw different noise: item i begins where the results of item i - 1 end.
    """
    task = model.task(base.task)
    control = prompt_control(task)
    if control is None:
        raise UsageError(f"{task.title} takes no text, so a list of prompts does not apply")
    if not lines:
        raise UsageError("The list holds no prompts; write one a line")
    known = {c.name for c in task.controls}
    names = names_of(lines, control.name)
    items = []
    for number, line in enumerate(lines):
        unknown = [name for name in line if name not in known and name != "seed"]
        if unknown:
            raise UsageError(f"Line {number + 1}: {task.title} has no setting {unknown[0]!r}")
        try:
            values, seed = _parsed(task, line)
        except UsageError as error:
            raise UsageError(f"Line {number + 1}: {error.problem.what}") from error
        values.pop("count", None)
        items.append(Item(name=names[number], values=values, seed=seed, first=_first(base, number)))
    return _series(model, base, items, source)


def names_of(lines: Sequence[Line], column: str = "prompt") -> list[str]:
    """What the items of a list are called: number and prompt."""
    digits = len(str(len(lines)))
    return [f"{n:0{digits}} {line.get(column, '')}"[:_NAMED] for n, line in enumerate(lines, 1)]


def named(series: Series, names: Sequence[str]) -> Series:
    """The same with other names: those of the prompts before styles went round them."""
    items = zip(series.items, names, strict=True)
    changed = tuple(item.model_copy(update={"name": name}) for item, name in items)
    return series.model_copy(update={"items": changed})


def of_pictures(
    model: Model, base: Request, control: str, pictures: Sequence[Path], source: str = "a folder"
) -> Series:
    """One item for each picture, named after it."""
    if not pictures:
        raise UsageError("There are no pictures to work on")
    items = [
        Item(name=path.stem[:_NAMED], inputs={control: str(path)}, first=_first(base, number))
        for number, path in enumerate(pictures)
    ]
    return _series(model, base, items, source)


def _first(base: Request, number: int) -> int:
    return base.first + number * max(1, base.count)


def _series(model: Model, base: Request, items: list[Item], source: str) -> Series:
    asked = base.model_copy(update={"live": False})
    title = f"{model.title}: {source}"[:400]
    return Series(id=new_id("list"), title=title, base=asked, items=tuple(items))


def _parsed(task: Task, line: Line) -> tuple[dict[str, Json], int | None]:
    values: dict[str, Json] = {}
    seed: int | None = None
    for name, text in line.items():
        control = next((c for c in task.controls if c.name == name), None)
        if name == "seed" or isinstance(control, Seed):
            seed = Seed(name="seed", label="Seed").parse(text)
        elif control is not None:
            values[name] = control.parse(text)  # type: ignore[union-attr]
    return values, seed


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Sorts 2 before 10."""
    parts = _NUMBERS.split(path.name.casefold())
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]
