"""Looking inside a model of text: how likely it finds each token, and what a token hangs on.

Everything asks a `Stepper` alone, so it holds for every family. Works of a text come back as
report data with places in characters of that text.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine.decoding import Stepper
from genstudio.media.tokens import Stream, Tokenizer

TOP = 6
"""Likeliest tokens told for each place."""
REACH = 128
"""Earlier tokens that `saliency` leaves out in turn."""
_ROWS = 8
"""Rows of a batch: logits of all their places are in memory at once."""
_WINDOW = 1024
"""Tokens read at once at most, whatever the model can hold."""

Working = Generator[Progress, None, dict[str, Json]]


def score(stepper: Stepper, tokenizer: Tokenizer, text: str, lead: Sequence[int] = (0,)) -> Working:
    """How likely the model finds each token of `text` behind `lead` (a document's beginning).

    Data: "tokens" [{"t", "p", "top", "start"}], "loss" (mean, in nats), "perplexity" = e^loss.
    Long texts are read in windows that overlap by half. Raises UsageError without tokens.
    """
    ids = tokenizer.encode(text)
    if not ids:
        raise UsageError("There is no text to look at", next_step="Write or select some.")
    row = [*lead, *ids]
    size = max(2, min(stepper.context, _WINDOW))
    entries, losses = [], []
    begins, words = starts(tokenizer, text, ids), pieces(tokenizer, ids)
    first = len(lead)
    yield Progress(done=0, total=len(row))
    for start, fresh in windows(len(row), size):
        fresh = max(fresh, first)
        part = row[start : start + size]
        logits = stepper.begin(np.array([part], np.int64))[0]
        for place in range(fresh, start + len(part)):
            logs = log_softmax(logits[place - start - 1])
            losses.append(-float(logs[row[place]]))
            number = place - first
            entries.append(_entry(tokenizer, logs, row[place], words[number], begins[number]))
        yield Progress(done=start + len(part), total=len(row))
    loss = float(np.mean(losses))
    told: list[Json] = list(entries)
    return {"tokens": told, "loss": loss, "perplexity": float(np.exp(min(loss, 50.0)))}


def saliency(
    stepper: Stepper,
    tokenizer: Tokenizer,
    text: str,
    position: int = -1,
    lead: Sequence[int] = (0,),
) -> Working:
    """What the token that holds character `position` (-1: the last one) hangs on.

    Each of the `REACH` tokens before it is left out in turn: its weight is by how much the
    logarithm (nats) of the token's probability falls (occlusion: Zeiler & Fergus 2014, section
    4.2; Li et al. 2016 for words). Data: "token" {"t", "p", "start"}, "weights" [{"t", "start",
    "weight"}] from left to right. Raises UsageError where nothing stands before the token.
    """
    ids = tokenizer.encode(text)
    begins = starts(tokenizer, text, ids)
    target = len(ids) - 1 if position < 0 else _holding(begins, position)
    if target < 1:
        raise UsageError("Nothing stands before this word that it could hang on")
    reach = min(REACH, target, min(stepper.context, _WINDOW) - len(lead))
    before = np.array([*lead, *ids[target - reach : target]], np.int64)
    wanted, words = ids[target], pieces(tokenizer, ids)
    yield Progress(done=0, total=reach)
    whole = log_softmax(stepper.begin(before[None])[0, -1])[wanted]
    weights: list[float] = []
    while len(weights) < reach:
        rows = range(len(weights), min(reach, len(weights) + _ROWS))
        batch = np.stack([np.delete(before, len(lead) + row) for row in rows])
        # A lone token without a lead leaves nothing to read: it keeps the end of a document.
        batch = batch if batch.shape[1] else np.zeros((len(rows), 1), np.int64)
        logits = stepper.begin(batch)[:, -1]
        weights += [float(whole - log_softmax(row)[wanted]) for row in logits]
        yield Progress(done=len(weights), total=reach)
    told: list[Json] = [
        {"t": words[place], "start": begins[place], "weight": weight}
        for place, weight in enumerate(weights, target - reach)
    ]
    chosen: dict[str, Json] = {
        "t": words[target],
        "p": float(np.exp(whole)),
        "start": begins[target],
    }
    return {"token": chosen, "weights": told}


def windows(length: int, size: int) -> list[tuple[int, int]]:
    """(start, first place that is new) of windows of `size` that cover 0 … length - 1.

    Each but the first begins half a window back, so that every place has something before it.
    """
    found = [(0, 0)]
    while found[-1][0] + size < length:
        fresh = found[-1][0] + size
        found.append((min(fresh - size // 2, length - size), fresh))
    return found


def pieces(tokenizer: Tokenizer, ids: Sequence[int]) -> list[str]:
    """The text that each token completes; "" where a character is unfinished."""
    stream = Stream(tokenizer)
    return [stream.feed(token) for token in ids]


def starts(tokenizer: Tokenizer, text: str, ids: Sequence[int]) -> list[int]:
    """Where in `text` each token begins, in characters.

    Characters without a token are left out of `ids`, so places are counted in the text itself.
    """
    if tokenizer.kind == "chars":
        found = [place for place, char in enumerate(text) for _ in tokenizer.encode(char)]
        if len(found) == len(ids):
            return found
    place, found = 0, []
    for word in pieces(tokenizer, ids):
        found.append(min(place, len(text)))
        place += len(word)
    return found


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Logarithms (nats) of the probabilities of one row of logits (v,), in float64."""
    shifted = logits.astype(np.float64) - float(np.max(logits))
    return shifted - np.log(np.exp(shifted).sum())


def _holding(begins: Sequence[int], position: int) -> int:
    """The last token that begins at or before `position`."""
    return int(np.searchsorted(np.array(begins), position, side="right")) - 1


def _entry(
    tokenizer: Tokenizer, logs: np.ndarray, token: int, word: str, start: int
) -> dict[str, Json]:
    count = min(TOP, len(logs))
    best = np.argpartition(-logs, count - 1)[:count]
    top: list[Json] = [
        [tokenizer.decode([int(other)]), float(np.exp(logs[other]))]
        for other in best[np.argsort(-logs[best], kind="stable")]
        if tokenizer.piece(int(other))
    ]
    return {"t": word, "p": float(np.exp(logs[token])), "top": top, "start": start}
