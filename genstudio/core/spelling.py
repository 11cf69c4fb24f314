"""JSON of large values in small steps.

Encoded in one go, a value of some megabytes keeps all other threads of the program waiting, for
that is one call into C: a window in which text streams would stand still while a document is
saved. In parts, another thread may run after each of them. The result is the same to the letter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue


class Spelled:
    """A value that is JSON already, in the spelling in which it will be used."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


DEPTH = 3
"""So deep containers are taken apart; what lies deeper is small."""
LETTERS = 1 << 15
"""Characters of a text that are encoded at once."""
BATCH = 256
"""Items of a list of anything but objects (the notes of a piece, numbers)."""


class Spelling:
    """One way to write JSON: `ordered` by key and `tight`, or as things come and with blanks."""

    def __init__(self, *, ordered: bool = False, tight: bool = False) -> None:
        self._between, behind = (",", ":") if tight else (", ", ": ")
        self._ordered = ordered
        self._encoder = json.JSONEncoder(
            ensure_ascii=False, sort_keys=ordered, separators=(self._between, behind)
        )

    def parts(self, value: Any) -> Iterator[bytes]:
        """The JSON of `value` in UTF-8, some kilobytes at a time; halves of a letter are kept.

        Within its outer containers there may be `Spelled` values. Raises TypeError for what is
        no JSON.
        """
        for text in self._parts(value, DEPTH):
            yield text.encode("utf-8", "surrogatepass")

    def whole(self, value: Any) -> bytes:
        """All of it."""
        return b"".join(self.parts(value))

    def spelled(self, value: JsonValue) -> Spelled:
        """The value for use within others: what never changes is spelled once."""
        return Spelled("".join(self._parts(value, DEPTH)))

    def _parts(self, value: Any, depth: int) -> Iterator[str]:
        if isinstance(value, Spelled):
            yield value.text
        elif isinstance(value, str) and len(value) > LETTERS:
            yield '"'
            for first in range(0, len(value), LETTERS):
                yield self._encoder.encode(value[first : first + LETTERS])[1:-1]
            yield '"'
        elif depth and isinstance(value, dict) and value:
            for place, key in enumerate(sorted(value) if self._ordered else value):
                yield self._between if place else "{"
                yield self._encoder.encode({key: None})[1:-5]  # a key may be no text: as json does
                yield from self._parts(value[key], depth - 1)
            yield "}"
        elif depth and isinstance(value, list) and value:
            objects = isinstance(value[0], (dict, Spelled))
            batch = 1 if objects else BATCH
            for first in range(0, len(value), batch):
                yield self._between if first else "["
                if objects:
                    yield from self._parts(value[first], depth - 1)
                else:
                    yield self._encoder.encode(value[first : first + batch])[1:-1]
            yield "]"
        else:
            yield self._encoder.encode(value)


FIXED = Spelling(ordered=True, tight=True)
"""The spelling that is hashed."""


def hash_of(value: dict[str, JsonValue]) -> str:
    """What a checked file ends with: SHA-256 of its other values, in one fixed spelling."""
    return hashlib.sha256(FIXED.whole(value)).hexdigest()


def sealed(value: Mapping[str, Any]) -> bytes:
    """A checked file: its values, at least one, in that spelling, and the hash of them."""
    text = FIXED.whole(dict(value))
    check = hashlib.sha256(text).hexdigest()
    return text[:-1] + f',"check":"{check}"}}'.encode()
