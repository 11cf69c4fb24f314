"""How composed pieces sound when they are played: levels, silence, range, voices at once; speed.

Pieces are rendered by the program's own synthesiser and font. A piece sounds as it should where
each number lies where nineteen of twenty real stretches lie, or as near as rounding is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.device import cpu_name
from genstudio.evaluation import intervals
from genstudio.evaluation import music_figures as figures
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.registry import metric
from genstudio.media import synth
from genstudio.media.notes import Piece

RATE = 22_050
"""Samples a second: levels and silence need no more."""
SECONDS = 10.0
"""So much of a piece is played, at most."""
MOST = 16
"""Pieces of each kind that are played."""
NUMBERS = ("loudness dB", "silence", "lowest", "highest", "voices at once")
ROOM = np.array([3.0, 0.1, 2.0, 2.0, 0.5])
"""What each number may lie outside of real ones: a loudness that nobody hears, a tone …"""
OUTSIDE = 2.5
"""Percent of real stretches at either end that do not count as usual."""
QUIETEST = -90.0


def sounding(piece: Piece) -> np.ndarray:
    """NUMBERS of a piece, (5,): decibels, share of frames, pitches from 0 to 127, notes.

    A piece without notes is silent, and has nothing at its ends.
    """
    if not len(piece.notes):
        return np.array([QUIETEST, 1.0, 0.0, 0.0, 0.0])
    end = min(SECONDS, piece.seconds(piece.length))
    found = synth.level(synth.render(piece, RATE, seconds=end))
    loudness = 20 * np.log10(max(found.rms, 10 ** (QUIETEST / 20)))
    low, high = int(piece.notes["pitch"].min()), int(piece.notes["pitch"].max())
    return np.array([loudness, found.silent, low, high, figures.polyphony(piece)])


def usual(numbers: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Whether all numbers of each row (n, 5) lie where those of real rows (m, 5) lie, (n,)."""
    low, high = np.percentile(real, (OUTSIDE, 100 - OUTSIDE), axis=0)
    return ((numbers >= low - ROOM) & (numbers <= high + ROOM)).all(axis=1)


@metric(
    "sounds_right",
    "Sounds as it should",
    "Share of the pieces whose loudness, silence, range and voices at once are those of real ones.",
    "new pieces",
    "training pieces",
)
def sounds_right(material: MusicMaterial) -> list[Score]:
    """Share of composed pieces within what is usual; floor: of stretches learnt from."""
    made, real, other = (_played(some) for some in material.pieces())
    fine, floor = usual(made, real), usual(other, real)
    low, high = intervals.wilson(int(fine.sum()), len(fine))
    return [
        material.score(
            "sounds_right",
            float(fine.mean()),
            len(fine),
            low=low,
            high=high,
            floor=float(floor.mean()),
            better="higher",
            help="Share of rendered pieces within the usual range of real ones in loudness, "
            "silence, lowest and highest note and voices at once",
            settings={"by_sound": _means(made), "by_sound_real": _means(real)},
        )
    ]


def _played(pieces: Sequence[Piece]) -> np.ndarray:
    return np.stack([sounding(piece) for piece in pieces[:MOST]])


def _means(numbers: np.ndarray) -> dict[str, float]:
    return {name: round(float(v), 3) for name, v in zip(NUMBERS, numbers.mean(axis=0))}


@metric(
    "composing_speed",
    "Faster than it plays",
    "Seconds of music in a second of composing, on the machine of the measurement.",
    "new pieces",
)
def composing_speed(material: MusicMaterial) -> list[Score]:
    """Seconds that a piece plays over those it took; the first, which opens the model, left out."""
    some = material.composed[1:] or material.composed
    rates = np.array([one.piece.seconds(int(one.piece.bars()[-1])) / one.seconds for one in some])
    low, high = intervals.of_few(rates)
    device = material.model.device
    return [
        material.score(
            "composing_speed",
            float(rates.mean()),
            len(rates),
            low=max(0.0, low),
            high=high,
            unit="×",
            better="higher",
            help="Seconds of music a second of work, one draft, while others may use the machine",
            settings={
                "device": device.name,
                "threads": device.threads,
                "machine": cpu_name() or "unknown",
            },
        )
    ]
