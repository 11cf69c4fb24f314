"""Captions: beside each file (cat.txt beside cat.png), or in a list for a whole folder.

Lists are called captions or metadata, .jsonl, .csv or .tsv, packed with xz or gz or not. Files
are named by file_name, file, path or image, words stand in caption, text or prompt; a list
without such words makes a caption of its short columns. Classes stand in class, label or
category. Arrays are counted by i, index or row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.datasets import packed
from genstudio.datasets.items import Item
from genstudio.datasets.sources import Source, is_archive_name
from genstudio.media import text

MAX_CAPTION = 2000
_MOST_ALTERNATIVES = 20
_LISTS = ("captions", "caption", "metadata")
_FILE_KEYS = ("file_name", "filename", "file", "path", "image")
_TEXT_KEYS = ("caption", "text", "prompt", "description")
_CLASS_KEYS = ("class", "label", "category")
_INDEX_KEYS = ("i", "index", "row")
_SHORT = 60
_MAX_BESIDE = 64 * 1024


@dataclass
class Captions:
    """Words by file (as the list names it) and by number, and classes likewise; `notes` for the
    findings."""

    by_file: dict[str, str] = field(default_factory=dict)
    by_number: dict[int, str] = field(default_factory=dict)
    class_by_file: dict[str, str] = field(default_factory=dict)
    class_by_number: dict[int, str] = field(default_factory=dict)
    rows: int = 0
    notes: list[str] = field(default_factory=list)

    def of_file(self, name: str) -> str:
        """The caption of a file, "" for none."""
        return _of_file(self.by_file, name)

    def class_of_file(self, name: str) -> str:
        """The class of a file, "" for none."""
        return _of_file(self.class_by_file, name)


def _of_file(words: dict[str, str], name: str) -> str:
    """By the path of a file, its path without archives, or its own name."""
    parts = name.split("/")
    bare = "/".join(part for part in parts[:-1] if not is_archive_name(part))
    for key in (name, f"{bare}/{parts[-1]}".lstrip("/"), parts[-1]):
        if key in words:
            return words[key]
    return ""


def read_lists(source: Source) -> Captions:
    """All caption lists of a source; a list that cannot be read is noted and left out."""
    found = Captions()
    for name in source.names():
        path = PurePosixPath(packed.plain_name(name))
        if path.stem.lower() in _LISTS and path.suffix.lower() in (".jsonl", ".csv", ".tsv"):
            try:
                _take(found, source, name, path.suffix.lower())
            except BadInput as error:
                found.notes.append(f"captions were not read: {error.problem.what}")
    return found


def give(
    items: list[Item], source: Source, companions: Sequence[str]
) -> tuple[list[Item], list[str]]:
    """(the items with captions, notes); `companions` are the texts beside the items."""
    lists = read_lists(source)
    beside = {stem: name for name in companions for stem in _stems_of(name)}
    result, count = [], 0
    for item in items:
        name = item.name or item.path
        words = _beside(source, name, beside) or [lists.of_file(name)]
        count += bool(words[0])
        result.append(replace(item, caption=words[0], others=tuple(words[1:])))
    return result, lists.notes + _told(count, len(items))


def for_rows(source: Source, count: int) -> tuple[list[str], list[str]]:
    """(captions of `count` array pictures as they stand in the files, notes); "" for none."""
    lists = read_lists(source)
    if not lists.by_number:
        return [], lists.notes
    if lists.rows != count:
        words = f"captions were not taken: {lists.rows:,} lines for {count:,} pictures"
        return [], [*lists.notes, words]
    words_of = [lists.by_number.get(number, "") for number in range(count)]
    return words_of, lists.notes + _told(sum(map(bool, words_of)), count)


def _told(having: int, count: int) -> list[str]:
    return [f"{having:,} of {count:,} have a caption"] if having else []


def classes_for_rows(source: Source, count: int) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """(labels int64 (count,), class names) of array pictures from a list, or (None, ())."""
    lists = read_lists(source)
    names = tuple(sorted(set(lists.class_by_number.values()), key=str.casefold))
    enough = 2 <= len(names) <= min(1000, count // 2)
    if lists.rows != count or len(lists.class_by_number) != count or not enough:
        return None, ()
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[lists.class_by_number[n]] for n in range(count)], np.int64), names


def clean(words: str) -> str:
    """One line without control characters, at most MAX_CAPTION long."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:MAX_CAPTION]


def _take(found: Captions, source: Source, name: str, suffix: str) -> None:
    folder = name.rpartition("/")[0]
    data = packed.read(source, name)
    number, broken = -1, []

    def bad(line: int, fault: str) -> None:
        nonlocal number
        number += 1  # it keeps its place among numbered pictures
        found.rows += 1
        broken.append(f"line {line:,} {fault}")

    for row in text.rows(data, suffix, name, bad):
        number += 1
        fields = {str(key).strip().lower(): value for key, value in row.items()}
        words = clean(_words(fields))
        found.rows += 1
        place = next((fields[key] for key in _INDEX_KEYS if key in fields), number)
        index = int(str(place)) if re.fullmatch(r"\d{1,9}", str(place)) else number
        found.by_number[index] = words
        file = next((fields[key] for key in _FILE_KEYS if isinstance(fields.get(key), str)), None)
        whole = f"{folder}/{file}" if folder else str(file)
        whole = whole.replace("\\", "/").removeprefix("./")
        if file is not None and words:
            found.by_file[whole] = words
        kind = clean(str(next((fields[key] for key in _CLASS_KEYS if fields.get(key)), "")))[:100]
        if kind:
            found.class_by_number[index] = kind
            found.class_by_file |= {whole: kind} if file is not None else {}
    if broken:
        more = f" and {len(broken) - 1:,} more like it" if len(broken) > 1 else ""
        found.notes.append(f"{name}: {broken[0]}{more}; the other lines were read")


def _words(fields: dict[str, object]) -> str:
    for key in _TEXT_KEYS:
        value = fields.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and isinstance(value[0], str):
            return value[0]
    left = {k: v for k, v in fields.items() if k not in _FILE_KEYS and isinstance(v, str)}
    if len(left) < 2 or any(len(value) > _SHORT for value in left.values()):
        return ""
    return ", ".join(f"{key} {value}" for key, value in left.items() if value)


def _beside(source: Source, name: str, beside: dict[str, str]) -> list[str]:
    """Lines of the text beside a file: its caption and alternatives; [] where there is none."""
    found = beside.get(str(PurePosixPath(name).with_suffix(""))) or beside.get(name)
    if found is None or source.size(found) > _MAX_BESIDE:
        return []
    try:
        lines = text.decode(source.read(found), found).splitlines()
    except BadInput:
        return []
    return [words for words in map(clean, lines[: 10 * _MOST_ALTERNATIVES]) if words][
        :_MOST_ALTERNATIVES
    ]


def _stems_of(name: str) -> list[str]:
    path = PurePosixPath(name)
    return [str(path.with_suffix(""))] if path.suffix.lower() in (".txt", ".caption") else []
