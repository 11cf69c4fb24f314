"""What is typed into the gallery's search field, as a condition for the index."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'(?:(model|seed|date|task|group|is):)?(?:"([^"]*)"|(\S+))')


def where(
    text: str, model: str, starred: bool, since: str, until: str, trashed: bool
) -> tuple[str, list[object]]:
    """A condition with its values; whatever is typed, it is looked for and never run as SQL.

    `text` takes words (each the start of one that must occur), "quoted words" that stand
    together, and model: seed: date: task: group: is:starred.
    """
    parts = ["trashed <> ''" if trashed else "trashed = ''"]
    values: list[object] = []
    words: list[str] = []
    for key, quoted, bare in _TOKEN.findall(text):
        _add_token(key, quoted or bare, parts, values, words)
    for sql, value in (
        ("model = ?", model),
        ("created >= ?", since),
        # A day given as the end is included with all its hours.
        ("created < ?", f"{until}~" if until else ""),
    ):
        if value:
            parts.append(sql)
            values.append(value)
    if starred:
        parts.append("starred")
    if words:
        parts.append("seq IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(" ".join(words))
    return " AND ".join(parts), values


def _add_token(
    key: str, value: str, parts: list[str], values: list[object], words: list[str]
) -> None:
    if key in ("model", "task"):
        parts.append(f"{key} LIKE ? ESCAPE '\\'")
        values.append("%" + re.sub(r"([%_\\])", r"\\\1", value) + "%")
    elif key == "group":
        parts.append("grouped = ?")
        values.append(value)
    elif key == "date":
        parts.append("substr(created, 1, ?) = ?")
        values += [len(value), value]
    elif key == "seed":
        parts.append("seed = ?")
        values.append(int(value) if value.isdecimal() and len(value) < 18 else -1)
    elif key == "is":
        parts.append("starred" if value.startswith("star") else "1 = 0")
    elif any(c.isalnum() for c in value):
        words.append('"' + value.replace('"', '""') + '"*')
