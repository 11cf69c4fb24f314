"""The bytes of a Standard MIDI file as tracks of notes and meta events, read without trust.

Source: MIDI Manufacturers Association, "Standard MIDI Files 1.0" (RP-001), and RP-029 (RMID).
Every function here raises ValueError or IndexError for damage; `media.midi` gives the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from genstudio.media.notes import LATEST

MAX_BYTES = 16 * 1024 * 1024
"""A million notes need half of it; what is longer takes its reader too long."""
MAX_NOTES = 1_000_000
TEXT, NAME, END, TEMPO, METRE, KEY = 0x01, 0x03, 0x2F, 0x51, 0x58, 0x59
"""Kinds of meta events (RP-001, "Meta-Event Definitions")."""


@dataclass
class Voice:
    """One channel of one track: notes (start, duration, pitch, velocity), (tick, program)."""

    notes: list[tuple[int, int, int, int]] = field(default_factory=list)
    programs: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Chunk:
    """What one MTrk holds: voices by channel, meta events (tick, kind, bytes), its end."""

    voices: dict[int, Voice] = field(default_factory=dict)
    metas: list[tuple[int, int, bytes]] = field(default_factory=list)
    end: int = 0

    @property
    def count(self) -> int:
        """Number of notes."""
        return sum(len(voice.notes) for voice in self.voices.values())


@dataclass(frozen=True)
class File:
    """`tempo` is quarters a minute where time is told in frames a second, else 0."""

    form: int
    ppq: int
    tempo: float
    chunks: list[Chunk]


def parse(data: bytes) -> File:
    """All tracks of a MIDI file or of one inside RIFF (RMID)."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = _inside_riff(data)
    length, form = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:10], "big")
    if data[:4] != b"MThd" or length < 6 or form > 2:
        raise ValueError("its header is not that of a MIDI file")
    ppq, tempo = _division(data[12], data[13])
    bodies = list(_bodies(data, 8 + length))
    declared = int.from_bytes(data[10:12], "big")
    if len(bodies) < max(1, declared):
        raise ValueError(f"it should hold {declared:,} tracks, but holds {len(bodies):,}")
    chunks: list[Chunk] = []
    room = MAX_NOTES
    for body in bodies:
        chunks.append(_Reader(ppq, room).read(body))
        room -= chunks[-1].count
    return File(form, ppq, tempo, chunks)


def _inside_riff(data: bytes) -> bytes:
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"data":
            return data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    raise ValueError("there is no MIDI file in it")


def _division(first: int, second: int) -> tuple[int, float]:
    """(ticks a quarter, tempo or 0); a second of frames becomes a quarter at 60 a minute."""
    if first < 0x80:
        if not first << 8 | second:
            raise ValueError("no ticks are a quarter in it")
        return first << 8 | second, 0.0
    frames = 256 - first
    if frames not in (24, 25, 29, 30) or not second:
        raise ValueError(f"{frames} frames a second are not known")
    # 29 stands for 30 frames that take 1.001 seconds (RP-001, "division").
    return (30 if frames == 29 else frames) * second, 60 / 1.001 if frames == 29 else 60.0


def _bodies(data: bytes, place: int) -> Iterator[bytes]:
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "big")
        if data[place : place + 4] == b"MTrk":
            if place + 8 + size > len(data):
                raise ValueError("it ends too early")
            yield data[place + 8 : place + 8 + size]
        place += 8 + size


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


class _Reader:
    """Reads one track of at most `room` notes."""

    def __init__(self, ppq: int, room: int) -> None:
        self._ppq, self._room = ppq, room
        self._found = Chunk()
        self._sounding: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def read(self, body: bytes) -> Chunk:
        place, tick, status = 0, 0, 0
        while place < len(body):
            step, place = _number(body, place)
            tick += step
            if tick > LATEST:
                raise ValueError("it is too long")
            if body[place] & 0x80:
                status = body[place]
                place += 1
            if 0x80 <= status < 0xF0:
                place = self._channel(body, place, tick, status)
                continue
            kind, place = self._other(body, place, tick, status)
            if kind == END:
                break
        self._finish(tick)
        return self._found

    def _other(self, body: bytes, place: int, tick: int, status: int) -> tuple[int, int]:
        """A meta event or one for a system: (its kind or 0, the place behind it)."""
        if status not in (0xF0, 0xF7, 0xFF):
            raise ValueError(f"it holds an unknown event {status:#x}")
        kind = body[place] if status == 0xFF else 0
        size, place = _number(body, place + (status == 0xFF))
        if place + size > len(body):
            raise ValueError("an event in it has no end")
        if status == 0xFF:
            self._found.metas.append((tick, kind, body[place : place + size]))
        return kind, place + size

    def _channel(self, body: bytes, place: int, tick: int, status: int) -> int:
        kind, channel, first = status & 0xF0, status & 0x0F, body[place]
        long = kind not in (0xC0, 0xD0)
        second = body[place + 1] if long else 0
        if (first | second) & 0x80:
            raise ValueError(f"an event in it has a value over 127 at {tick:,} ticks")
        if kind == 0x90 and second:
            self._begin(channel, first, tick, second)
        elif kind in (0x80, 0x90):
            waiting = self._sounding.get((channel, first))
            if waiting:
                self._stop(channel, first, waiting.pop(0), tick)
        elif kind == 0xC0:
            self._voice(channel).programs.append((tick, first))
        return place + 1 + long

    def _begin(self, channel: int, pitch: int, tick: int, velocity: int) -> None:
        self._room -= 1
        if self._room < 0:
            raise ValueError(f"it holds more than {MAX_NOTES:,} notes")
        self._sounding.setdefault((channel, pitch), []).append((tick, velocity))

    def _stop(self, channel: int, pitch: int, begun: tuple[int, int], tick: int) -> None:
        start, velocity = begun
        note = (start, max(1, tick - start), pitch, velocity)
        self._voice(channel).notes.append(note)

    def _voice(self, channel: int) -> Voice:
        return self._found.voices.setdefault(channel, Voice())

    def _finish(self, tick: int) -> None:
        """Notes that never end last to the end of the track, or a quarter where that is now."""
        for (channel, pitch), waiting in self._sounding.items():
            for start, velocity in waiting:
                end = tick if tick > start else start + self._ppq
                self._stop(channel, pitch, (start, velocity), end)
        self._found.end = tick
