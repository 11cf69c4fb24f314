"""Asking a classifier what pictures show.

Graph "classifier": image (b, c, h, w) in [-1, 1] -> features (b, f), logits (b, classes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Report

GRAPH = "classifier"


def classify(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One report per picture: probability by class name, the likeliest first."""
    stack = batches.fitted(model, ask.needed("image"))  # (n, size, size, c)
    names = model.class_names

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        return {"image": batches.from_pixels(stack[first : first + n])}

    yield Progress(done=0, total=len(stack))
    for batch in batches.run(model, GRAPH, len(stack), feeds):
        for i, row in enumerate(softmax(batch.outputs["logits"]), start=batch.first):
            order = np.argsort(-row, kind="stable")
            data: dict[str, Json] = {names[k]: round(float(row[k]), 6) for k in order}
            yield Report(ask.first + i, ask.seed, data)
        yield Progress(done=batch.first + batch.count, total=len(stack), text=batch.note)


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {"classify": classify}


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (b, classes) of logits (b, classes)."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
