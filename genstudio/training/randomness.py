"""Random numbers by counter: every draw depends on (seed, place in the training) alone.

So there is no generator state to lose: a resumed run draws what the uninterrupted one draws.
"""

from __future__ import annotations

import numpy as np
import torch

from genstudio.numerics.mixing import mix, uniform

__all__ = ["mix", "permutation", "seed_torch", "uniform"]


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
