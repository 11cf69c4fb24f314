"""A Markov model of tokens with back-off: what five tokens in a row say about the next one.

Chances of long contexts are mixed with those of shorter ones by how many different tokens came
behind them (Witten, Bell 1991, method C; Chen, Goodman 1999, section 2.4): seldom seen contexts
trust the shorter ones, unseen ones leave it to them altogether.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

ORDER = 5
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xBF58476D1CE4E5B9)


class Markov:
    """A `Stepper` as far as reading goes: counts of what follows up to `order` tokens.

    `rows` are rows of tokens below `size`, counted together.
    """

    context = 2**20

    def __init__(
        self, rows: Iterable[Sequence[int] | np.ndarray], size: int, order: int = ORDER
    ) -> None:
        self.size, self.order = size, order
        parts = [np.asarray(row, np.int64) for row in rows]
        self._tables = [_Table(parts, length) for length in range(order + 1)]

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Logarithms of the chances of what follows each token: (b, t) to (b, t, size)."""
        return np.log(np.stack([self._row(row) for row in tokens])).astype(np.float32)

    def _row(self, tokens: np.ndarray) -> np.ndarray:
        found = np.full((len(tokens), self.size), 1 / self.size)
        for length, table in enumerate(self._tables):
            for place, key in enumerate(_keys(np.append(tokens, 0), length), length):
                if place:
                    table.mix(key, found[place - 1])
        return found


class _Table:
    """Counts of tokens behind contexts of one length, in the order of the contexts' keys."""

    def __init__(self, rows: Sequence[np.ndarray], length: int) -> None:
        keys = [_keys(row, length) for row in rows]
        told = [row[length:] for row in rows]
        pairs = np.empty(sum(map(len, told)), [("key", np.uint64), ("token", np.int64)])
        pairs["key"] = np.concatenate(keys) if keys else 0
        pairs["token"] = np.concatenate(told) if told else 0
        found, self._counts = _counted(pairs)
        self._tokens = found["token"]
        self._known, self._starts = np.unique(found["key"], return_index=True)
        self._ends = np.append(self._starts[1:], len(found))

    def mix(self, key: np.uint64, chances: np.ndarray) -> None:
        """Change the chances (size,) of shorter contexts to those of this one, in place."""
        place = int(np.searchsorted(self._known, key))
        if place == len(self._known) or self._known[place] != key:
            return
        part = slice(self._starts[place], self._ends[place])
        counts = self._counts[part]
        kinds, total = len(counts), int(counts.sum())
        chances *= kinds / (kinds + total)
        chances[self._tokens[part]] += counts / (kinds + total)


def _keys(row: np.ndarray, length: int) -> np.ndarray:
    """A number for the `length` tokens before each place from `length` on, uint64."""
    count = max(0, len(row) - length)
    found = np.zeros(count, np.uint64)
    for back in range(length):
        found = (found + row[back : back + count].astype(np.uint64) + np.uint64(1)) * _PRIME
        found ^= found >> np.uint64(29)
        found *= _STIR
    return found


def _counted(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Different pairs in order, and how often each came."""
    order = np.lexsort((pairs["token"], pairs["key"]))
    pairs = pairs[order]
    if not len(pairs):
        return pairs, np.zeros(0, np.int64)
    new = np.ones(len(pairs), bool)
    new[1:] = (pairs["key"][1:] != pairs["key"][:-1]) | (pairs["token"][1:] != pairs["token"][:-1])
    starts = np.flatnonzero(new)
    return pairs[starts], np.diff(np.append(starts, len(pairs)))
