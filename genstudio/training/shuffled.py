"""Epochs drawn by number: what batches of pictures, text, music and sound have in common.

Which thing comes when follows from the seed and the number alone, whatever came before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import numpy as np

from genstudio.numerics.mixing import mix
from genstudio.training.randomness import permutation

_ORDER, _OFFSET = 11, 41
Drawn = TypeVar("Drawn")


class Shuffled(ABC, Generic[Drawn]):
    """Draw d takes the positions d * batch … d * batch + batch - 1 of an endless row of epochs of
    `count` shuffled things; each of its `shards` takes its own stretch of them."""

    def __init__(self, seed: int, batch: int, shards: int, count: int, order: int = _ORDER) -> None:
        self.seed, self.batch, self.size = seed, batch, max(1, batch // shards)
        self.count, self._order = count, order
        self._epochs: dict[int, np.ndarray] = {}

    def draw(self, number: int) -> Drawn:
        """Training batch `number` (from 0), all its shards."""
        return self._training(number * self.batch, self.batch)

    def shard(self, number: int, shard: int) -> Drawn:
        """Piece `shard` (from 0) of training batch `number`, of `size` things."""
        return self._training(number * self.batch + shard * self.size, self.size)

    @abstractmethod
    def _training(self, first: int, count: int) -> Drawn:
        """What stands at the `count` positions from `first` on."""

    def _items(self, positions: np.ndarray) -> np.ndarray:
        """The things at positions (b,) of the endless row: (b,) int64 from 0 to count - 1."""
        epochs, places = np.divmod(positions, self.count)
        items = np.empty(len(positions), np.int64)
        for epoch in np.unique(epochs).tolist():
            chosen = epochs == epoch
            items[chosen] = self._epoch(epoch)[places[chosen]]
        return items

    def _starts(self, positions: np.ndarray, context: int) -> np.ndarray:
        """Where windows of `context` tokens begin in a row of them, of which each epoch cuts
        `count` from a place of its own on: (b,) int64."""
        epochs = np.unique(positions // self.count).tolist()
        offsets = {epoch: mix(self.seed, _OFFSET, epoch) % context for epoch in epochs}
        begun = [offsets[epoch] for epoch in (positions // self.count).tolist()]
        return self._items(positions) * context + np.array(begun, np.int64)

    def _epoch(self, epoch: int) -> np.ndarray:
        if epoch not in self._epochs:
            if len(self._epochs) > 1:
                self._epochs.pop(min(self._epochs))
            self._epochs[epoch] = permutation(self.count, self.seed, self._order, epoch)
        return self._epochs[epoch]
