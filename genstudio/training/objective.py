"""What the Trainer needs to know of a model: networks, phases, losses. No model is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from genstudio.training.doctor import Detector

Networks = Mapping[str, nn.Module]


@dataclass(frozen=True)
class Phase:
    """One kind of update within a round: which networks move, and when.

    `every`: only in rounds divisible by it. `repeats`: so often in a row, each with a new batch.
    Phases over the same networks share one optimiser, so a lazy penalty keeps its momentum.
    """

    name: str
    networks: tuple[str, ...]
    every: int = 1
    repeats: int = 1
    lr_scale: float = 1.0


@dataclass(frozen=True)
class Batch:
    """Pictures in [-1, 1] as (b, c, h, w) float32, channels last in memory; labels (b,) int64.

    `captions`: for each picture what is said of it, one or more ways to say it, () for nothing.
    """

    images: Tensor
    labels: Tensor | None = None
    captions: tuple[tuple[str, ...], ...] | None = None

    @property
    def size(self) -> int:
        """Number of pictures."""
        return self.images.shape[0]

    def split(self, parts: int) -> list[Batch]:
        """The batch in up to `parts` pieces, for gradient accumulation."""
        if parts <= 1:
            return [self]
        labels = self.labels.chunk(parts) if self.labels is not None else None
        found, first = [], 0
        for i, images in enumerate(self.images.chunk(parts)):
            said = self.captions and self.captions[first : first + len(images)]
            found.append(Batch(images, labels[i] if labels else None, said))
            first += len(images)
        return found


@dataclass(frozen=True)
class Sequences:
    """Tokens (b, n + 1) int64: position i is to be told from positions 0 … i - 1.

    `weight` (b, n) float32 says how much each of the n told tokens counts; None: all alike.
    """

    tokens: Tensor
    weight: Tensor | None = None

    @property
    def size(self) -> int:
        """Number of sequences."""
        return self.tokens.shape[0]

    def split(self, parts: int) -> list[Sequences]:
        """The batch in up to `parts` pieces, for gradient accumulation."""
        if parts <= 1:
            return [self]
        tokens = self.tokens.chunk(parts)
        weights = self.weight.chunk(parts) if self.weight is not None else [None] * len(tokens)
        return [Sequences(t, w) for t, w in zip(tokens, weights, strict=True)]


@dataclass(frozen=True)
class Written:
    """A live sample of text: what the model was given and what it wrote."""

    prompt: str
    text: str


@dataclass(frozen=True)
class StepInfo:
    """Where the training stands: rounds done of all rounds."""

    step: int
    steps: int

    @property
    def share(self) -> float:
        """From 0 at the start to (almost) 1 at the end."""
        return self.step / self.steps


class Objective(Protocol):
    """A family's training task.

    `best` names the validation number that chooses the model and whether "higher" or "lower"
    is better; None keeps the last step. Random numbers come from torch's global generators,
    which the Trainer seeds before every phase.

    Optional, and looked up by `training.setup`: `copies` and `fresh` (see `sources.start_from`);
    `begun(parent config) -> sentences for the log`, called once a parent's weights are in the
    networks, to change what was trained to answer something else.
    """

    networks: dict[str, nn.Module]
    ema: frozenset[str]
    best: tuple[str, str] | None

    def phases(self) -> list[Phase]:
        """The phases of a round, in order."""
        ...

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        """(number to minimise, further numbers to log)."""
        ...

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """Means over a held-out batch, computed with the averaged networks; may be empty."""
        ...

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray | None:
        """Pictures (count, h, w, c) uint8 at fixed noise, or None where there is nothing to see."""
        ...

    def asked(self, batch: Batch, count: int) -> list[str]:
        """What each picture of `preview` was asked for, in words; [] where nothing was."""
        ...

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray | None:
        """Pictures (count, h, w, c) uint8 all drawn from fixed noise, for the doctor's measures;
        None where the model draws none. `batch` tells the device."""
        ...

    def detectors(self) -> list[Detector]:
        """What the training doctor looks for in this family beside the general signs."""
        ...

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """What is measured once with the finished networks, in place, before they are packed.

        `batches` are training batches, a few times through the data.
        """
        ...
