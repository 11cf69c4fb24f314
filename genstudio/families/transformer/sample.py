"""A transformer as the decoder asks it: keys and values of the tokens read stay in memory.

Graph "step": tokens (b, t), lengths (b,), keys_i and values_i (b, heads, room, head) of each
layer -> logits (b, t, vocabulary) and the same buffers, written in place.
Graph "portable": tokens, keys and values (b, layers, heads, past, head) -> logits, both longer.
"""

from __future__ import annotations

import numpy as np
import onnxruntime as ort

from genstudio.core.errors import BadInput
from genstudio.engine import performing
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel

STEP, PORTABLE = "step", "portable"


class SharedStepper:
    """See `engine.decoding.Stepper`. Each buffer is input and output of the graph at once."""

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        self.context = model.size("context")
        self._names = [
            f"{kind}_{layer}"
            for layer in range(model.size("layers"))
            for kind in ("keys", "values")
        ]
        heads = model.size("heads")
        self._shape = heads, self.context, model.size("width") // heads
        self._buffers: list[np.ndarray] = []
        self._read = 0
        self._bound = model.binding(STEP)
        self._token = self._logits = np.zeros(0)
        self._lengths = np.zeros(0, np.int32)

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b, t) -> logits (b, t, v)."""
        count, self._read = tokens.shape
        if not self._buffers or len(self._buffers[0]) != count:
            empty = (np.empty((count, *self._shape), np.float32) for _ in self._names)
            self._bind(list(empty))
        self._lengths[:] = self._read
        bound = self._model.binding(STEP)
        self._share(bound)
        logits = np.empty((*tokens.shape, self._model.size("vocabulary")), np.float32)
        bound.bind_ortvalue_input("tokens", _held(np.ascontiguousarray(tokens, np.int64)))
        bound.bind_ortvalue_output("logits", _held(logits))
        self._model.run_bound(STEP, bound)
        return logits

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b,) -> logits (b, v)."""
        self._read += 1
        self._lengths[:] = self._read
        self._token[:, 0] = tokens
        self._model.run_bound(STEP, self._bound)
        return self._logits[:, 0].copy()

    def pick(self, rows: np.ndarray) -> None:
        """Go on with these rows."""
        if np.array_equal(rows, np.arange(len(self._buffers[0]))):
            return
        picked = []
        for buffer in self._buffers:
            new = np.empty((len(rows), *self._shape), np.float32)
            new[:, :, : self._read] = buffer[rows, :, : self._read]
            picked.append(new)
        self._bind(picked)

    def _bind(self, buffers: list[np.ndarray]) -> None:
        """Make these the memory, and tie the ports of a step to what stays in place."""
        count = len(buffers[0])
        self._buffers = buffers
        self._token = np.zeros((count, 1), np.int64)
        self._lengths = np.zeros(count, np.int32)
        self._logits = np.empty((count, 1, self._model.size("vocabulary")), np.float32)
        self._bound = self._model.binding(STEP)
        self._share(self._bound)
        self._bound.bind_ortvalue_input("tokens", _held(self._token))
        self._bound.bind_ortvalue_output("logits", _held(self._logits))

    def _share(self, bound: ort.IOBinding) -> None:
        bound.bind_ortvalue_input("lengths", _held(self._lengths))
        for name, buffer in zip(self._names, self._buffers, strict=True):
            held = _held(buffer)
            bound.bind_ortvalue_input(name, held)
            bound.bind_ortvalue_output(f"new_{name}", held)


class GrowingStepper:
    """See `engine.decoding.Stepper`. Any runtime can do this; each step copies what was read."""

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        self.context = model.size("context")
        heads = model.size("heads")
        self._shape = model.size("layers"), heads, 0, model.size("width") // heads
        self._keys = self._values = np.zeros((1, *self._shape), np.float32)

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b, t) -> logits (b, t, v)."""
        self._keys = self._values = np.zeros((len(tokens), *self._shape), np.float32)
        return self._run(tokens)

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens (b,) -> logits (b, v)."""
        return self._run(tokens[:, None])[:, 0]

    def pick(self, rows: np.ndarray) -> None:
        """Go on with these rows."""
        self._keys, self._values = self._keys[rows], self._values[rows]

    def _run(self, tokens: np.ndarray) -> np.ndarray:
        feeds = {"tokens": tokens.astype(np.int64), "keys": self._keys, "values": self._values}
        found = self._model.run(PORTABLE, feeds)
        self._keys, self._values = found["new_keys"], found["new_values"]
        return found["logits"]


def make_stepper(model: LoadedModel) -> Stepper:
    """What asks this model for one token after the other.

    The shared buffers are for the processor: there the operator knows 32-bit numbers.
    """
    if model.device.name == "CPU":
        try:
            return SharedStepper(model)
        except BadInput:
            return GrowingStepper(model)  # a runtime without the operator
    return GrowingStepper(model)


def _held(array: np.ndarray) -> ort.OrtValue:
    """The memory of an array as onnxruntime wants it; nothing is copied."""
    return ort.OrtValue.ortvalue_from_numpy(array)


TASKS = performing.tasks(make_stepper)
