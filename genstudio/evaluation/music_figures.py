"""Numbers of a piece: its scale, what its notes are like, how its voices move, what comes again.

Pieces are compared as they are written: in parts of a quarter, without dynamics. Drums have no
pitch: they are left out wherever pitch is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from genstudio.media.notes import Piece

GRID = 12
"""Parts of a quarter that places and lengths are rounded to."""
LONGEST = 8
"""Quarters; longer notes and later places count as this."""
DOUBLED = 3
"""So many parallels in a row are meant: the voices are doubled."""
LAGS = 7
"""Bars back in which something may come again."""
SCALE = (0, 2, 4, 5, 7, 9, 11)
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well the twelve pitches fit a key, from its tonic up: Krumhansl and Kessler 1982."""

Histogram = Callable[[Piece], np.ndarray]


def pitched(piece: Piece) -> np.ndarray:
    """The notes that have a pitch, of NOTE (n,)."""
    drums = np.array([track.drums for track in piece.tracks])
    return piece.notes[~drums[piece.notes["track"]]]


def pitch_classes(piece: Piece) -> np.ndarray:
    """Quarters that each of the twelve pitch classes sounds, from C, (12,)."""
    notes = pitched(piece)
    return np.bincount(notes["pitch"] % 12, notes["duration"] / piece.ppq, minlength=12)


def key(piece: Piece) -> tuple[int, bool] | None:
    """(tonic from C = 0, minor) that fits best; None where nothing speaks for any.

    The key whose profile correlates best with the pitch classes by duration (Krumhansl 1990,
    "Cognitive Foundations of Musical Pitch", chapter 4).
    """
    weights = pitch_classes(piece)
    if np.ptp(weights) == 0:
        return None
    profiles = [np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)]
    fits = [float(np.corrcoef(weights, profile)[0, 1]) for profile in profiles]
    minor, tonic = divmod(int(np.argmax(fits)), 12)
    return tonic, bool(minor)


def in_scale(piece: Piece) -> float | None:
    """Largest share of the notes in one of the twelve diatonic scales; None without pitches.

    Scale consistency (Mogren 2016, "C-RNN-GAN", section 4).
    """
    notes = pitched(piece)
    if not len(notes):
        return None
    counts = np.bincount(notes["pitch"] % 12, minlength=12)
    return max(float(counts[[(s + t) % 12 for s in SCALE]].sum()) for t in range(12)) / len(notes)


def in_key(piece: Piece, fifths: int) -> float | None:
    """Share of the notes in the scale of a signature of so many sharps or minus flats; None
    without pitches."""
    notes = pitched(piece)
    scale = [(step + 7 * fifths) % 12 for step in SCALE]
    return float(np.isin(notes["pitch"] % 12, scale).mean()) if len(notes) else None


def steps_of_scale(piece: Piece) -> np.ndarray:
    """Quarters of each pitch class above the tonic of the key that fits best, (12,)."""
    found = key(piece)
    return np.roll(pitch_classes(piece), -found[0]) if found else np.zeros(12)


def lengths(piece: Piece) -> np.ndarray:
    """Notes by length, in twelfths of a quarter up to LONGEST, (GRID * LONGEST + 1,)."""
    parts = np.rint(piece.notes["duration"] * GRID / piece.ppq).astype(np.int64)
    return np.bincount(np.minimum(parts, GRID * LONGEST), minlength=GRID * LONGEST + 1)


def places(piece: Piece) -> np.ndarray:
    """Notes by where in the bar they begin, in twelfths of a quarter, (GRID * LONGEST + 1,)."""
    _, inside = _bars_of(piece)
    return np.bincount(np.minimum(inside, GRID * LONGEST), minlength=GRID * LONGEST + 1)


def leaps(piece: Piece) -> np.ndarray:
    """Steps of the voices in semitones, -12 and below to 12 and above, (25,)."""
    found = [np.diff(line[2]) for line in lines(piece)]
    steps = np.concatenate(found) if found else np.zeros(0, np.int64)
    return np.bincount(np.clip(steps, -12, 12) + 12, minlength=25)


def hits(piece: Piece) -> np.ndarray:
    """Notes of drums by what is struck, (128,)."""
    drums = np.array([track.drums for track in piece.tracks])
    return np.bincount(piece.notes["pitch"][drums[piece.notes["track"]]], minlength=128)


def divergence(made: np.ndarray, real: np.ndarray) -> float:
    """Jensen-Shannon divergence (Lin 1991) of two histograms in bits: 0 alike, 1 nothing shared.

    Without any counts on one side it is 1.
    """
    if not made.sum() or not real.sum():
        return float(bool(made.sum()) != bool(real.sum()))
    p, q = made / made.sum(), real / real.sum()
    middle = (p + q) / 2
    return float(sum(_relative(a, middle) for a in (p, q)) / 2)


def _relative(p: np.ndarray, q: np.ndarray) -> float:
    some = p > 0
    return float((p[some] * np.log2(p[some] / q[some])).sum())


def lines(piece: Piece) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(starts, ends, pitches) of each pitched track's upper line, int64 (n,) each.

    Of notes that begin together the highest counts; a note ends where the next one begins.
    """
    found, notes = [], pitched(piece)
    for track in range(len(piece.tracks)):
        mine = notes[notes["track"] == track]
        if not len(mine):
            continue
        mine = mine[np.lexsort((mine["pitch"], mine["start"]))]
        top = mine[np.append(np.diff(mine["start"]) > 0, True)]
        starts = top["start"].astype(np.int64)
        ends = np.minimum(starts + top["duration"], np.append(starts[1:], np.iinfo(np.int64).max))
        found.append((starts, ends, top["pitch"].astype(np.int64)))
    return found


def parallels(piece: Piece) -> tuple[int, int]:
    """(parallel perfect fifths, unisons and octaves; moves of two voices together), all pairs.

    A move counts where both voices change their pitch from one moment to the next; it is a fault
    where both moments have the same perfect interval (Fux 1725, first book). DOUBLED or more in a
    row are no faults but one voice played twice, as in a tutti: they do not count at all.
    """
    faults = moves = 0
    for one, other in combinations(lines(piece), 2):
        moments = np.union1d(one[0], other[0])
        upper, lower = _at(one, moments), _at(other, moments)
        changed = np.append(True, (np.diff(upper) != 0) | (np.diff(lower) != 0))
        upper, lower = upper[changed], lower[changed]  # notes struck again are no move
        sounding = (upper >= 0) & (lower >= 0)
        both = sounding[1:] & sounding[:-1] & (np.diff(upper) != 0) & (np.diff(lower) != 0)
        apart = np.abs(upper - lower) % 12
        perfect = np.isin(apart[1:], (0, 7)) & (apart[1:] == apart[:-1])
        found = both & perfect & (np.sign(np.diff(upper)) == np.sign(np.diff(lower)))
        runs = _runs(found)
        moves += int(both.sum()) - int(runs[runs >= DOUBLED].sum())
        faults += int(runs[runs < DOUBLED].sum())
    return faults, moves


def _runs(flags: np.ndarray) -> np.ndarray:
    """Lengths of the stretches of True, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return edges[1::2] - edges[::2]


def _at(line: tuple[np.ndarray, np.ndarray, np.ndarray], moments: np.ndarray) -> np.ndarray:
    """The pitch that sounds at each moment, -1 where none does."""
    starts, ends, pitches = line
    place = np.searchsorted(starts, moments, "right") - 1
    there = (place >= 0) & (moments < ends[np.maximum(place, 0)])
    return np.where(there, pitches[np.maximum(place, 0)], -1)


def returns(piece: Piece) -> np.ndarray:
    """How alike bars are to those 1 to LAGS bars before, 0 to 1, (LAGS,); NaN where none is.

    Notes of a bar as a set of (track, place, pitch); likeness is the share of all that both have
    (Jaccard), as in self-similarity matrices (Foote 1999; Wu, Yang 2020, section 4.2).
    """
    numbers, inside = _bars_of(piece)
    bars: dict[int, set[tuple[int, int, int]]] = {}
    rows = zip(numbers.tolist(), piece.notes["track"], inside.tolist(), piece.notes["pitch"])
    for number, track, place, pitch in rows:
        bars.setdefault(number, set()).add((int(track), place, int(pitch)))
    found = np.full(LAGS, np.nan)
    for lag in range(1, LAGS + 1):
        pairs = [(now, bars[bar - lag]) for bar, now in bars.items() if bar - lag in bars]
        if pairs:
            found[lag - 1] = np.mean([len(a & b) / len(a | b) for a, b in pairs])
    return found


def polyphony(piece: Piece) -> float:
    """Notes that sound at once on average while any does; 0 for silence."""
    starts = piece.notes["start"].astype(np.int64)
    ends = starts + piece.notes["duration"]
    moments = np.union1d(starts, ends)
    sounding = np.searchsorted(np.sort(starts), moments[:-1], "right") - np.searchsorted(
        np.sort(ends), moments[:-1], "right"
    )
    some = sounding > 0
    spans = np.diff(moments)[some]
    return float((sounding[some] * spans).sum() / spans.sum()) if some.any() else 0.0


def words(piece: Piece, mark: str) -> str:
    """The voices as words, one for each step: how far, and how long since the last onset.

    A transposed copy has the same words. Drums and chords: all that is struck together is a word.
    Behind each voice stands `mark`, which no other piece may have.
    """
    found: list[str] = []
    for track, about in enumerate(piece.tracks):
        mine = piece.notes[piece.notes["track"] == track]
        starts, first = np.unique(mine["start"], return_index=True)
        struck = [tuple(sorted(part.tolist())) for part in np.split(mine["pitch"], first[1:])]
        gaps = np.rint(np.diff(starts) * GRID / piece.ppq).astype(np.int64).tolist()
        for place in range(1, len(struck)):
            base = 0 if about.drums else struck[place - 1][-1]
            steps = "x".join(str(pitch - base).replace("-", "m") for pitch in struck[place])
            found.append(f"s{steps}g{gaps[place - 1]}")
        found.append(f"end{mark}x{track}")
    return " ".join(found)


def pooled(pieces: Sequence[Piece], histogram: Histogram) -> np.ndarray:
    """Histograms of pieces, (n, bins)."""
    return np.stack([histogram(piece) for piece in pieces]).astype(np.float64)


def _bars_of(piece: Piece) -> tuple[np.ndarray, np.ndarray]:
    """(number of its bar, place inside in twelfths of a quarter) of each note, int64 (n,)."""
    bars = piece.bars()
    starts = piece.notes["start"].astype(np.int64)
    numbers = np.searchsorted(bars, starts, "right") - 1
    inside = np.rint((starts - bars[numbers]) * GRID / piece.ppq).astype(np.int64)
    return numbers, inside
