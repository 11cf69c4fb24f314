"""Batches by number: which pictures, in which order and changed how, follows from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch

from genstudio.core.errors import BadInput
from genstudio.numerics.augment import augment
from genstudio.training.objective import Batch
from genstudio.training.shuffled import Shuffled

VALID_BATCH = 250


class Pixels(Protocol):
    """Training pictures as the dataset store opens them."""

    @property
    def images(self) -> np.ndarray:
        """(n, h, w, c) uint8, possibly memory-mapped."""
        ...

    @property
    def labels(self) -> np.ndarray | None:
        """(n,) int64, or None."""
        ...

    @property
    def captions(self) -> tuple[tuple[str, ...], ...] | None:
        """For each picture what is said of it, or None."""
        ...


class Batches(Shuffled[Batch]):
    """Batches of `data` and of the `held` out; `batch` pictures a step, in so many `shards`.

    Training pictures are changed by flip, shift, colour, cutout (see numerics/augment.py).
    """

    def __init__(
        self,
        data: Pixels,
        held: Pixels | None,
        batch: int,
        seed: int,
        *,
        flip: bool = False,
        shift: float = 0.0,
        colour: float = 0.0,
        cutout: float = 0.0,
        shards: int = 1,
        device: str = "cpu",
    ) -> None:
        if not len(data.images):
            raise BadInput("There are no pictures to train on")
        self.data, self.held = data, held if held is not None and len(held.images) else None
        self.flip, self.shift, self.colour, self.cutout = flip, shift, colour, cutout
        self.device = device
        super().__init__(seed, batch, shards, len(data.images))

    @property
    def held_count(self) -> int:
        """Pictures held out; 0 where none are."""
        return 0 if self.held is None else len(self.held.images)

    def _training(self, first: int, count: int) -> Batch:
        positions = np.arange(first, first + count)
        return self._load(self.data, self._items(positions), positions)

    def held_out(self) -> Iterator[Batch]:
        """The held-out pictures in order, never mirrored."""
        if self.held is None:
            return
        count = len(self.held.images)
        for start in range(0, count, VALID_BATCH):
            yield self._load(self.held, np.arange(start, min(count, start + VALID_BATCH)), None)

    def shown(self, count: int) -> Batch:
        """The same few pictures for every preview: held-out ones where there are any."""
        pool = self.held or self.data
        return self._load(pool, np.arange(count) % len(pool.images), None)

    def pixels(self, count: int) -> np.ndarray:
        """Those pictures as they are: (count, h, w, c) uint8."""
        pool = self.held or self.data
        return np.ascontiguousarray(pool.images[np.arange(count) % len(pool.images)])

    def _load(self, data: Pixels, indices: np.ndarray, positions: np.ndarray | None) -> Batch:
        pixels = np.ascontiguousarray(data.images[indices])  # (b, h, w, c)
        changed = self.flip or self.shift or self.colour or self.cutout
        if positions is not None and changed:
            pixels = augment(
                pixels, self.seed, positions, self.flip, self.shift, self.colour, self.cutout
            )
        images = torch.from_numpy(pixels).to(self.device).permute(0, 3, 1, 2)  # channels last
        images = images.to(torch.float32).div_(127.5).sub_(1)
        labels, said = None, None
        if data.labels is not None:
            labels = torch.from_numpy(data.labels[indices].astype(np.int64)).to(self.device)
        if data.captions is not None:
            said = tuple(data.captions[i] for i in indices.tolist())
        return Batch(images, labels, said)
