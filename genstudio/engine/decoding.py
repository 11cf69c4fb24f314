"""Decoding: how a model of tokens is asked for one token after another.

A family brings a `Stepper` over its graphs; everything that chooses tokens works on numbers alone
and is the same for all of them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np


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
