"""What samplers hand out: arrays and bytes on their way to the encoder, never files."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from genstudio.core.stored import Json
from genstudio.media.notes import Piece

IGNORED = "ignored"
"""Key in `data`: words of the prompt that the model does not know, joined by ", "."""


@dataclass(frozen=True)
class Picture:
    """A picture: uint8 (h, w, c), c = 1, 3 or 4. `passing` = a preview, replaced by a later one.

    A passing one may say in `data` after which "step" of how many "steps" it was taken.
    """

    index: int
    seed: int
    pixels: np.ndarray
    data: dict[str, Json] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True)
class Animation:
    """Frames uint8 (n, h, w, c) shown at `fps` frames a second."""

    index: int
    seed: int
    frames: np.ndarray
    fps: float
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Blob:
    """Bytes of a file of our own kind; `suffix` such as ".latent"."""

    index: int
    seed: int
    suffix: str
    content: bytes
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Writing:
    """Text. `passing` = what was added since the last one of this index; its `data` may hold
    "tokens" (`core.writing.TOKENS`). The last one, not passing, holds all of it.

    `data` of the last one: "start" (where in `text` the model began to write, in characters),
    "tokens" (how many it wrote), "ended" ("length", "end", "stop" or "stopped").
    """

    index: int
    seed: int
    text: str
    data: dict[str, Json] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True)
class Music:
    """A piece. `passing` = only what was added since the last one of this index is told, in
    `data` (`core.composing`); the last one, not passing, holds all of it.
    """

    index: int
    seed: int
    piece: Piece
    data: dict[str, Json] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True)
class Sound:
    """Samples float32 (n,) or (n, 2) from -1 to 1, `rate` of them a second."""

    index: int
    seed: int
    samples: np.ndarray
    rate: int
    data: dict[str, Json] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True)
class Report:
    """Numbers or words about an input; kept as JSON."""

    index: int
    seed: int
    data: dict[str, Json]


Output = Picture | Animation | Writing | Music | Sound | Blob | Report
