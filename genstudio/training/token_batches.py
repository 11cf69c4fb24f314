"""Batches of tokens by number: which windows, in which order and changed how, follows from the
seed.

All documents are joined to a ring, each ended by END; an epoch cuts the ring into windows from a
place of its own on, so that no border between windows stays where it was. Where documents have
classes each begins with the token of its class, and so does a window from the middle of one: a
model is then asked for a class by the token that everything begins with. Without classes, or with
a hidden one, END stands there: of few long documents a model would hardly ever see it otherwise,
and yet every prompt begins with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from genstudio.core.errors import BadInput
from genstudio.media.tokens import END, MIDDLE, PREFIX, SUFFIX, Tokenizer, class_token
from genstudio.training.objective import Sequences
from genstudio.training.randomness import uniform
from genstudio.training.shuffled import Shuffled

HIDDEN, _FILLS, _FIRST_CUT, _SECOND_CUT = 42, 43, 44, 45
VALID_TOKENS = 2**17
"""So many held-out tokens are told at a validation, at most, evenly spread."""
VALID_BATCH = 4096  # tokens that are told at once
_BEGUN = 0.1  # share of the windows without classes that begin with END
_LEAST_GAP = 8  # tokens of the shortest piece that a gap is cut into


@dataclass(frozen=True)
class Windows:
    """How documents are cut: windows of `context` tokens to be told; the class of a window is
    hidden with probability `drop`, a gap is to be filled with probability `fill`."""

    context: int
    drop: float = 0.0
    fill: float = 0.0


@dataclass(frozen=True)
class Tokens:
    """Documents as tokens, without any special ones: int32 arrays (n,). `labels` are places in
    `classes`, -1 for none. `given` says how many tokens of each are a question that its answer
    follows (`answer_batches`); empty where texts are no such pairs."""

    documents: Sequence[np.ndarray]
    tokenizer: Tokenizer
    windows: Windows
    labels: Sequence[int] = ()
    classes: Sequence[str] = ()
    given: Sequence[int] = ()

    @property
    def count(self) -> int:
        """Number of documents."""
        return len(self.documents)

    @property
    def total(self) -> int:
        """Number of tokens of all documents."""
        return sum(len(document) for document in self.documents)


class TokenBatches(Shuffled[Sequences]):
    """Batches of `data` and of the `held` out; `batch` windows a step, in so many `shards`.
    Raises BadInput where there is no text."""

    def __init__(
        self,
        data: Tokens,
        held: Tokens | None,
        batch: int,
        seed: int,
        *,
        shards: int = 1,
        device: str = "cpu",
    ) -> None:
        if not data.total:
            raise BadInput("There is no text to train on")
        self.data, self.held = data, held if held is not None and held.total else None
        self.windows, self.device = data.windows, device
        self._ring = _Ring(data)
        self._held = _Ring(self.held) if self.held is not None else None
        super().__init__(seed, batch, shards, self._ring.windows)

    @property
    def held_count(self) -> int:
        """Windows that are held out; 0 where nothing is."""
        return self._held.windows if self._held is not None else 0

    def held_out(self) -> Iterator[Sequences]:
        """The held-out windows in order, whole and with their classes; where there are more than
        `VALID_TOKENS` tokens, some of them."""
        ring = self._held
        if ring is None:
            return
        most = min(ring.windows, max(1, VALID_TOKENS // ring.context))
        chosen = np.linspace(0, ring.windows - 1, most).astype(np.int64)
        rows = max(1, VALID_BATCH // ring.context)
        for first in range(0, len(chosen), rows):
            yield self._sequences(ring, ring.cut(chosen[first : first + rows] * ring.context))

    def shown(self, count: int) -> Sequences:
        """The same few windows for every sample: held-out ones where there are any."""
        ring = self._held or self._ring
        places = np.arange(count) * max(1, ring.windows // count) % ring.windows
        return self._sequences(ring, ring.cut(places * ring.context))

    def _training(self, first: int, count: int) -> Sequences:
        positions = np.arange(first, first + count)
        rows = self._ring.cut(self._starts(positions, self._ring.context))
        fill = uniform(self.seed + _FILLS, positions) < self.windows.fill
        first_cut = uniform(self.seed + _FIRST_CUT, positions)
        second_cut = uniform(self.seed + _SECOND_CUT, positions)
        for row in np.flatnonzero(fill):
            rows[row] = self._ring.with_gap(rows[row], first_cut[row], second_cut[row])
        share = self.windows.drop if self._ring.classes.size else _BEGUN
        hidden = uniform(self.seed + HIDDEN, positions) < share
        return self._sequences(self._ring, rows, hidden)

    def _sequences(
        self, ring: _Ring, rows: np.ndarray, hidden: np.ndarray | None = None
    ) -> Sequences:
        """Rows (b, n + 1) as a batch; classes count as given, nobody has to tell them."""
        weight = None
        named = np.isin(rows, ring.classes)
        if ring.classes.size:
            weight = torch.from_numpy((~named[:, 1:]).astype(np.float32)).to(self.device)
        if hidden is not None:
            named[:, 0] |= not ring.classes.size
            rows[named & hidden[:, None]] = ring.end
        return Sequences(torch.from_numpy(rows).to(self.device), weight)


class _Ring:
    """All documents in one row of tokens (t,), whose end joins its beginning."""

    def __init__(self, data: Tokens) -> None:
        numbers = [data.tokenizer.special(class_token(name)) for name in data.classes]
        self.classes = np.array([n for n in numbers if n is not None], np.int64)
        self.end = data.tokenizer.special(END) or 0
        self._marks = [data.tokenizer.special(name) for name in (PREFIX, SUFFIX, MIDDLE)]
        parts: list[np.ndarray] = []
        labels = data.labels or [-1] * len(data.documents)
        begins = []  # the token that stands for each document's class, END where none does
        for document, label in zip(data.documents, labels, strict=True):
            begin = numbers[label] if label >= 0 else None
            begins.append(self.end if begin is None else begin)
            head = [] if begin is None else [begin]
            parts += [np.array(head, np.int32), document, np.array([self.end], np.int32)]
        self._tokens = np.concatenate(parts).astype(np.int32)
        self._begins = np.array(begins, np.int64)
        sizes = [len(a) + len(b) + len(c) for a, b, c in zip(parts[::3], parts[1::3], parts[2::3])]
        self._ends = np.cumsum(sizes)  # one behind each document's END
        self.context = min(data.windows.context, len(self._tokens) - 1)
        self.windows = max(1, (len(self._tokens) - 1) // self.context)

    def cut(self, starts: np.ndarray) -> np.ndarray:
        """Windows (b, context + 1) int64 from `starts` (b,) on."""
        count = len(self._tokens)
        places = (starts[:, None] + np.arange(self.context + 1)) % count
        rows = self._tokens[places].astype(np.int64)
        if self.classes.size:
            owners = np.searchsorted(self._ends, places[:, 0], side="right")
            inside = rows[:, 0] != self.end
            rows[inside, 0] = self._begins[owners[inside]]
        return rows

    def with_gap(self, row: np.ndarray, first: float, second: float) -> np.ndarray:
        """`row` (n,) whose longest piece of a document became PREFIX … SUFFIX … MIDDLE … END.

        `first`, `second` in [0, 1) say where the gap is. The order is PSM of Bavarian et al.
        2022, "Efficient training of language models to fill in the middle", section 3; the piece
        loses as many tokens at its end as the marks take.
        """
        bounds = np.flatnonzero(np.isin(row, [self.end, *self.classes]))
        edges = np.concatenate([[-1], bounds, [len(row)]])
        longest = int(np.argmax(np.diff(edges)))
        start, stop = int(edges[longest]) + 1, int(edges[longest + 1])
        close = [self.end] if stop == len(row) else []
        length = stop - start - len(self._marks) - len(close)
        if length < _LEAST_GAP or None in self._marks:
            return row
        a, b = sorted((int(first * (length + 1)), int(second * (length + 1))))
        before, middle, after = np.split(row[start : start + length], [a, b])
        prefix, suffix, mark = ([number] for number in self._marks)
        parts: list[Any] = [
            row[:start],
            prefix,
            before,
            suffix,
            after,
            mark,
            middle,
            close,
            row[stop:],
        ]
        return np.concatenate(parts).astype(np.int64)
