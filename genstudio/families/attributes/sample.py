"""Asking a reader which attributes pictures have.

Graph "reader": image (b, c, h, w) in [-1, 1] -> features (b, f), logits (b, answers), where the
answers are those of each slot in turn: "none", then its values (core/attributes.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from genstudio.core import attributes
from genstudio.core.attributes import Slot
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Report

GRAPH = "reader"


def read(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One report per picture: the likeliest value of each attribute with its probability."""
    stack = batches.fitted(model, ask.needed("image"))  # (n, size, size, c)
    slots = attributes.of_config(model.config)

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        return {"image": batches.from_pixels(stack[first : first + n])}

    yield Progress(done=0, total=len(stack))
    for batch in batches.run(model, GRAPH, len(stack), feeds):
        for i, row in enumerate(batch.outputs["logits"], start=batch.first):
            yield Report(ask.first + i, ask.seed, said(slots, row))
        yield Progress(done=batch.first + batch.count, total=len(stack), text=batch.note)


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {"read": read}


def said(slots: Sequence[Slot], logits: np.ndarray) -> dict[str, Json]:
    """{"hair: blue": 0.98, …} from logits (answers,): one entry for each slot, in their order."""
    found: dict[str, Json] = {}
    first = 0
    for slot in slots:
        some = logits[first : first + len(slot.values) + 1].astype(np.float64)
        first += len(some)
        powers = np.exp(some - some.max())
        best = int(some.argmax())
        found[f"{slot.name}: {slot.word(best)}"] = round(float(powers[best] / powers.sum()), 6)
    return found
