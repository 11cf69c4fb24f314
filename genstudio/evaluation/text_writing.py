"""Texts written side by side for an evaluation, each from a prompt of its own.

Chance is shaped by the settings that people find in the panel, and keyed by (seed, place) as
there, so that a text of a batch is the same alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from genstudio.engine import logits as logits_of
from genstudio.engine.decoding import Stepper
from genstudio.engine.logits import Settings
from genstudio.media.tokens import Tokenizer
from genstudio.numerics import noise

BATCH = 16
END_TOKEN = 0


def written(
    stepper: Stepper,
    tokenizer: Tokenizer,
    prompts: Sequence[Sequence[int]],
    length: int,
    settings: Settings,
    seed: int,
    places: Sequence[int] | None = None,
) -> Iterator[tuple[int, str]]:
    """(number of the prompt, what follows it), at most `length` tokens each.

    A prompt is never empty: its first token says what kind of text it is. Prompts of one length
    are read together. `places` are the numbers that noise is drawn by, those of the prompts if
    None.
    """
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    keys = list(places) if places is not None else list(range(len(prompts)))
    start = 0
    while start < len(order):
        size = len(prompts[order[start]])
        some = [n for n in order[start : start + BATCH] if len(prompts[n]) == size]
        rows = np.array([prompts[n] for n in some], np.int64)
        drawn = np.stack([noise.uniform(seed, keys[n], (length,)) for n in some])
        for number, ids in zip(some, _rows(stepper, tokenizer, rows, drawn, settings)):
            yield number, tokenizer.decode(ids)
        start += len(some)


def _rows(
    stepper: Stepper,
    tokenizer: Tokenizer,
    prompts: np.ndarray,
    draws: np.ndarray,
    settings: Settings,
) -> list[list[int]]:
    """Tokens behind each prompt (b, t) by draws (b, length); a row ends at the end token."""
    never = np.arange(1, len(tokenizer.specials))
    prompts = _fitting(prompts, stepper.context)
    logits = stepper.begin(prompts)[:, -1]
    text, held = prompts, prompts.shape[1]
    live = np.arange(len(prompts))
    found: list[list[int]] = [[] for _ in prompts]
    for place in range(draws.shape[1]):
        scores = logits.astype(np.float64)
        scores[:, never] = logits_of.NEVER
        scores = logits_of.narrowed(scores, settings)
        chosen = logits_of.chosen(scores, draws[live, place], settings.greedy)
        going = chosen > END_TOKEN
        for row in np.flatnonzero(going).tolist():
            found[live[row]].append(int(chosen[row]))
        if not going.any() or place == draws.shape[1] - 1:
            break
        if not going.all():
            stepper.pick(np.flatnonzero(going))
            live, text = live[going], text[going]
        text = np.concatenate([text, chosen[going, None]], axis=1)
        held += 1
        if held <= stepper.context:
            logits = stepper.step(text[:, -1])
        else:  # full: its newer half is read again, behind the token that says the kind
            kept = max(1, (stepper.context - 1) // 2)
            again = np.concatenate([text[:, :1], text[:, -kept:]], axis=1)
            logits, held = stepper.begin(again)[:, -1], kept + 1
    return found


def _fitting(prompts: np.ndarray, context: int) -> np.ndarray:
    """Prompts that leave room for an answer: the first token and the newest of the others."""
    most = max(1, context - 1)
    if prompts.shape[1] <= most:
        return prompts
    rest = prompts[:, 1:][:, prompts.shape[1] - most :] if most > 1 else prompts[:, :0]
    return np.concatenate([prompts[:, :1], rest], axis=1)
