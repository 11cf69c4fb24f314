"""Which cells of a window of music are taken out, to be told behind all others.

A cell is what one voice does in one bar. What is asked for in use is what is learnt: a voice to
others (harmonising), bars between others (a bridge), some bars of some voices (a selection), and
cells anywhere (a variation). Ens, Pasquier 2020, "MMM: exploring conditional multi-track music
generation with the transformer", section 3.2, take out single cells; Bavarian et al. 2022 move
what is taken out behind the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Cells = np.ndarray
"""bool (bars, voices): True where a cell is taken out."""


def choose(bars: int, voices: int, chances: np.ndarray) -> Cells:
    """Cells of a window of `bars` and `voices`, at least one.

    `chances` float64 (3 + bars * voices or more,) in [0, 1) decide: which pattern, two places,
    and each cell. Fewer bars with the same chances give the same pattern.
    """
    pattern = PATTERNS[int(chances[0] * len(PATTERNS))]
    cells = pattern(bars, voices, chances)
    if not cells.any():
        cells[int(chances[1] * bars), int(chances[2] * voices)] = True
    return cells


def _voices(bars: int, voices: int, chances: np.ndarray) -> Cells:
    """Whole voices: all but one, or any of them."""
    cells = np.zeros((bars, voices), bool)
    one = int(chances[1] * voices)
    if chances[2] < 0.5:
        cells[:, np.arange(voices) != one] = True
    else:
        cells[:, one] = True
        cells[:, chances[3 : 3 + voices] < 0.3] = True
        if cells.all() and voices > 1:
            cells[:, (one + 1) % voices] = False
    return cells


def _bars(bars: int, voices: int, chances: np.ndarray) -> Cells:
    """A stretch of bars of all voices."""
    cells = np.zeros((bars, voices), bool)
    first, last = _stretch(bars, chances[1], chances[2])
    cells[first : last + 1] = True
    return cells


def _selection(bars: int, voices: int, chances: np.ndarray) -> Cells:
    """A stretch of bars of some voices."""
    return _bars(bars, voices, chances) & (chances[3 : 3 + voices] < 0.5)


def _anywhere(bars: int, voices: int, chances: np.ndarray) -> Cells:
    """Each cell with the same chance."""
    each = chances[3 : 3 + bars * voices].reshape(bars, voices)
    return np.asarray(each < chances[1])


def _stretch(bars: int, first: float, second: float) -> tuple[int, int]:
    """First and last bar; short ones are likelier than by two free places."""
    length = 1 + int(second**2 * bars)
    start = int(first * (bars - length + 1))
    return start, start + length - 1


PATTERNS: tuple[Callable[[int, int, np.ndarray], Cells], ...] = (
    _voices, _bars, _selection, _anywhere,
)  # fmt: skip
