"""Random numbers by counter: every draw depends on (seed, place in the training) alone.

So there is no generator state to lose: a resumed run draws what the uninterrupted one draws.
Mixing function: splitmix64 (Steele, Lea, Flood 2014, figure 16).
"""

from __future__ import annotations

import numpy as np
import torch

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
    """A number in [0, 1) for each position (n,) int64."""
    with np.errstate(over="ignore"):
        state = positions.astype(np.uint64) + np.uint64(mix(seed))
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)) / float(1 << 53)


def permutation(count: int, *key: int) -> np.ndarray:
    """The numbers 0 … count - 1 in an order that depends on `key` alone."""
    philox = np.random.Philox(key=np.array([mix(*key), mix(1, *key)], dtype=np.uint64))
    return np.random.Generator(philox).permutation(count)


def seed_torch(*key: int) -> None:
    """Set torch's global generators (processor, and CUDA where it is in use) from `key`.

    Not torch.manual_seed: without CUDA it keeps a stack trace of every call for later.
    """
    seed = mix(*key) >> 1
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
