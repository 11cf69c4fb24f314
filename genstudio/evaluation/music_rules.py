"""Does composed music keep to a scale, to the key that was asked for, to rules of voice leading?

Real music breaks all of these now and then: what it reaches is the floor, and more is not better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation import music_figures as figures
from genstudio.evaluation.music_likeness import numbers
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.registry import metric
from genstudio.media.notes import Piece

PER = 100
"""Moves that faults are counted by."""


@metric(
    "in_scale",
    "Notes in one scale",
    "Largest share of the notes of a piece that lie in one diatonic scale.",
    "new pieces",
    "pitches",
)
def in_scale(material: MusicMaterial) -> list[Score]:
    """Mean over composed pieces; floor: the stretches that they stand for."""
    made, real, _ = material.pieces()
    found, floor = numbers(made, figures.in_scale), numbers(real, figures.in_scale)
    if not len(found) or not len(floor):
        return []
    low, high = intervals.of_mean(found)
    return [
        material.score(
            "in_scale",
            float(found.mean()),
            len(found),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(floor.mean()),
            better="higher",
            help="Largest share of notes in one diatonic scale (scale consistency, Mogren 2016)",
        )
    ]


@metric(
    "key_asked",
    "Keeps the key asked for",
    "Share of the notes that lie in the scale of the key that was asked for.",
    "new pieces",
    "pitches",
)
def key_asked(material: MusicMaterial) -> list[Score]:
    """Mean share over pieces; floor: the stretches that they stand for, which modulate too."""
    asked = [(one, one.real.piece.key_at(0)) for one in material.composed]
    keyed = [(one, told[0]) for one, told in asked if told is not None]
    found = _shares((one.piece, fifths) for one, fifths in keyed)
    floor = _shares((one.real.piece, fifths) for one, fifths in keyed)
    if not len(found) or not len(floor):
        return []
    low, high = intervals.of_mean(found)
    return [
        material.score(
            "key_asked",
            float(found.mean()),
            len(found),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(floor.mean()),
            better="higher",
            help="Share of notes in the scale of the key asked for; 7 of 12 would be chance",
        )
    ]


def _shares(pairs: Iterable[tuple[Piece, int]]) -> np.ndarray:
    """Share of notes in the key of each piece that has pitches, (n,)."""
    shares = [figures.in_key(piece, fifths) for piece, fifths in pairs]
    return np.array([share for share in shares if share is not None])


@metric(
    "parallels",
    "Parallel fifths and octaves",
    "Moves of two voices in parallel perfect fifths, octaves or unisons, in a hundred.",
    "new pieces",
    "pitches",
    "several voices",
)
def parallels(material: MusicMaterial) -> list[Score]:
    """Faults in a hundred moves of two voices; floor: of the stretches that they stand for."""
    made, real, _ = material.pieces()
    found, floor = counted(made), counted(real)
    if not found[1].sum() or not floor[1].sum():
        return []
    value, low, high = intervals.of_ratio(PER * found[0], found[1])
    return [
        material.score(
            "parallels",
            value,
            int(found[1].sum()),
            low=max(0.0, low),
            high=high,
            floor=float(PER * floor[0].sum() / floor[1].sum()),
            better="lower",
            counted="moves",
            help="Parallel perfect fifths, octaves and unisons in a hundred moves of two voices, "
            "doubled voices left out",
        )
    ]


def counted(pieces: Sequence[Piece]) -> tuple[np.ndarray, np.ndarray]:
    """(faults, moves) of each piece that has moves, (n,) each."""
    rows = [row for row in map(figures.parallels, pieces) if row[1]]
    table = np.array(rows, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
