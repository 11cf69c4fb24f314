"""What the Trainer needs of data, whatever it is: batches by number, and how much there is.

Data that is trained on makes its own batches: `Pixels` become `Batches`, `Tokens`
`TokenBatches`, all other data know how themselves (`Own`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from genstudio.core.recipe import TrainerSettings
from genstudio.core.stored import Json
from genstudio.training.answer_batches import AnswerBatches
from genstudio.training.batches import Batches, Pixels
from genstudio.training.token_batches import TokenBatches, Tokens


@runtime_checkable
class Own(Protocol):
    """Data that say themselves how much they are and how they are fed."""

    def amount(self) -> Amount:
        """How much there is."""
        ...

    def feed(self, held: Any, settings: TrainerSettings, seed: int, device: str) -> Feed:
        """Batches of these, with what `held` holds (of the same kind) for validation."""
        ...


Data = Pixels | Tokens | Own


@dataclass(frozen=True)
class Amount:
    """How much there is to learn from: pictures, or texts or pieces of music with their `tokens`,
    which are read in `windows`, or sounds with their `samples`."""

    pictures: int = 0
    texts: int = 0
    tokens: int = 0
    windows: int = 0
    pieces: int = 0
    sounds: int = 0
    samples: int = 0


Extra = Callable[[], Mapping[str, bytes]]
"""Makes files of the package beside the usual ones, by name."""


@dataclass(frozen=True)
class Material:
    """What a family's networks are built from and learn: their config, the data, what of it is
    held out, and what makes further files for the package."""

    config: dict[str, Json]
    data: Data
    held: Data | None
    extra: Extra = dict


class Feed(Protocol):
    """Batches that follow from the seed and their number. What they hold is between the data and
    the objective; all of them have `size` and `split` (`objective.Batch`, `Sequences`)."""

    batch: int
    size: int

    @property
    def count(self) -> int:
        """How many a batch chooses from: an epoch."""
        ...

    @property
    def held_count(self) -> int:
        """How many are held out; 0 where none are."""
        ...

    def draw(self, number: int) -> Any:
        """Training batch `number` (from 0), all its shards."""
        ...

    def shard(self, number: int, shard: int) -> Any:
        """Piece `shard` (from 0) of training batch `number`, of `size`."""
        ...

    def held_out(self) -> Iterator[Any]:
        """What is held out, in order and unchanged."""
        ...

    def shown(self, count: int) -> Any:
        """The same few for every sample."""
        ...


def feed(data: Data, held: Data | None, settings: TrainerSettings, seed: int, device: str) -> Feed:
    """The batches of `data`, with what `held` holds for validation."""
    s = settings
    if isinstance(data, Tokens):
        assert held is None or isinstance(held, Tokens)
        make = AnswerBatches if data.given else TokenBatches
        return make(data, held, s.batch, seed, shards=s.shards, device=device)
    if isinstance(data, Own):
        return data.feed(held, s, seed, device)
    assert not isinstance(held, Tokens | Own)
    return Batches(
        data, held, s.batch, seed, flip=s.flip, shift=s.shift, colour=s.colour,
        cutout=s.cutout, shards=s.shards, device=device,
    )  # fmt: skip


def amount(data: Data) -> Amount:
    """How much `data` is."""
    if isinstance(data, Tokens):
        if data.given:
            return Amount(0, data.count, data.total, data.count)
        return Amount(0, data.count, data.total, max(1, data.total // data.windows.context))
    if isinstance(data, Own):
        return data.amount()
    return Amount(len(data.images))
