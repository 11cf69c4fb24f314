"""What a MusicXML file says of its making: the AI label and our own entry (`media.musicxml_out`).

Only miscellaneous fields are held while expat reads; no tree is built, entities are refused.
"""

from __future__ import annotations

import json
from typing import Any
from xml.parsers import expat

from genstudio.core.errors import BadInput
from genstudio.media import music

MOST_TEXT = 1024 * 1024
_FIELD = "miscellaneous-field"


def read(data: bytes, name: str = "the music") -> tuple[dict[str, Any] | None, str]:
    """(provenance as plain values or None, address of the label or "") of a .musicxml or .mxl
    file; raises BadInput for damage."""
    fields, parser = _Fields(), expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = fields.start
    parser.EndElementHandler = fields.end
    parser.CharacterDataHandler = fields.words
    try:
        parser.Parse(music.unzipped(data) if data[:2] == b"PK" else data, True)
    except (ValueError, LookupError, expat.ExpatError) as error:
        raise BadInput(
            f"{name} is damaged and cannot be read: {error}",
            next_step="Save it again as MusicXML in the program that made it.",
        ) from error
    label = fields.found.get("DigitalSourceType", "")
    return _entry(fields.found.get("GenStudio", "")), label[:400]


def _entry(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class _Fields:
    """The text of each named field; of two with one name the first."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._name = ""
        self._text: list[str] = []
        self._held = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == _FIELD:
            self._name, self._text, self._held = given.get("name", ""), [], 0

    def end(self, tag: str) -> None:
        if tag == _FIELD and self._name:
            self.found.setdefault(self._name, "".join(self._text))
            self._name = ""

    def words(self, text: str) -> None:
        self._held += len(text)
        if self._name and self._held <= MOST_TEXT:
            self._text.append(text)


def _refuse(*_: object) -> None:
    raise ValueError("it declares entities, which no score needs")
