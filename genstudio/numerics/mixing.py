"""Random numbers by counter: every draw depends on (seed, place) alone, so nothing can get lost.

Mixing function: splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
generators", figure 16).
"""

from __future__ import annotations

import numpy as np

_MASK = 2**64 - 1


def mix(*numbers: int) -> int:
    """One 64-bit number from several; equal inputs give equal outputs, others look unrelated."""
    state = 0
    for number in numbers:
        state = (state + number + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


def uniform(seed: int, positions: np.ndarray) -> np.ndarray:
    """A float64 number in [0, 1) for each position (n,) int64."""
    with np.errstate(over="ignore"):
        state = positions.astype(np.uint64) + np.uint64(mix(seed))
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)) / float(1 << 53)
