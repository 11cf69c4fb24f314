"""A recurrent network as the decoder asks it: the state of each row goes in and comes out.

Graph "step": tokens (b, t), h, c (b, layers, width) -> logits (b, t, vocabulary), new_h, new_c.
"""

from __future__ import annotations

import numpy as np

from genstudio.engine import performing
from genstudio.engine.loaded_model import LoadedModel

CONTEXT = 2048
"""Tokens after which reading begins anew: the state would bear more, but reading takes time."""


class StateStepper:
    """See `engine.decoding.Stepper`."""

    context = CONTEXT

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        self._shape = model.size("layers"), model.size("width")
        self._h = self._c = np.zeros((1, *self._shape), np.float32)

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b, t) -> logits (b, t, v)."""
        self._h = self._c = np.zeros((len(tokens), *self._shape), np.float32)
        return self._read(tokens)

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b,) -> logits (b, v)."""
        return self._read(tokens[:, None])[:, 0]

    def pick(self, rows: np.ndarray) -> None:
        """Go on with these rows."""
        self._h, self._c = self._h[rows], self._c[rows]

    def _read(self, tokens: np.ndarray) -> np.ndarray:
        feeds = {"tokens": tokens.astype(np.int64), "h": self._h, "c": self._c}
        found = self._model.run("step", feeds)
        self._h, self._c = found["new_h"], found["new_c"]
        return found["logits"]


def make_stepper(model: LoadedModel) -> StateStepper:
    """What asks this model for one token after the other."""
    return StateStepper(model)


TASKS = performing.tasks(make_stepper)
