"""How well or badly a text speaks: counted by a word list, no more than that.

A list knows no irony and no context; between two groups of texts that differ in one word it is
still a fair scale, because it errs on both alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.evaluation.word_lists import SentimentWords
from genstudio.media.wording import words

REACH = 2
"""A word such as "not" turns what follows it within so many words."""


def tone(text: str, lists: SentimentWords) -> float:
    """(good - bad) / (good + bad) words of a text, from -1 to 1; 0 where there is none."""
    good, bad = set(lists.good), set(lists.bad)
    turning = set(lists.turning)
    said = words(text)
    total, count = 0, 0
    for place, word in enumerate(said):
        value = (word in good) - (word in bad)
        if not value:
            continue
        turned = any(before in turning for before in said[max(0, place - REACH) : place])
        total += -value if turned else value
        count += 1
    return total / count if count else 0.0


def tones(texts: Sequence[str], lists: SentimentWords) -> np.ndarray:
    """`tone` of each text, float64 (n,)."""
    return np.array([tone(text, lists) for text in texts])
