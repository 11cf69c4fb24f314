"""Texts of any encoding as str, and the columns of csv and jsonl tables."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator

from genstudio.core.errors import BadInput

MAX_LINE = 4 * 1024 * 1024
MAX_ROWS = 5_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, name: str = "the text") -> str:
    """UTF-8, or what a byte order mark says, or else Windows-1252; raises BadInput for no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\x00" in data[:65536]:
        raise BadInput(f"{name} is no text (it holds zero bytes)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


Bad = Callable[[int, str], object]
"""Hears of a line that is no row: its number from 1 on, and what is wrong with it."""


def rows(
    data: bytes, suffix: str, name: str = "the table", bad: Bad | None = None
) -> Iterator[dict[str, object]]:
    """Rows of .jsonl, .csv or .tsv bytes by column; raises BadInput naming the row that is not.

    Where `bad` is given it hears of such lines of a .jsonl, and the others are read on.
    """
    text = decode(data, name)
    yield from _json_rows(text, name, bad) if suffix == ".jsonl" else _csv_rows(text, suffix, name)


def _json_rows(text: str, name: str, bad: Bad | None) -> Iterator[dict[str, object]]:
    for number, line in enumerate(io.StringIO(text), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE or number > MAX_ROWS:
            raise BadInput(f"{name}: line {number:,} is more than can be read here")
        value, fault = _fields(line)
        if not fault:
            yield value
        elif bad is None:
            raise BadInput(f"{name}: line {number:,} {fault}")
        else:
            bad(number, fault)


def _fields(line: str) -> tuple[dict[str, object], str]:
    """({column: value}, "") or ({}, what is wrong with the line)."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}, "is not valid JSON"
    return (value, "") if isinstance(value, dict) else ({}, "holds no fields")


def _csv_rows(text: str, suffix: str, name: str) -> Iterator[dict[str, object]]:
    head = text[: text.find("\n") if "\n" in text else len(text)]
    marks = "\t" if suffix == ".tsv" else max(",;\t", key=head.count)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=marks)
        titles = [title.strip() for title in next(table, [])]
        if len(titles) > 1000:
            raise BadInput(f"{name} has {len(titles):,} columns")
        for number, row in enumerate(table, 2):
            if number > MAX_ROWS:
                raise BadInput(f"{name} has more than {MAX_ROWS:,} rows")
            if any(row):
                yield dict(zip(titles, row, strict=False))
    except csv.Error as error:
        raise BadInput(f"{name} is not a table: {error}") from error
