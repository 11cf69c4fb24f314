"""Vocabulary: a tokenizer as decoding needs it, with the bytes and texts of all tokens at hand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np

from genstudio.engine.loaded_model import LoadedModel
from genstudio.media.tokens import Tokenizer

_KEY = "vocabulary"


class Vocabulary:
    """`tokenizer` with `pieces` (bytes of each token) and `special` (how many begin the list)."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.size = tokenizer.size
        self.special = len(tokenizer.specials)
        self.pieces = [tokenizer.piece(token) for token in range(tokenizer.size)]

    @cached_property
    def texts(self) -> list[str]:
        """What each token says by itself; parts of characters give U+FFFD."""
        return [piece.decode("utf-8", "replace") for piece in self.pieces]

    def starting(self, start: bytes) -> np.ndarray:
        """bool (v,): tokens whose bytes begin with `start`."""
        first = bisect_left(self._sorted, start)
        last = bisect_right(self._sorted, start, key=lambda piece: piece[: len(start)])
        found = np.zeros(self.size, bool)
        found[self._order[first:last]] = True
        return found

    def holding(self, part: bytes) -> np.ndarray:
        """bool (v,): tokens that hold `part` somewhere."""
        return np.fromiter((part in piece for piece in self.pieces), bool, self.size)

    @cached_property
    def _order(self) -> list[int]:
        return sorted(range(self.size), key=self.pieces.__getitem__)

    @cached_property
    def _sorted(self) -> list[bytes]:
        return [self.pieces[token] for token in self._order]


def of(model: LoadedModel) -> Vocabulary:
    """The vocabulary of an opened package, read once; raises BadInput where it has none."""
    found = model.kept.get(_KEY)
    if not isinstance(found, Vocabulary):
        found = model.kept[_KEY] = Vocabulary(model.tokenizer)
    return found
