"""Batches of questions with their answers: each text is one row, and its answer is what counts.

Windows out of a ring of texts (`token_batches`) tear short texts apart: an answer then often stands
without the question that it follows from, and a model learns the manner of answers but not to do
what it is asked. Here a row is one whole text behind the token of its class or END, as prompts
begin. Question tokens count `GIVEN`, a little so that questions stay likely text; answers count in
full (Wei et al. 2022, "Finetuned language models are zero-shot learners", appendix A, takes the
loss of targets alone).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from genstudio.core.errors import BadInput
from genstudio.media.tokens import END, class_token
from genstudio.training.objective import Sequences
from genstudio.training.randomness import uniform
from genstudio.training.shuffled import Shuffled
from genstudio.training.token_batches import HIDDEN, VALID_BATCH, VALID_TOKENS, Tokens

GIVEN = 0.1


class AnswerBatches(Shuffled[Sequences]):
    """Rows of `data`, whose `given` says how many tokens of each text are its question.

    A text longer than the context is cut at its end. Raises BadInput where no answer begins within
    the context.
    """

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
        self.device, self.drop = device, data.windows.drop
        self._rows = _Rows(data)
        found = _Rows(held) if held is not None and held.total else None
        self._held = found if found is not None and found.count else None
        if not self._rows.count:
            raise BadInput(
                f"No answer begins within {data.windows.context} tokens",
                next_step="Choose a larger context, or leave “Learn what follows” empty.",
            )
        super().__init__(seed, batch, shards, self._rows.count)

    @property
    def held_count(self) -> int:
        """Texts that are held out; 0 where none are."""
        return self._held.count if self._held is not None else 0

    def held_out(self) -> Iterator[Sequences]:
        """The held-out texts in order; where they are long, some of them, evenly spread."""
        rows = self._held
        if rows is None:
            return
        most = min(rows.count, max(1, VALID_TOKENS // rows.longest))
        chosen = np.linspace(0, rows.count - 1, most).astype(np.int64)
        size = max(1, VALID_BATCH // rows.longest)
        for first in range(0, most, size):
            yield self._sequences(rows, chosen[first : first + size])

    def shown(self, count: int) -> Sequences:
        """The same few texts for every sample: held-out ones where there are any."""
        rows = self._held or self._rows
        return self._sequences(rows, np.arange(count) * max(1, rows.count // count) % rows.count)

    def _training(self, first: int, count: int) -> Sequences:
        positions = np.arange(first, first + count)
        hidden = uniform(self.seed + HIDDEN, positions) < self.drop
        return self._sequences(self._rows, self._items(positions), hidden)

    def _sequences(
        self, rows: _Rows, items: np.ndarray, hidden: np.ndarray | None = None
    ) -> Sequences:
        tokens, weight = rows.padded(items)
        if hidden is not None:
            tokens[hidden, 0] = rows.end
        weights = torch.from_numpy(weight).to(self.device)
        return Sequences(torch.from_numpy(tokens).to(self.device), weights)


class _Rows:
    """One row of tokens a text: its class or END, the text, END; none whose answer is cut off."""

    def __init__(self, data: Tokens) -> None:
        special, most = data.tokenizer.special, data.windows.context + 1
        self.end = special(END) or 0
        self._rows: list[tuple[np.ndarray, int]] = []
        labels = data.labels or [-1] * data.count
        for document, label, given in zip(data.documents, labels, data.given, strict=True):
            named = special(class_token(data.classes[label])) if label >= 0 else None
            begin = self.end if named is None else named
            row = np.concatenate([[begin], document, [self.end]]).astype(np.int64)[:most]
            if given + 1 < len(row):
                self._rows.append((row, given))

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self._rows)

    @property
    def longest(self) -> int:
        """Tokens that the longest row tells."""
        return max(len(row) for row, _ in self._rows) - 1

    def padded(self, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows (b, n + 1) int64, the shorter ones filled up with END; what each told token counts
        (b, n) float32."""
        chosen = [self._rows[item] for item in items.tolist()]
        length = max(len(row) for row, _ in chosen)
        tokens = np.full((len(chosen), length), self.end, np.int64)
        weight = np.zeros((len(chosen), length - 1), np.float32)
        for place, (row, given) in enumerate(chosen):
            tokens[place, : len(row)] = row
            weight[place, :given] = GIVEN
            weight[place, given : len(row) - 1] = 1
        return tokens, weight
