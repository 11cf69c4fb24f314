"""Drafts of music on their way: what a job has composed so far, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from genstudio.core.events import Result, Words
from genstudio.core.piece_file import MAX_TICK, MOST_TRACKS
from genstudio.core.stored import Json
from genstudio.core.writing import AGAIN
from genstudio.media.notes import MAX_PPQ, Piece, Track, notes_of

NOTES = "notes"
TOLD = 6
"""Others that are kept of each note."""
DraftState = Literal["waiting", "writing", "done", "stopped", "failed"]
Place = tuple[int, int, int]
"""Start, pitch, track: the name of a note."""
Rows = list[tuple[int, int, int, int, int]]


@dataclass(frozen=True)
class Chance:
    """How likely the model found a note (0 … 1), and the likeliest pitches, best first."""

    p: float
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Region:
    """Bars `first` … `last` (from 0, both inside) and the tracks that are asked about.

    `start` and `end` are their ticks.
    """

    first: int
    last: int
    start: int
    end: int
    tracks: tuple[int, ...]

    @property
    def words(self) -> str:
        """ "bar 4" or "bars 4–5", counted from 1."""
        if self.first == self.last:
            return f"bar {self.first + 1}"
        return f"bars {self.first + 1}–{self.last + 1}"

    def holds(self, start: int, track: int) -> bool:
        """Whether a note that begins there is asked about."""
        return self.start <= start < self.end and track in self.tracks


@dataclass
class MusicDraft:
    """One of the pieces that a job makes side by side.

    `base` is what stays of the piece that was given; `finished` is all of it once it is done;
    `place` is what the model makes anew of it.
    """

    index: int
    base: Piece
    rows: Rows = field(default_factory=list)
    chances: dict[Place, Chance] = field(default_factory=dict)
    state: DraftState = "waiting"
    artifact: str = ""
    finished: Piece | None = None
    place: Region | None = None
    facts: dict[str, Json] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """True while more may come."""
        return self.state in ("waiting", "writing")

    @property
    def empty(self) -> bool:
        """True while there is nothing to hear of it."""
        return self.finished is None and not self.rows

    @property
    def piece(self) -> Piece:
        """The piece as far as it has come."""
        if self.finished is not None:
            return self.finished
        if not self.rows:
            return self.base
        tracks = len(self.base.tracks)
        known = [row for row in self.rows if row[4] < tracks]
        return self.base.replaced(notes=np.concatenate([self.base.notes, notes_of(known)]))

    def new_notes(self) -> np.ndarray:
        """The notes (n,) of NOTE that are the model's: those that `base` does not have."""
        if self.finished is None:
            return notes_of(self.rows)
        stays = {tuple(row) for row in self.base.notes.tolist()}
        return notes_of(row for row in self.finished.notes.tolist() if tuple(row) not in stays)

    def onto(self, piece: Piece, locks: Iterable[Place]) -> Piece:
        """The draft as a change of `piece`, which may have been edited since it was asked."""
        if self.place is None:
            return self.piece
        left = without(piece, self.place, locks)
        return left.replaced(notes=np.concatenate([left.notes, self.new_notes()]))

    def take_words(self, event: Words) -> None:
        """Add the notes that came."""
        if event.data.get(AGAIN) is True:
            self.rows, self.chances = [], {}
        self.state = "writing"
        for row, chance in rows_of(event.data.get(NOTES)):
            self.rows.append(row)
            self.chances[(row[0], row[2], row[4])] = chance

    def take_result(self, event: Result, piece: Piece | None) -> None:
        """It is finished, or was stopped and kept."""
        self.artifact = str(event.data.get("artifact", ""))
        self.facts = dict(event.data)
        if piece is not None:
            self.finished = piece
        if self.state != "stopped":
            self.state = "done"

    def packed(self) -> dict[str, Json]:
        """As JSON, for the session: the file in the gallery has the notes."""
        return {"index": self.index, "state": self.state, "artifact": self.artifact}


def rows_of(told: object) -> list[tuple[tuple[int, int, int, int, int], Chance]]:
    """Notes as the worker tells them, with their chances; nonsense is left out."""
    found = []
    for entry in told if isinstance(told, Iterable) else ():
        if not isinstance(entry, (list, tuple)) or len(entry) < 5:
            continue
        if not all(isinstance(v, int) and not isinstance(v, bool) for v in entry[:5]):
            continue
        start, duration, pitch, velocity, track = entry[:5]
        sound = 0 <= pitch <= 127 and 1 <= velocity <= 127 and 0 <= track < MOST_TRACKS
        if sound and 0 <= start <= MAX_TICK and 1 <= duration <= MAX_TICK:
            p = _chance(entry[5]) if len(entry) > 5 else 1.0
            top = _others(entry[6]) if len(entry) > 6 else ()
            found.append(((start, duration, pitch, velocity, track), Chance(p, top)))
    return found


def chances_of(data: Mapping[str, Json]) -> dict[Place, Chance]:
    """The notes of a report of how likely they are."""
    return {(row[0], row[2], row[4]): chance for row, chance in rows_of(data.get(NOTES))}


def without(piece: Piece, region: Region, kept: Iterable[Place] = ()) -> Piece:
    """`piece` with the asked places empty but for the `kept` notes."""
    stays = set(kept)
    rows = [
        row
        for row in piece.notes.tolist()
        if not region.holds(row[0], row[4]) or (row[0], row[2], row[4]) in stays
    ]
    return piece.replaced(notes=notes_of(rows))


def framed(piece: Piece, told: object, new: bool) -> Piece:
    """What a piece grows in: `told` is the worker's frame (`core.composing.FRAME`).

    A `new` piece begins without notes; nonsense leaves `piece` as it is.
    """
    if not isinstance(told, Mapping):
        return piece.replaced(notes=notes_of(())) if new else piece
    tracks = tuple(_track_of(one) for one in _list(told.get("tracks")))
    ppq = told.get("ppq")
    whole = isinstance(ppq, int) and 1 <= ppq <= MAX_PPQ
    base = piece.at_ppq(ppq) if whole and ppq != piece.ppq else piece  # type: ignore[arg-type]
    if not tracks or len(tracks) > MOST_TRACKS:
        tracks = base.tracks
    if new:
        return base.replaced(notes=notes_of(()), tracks=tracks)
    if len(tracks) < len(base.tracks):
        return base
    return base.replaced(tracks=tracks).sounding_like(piece)  # workers know no recordings


def _track_of(told: object) -> Track:
    parts = _list(told)
    name = str(parts[0])[:400] if parts else ""
    program = parts[1] if len(parts) > 1 and _is_pitch(parts[1]) else 0
    return Track(name, program, len(parts) > 2 and parts[2] is True)


def _list(told: object) -> list[Any]:
    return list(told) if isinstance(told, (list, tuple)) else []


def unpacked(saved: Mapping[str, Any], base: Piece) -> MusicDraft:
    """A draft of an earlier session: what was under way then has been stopped."""
    state = saved.get("state")
    return MusicDraft(
        index=int(saved.get("index", 0)),
        base=base,
        state=state if state in ("done", "stopped", "failed") else "stopped",
        artifact=str(saved.get("artifact", "")),
    )


def packed_region(region: Region) -> dict[str, Json]:
    """As JSON, for the session."""
    plain: dict[str, Json] = {"first": region.first, "last": region.last}
    return plain | {"start": region.start, "end": region.end, "tracks": [*region.tracks]}


def unpacked_region(saved: Mapping[str, Any]) -> Region:
    """The region of an earlier session; raises KeyError or TypeError for anything else."""
    numbers = [int(saved[name]) for name in ("first", "last", "start", "end")]
    return Region(*numbers, tracks=tuple(int(number) for number in saved["tracks"]))


def _others(told: object) -> tuple[tuple[int, float], ...]:
    pairs = told if isinstance(told, (list, tuple)) else ()
    good = [
        (int(pair[0]), _chance(pair[1]))
        for pair in pairs
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and _is_pitch(pair[0])
    ]
    return tuple(good[:TOLD])


def _is_pitch(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 127


def _chance(told: object) -> float:
    """A probability from 0 to 1; what is no number counts as 0."""
    # `max` takes its first argument where the other is NaN.
    return round(min(1.0, max(0.0, told)), 4) if isinstance(told, (int, float)) else 0.0
