"""Music as notes: what a MIDI file, the piano roll and a model of music share. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Track:
    """A voice: `program` 0 to 127 is its instrument (General MIDI)."""

    name: str = ""
    program: int = 0
    drums: bool = False


@dataclass(frozen=True, eq=False)
class Piece:
    """`notes` (n,) of NOTE by start, track and pitch; `ppq` ticks are a quarter.

    `tempos` (tick, quarters a minute), `metres` (tick, numerator, denominator) and `keys` (tick,
    sharps or minus flats from -7 to 7, minor) each hold from that tick on; the first from 0.
    """

    notes: np.ndarray
    tracks: tuple[Track, ...] = (Track(),)
    ppq: int = 480
    tempos: tuple[tuple[int, float], ...] = ((0, 120.0),)
    metres: tuple[tuple[int, int, int], ...] = ((0, 4, 4),)
    keys: tuple[tuple[int, int, bool], ...] = ()
    title: str = ""
