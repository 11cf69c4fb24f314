"""The step loop of music: drafts side by side, each under a grammar of its own.

A draft says what it wants to be read (`prompt`), which tokens may come (`mask`) and hears which
one was chosen (`take`). Drafts that want the same read are one lane and step together; a draft
whose context is full asks to be read anew and goes on, alone where it has to.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.decoding import Stepper
from genstudio.engine.logits import Settings
from genstudio.numerics import noise

_DRAWN = 512


class Draft(Protocol):
    """One result that grows token by token."""

    index: int

    def prompt(self, context: int) -> list[int] | None:
        """What is to be read now, shorter than `context`; None when all is there."""
        ...

    def mask(self) -> np.ndarray | None:
        """bool (v,): tokens that may come next, at least one; None when what was read is used up
        and `prompt` has to be asked again."""
        ...

    def take(self, token: int, logits: np.ndarray) -> None:
        """This one was chosen by logits (v,), which are those before any setting."""
        ...


class Draws:
    """Numbers from 0 to 1 of one item, in their order: the same however many are taken."""

    def __init__(self, seed: int, index: int) -> None:
        self._seed, self._index = seed, index
        self._numbers = noise.uniform(seed, index, (_DRAWN,))
        self._taken = 0

    def next(self) -> float:
        """One more."""
        if self._taken == len(self._numbers):
            self._numbers = noise.uniform(self._seed, self._index, (2 * len(self._numbers),))
        self._taken += 1
        return float(self._numbers[self._taken - 1])


def run(
    stepper: Stepper, drafts: Sequence[Draft], settings: Settings, seed: int, title: str = "A model"
) -> Iterator[list[Draft]]:
    """Bring all drafts to their end; yields after every step those that began it together.

    Raises GenStudioError (kind UNDEFINED) where logits are no numbers, and what a Stepper raises.
    """
    draws = {id(draft): Draws(seed, draft.index) for draft in drafts}
    waiting = [(draft, draft.prompt(stepper.context)) for draft in drafts]
    while waiting := [(draft, prompt) for draft, prompt in waiting if prompt is not None]:
        first = waiting[0][1]
        lane = [draft for draft, prompt in waiting if prompt == first]
        waiting = [pair for pair in waiting if pair[1] != first]
        for left in _lane(stepper, lane, first, settings, draws, title):
            waiting += [(draft, draft.prompt(stepper.context)) for draft in left]
            yield lane


def _lane(
    stepper: Stepper,
    lane: list[Draft],
    prompt: list[int],
    settings: Settings,
    draws: dict[int, Draws],
    title: str,
) -> Iterator[list[Draft]]:
    """Drafts that go on from one prompt, until each is used up or the context is full; yields
    after every step those that leave."""
    found = _defined(stepper.begin(np.array([prompt], np.int64))[:, -1], title)  # (1, v)
    if len(lane) > 1:
        stepper.pick(np.zeros(len(lane), np.int64))
    found, held = np.repeat(found, len(lane), axis=0), len(prompt)
    masks = [draft.mask() for draft in lane]
    while True:
        left = [draft for draft, mask in zip(lane, masks, strict=True) if mask is None]
        going = [row for row, mask in enumerate(masks) if mask is not None]
        if not going:
            yield left
            return
        if left:
            stepper.pick(np.array(going, np.int64))
            lane, found = [lane[row] for row in going], found[going]
        allowed = [mask for mask in masks if mask is not None]
        tokens = np.empty(len(lane), np.int64)
        for row, (draft, mask) in enumerate(zip(lane, allowed, strict=True)):
            tokens[row] = chosen(found[row], mask, draws[id(draft)].next(), settings)
            draft.take(int(tokens[row]), found[row])
        masks = [draft.mask() for draft in lane]
        if held == stepper.context:
            yield [*left, *lane]
            return
        yield left
        if any(mask is not None for mask in masks):
            found, held = _defined(stepper.step(tokens), title), held + 1


def chosen(logits: np.ndarray, mask: np.ndarray, draw: float, settings: Settings) -> int:
    """One of the tokens that `mask` (v,) allows, by logits (v,), temperature, top-k and top-p.

    What `engine.logits` does to rows of a whole vocabulary, in one pass over the few that may
    come: likeliest first, `draw` from 0 to 1 is a share of the chances laid end to end.
    """
    allowed = mask.nonzero()[0]
    if len(allowed) == 1:
        return int(allowed[0])
    scores = logits[allowed].astype(np.float64)
    if settings.greedy:
        return int(allowed[scores.argmax()])
    order = (-scores).argsort(kind="stable")
    scores = scores[order]
    scores -= scores[0]
    scores /= settings.temperature
    sums = np.exp(scores, out=scores).cumsum()
    if 0 < settings.top_k < len(sums):
        sums = sums[: settings.top_k]
    if settings.top_p < 1:
        sums = sums[: sums.searchsorted(settings.top_p * sums[-1]) + 1]
    place = sums.searchsorted(draw * sums[-1], side="right")
    return int(allowed[order[min(place, len(sums) - 1)]])


def _defined(found: np.ndarray, title: str) -> np.ndarray:
    if not math.isfinite(found.sum()):  # one number that is none makes the sum none
        raise GenStudioError(
            f"{title} produced undefined numbers instead of notes",
            next_step="Verify the model (genstudio models verify).",
            kind=UNDEFINED,
        )
    return found
