"""What the layers read lately: one ring of numbers a layer, so that nothing is ever moved.

Le Paine et al. 2016, "Fast WaveNet generation algorithm": a layer with dilation d needs at each
step what it read d samples ago and nothing in between; with a kernel of k, d, 2 d … (k - 1) d.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Queues:
    """Rings of `count` sounds side by side, empty (all 0) at first; numpy only.

    `dilations` of the layers from below, `kernel` samples that each reads, `width` numbers each.
    """

    def __init__(self, count: int, dilations: Sequence[int], kernel: int, width: int) -> None:
        steps = np.array(dilations, np.int64)
        self._lengths = (kernel - 1) * steps  # (layers,)
        self._firsts = np.cumsum(self._lengths) - self._lengths
        ages = np.arange(kernel - 1, 0, -1)[None] * steps[:, None]  # (layers, kernel - 1)
        self._ages = ages
        self._data = np.zeros((count, int(self._lengths.sum()), width), np.float32)
        self._now = 0

    def taps(self) -> np.ndarray:
        """What is due now: float32 (count, layers * (kernel - 1), width), the oldest first."""
        places = (self._now - self._ages) % self._lengths[:, None] + self._firsts[:, None]
        return self._data[:, places.ravel()]

    def push(self, seen: np.ndarray) -> None:
        """Take what the layers read now (count, layers, width), and go one sample further."""
        self._data[:, self._now % self._lengths + self._firsts] = seen
        self._now += 1

    def fill(self, rows: np.ndarray, seen: np.ndarray) -> None:
        """Take what the layers of these rows read at the first t samples of all, alike for each:
        (layers, t, width). `skip` says when all rows have it."""
        time = seen.shape[1]
        for layer, (length, first) in enumerate(
            zip(self._lengths.tolist(), self._firsts.tolist(), strict=True)
        ):
            kept = np.arange(max(0, time - length), time)
            self._data[rows[:, None], kept[None] % length + first] = seen[layer, kept]

    def skip(self, time: int) -> None:
        """Go `time` samples further; what the layers read there is known already."""
        self._now += time
