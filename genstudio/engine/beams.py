"""Beam search: the likeliest whole texts instead of one chance after another.

The bookkeeping is that of the reference library (`transformers` generation/utils.py,
`_beam_search` with early_stopping=False): 2 k candidates of which the first k may end, scores
divided by length ** penalty (Wu et al. 2016, section 7, without its constants).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from genstudio.engine.decoding import Reader, Shaper
from genstudio.engine.logits import log_softmax

Ends = Callable[[tuple[int, ...]], bool]
"""Says whether these tokens, of which the last is new, end a text."""


@dataclass(frozen=True)
class Beam:
    """Tokens that were written, the sum of their scores, and the chance of each."""

    tokens: tuple[int, ...] = ()
    total: float = 0.0
    chances: tuple[float, ...] = ()

    def score(self, penalty: float) -> float:
        """What texts are compared by; higher is better."""
        return self.total / max(1, len(self.tokens)) ** penalty


@dataclass
class Search:
    """`best` are the `width` best texts that ended or are `length` tokens long, best first."""

    width: int
    length: int
    penalty: float
    best: list[Beam] = field(default_factory=list)

    def run(
        self, reader: Reader, shaper: Shaper, logits: np.ndarray, ends: Ends, pieces: list[bytes]
    ) -> Iterator[int]:
        """Search from `logits` (1, v) on; yields how many tokens the beams have by now.

        `reader` and `shaper` have read one row, and are handed on with one row for each beam.
        """
        running = [Beam()]
        for count in range(1, self.length + 1):
            grown = self._grown(running, shaper, logits)
            parents = self._sorted_out(grown, ends, last=count == self.length)
            yield count
            running = [beam for beam, _ in parents]
            if not running or self._is_over(running[0], count):
                return
            rows = [row for _, row in parents]
            newest = [beam.tokens[-1] for beam in running]
            reader.pick(rows)
            shaper.pick(rows)
            shaper.wrote(newest, [pieces[token] for token in newest])
            logits = reader.step(np.array(newest, np.int64))

    def _grown(
        self, running: list[Beam], shaper: Shaper, logits: np.ndarray
    ) -> list[tuple[Beam, int]]:
        """The 2 k likeliest texts of one token more, best first, with the row they came from."""
        plain = log_softmax(logits)
        allowed = shaper.allowed(log_softmax(logits))
        sums = allowed + np.array([[beam.total] for beam in running])
        flat = sums.reshape(-1)
        most = min(2 * self.width, flat.size)
        found = np.argpartition(-flat, most - 1)[:most]
        found = found[np.argsort(-flat[found], kind="stable")]
        grown = []
        for place in found[np.isfinite(flat[found])]:
            row, token = divmod(int(place), sums.shape[1])
            chances = (*running[row].chances, float(np.exp(plain[row, token])))
            beam = Beam((*running[row].tokens, token), float(flat[place]), chances)
            grown.append((beam, row))
        return grown

    def _sorted_out(
        self, grown: list[tuple[Beam, int]], ends: Ends, last: bool
    ) -> list[tuple[Beam, int]]:
        """Put those that end among the best (all, at the last token); returns k that go on."""
        ended = [last or ends(beam.tokens) for beam, _ in grown]
        done = [beam for (beam, _), end in zip(grown[: self.width], ended) if end]
        self.best = sorted([*self.best, *done], key=lambda beam: -beam.score(self.penalty))
        self.best = self.best[: self.width]
        return [pair for pair, end in zip(grown, ended) if not end][: self.width]

    def _is_over(self, first: Beam, count: int) -> bool:
        """No text that goes on is, by its chances so far, better than those that are kept."""
        if len(self.best) < self.width:
            return False
        return self.best[-1].score(self.penalty) >= first.total / count**self.penalty
