"""Where bars begin in music that came without its bar lines.

The prepared scores tell one metre and no upbeat: all bars of a song with an upbeat are late by
it, and a quartet's other movements follow with metres of their own. Here bars are found again by
what stands on them: notes that begin there, long ones more, and few that are held across. Of all
ways to cut a piece into parts of one metre and one upbeat the likeliest is found by dynamic
programming (Viterbi 1967), as beats are by Ellis 2007, "Beat tracking by dynamic programming".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EIGHTH = 240
"""Ticks of the scores."""
BLOCK = 24
"""Eighths that one decision is made for: whole bars of all metres."""
CHANGE = 14.0
"""What another metre or upbeat costs, in standard deviations of a block."""
TOLD = 0.15
"""What the metre that the score tells is worth in each block."""
_LONGEST = 4.0  # quarters from which on a note counts no more for being longer
_NEAR = 12  # ticks beside an eighth at which a note still begins on it
PERIODS = (8, 6, 4, 3)
"""Eighths of a bar: 4/4, 3/4 or 6/8, 2/4, 3/8."""
# Krumhansl, Kessler 1982: how well each step above the tonic fits.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True)
class Part:
    """Eighths `start` to `stop`, with bars of `period` eighths, one of which begins at `phase`."""

    start: int
    stop: int
    period: int
    phase: int


def weight(notes: np.ndarray) -> np.ndarray:
    """How much speaks for a bar line at each eighth (t,); `notes` (n, 2): start and duration in
    ticks."""
    start, end = notes[:, 0], notes[:, 0] + notes[:, 1]
    count = int(end.max() // EIGHTH) + 2
    place = np.rint(start / EIGHTH).astype(np.int64)
    near = np.abs(start - place * EIGHTH) <= _NEAR
    found = np.zeros(count)
    np.add.at(found, place[near], np.minimum(notes[near, 1] / 480, _LONGEST))
    held = np.zeros(count + 1)
    first, behind = start // EIGHTH + 1, -(-end // EIGHTH)
    across = behind > first
    np.add.at(held, first[across], 1)
    np.add.at(held, np.minimum(behind[across], count), -1)
    return np.asarray(found - 0.5 * np.cumsum(held)[:count])


def parts(weights: np.ndarray, told: int) -> list[Part]:
    """The likeliest parts of one metre and upbeat each; `told`: the period of the first bars."""
    count = len(weights) // BLOCK
    if not count:
        return [Part(0, len(weights), told, 0)]
    states = [(period, phase) for period in PERIODS for phase in range(period)]
    fits = np.stack([_fit(weights, period, phase, count) for period, phase in states], axis=1)
    fits[:, [period == told for period, _ in states]] += TOLD
    total, came = fits[0].copy(), np.zeros((count, len(states)), np.int64)
    for block in range(1, count):
        best = int(total.argmax())
        jumps = total[best] - CHANGE > total
        came[block] = np.where(jumps, best, np.arange(len(states)))
        total = np.where(jumps, total[best] - CHANGE, total) + fits[block]
    path = [int(total.argmax())]
    for block in range(count - 1, 0, -1):
        path.append(int(came[block][path[-1]]))
    path.reverse()
    cuts = [0, *(b for b in range(1, count) if path[b] != path[b - 1]), count]
    ends = [cut * BLOCK for cut in cuts[:-1]] + [len(weights)]
    pairs = zip(ends, ends[1:], cuts, strict=False)
    return [Part(start, stop, *states[path[cut]]) for start, stop, cut in pairs]


def upbeat(weights: np.ndarray, period: int) -> int:
    """Eighths before the first whole bar of a piece of one metre; 0 unless much speaks for it."""
    if len(weights) < period:
        return 0
    spread = float(weights.std()) or 1.0
    means = [float(weights[phase::period].mean()) / spread for phase in range(period)]
    best = int(np.argmax(means))
    bars = len(weights) / period
    return best if (means[best] - means[0]) * np.sqrt(bars) > 3.0 else 0


def is_compound(weights: np.ndarray, part: Part) -> bool:
    """True where the middle of bars of six eighths weighs more than their second and third
    quarter: 6/8, not 3/4."""
    own = weights[part.start : part.stop]
    at = [own[(part.phase - part.start + step) % 6 :: 6].mean() for step in (2, 3, 4)]
    return bool(at[1] > (at[0] + at[2]) / 2)


def key(pitches: np.ndarray, lengths: np.ndarray, fifths: int | None = None) -> tuple[int, bool]:
    """(sharps or minus flats, minor) of the key that fits best, `fifths` of it if they are told.

    Krumhansl 1990, "Cognitive foundations of musical pitch", chapter 4: the correlation of how
    long each pitch class sounds with how well it fits into each key.
    """
    sounds = np.bincount(pitches % 12, weights=lengths, minlength=12)
    best, found = -2.0, (fifths or 0, False)
    if np.ptp(sounds) == 0:  # nothing speaks for any
        return found
    for flat in range(-5, 7) if fifths is None else (fifths,):
        for minor, profile in ((False, _MAJOR), (True, _MINOR)):
            tonic = (7 * flat + (9 if minor else 0)) % 12
            fit = float(np.corrcoef(sounds, np.roll(profile, tonic))[0, 1])
            if fit > best:
                best, found = fit, (flat, minor)
    return found


def _fit(weights: np.ndarray, period: int, phase: int, count: int) -> np.ndarray:
    """How well bar lines fit into each block (count,)."""
    usual = (weights - weights.mean()) / (weights.std() or 1.0)
    there = np.arange(count * BLOCK) % period == phase
    sums = np.where(there, usual[: count * BLOCK], 0).reshape(count, BLOCK).sum(axis=1)
    return np.asarray(sums / np.sqrt(BLOCK / period))
