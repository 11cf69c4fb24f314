"""Batches of sounds by number: which clips, from where and in which order follows from the seed.

A clip that fits into a window is heard whole, with some silence behind it, so that a model learns
to end. Of a longer one a stretch is heard; what a network cannot yet know there, because its
memory begins with the stretch, does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genstudio.core.errors import BadInput
from genstudio.core.recipe import TrainerSettings
from genstudio.media.companding import BEFORE, SILENCE
from genstudio.training.feeding import Amount
from genstudio.training.randomness import uniform
from genstudio.training.shuffled import Shuffled

_ORDER, _START, _HIDDEN = 51, 52, 53
VALID_SAMPLES = 2**18
"""So many held-out samples are told at a validation, at most, evenly spread."""
VALID_BATCH = 2**15  # samples that are told at once
TAIL = 0.1
"""Seconds of silence that a model learns to put behind a sound."""


@dataclass(frozen=True)
class Waves:
    """`codes` (b, n) int64: code i is to be told from those before it. `kinds` (b,) int64: 0 for
    none, i for class i - 1. `starts` (b,): place of the first in its sound. `weight` (b, n)
    float32: how much each counts. `given` (b, n): the code before each."""

    given: Tensor
    codes: Tensor
    kinds: Tensor
    starts: Tensor
    weight: Tensor

    @property
    def size(self) -> int:
        """Number of sounds."""
        return self.codes.shape[0]

    @property
    def places(self) -> Tensor:
        """(b, n): number of each sample in its sound."""
        return self.starts[:, None] + torch.arange(self.codes.shape[1], device=self.codes.device)

    def split(self, parts: int) -> list[Waves]:
        """The batch in up to `parts` pieces, for gradient accumulation."""
        if parts <= 1:
            return [self]
        fields = (self.given, self.codes, self.kinds, self.starts, self.weight)
        return [Waves(*part) for part in zip(*(f.chunk(parts) for f in fields), strict=True)]


@dataclass(frozen=True)
class Clips:
    """Sounds as codes: uint8 arrays (n,) at `rate`. `labels` are places among the classes, -1 for
    none. Windows hold `window` samples, of which those before `reach` count only where the sound
    begins; the class is hidden with probability `drop`."""

    codes: Sequence[np.ndarray]
    rate: int
    window: int
    reach: int
    labels: Sequence[int] = ()
    drop: float = 0.0

    @property
    def total(self) -> int:
        """Number of samples of all sounds."""
        return sum(map(len, self.codes))

    @property
    def tail(self) -> int:
        """Samples of silence behind each sound."""
        return max(1, round(TAIL * self.rate))

    def amount(self) -> Amount:
        """How much there is."""
        return Amount(sounds=len(self.codes), samples=self.total)

    def feed(
        self, held: Clips | None, settings: TrainerSettings, seed: int, device: str
    ) -> ClipBatches:
        """Batches of these, with those `held` out."""
        return ClipBatches(self, held, settings.batch, seed, shards=settings.shards, device=device)


class ClipBatches(Shuffled[Waves]):
    """Batches of `data` and of the `held` out; `batch` sounds a step, in so many `shards`.
    Raises BadInput where there is no sound."""

    def __init__(
        self,
        data: Clips,
        held: Clips | None,
        batch: int,
        seed: int,
        *,
        shards: int = 1,
        device: str = "cpu",
    ) -> None:
        if not data.total:
            raise BadInput("There is no sound to train on")
        self.data, self.held = data, held if held is not None and held.total else None
        self.device = device
        super().__init__(seed, batch, shards, len(data.codes), _ORDER)

    @property
    def held_count(self) -> int:
        """Sounds that are held out; 0 where none are."""
        return len(self.held.codes) if self.held is not None else 0

    def held_out(self) -> Iterator[Waves]:
        """Stretches of the held-out sounds, one after another; where there is more than
        `VALID_SAMPLES`, some of them."""
        data = self.held
        if data is None:
            return
        places = [
            (number, start)
            for number, codes in enumerate(data.codes)
            for start in range(0, max(1, len(codes)), max(1, data.window - data.reach))
            if not start or start + data.reach < len(codes)
        ]
        most = max(1, VALID_SAMPLES // data.window)
        chosen = np.unique(np.linspace(0, len(places) - 1, most).astype(np.int64)).tolist()
        rows = max(1, VALID_BATCH // data.window)
        for first in range(0, len(chosen), rows):
            part = [places[number] for number in chosen[first : first + rows]]
            yield self._waves(data, *(np.array(column) for column in zip(*part, strict=True)))

    def shown(self, count: int) -> Waves:
        """The same few beginnings for every sample: held-out ones where there are any."""
        data = self.held or self.data
        numbers = np.arange(count) * max(1, len(data.codes) // count) % len(data.codes)
        return self._waves(data, numbers, np.zeros(count, np.int64))

    def _training(self, first: int, count: int) -> Waves:
        positions = np.arange(first, first + count)
        numbers = self._items(positions)
        lengths = np.array([len(self.data.codes[n]) + self.data.tail for n in numbers])
        free = np.maximum(lengths - self.data.window, 0)
        # As many windows as a clip is long begin where it begins.
        drawn = uniform(self.seed + _START, positions) * (lengths / self.data.window)
        inside = (drawn - 1) / np.maximum(lengths / self.data.window - 1, 1e-9)
        starts = np.where((drawn < 1) | (free == 0), 0, inside * free).astype(np.int64)
        hidden = uniform(self.seed + _HIDDEN, positions) < self.data.drop
        return self._waves(self.data, numbers, np.minimum(starts, free), hidden)

    def _waves(
        self,
        data: Clips,
        numbers: np.ndarray,
        starts: np.ndarray,
        hidden: np.ndarray | None = None,
    ) -> Waves:
        rows = np.full((len(numbers), data.window + 1), SILENCE, np.int64)
        weight = np.zeros((len(numbers), data.window), np.float32)
        kinds = np.zeros(len(numbers), np.int64)
        for row, (number, start) in enumerate(zip(numbers.tolist(), starts.tolist(), strict=True)):
            codes = data.codes[number]
            heard = codes[start - 1 : start]  # nothing in the silence behind the sound
            rows[row, 0] = heard[0] if len(heard) else SILENCE if start else BEFORE
            part = codes[start : start + data.window]
            rows[row, 1 : 1 + len(part)] = part
            end = min(data.window, len(codes) + data.tail - start)
            weight[row, data.reach if start else 0 : end] = 1.0
            if data.labels and not (hidden is not None and hidden[row]):
                kinds[row] = data.labels[number] + 1
        if not weight.any():
            weight[:] = 1.0
        found = rows[:, :-1], rows[:, 1:], kinds, starts.astype(np.int64), weight
        return Waves(*(torch.from_numpy(np.ascontiguousarray(f)).to(self.device) for f in found))
