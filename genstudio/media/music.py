"""Headers and note counts of MIDI and MusicXML, parsed without trust; nothing is rendered.

Sources: MIDI Manufacturers Association, "Standard MIDI Files 1.0" (RP-001); W3C MusicXML 4.0.
XML that declares entities is refused before one is expanded (billion laughs), and compressed
MusicXML is held to the limits of any other zip.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from genstudio.core.errors import BadInput

MAX_BYTES = 64 * 1024 * 1024
_LENGTHS = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError,
               NotImplementedError, ValueError, MemoryError)  # fmt: skip


@dataclass(frozen=True)
class MusicFacts:
    """`notes` that sound, `tracks` or parts, `title` if the file names one."""

    notes: int
    tracks: int
    title: str
    form: str


def facts(data: bytes, name: str = "the music") -> MusicFacts:
    """What a MIDI or MusicXML file (packed or not) holds; raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        if data[:4] == b"MThd":
            return _midi(data)
        if data[:2] == b"PK":
            data = unzipped(data)
        return _xml(data)
    except (ValueError, LookupError, expat.ExpatError) as error:
        raise BadInput(f"{name} is damaged and cannot be read: {error}") from error


def _midi(data: bytes) -> MusicFacts:
    length, form = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:10], "big")
    if length < 6 or form > 2:
        raise ValueError("its header is not that of a MIDI file")
    place, notes, tracks, title = 8 + length, 0, 0, ""
    while place + 8 <= len(data):
        kind, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "big")
        body = data[place + 8 : place + 8 + size]
        if kind == b"MTrk":
            if len(body) < size:
                raise ValueError("it ends too early")
            count, named = _track(body)
            notes, tracks, title = notes + count, tracks + 1, title or named
        place += 8 + size
    if not tracks:
        raise ValueError("it holds no tracks")
    return MusicFacts(notes, tracks, title[:200], "MIDI")


def _track(body: bytes) -> tuple[int, str]:
    """(notes that begin, name of the track)."""
    place, status, notes, title = 0, 0, 0, ""
    while place < len(body):
        _, place = _number(body, place)
        if body[place] & 0x80:
            status = body[place]
            place += 1
        if status in (0xF0, 0xF7):
            size, place = _number(body, place)
            place += size
        elif status == 0xFF:
            kind = body[place]
            size, place = _number(body, place + 1)
            if kind == 3 and not title:
                title = body[place : place + size].decode("utf-8", "replace").strip()
            place += size
        elif status & 0xF0 in _LENGTHS:
            # A note that begins with no force is a note that ends.
            notes += status & 0xF0 == 0x90 and body[place + 1] > 0
            place += _LENGTHS[status & 0xF0]
        else:
            raise ValueError(f"it holds an unknown event {status:#x}")
    return notes, title


def _number(body: bytes, place: int) -> tuple[int, int]:
    """(a number of variable length, the place behind it)."""
    value = 0
    for _ in range(4):
        byte = body[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place
    raise ValueError("a number in it has no end")


def unzipped(data: bytes) -> bytes:
    """The score inside a .mxl: the first XML file that is not about the packing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [
                e for e in archive.infolist() if e.filename.lower().endswith((".xml", ".musicxml"))
            ]
            scores = [entry for entry in inside if not entry.filename.startswith("META-INF/")]
            if not scores:
                raise ValueError("there is no score in it")
            if scores[0].file_size > MAX_BYTES:
                raise ValueError("its score is too large")
            with archive.open(scores[0]) as stream:
                return stream.read(MAX_BYTES)
    except _ZIP_DAMAGE as error:
        raise ValueError(str(error)) from error


class _Score:
    """Counts while expat reads; no tree is built."""

    def __init__(self) -> None:
        self.root = self.title = self._inside = ""
        self.notes = self.parts = self._rests = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        self.root = self.root or tag
        self._inside = tag
        if tag == "note":
            self.notes += 1
        elif tag == "rest":
            self._rests += 1
        elif tag == "part":
            self.parts += 1

    def end(self, _: str) -> None:
        self._inside = ""

    def text(self, words: str) -> None:
        if self._inside in ("work-title", "movement-title") and len(self.title) < 200:
            self.title += words.strip()

    @property
    def sounding(self) -> int:
        return max(0, self.notes - self._rests)


def _refuse(*_: object) -> None:
    raise ValueError("it declares entities, which no score needs")


def _xml(data: bytes) -> MusicFacts:
    score, parser = _Score(), expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = score.start
    parser.EndElementHandler = score.end
    parser.CharacterDataHandler = score.text
    parser.Parse(data, True)
    if score.root not in ("score-partwise", "score-timewise"):
        raise ValueError("it is XML, but no MusicXML")
    return MusicFacts(score.sounding, score.parts, score.title[:200], "MusicXML")
