"""A WaveNet as the sampler asks it: the queues of its layers are kept here, beside the graphs.

Graph "step": codes, kinds, places (b,), taps (b, taps, width) -> logits (b, 256), seen (b, layers,
width). Graph "read": codes (b, t), kinds, start (b,) -> logits (b, t, 256), seen (b, layers, t,
width). See `engine.sounding.Stepper`.
"""

from __future__ import annotations

import numpy as np

from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.wavenet.queues import Queues
from genstudio.media import companding

READ_AT_ONCE = 2**14
"""Samples of a whole sound that are read together."""


class QueueStepper:
    """One sample further at the cost of one sample."""

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        self._kernel, self._width = model.size("kernel"), model.size("width")
        each = [self._kernel**i for i in range(model.size("layers"))]
        self._dilations = each * model.size("stacks")
        self._reach = model.size("reach")
        self._kinds = np.zeros(1, np.int64)
        self._place = 0
        self._queues = Queues(1, self._dilations, self._kernel, self._width)

    def begin(self, kinds: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Kinds (b,), codes that all sounds begin with (n,) -> logits (b, 256) of what follows."""
        self._kinds = kinds.astype(np.int64)
        self._queues = Queues(len(kinds), self._dilations, self._kernel, self._width)
        # What lies further back than twice the reach has no say in anything that is kept.
        first = max(0, len(given) - 2 * self._reach)
        before = given[first - 1] if first else companding.BEFORE
        codes = np.concatenate([[before], given[first:]]).astype(np.int64)[None]  # (1, t)
        logits = np.empty((len(kinds), companding.CODES), np.float32)
        for kind in np.unique(self._kinds):
            rows, start = np.flatnonzero(self._kinds == kind), np.array([first], np.int64)
            feeds = {"codes": codes, "kinds": kind[None], "start": start}
            answer = self._model.run("read", feeds)
            logits[rows] = answer["logits"][0, -1]
            self._queues.fill(rows, answer["seen"][0])
        self._queues.skip(codes.shape[1])
        self._place = len(given) + 1
        return logits

    def step(self, codes: np.ndarray) -> np.ndarray:
        """The sample each sound took (b,) -> logits (b, 256) of the next."""
        places = np.full(len(codes), self._place, np.int64)
        feeds = {
            "codes": codes.astype(np.int64),
            "kinds": self._kinds,
            "places": places,
            "taps": self._queues.taps(),
        }
        answer = self._model.run("step", feeds)
        self._queues.push(answer["seen"])
        self._place += 1
        return answer["logits"]

    def told(self, kind: int, codes: np.ndarray) -> np.ndarray:
        """Logits (n, 256) of each sample of a whole sound (n,)."""
        before = np.concatenate([[companding.BEFORE], codes[:-1]]).astype(np.int64)
        found = []
        for first in range(0, len(codes), READ_AT_ONCE):
            start = max(0, first - self._reach)
            feeds = {
                "codes": before[None, start : first + READ_AT_ONCE],
                "kinds": np.array([kind], np.int64),
                "start": np.array([start], np.int64),
            }
            found.append(self._model.run("read", feeds)["logits"][0, first - start :])
        return np.concatenate(found)
