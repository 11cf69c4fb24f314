"""Noise keyed by (seed, index, stream): picture 7 made alone equals picture 7 of a batch.

Philox 4x64 is counter based (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
seed and stream are its key, the index is the high word of its counter, so no two items share a
number however long they are. The bits are turned into normal numbers here (Box, Muller 1958) and
not by numpy's Generator, whose methods may change between versions; a seed must stay good.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import numpy as np

CLASS_STREAM = 2**32 - 1
"""The stream that `choice` draws from; noise uses small numbers."""
_DOUBLE = 2.0**-53
_EMPTY = np.zeros(4, np.uint64)
_thread = threading.local()


def bits(seed: int, index: int, count: int, stream: int = 0) -> np.ndarray:
    """`count` raw uint64 of item `index`; seed, index, stream from 0 to 2**64 - 1."""
    generator = getattr(_thread, "generator", None)
    if generator is None:
        generator = _thread.generator = np.random.Philox(key=0)
    # A new Philox would first fetch entropy from the system, which takes five times as long.
    generator.state = {
        "bit_generator": "Philox",
        "state": {
            "counter": np.array([0, 0, index, 0], np.uint64),
            "key": np.array([seed, stream], np.uint64),
        },
        "buffer": _EMPTY,
        "buffer_pos": 4,
        "has_uint32": 0,
        "uinteger": 0,
    }
    return generator.random_raw(count)


def uniform(seed: int, index: int, shape: Sequence[int], stream: int = 0) -> np.ndarray:
    """float64 numbers from 0 (included) to 1 (excluded), of `shape`."""
    raw = bits(seed, index, math.prod(shape), stream)
    return ((raw >> np.uint64(11)) * _DOUBLE).reshape(shape)


def normal(seed: int, index: int, shape: Sequence[int], stream: int = 0) -> np.ndarray:
    """Standard normal float32 numbers of `shape` for item `index`."""
    count = math.prod(shape)
    pairs = (count + 1) // 2
    first, second = uniform(seed, index, (2, pairs), stream)  # each (pairs,)
    radius = np.sqrt(-2.0 * np.log1p(-first))  # 1 - first is never 0
    angle = 2.0 * np.pi * second
    both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count]
    return both.reshape(shape).astype(np.float32)


def normals(seed: int, first: int, count: int, shape: Sequence[int], stream: int = 0) -> np.ndarray:
    """Noise of the items first .. first + count - 1: float32 (count, *shape)."""
    items = [normal(seed, first + i, shape, stream) for i in range(count)]
    return np.stack(items) if items else np.zeros((0, *shape), np.float32)


def choice(seed: int, index: int, n: int) -> int:
    """A whole number from 0 to n - 1 for item `index`; its own stream, so noise is unaffected."""
    if n < 1:
        raise ValueError(f"cannot choose among {n}")
    return int(bits(seed, index, 1, CLASS_STREAM)[0] % np.uint64(n))
