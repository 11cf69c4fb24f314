"""Decoding: how a model of tokens is asked for one token after another.

A family brings a `Stepper` over its graphs; everything that chooses tokens works on numbers alone
and is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from genstudio.engine import logits as logits_of
from genstudio.engine.banned import Banned
from genstudio.engine.logits import Settings


class Stepper(Protocol):
    """A model of tokens with its memory of what was read so far, for b rows side by side.

    Tokens are int64, logits float32 before any setting of the sampling, v the vocabulary.
    Calls may raise `loaded_model.Stopped`; the next `begin` starts afresh.
    """

    @property
    def context(self) -> int:
        """How many tokens `begin` and the steps after it may hold together (LSTM: very many)."""
        ...

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Forget everything, read tokens (b, t), t from 1 to `context`: logits (b, t, v).

        Row [i, j] says what follows after tokens[i, : j + 1].
        """
        ...

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Read one more token of each row (b,): the logits (b, v) of what follows."""
        ...

    def pick(self, rows: np.ndarray) -> None:
        """From now on row i goes on from what row rows[i] has read: int64 (n,), n ≥ 1.

        Rows may be left out (a draft that ended), repeated (one prompt, many drafts) and
        reordered (beams); b is n afterwards.
        """
        ...


class Reader:
    """A Stepper that goes on when its context is full: it then reads the newer half again.

    `head` are tokens that stay in front (what kind of text it is). Rows are read side by side
    and have the same number of tokens.
    """

    def __init__(self, stepper: Stepper, head: Sequence[int] = ()) -> None:
        self._stepper = stepper
        self._head = np.array(head, np.int64)
        self._columns: list[np.ndarray] = []
        self._rows = self._held = 0

    def begin(self, tokens: Sequence[int], rows: int) -> np.ndarray:
        """Read one prompt for `rows` rows: the logits (rows, v) of what follows it.

        The head is put in front; a prompt that does not fit loses its beginning.
        """
        kept = list(tokens)[-max(1, self._stepper.context - len(self._head)) :]
        prompt = np.concatenate([self._head, np.array(kept, np.int64)])  # one token at least
        self._columns = [np.full(rows, token) for token in kept]
        self._held, self._rows = len(prompt), rows
        logits = self._stepper.begin(prompt[None])[:, -1]
        if rows > 1:
            self._stepper.pick(np.zeros(rows, np.int64))
        return np.repeat(logits, rows, axis=0)

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """One more token of each row (b,): logits (b, v)."""
        self._columns.append(np.asarray(tokens, np.int64))
        if self._held < self._stepper.context:
            self._held += 1
            return self._stepper.step(self._columns[-1])
        kept = self._columns[-max(1, (self._stepper.context - len(self._head)) // 2) :]
        rows = np.stack(kept, axis=1)
        head = np.repeat(self._head[None], len(rows), axis=0)
        again = np.concatenate([head, rows], axis=1)
        self._columns, self._held = list(kept), again.shape[1]
        return self._stepper.begin(again)[:, -1]

    def pick(self, rows: Sequence[int]) -> None:
        """Row i goes on from row rows[i]."""
        order = np.array(rows, np.int64)
        if np.array_equal(order, np.arange(self._rows)):
            return
        self._rows = len(order)
        self._stepper.pick(order)
        self._columns = [column[order] for column in self._columns]


class Shaper:
    """Scores of the next token of several drafts: what may come, and how likely by the settings.

    `never` bool (v,) are tokens that no draft may write. Rows belong to drafts, which end and
    leave (`pick`).
    """

    def __init__(self, settings: Settings, never: np.ndarray, banned: Banned | None = None) -> None:
        self._settings = settings
        self._never = never
        self._banned = banned
        self._seen = np.zeros((0, len(never)), bool)
        self._written = np.zeros((0, len(never)), np.int64)
        self._tails: list[bytes] = []

    def begin(self, prompt: Sequence[int], tail: bytes, rows: int) -> None:
        """Drafts that follow `prompt`, whose last bytes are `tail`."""
        seen = np.zeros(len(self._never), bool)
        seen[list(prompt)] = True
        self._seen = np.repeat(seen[None], rows, axis=0)
        self._written = np.zeros(self._seen.shape, np.int64)
        self._tails = [tail] * rows

    def scores(self, logits: np.ndarray) -> np.ndarray:
        """Scores (b, v) of logits (b, v), ready to be chosen from."""
        return logits_of.narrowed(self.allowed(logits), self._settings)

    def allowed(self, logits: np.ndarray) -> np.ndarray:
        """Scores (b, v): penalties and bans alone, as a search for the likeliest wants it."""
        scores = logits.copy()
        if self._settings.looks_back:
            scores = logits_of.penalised(scores, self._settings, self._seen, self._written)
        scores[:, self._never] = logits_of.NEVER
        if self._banned is not None:
            for row, tail in enumerate(self._tails):
                left = np.where(self._banned.mask(tail), logits_of.NEVER, scores[row])
                # Where the prompt ends with a banned word, its last token may have to come again.
                scores[row] = left if np.isfinite(left).any() else scores[row]
        return scores

    def wrote(self, tokens: Sequence[int], pieces: Sequence[bytes]) -> None:
        """Each row wrote a token with these bytes."""
        if self._settings.looks_back:
            rows = np.arange(len(tokens))
            self._seen[rows, list(tokens)] = True
            self._written[rows, list(tokens)] += 1
        if self._banned is not None:
            reach = self._banned.reach
            self._tails = [
                (tail + piece)[-reach:] if reach else b""
                for tail, piece in zip(self._tails, pieces, strict=True)
            ]

    def pick(self, rows: Sequence[int]) -> None:
        """Row i goes on from row rows[i]."""
        self._seen, self._written = self._seen[list(rows)], self._written[list(rows)]
        self._tails = [self._tails[row] for row in rows]
