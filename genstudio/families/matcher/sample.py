"""Asking a matcher which texts fit pictures.

Graph "picture": image (b, c, h, w) in [-1, 1] -> vector (b, f) of length 1.
Graph "text": tokens int64 (b, length) of core/words.py -> vector (b, f), stretched so that its
product with a picture's vector is the logit of the two belonging together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.core.words import Words
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Report
from genstudio.families.matcher.tasks import MOST_LINES

PICTURE, TEXT = "picture", "text"
UNKNOWN = "not understood"
"""Key of the report under which words stand that the matcher does not know."""


def match(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One report per picture: the share of each text, and words that were not understood."""
    stack = batches.fitted(model, ask.needed("image"))  # (n, size, size, c)
    lines = list(dict.fromkeys(filter(None, map(str.strip, ask.word("captions").splitlines()))))
    if not 0 < len(lines) <= MOST_LINES:
        raise UsageError(f"Write 1 to {MOST_LINES} texts, one a line; there are {len(lines)}")
    tokens, unknown = tokens_of(model, lines)
    yield Progress(done=0, total=len(stack))
    texts = model.run(TEXT, {"tokens": tokens})["vector"]  # (lines, f)
    more: dict[str, Json] = {UNKNOWN: ", ".join(unknown)} if unknown else {}

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        return {"image": batches.from_pixels(stack[first : first + n])}

    for batch in batches.run(model, PICTURE, len(stack), feeds):
        for i, vector in enumerate(batch.outputs["vector"], start=batch.first):
            fit = zip(lines, shares(vector, texts).tolist(), strict=True)
            data: dict[str, Json] = {line: round(share, 6) for line, share in fit}
            yield Report(ask.first + i, ask.seed, data | more)
        yield Progress(done=batch.first + batch.count, total=len(stack), text=batch.note)


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {"match": match}


def tokens_of(model: LoadedModel, lines: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """(tokens int64 (lines, length), the words that the model does not know)."""
    listed = model.config.get("words")
    words = Words([str(word) for word in listed] if isinstance(listed, list) else [])
    found = [words.tokens(line, model.size("length")) for line in lines]
    unknown = dict.fromkeys(word for _, ignored in found for word in ignored)
    return np.array([tokens for tokens, _ in found], np.int64), list(unknown)


def shares(picture: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """How the certainty is shared among texts (n, f) for a picture (f,); they sum to 1.

    A single text gets the cosine of the two, at least 0.
    """
    logits = texts.astype(np.float64) @ picture.astype(np.float64)
    if len(texts) == 1:
        return np.clip(logits / np.linalg.norm(texts, axis=1), 0.0, 1.0)
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())
