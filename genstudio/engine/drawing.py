"""What chance decides about a picture: its class and its noise, from (seed, index) alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.core.asking import ANY, AUTO, class_number
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.numerics import latents, noise

VARIATION = 1
"""The stream that variations move towards."""


def base_of(ask: Ask, index: int) -> int:
    """The picture that picture `index` is a variation of: itself, or `variation_of`."""
    base = ask.whole("variation_of", -1)
    return index if base < 0 else base


def drawn_class(model: LoadedModel, ask: Ask, index: int) -> int:
    """The class of new picture `index` (-1 without classes): as chosen, "any" drawn by seed."""
    names = model.class_names
    if not names:
        return -1
    word = ask.word("class", ANY)
    if word == ANY or (word == AUTO and AUTO not in names):
        return noise.choice(ask.seed, base_of(ask, index), len(names))
    return class_number(names, word)


def varied(ask: Ask, index: int, shape: Sequence[int]) -> np.ndarray:
    """The standard normal noise (shape) of picture `index`, moved by `variation` where asked."""
    found = noise.normal(ask.seed, base_of(ask, index), shape)
    amount = ask.number("variation", 0.0)
    if amount <= 0:
        return found
    fresh = noise.normal(ask.whole("variation_seed", 0), index, shape, stream=VARIATION)
    moved = latents.slerp(found.reshape(-1), fresh.reshape(-1), amount)
    return moved.reshape(shape)
