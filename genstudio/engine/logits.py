"""What settings do to the scores of the next token, in the reference library's order.

Scores are float (b, v), history is counts (b, v); -inf says that a token may not come. Order and
meaning are those of `transformers` (generation/logits_process.py, `_get_logits_processor`), which
tests/engine/test_logits.py compares with: penalties, bans, temperature, top-k, top-p, min-p,
typical. Presence and frequency are those of OpenAI's API reference ("Frequency and presence
penalties").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEVER = -np.inf


@dataclass(frozen=True)
class Settings:
    """How chance is shaped; the values here change nothing. Ranges as in `core.writing`."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    typical: float = 1.0
    repetition: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0

    @property
    def greedy(self) -> bool:
        """True where the likeliest token is taken and chance has no part."""
        return self.temperature <= 0

    @property
    def looks_back(self) -> bool:
        """True where it matters which tokens stand in the text already."""
        return self.repetition != 1 or self.presence != 0 or self.frequency != 0


def penalised(
    scores: np.ndarray, settings: Settings, seen: np.ndarray, written: np.ndarray
) -> np.ndarray:
    """Scores after repetition, presence and frequency penalties.

    `seen` bool (b, v): tokens of prompt and text; `written` (b, v): how often each was written.
    """
    if settings.repetition != 1:
        # Keskar et al. 2019, section 4.1; negative scores are multiplied, as the reference does.
        lowered = np.where(scores < 0, scores * settings.repetition, scores / settings.repetition)
        scores = np.where(seen, lowered, scores)
    if settings.presence or settings.frequency:
        scores = scores - settings.presence * (written > 0) - settings.frequency * written
    return scores


def narrowed(scores: np.ndarray, settings: Settings) -> np.ndarray:
    """Scores after temperature, top-k, top-p, min-p and typical; greedy ones stay as they are."""
    if settings.greedy:
        return scores
    if settings.temperature != 1:
        scores = scores / settings.temperature
    if settings.top_k > 0:
        scores = top_k(scores, settings.top_k)
    if settings.top_p < 1:
        scores = top_p(scores, settings.top_p)
    if settings.min_p > 0:
        scores = min_p(scores, settings.min_p)
    if settings.typical < 1:
        scores = typical(scores, settings.typical)
    return scores


def top_k(scores: np.ndarray, k: int) -> np.ndarray:
    """The k highest of each row (all that equal the last of them); Fan et al. 2018."""
    k = min(k, scores.shape[1])
    least = np.partition(scores, -k, axis=1)[:, -k, None]
    return np.where(scores < least, NEVER, scores)


def top_p(scores: np.ndarray, share: float) -> np.ndarray:
    """The fewest that together have `share` (Holtzman et al. 2020, section 3.1), at least one."""
    found = np.full_like(scores, NEVER)
    for row, chance in enumerate(softmax(scores)):
        # What lies below this bound has less than 1 - share all together: no need to sort it.
        candidates = np.flatnonzero(chance > (1 - share) / chance.size)
        order = candidates[np.argsort(chance[candidates], kind="stable")]
        some = chance[order].astype(np.float64)
        left_out = 1 - some.sum() + np.cumsum(some) <= 1 - share
        left_out[-1:] = False
        kept = order[~left_out]
        found[row, kept] = scores[row, kept]
    return found


def min_p(scores: np.ndarray, share: float) -> np.ndarray:
    """Those at least `share` times as likely as the likeliest (Nguyen et al. 2024, section 4)."""
    chances = softmax(scores)
    best = chances.max(axis=1, keepdims=True)
    return np.where((chances < share * best) & (chances < best), NEVER, scores)


def typical(scores: np.ndarray, share: float) -> np.ndarray:
    """Those whose surprise is nearest the expected one, with `share` together.

    Meister et al. 2022, "Locally typical sampling", section 3.2.
    """
    chances = softmax(scores)
    surprise = -np.log(chances, out=np.zeros_like(chances), where=chances > 0)
    entropy = (chances * surprise).sum(axis=1, keepdims=True)
    distance = np.where(chances > 0, np.abs(surprise - entropy), np.inf)
    order = np.argsort(distance, axis=1, kind="stable")
    sums = np.cumsum(np.take_along_axis(chances, order, axis=1), axis=1)
    last = np.minimum((sums < share).sum(axis=1), scores.shape[1] - 1)
    rows = np.arange(len(scores))
    limit = distance[rows, order[rows, last], None]
    return np.where(distance > limit, NEVER, scores)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Chances (…, v), as precise as the scores, that sum to 1; some score has to be finite."""
    found = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found /= found.sum(axis=-1, keepdims=True)
    return found


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Logarithms (…, v) of the chances, float64."""
    scores = scores.astype(np.float64, copy=False)
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def chosen(scores: np.ndarray, draws: np.ndarray, greedy: bool) -> np.ndarray:
    """One token of each row, int64 (b,); some token of each has to be possible.

    `draws` (b,), from 0 to 1: the token at that share of the chances laid end to end, so that a
    draw decides the same whatever stands in other rows.
    """
    if greedy:
        return scores.argmax(axis=1)
    found = np.empty(len(scores), np.int64)
    for row, (values, draw) in enumerate(zip(scores, draws, strict=True)):
        left = np.flatnonzero(values > NEVER)  # after narrowing, few of many
        sums = np.cumsum(softmax(values[left].astype(np.float64)))
        place = np.searchsorted(sums, draw * sums[-1], side="right")
        found[row] = left[min(place, len(left) - 1)]
    return found
