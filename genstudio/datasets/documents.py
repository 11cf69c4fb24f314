"""Look at texts, pieces of music and sounds: an item each, or skipped with the reason.

Only headers of music and sound are read; a text table whose column is chosen gives an item for
each row, and its rows are copied into the dataset.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from genstudio.core.dataset import DataKind
from genstudio.core.errors import BadInput
from genstudio.core.events import Event, Progress
from genstudio.datasets import packed, personal
from genstudio.datasets.findings import BROKEN, COPY, EMPTY, SMALL, Findings, Unfit
from genstudio.datasets.items import Item
from genstudio.datasets.kinds import TABLES
from genstudio.datasets.pictures import Keep
from genstudio.datasets.sources import Source
from genstudio.media import music, rich_text, sound, text
from genstudio.media.reading import printable

ROWS_FILE = "rows.jsonl"
"""Copied rows: one JSON string a line."""
MAX_ROWS_BYTES = 2 * 1024**3
_EXCERPT_ROWS = 200


@dataclass(frozen=True)
class Column:
    """A column of a table with the mean length of its first words, for choosing."""

    name: str
    length: float


def examine(
    kind: DataKind, source: Source, wanted: Sequence[str], findings: Findings, keep: Keep
) -> Iterator[Event | Item]:
    """Yield an Item for each usable file, Progress and Logs between; never stops at a bad one."""
    look = {"text": _text, "music": _music, "sound": _sound}[kind]
    copies: dict[str, str] = {}
    every = max(1, len(wanted) // 200)
    for place, name in enumerate(wanted):
        if place % every == 0:
            yield Progress(done=place, total=len(wanted), text="looking at files")
        try:
            data = source.read(name)
            digest = _fresh(data, name, copies)
            length, words = look(data, name)
        except BadInput as error:
            yield findings.leave_out(name, error)
            continue
        yield from findings.suspect(name, personal.in_file_name(name))
        yield from findings.suspect(name, personal.suspects(words))
        path = keep(name, data)
        yield Item(path, digest, 0, 0, 0, name="" if path == name else name, length=length)
    yield Progress(done=len(wanted), total=len(wanted), text="looking at files")


def examine_rows(
    source: Source,
    wanted: Sequence[str],
    column: str,
    findings: Findings,
    write: Callable[[bytes], None],
) -> Iterator[Event | Item]:
    """The same for the rows of tables: one Item for each row that has words in `column`."""
    copies: dict[str, str] = {}
    count, total = 0, 0
    tables = [name for name in wanted if packed.suffix_of(name) in TABLES]
    for name in wanted:
        if name not in tables:
            yield findings.skip(name, f"has no column {column}", "wrong type")
    for place, name in enumerate(tables):
        yield Progress(done=place, total=len(tables), text=f"reading {printable(name)}")
        broken: list[tuple[int, str]] = []
        try:
            for number, row in enumerate(_rows(source, name, broken), 1):
                words = row.get(column)
                where = f"{name}, row {number}"
                try:
                    digest = _fresh_words(words, where, copies)
                except Unfit as error:
                    yield findings.leave_out(where, error)
                    continue
                line = json.dumps(words).encode() + b"\n"
                total += len(line)
                if total > MAX_ROWS_BYTES:
                    raise BadInput(f"{name} holds more text than can be read here")
                write(line)
                yield from findings.suspect(where, personal.suspects(str(words)))
                item = Item(ROWS_FILE, digest, 0, 0, 0, name=where, length=len(str(words)))
                yield replace(item, part=count)
                count += 1
        except BadInput as error:
            yield findings.leave_out(name, error)
        for at, fault in broken:
            yield findings.skip(f"{name}, line {at}", fault, BROKEN)
    yield Progress(done=len(tables), total=len(tables), text="reading tables")


def columns_of(source: Source, wanted: Sequence[str]) -> list[Column]:
    """Columns of the first table among `wanted` that hold words, the wordiest first."""
    for name in wanted:
        if packed.suffix_of(name) not in TABLES:
            continue
        lengths: dict[str, list[int]] = {}
        with contextlib.suppress(BadInput):  # the first rows tell, whatever comes later
            for row, _ in zip(_rows(source, name, []), range(_EXCERPT_ROWS), strict=False):
                for key, value in row.items():
                    if isinstance(value, str) and key:
                        lengths.setdefault(key, []).append(len(value))
        found = [Column(key, sum(many) / len(many)) for key, many in lengths.items()]
        return sorted(found, key=lambda column: -column.length)
    return []


def usual_column(wanted: Sequence[str], columns: Sequence[Column]) -> str:
    """The column to take where none is chosen: the wordiest where all files are rows of JSON,
    whose brackets nobody wants to read; "" leaves files whole."""
    rows_only = all(packed.suffix_of(name) == ".jsonl" for name in wanted)
    return columns[0].name if rows_only and columns else ""


def words_of(data: bytes, name: str) -> str:
    """The words of a file of text, unpacked and without their looks; raises BadInput."""
    return rich_text.plain(packed.unpacked(name, data), packed.suffix_of(name), name)


def beginning(data: bytes, name: str, count: int) -> str:
    """The first words of a file of text: about `count` characters, "" where there are none."""
    with contextlib.suppress(BadInput):
        if rich_text.is_rich(packed.plain_name(name)):
            return words_of(data, name)[:count]
        return text.decode(packed.head(name, data, 4 * count), name)[:count]
    return ""


def _rows(source: Source, name: str, broken: list[tuple[int, str]]) -> Iterator[dict[str, object]]:
    """Rows of a table; lines that are none go to `broken`."""
    data, suffix = packed.read(source, name), packed.suffix_of(name)
    return text.rows(data, suffix, name, lambda line, fault: broken.append((line, fault)))


def _fresh(data: bytes, name: str, copies: dict[str, str]) -> str:
    """Hash of the bytes, remembered; raises Unfit for empty files and exact copies."""
    if not data:
        raise Unfit("is empty (0 bytes)", EMPTY)
    digest = hashlib.sha256(data).hexdigest()
    if digest in copies:
        raise Unfit(f"is an exact copy of {printable(copies[digest])}", COPY)
    copies[digest] = name
    return digest


def _fresh_words(words: object, where: str, copies: dict[str, str]) -> str:
    if not isinstance(words, str) or not words.strip():
        raise Unfit("has no words in that column", EMPTY)
    return _fresh(words.encode("utf-8", "surrogatepass"), where, copies)


def _text(data: bytes, name: str) -> tuple[float, str]:
    words = words_of(data, name)
    if not words.strip():
        raise Unfit("holds no words", EMPTY)
    return float(len(words)), words


def _music(data: bytes, name: str) -> tuple[float, str]:
    found = music.facts(data, name)
    if not found.notes:
        raise Unfit("holds no notes", EMPTY)
    return float(found.notes), found.title


def _sound(data: bytes, name: str) -> tuple[float, str]:
    found = sound.facts(data, name)
    if found.seconds <= 0:
        raise Unfit("is too short (0 seconds)", SMALL)
    return round(found.seconds, 3), ""
