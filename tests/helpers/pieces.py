"""Pieces of music made in the test: nothing here depends on any file."""

from __future__ import annotations

import numpy as np

from genstudio.media.notes import Piece, Track, notes_of

SCALE = (0, 2, 4, 5, 7, 9, 11)
PPQ = 480


def chorale(bars: int = 4, voices: int = 4, seed: int = 0) -> Piece:
    """Quarters and eighths in C major, each voice in its own octave, one note at a time."""
    random = np.random.default_rng(seed)
    rows = []
    for voice in range(voices):
        tick = 0
        while tick < bars * 4 * PPQ:
            length = PPQ if random.random() < 0.6 or tick % PPQ else PPQ // 2
            pitch = 72 - 9 * voice + SCALE[int(random.integers(7))] - 5
            rows.append((tick, length, pitch, 80, voice))
            tick += length
    names = ("Soprano", "Alto", "Tenor", "Bass")
    tracks = tuple(Track(names[voice % 4], 48 + voice) for voice in range(voices))
    return Piece(notes_of(rows), tracks, PPQ, ((0, 96.0),), keys=((0, 0, False),), title="Chorale")


def groove(bars: int = 2, seed: int = 0) -> Piece:
    """Kick, snare and hi-hat in eighths as a human plays them: early or late, loud or soft."""
    random = np.random.default_rng(seed)
    rows = []
    for eighth in range(bars * 8):
        for pitch, every in ((42, 1), (36, 4), (38, 8)):
            if eighth % every == (4 if pitch == 38 else 0):
                late = int(random.integers(-15, 16)) if eighth else 0
                velocity = int(random.integers(40, 120))
                rows.append((eighth * PPQ // 2 + late, 60, pitch, velocity, 0))
    return Piece(notes_of(rows), (Track("Drums", 0, True),), PPQ, ((0, 120.0),))


def same(one: Piece, other: Piece) -> bool:
    """Whether two pieces are equal in all that they hold."""
    fields = ("tracks", "ppq", "tempos", "metres", "keys", "title")
    return np.array_equal(one.notes, other.notes) and all(
        getattr(one, name) == getattr(other, name) for name in fields
    )
