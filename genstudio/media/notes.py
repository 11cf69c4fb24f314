"""Music as notes: what a MIDI file, the piano roll and a model of music share. Numpy only.

Time is in ticks; `ppq` of them are a quarter. The conventions are those of the Standard MIDI
File (RP-001): tempo is quarters a minute whatever the metre is; without one it is 120 and 4/4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

NOTE = np.dtype(
    [
        ("start", "<i4"),
        ("duration", "<i4"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("track", "u1"),
    ]
)
"""Start and duration in ticks; pitch 0 to 127 (60 is middle C), velocity 1 to 127."""
MAX_TRACKS = 16
MAX_BARS = 100_000
MAX_PPQ = 32767
LATEST = 2**30
"""No note begins or ends later than this tick, so sums of two never leave int32."""


@dataclass(frozen=True)
class RowSound:
    """A recording that sounds for `pitch` of a drum track in place of the kit's sound.

    `name` is for people; `file` is what it is called beside the piece (`media.row_sounds`).
    """

    pitch: int
    name: str
    file: str


@dataclass(frozen=True)
class Track:
    """A voice: `program` 0 to 127 is its instrument (General MIDI), of drums the kit.

    `sounds` are recordings in place of some of the kit's; files of notes do not hold them.
    """

    name: str = ""
    program: int = 0
    drums: bool = False
    sounds: tuple[RowSound, ...] = ()

    def sound_of(self, pitch: int) -> RowSound | None:
        """The recording that sounds for a pitch, if there is one."""
        return next((one for one in self.sounds if one.pitch == pitch), None)


@dataclass(frozen=True, eq=False)
class Piece:
    """`notes` (n,) of NOTE by start, track and pitch; `ppq` ticks are a quarter.

    `tempos` (tick, quarters a minute), `metres` (tick, numerator, denominator) and `keys` (tick,
    sharps or minus flats from -7 to 7, minor) each hold from that tick on; the first from 0.
    Notes are put in order and made read-only here; raises ValueError for what is no music.
    """

    notes: np.ndarray
    tracks: tuple[Track, ...] = (Track(),)
    ppq: int = 480
    tempos: tuple[tuple[int, float], ...] = ((0, 120.0),)
    metres: tuple[tuple[int, int, int], ...] = ((0, 4, 4),)
    keys: tuple[tuple[int, int, bool], ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        notes = np.array(self.notes, NOTE)
        _check(self, notes)
        notes = notes[np.lexsort((notes["pitch"], notes["track"], notes["start"]))]
        notes.flags.writeable = False
        object.__setattr__(self, "notes", notes)

    @property
    def length(self) -> int:
        """Ticks until the last note ends."""
        if not len(self.notes):
            return 0
        return int((self.notes["start"] + self.notes["duration"]).max())

    def bars(self, until: int = 0) -> np.ndarray:
        """Ticks at which bars begin (int64), the end of the last one included.

        Enough bars for all notes and for `until` ticks, at least one. A metre that changes
        inside a bar cuts it short. Raises ValueError where there are more than MAX_BARS.
        """
        end = max(self.length, until, 1)
        metres = [metre for metre in self.metres if metre[0] < end]
        starts: list[np.ndarray] = []
        for number, (tick, upper, lower) in enumerate(metres):
            stop = metres[number + 1][0] if number + 1 < len(metres) else end
            bar = max(1.0, self.ppq * 4 * upper / lower)
            count = int(np.ceil((stop - tick) / bar))
            if count > MAX_BARS or len(starts) > MAX_BARS:
                raise ValueError(f"it has more than {MAX_BARS:,} bars")
            starts.append(tick + np.rint(np.arange(count) * bar).astype(np.int64))
        last = starts[-1][-1] + np.rint(bar).astype(np.int64)
        found = np.append(np.concatenate(starts), last)
        if len(found) > MAX_BARS:
            raise ValueError(f"it has more than {MAX_BARS:,} bars")
        return found

    def seconds(self, ticks: Any) -> Any:
        """Seconds from the beginning to `ticks` (a number or an array), by the tempos."""
        at, since, pace = self._clock()
        found = np.asarray(ticks, np.float64)
        part = np.clip(np.searchsorted(at, found, "right") - 1, 0, None)
        answer = since[part] + (found - at[part]) * pace[part]
        return float(answer) if answer.ndim == 0 else answer

    def ticks(self, seconds: Any) -> Any:
        """Ticks (int or int64 array, rounded) after `seconds`: the inverse of `seconds`."""
        at, since, pace = self._clock()
        found = np.asarray(seconds, np.float64)
        part = np.clip(np.searchsorted(since, found, "right") - 1, 0, None)
        answer = np.rint(at[part] + (found - since[part]) / pace[part]).astype(np.int64)
        return int(answer) if answer.ndim == 0 else answer

    def tempo_at(self, tick: int) -> float:
        """Quarters a minute that hold at `tick`."""
        return _holding(self.tempos, tick)[1]

    def metre_at(self, tick: int) -> tuple[int, int]:
        """(numerator, denominator) that hold at `tick`."""
        return _holding(self.metres, tick)[1:]

    def key_at(self, tick: int) -> tuple[int, bool] | None:
        """(fifths, minor) that hold at `tick`; None where no key is told."""
        return _holding(self.keys, tick)[1:] if self.keys else None

    def replaced(self, **fields: Any) -> Piece:
        """The same piece with other `fields`."""
        return replace(self, **fields)

    def sounding_like(self, other: Piece) -> Piece:
        """The same piece with the recordings of `other` in tracks that are the same there."""
        if not any(track.sounds for track in other.tracks):
            return self
        tracks = list(self.tracks)
        for number, (mine, theirs) in enumerate(zip(tracks, other.tracks)):
            if mine.drums and theirs.drums and mine.name == theirs.name:
                tracks[number] = replace(mine, sounds=theirs.sounds)
        return replace(self, tracks=tuple(tracks))

    def within(self, start: int, end: int) -> Piece:
        """The part from tick `start` to `end`, moved to 0: notes that begin there, cut at `end`.

        Tempo, metre and key that hold at `start` hold from 0.
        """
        chosen = self.notes[(self.notes["start"] >= start) & (self.notes["start"] < end)].copy()
        chosen["duration"] = np.minimum(chosen["duration"], end - chosen["start"])
        chosen["start"] -= start
        return replace(
            self,
            notes=chosen,
            tempos=_moved(self.tempos, start, end),
            metres=_moved(self.metres, start, end),
            keys=_moved(self.keys, start, end),
        )

    def transposed(self, semitones: int) -> Piece:
        """All but drums higher by `semitones`, notes out of range by octaves less; keys follow."""
        drums = np.array([track.drums for track in self.tracks])[self.notes["track"]]
        pitch = self.notes["pitch"].astype(np.int64) + semitones
        pitch = np.where(pitch > 127, pitch - 12 * ((pitch - 116) // 12), pitch)
        pitch = np.where(pitch < 0, pitch + 12 * ((11 - pitch) // 12), pitch)
        notes = self.notes.copy()
        notes["pitch"] = np.where(drums, notes["pitch"], pitch)
        keys = tuple(
            (tick, moved_key(fifths, semitones), minor) for tick, fifths, minor in self.keys
        )
        return replace(self, notes=notes, keys=keys)

    def at_ppq(self, ppq: int) -> Piece:
        """The same music with `ppq` ticks a quarter, rounded; nothing gets shorter than a tick."""
        share = ppq / self.ppq
        notes = self.notes.copy()
        end = np.rint((self.notes["start"] + self.notes["duration"]) * share)
        notes["start"] = np.rint(self.notes["start"] * share)
        notes["duration"] = np.maximum(1, end - notes["start"])
        scaled = [_scaled(changes, share) for changes in (self.tempos, self.metres, self.keys)]
        tempos, metres, keys = scaled
        return replace(self, notes=notes, ppq=ppq, tempos=tempos, metres=metres, keys=keys)

    def _clock(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each tempo: its tick, the seconds before it, its seconds a tick."""
        at = np.array([tick for tick, _ in self.tempos], np.float64)
        pace = 60 / (np.array([tempo for _, tempo in self.tempos], np.float64) * self.ppq)
        since = np.concatenate([[0.0], np.cumsum(np.diff(at) * pace[:-1])])
        return at, since, pace


def notes_of(rows: Iterable[tuple[int, ...]]) -> np.ndarray:
    """An array of NOTE from (start, duration, pitch, velocity, track)."""
    return np.array([tuple(row) for row in rows], NOTE)


def moved_key(fifths: int, semitones: int) -> int:
    """Sharps (or minus flats) of a key moved by `semitones`, in the spelling with the fewest."""
    return (fifths + 7 * semitones + 5) % 12 - 5 if semitones else fifths


def _holding(changes: tuple[Any, ...], tick: int) -> Any:
    """The last of `changes` that begins at or before `tick`."""
    return changes[max(0, bisect_right(changes, tick, key=lambda change: change[0]) - 1)]


def _moved(changes: tuple[Any, ...], start: int, end: int) -> tuple[Any, ...]:
    if not changes:
        return ()
    inside = tuple((c[0] - start, *c[1:]) for c in changes if start < c[0] < end)
    return ((0, *_holding(changes, start)[1:]), *inside)


def _scaled(changes: tuple[Any, ...], share: float) -> tuple[Any, ...]:
    """Changes at scaled ticks; where two fall together the later one holds."""
    found = {round(change[0] * share): change[1:] for change in changes}
    return tuple((tick, *rest) for tick, rest in found.items())


def _check(piece: Piece, notes: np.ndarray) -> None:
    """Raise ValueError for what is no music, or too long to be any."""
    if notes.ndim != 1:
        raise ValueError("notes are a row of NOTE")
    if not 1 <= len(piece.tracks) <= MAX_TRACKS:
        raise ValueError(f"a piece has 1 to {MAX_TRACKS} tracks, not {len(piece.tracks)}")
    if not 1 <= piece.ppq <= MAX_PPQ:
        raise ValueError(f"{piece.ppq} ticks cannot be a quarter")
    if any(not 0 <= track.program <= 127 for track in piece.tracks):
        raise ValueError("instruments are numbered 0 to 127")
    if len(notes):
        _check_notes(notes, len(piece.tracks))
    if not piece.tempos or any(not 1 <= tempo <= 10_000 for _, tempo in piece.tempos):
        raise ValueError("tempos are from 1 to 10,000 quarters a minute")
    if not piece.metres or any(
        not (1 <= upper <= 255 and lower in (1, 2, 4, 8, 16, 32, 64))
        for _, upper, lower in piece.metres
    ):
        raise ValueError("a metre is not one that can be written")
    if any(not -7 <= fifths <= 7 for _, fifths, _ in piece.keys):
        raise ValueError("keys have at most 7 sharps or flats")
    for changes in (piece.tempos, piece.metres, piece.keys):
        ticks = [change[0] for change in changes]
        if ticks and (ticks[0] != 0 or ticks != sorted(set(ticks)) or ticks[-1] > LATEST):
            raise ValueError("tempos, metres and keys begin at 0 and follow each other in time")


def _check_notes(notes: np.ndarray, tracks: int) -> None:
    if notes["start"].min() < 0 or notes["start"].max() > LATEST:
        raise ValueError("notes begin at 0 or later")
    if notes["duration"].min() < 1 or notes["duration"].max() > LATEST:
        raise ValueError("notes last at least one tick")
    if notes["pitch"].max() > 127:
        raise ValueError("pitches are 0 to 127")
    if not (notes["velocity"].min() >= 1 and notes["velocity"].max() <= 127):
        raise ValueError("velocities are 1 to 127")
    if notes["track"].max() >= tracks:
        raise ValueError("a note is in a track that is not there")
