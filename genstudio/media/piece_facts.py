"""A piece in plain words: who plays, how long, in which key, metre and tempo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from genstudio.core import instruments
from genstudio.core.composing import key_word
from genstudio.core.stored import Json
from genstudio.media.notes import Piece, Track

MOST_CHANGES = 8
"""So many metres or keys are told in their order."""


def facts(piece: Piece) -> dict[str, Json]:
    """Plain values for `genstudio inspect`; what a file does not tell is "" or left out."""
    counts = np.bincount(piece.notes["track"], minlength=len(piece.tracks)).tolist()
    tracks: list[Json] = [
        _track(track, count) for track, count in zip(piece.tracks, counts, strict=True)
    ]
    return {
        "title": piece.title,
        "tracks": tracks,
        "bars": len(piece.bars()) - 1,
        "notes": len(piece.notes),
        "seconds": round(piece.seconds(piece.length), 1),
        "key": _changes(key_word(fifths, minor) for _, fifths, minor in piece.keys),
        "metre": _changes(f"{upper}/{lower}" for _, upper, lower in piece.metres),
        "tempo": _tempo([tempo for _, tempo in piece.tempos]),
        "range": _range(piece),
        "ticks_a_quarter": piece.ppq,
    }


def _track(track: Track, count: int) -> str:
    """ "Viola (Viola, 213 notes)"."""
    player = instruments.DRUM_WORD if track.drums else instruments.name_of(track.program)
    notes = f"{count:,} {'note' if count == 1 else 'notes'}"
    return f"{track.name} ({player}, {notes})" if track.name else f"{player} ({notes})"


def _changes(found: Iterable[str]) -> str:
    """Each with the next behind it: "4/4, then 3/4"."""
    told: list[str] = []
    for words in found:
        if not told or told[-1] != words:
            told.append(words)
    more = " …" if len(told) > MOST_CHANGES else ""
    return ", then ".join(told[:MOST_CHANGES]) + more


def _tempo(tempos: list[float]) -> str:
    """Quarters a minute: "96", or "60 to 120"."""
    low, high = round(min(tempos)), round(max(tempos))
    return f"{low} quarters a minute" if low == high else f"{low} to {high} quarters a minute"


def _range(piece: Piece) -> str:
    """Lowest and highest pitch of what is no drums, as MIDI numbers; "" where there are none."""
    drums = np.array([track.drums for track in piece.tracks])
    pitches = piece.notes["pitch"][~drums[piece.notes["track"]]]
    return f"{pitches.min()} to {pitches.max()} (60 is middle C)" if len(pitches) else ""
