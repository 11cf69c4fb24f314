"""How varied texts are: different word pairs, likeness among each other, repetition within.

The floor of each number is what real texts of the same length reach: writing that is more varied
than people's is not better writing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial
from genstudio.media.wording import words

BLOCK = 1000
"""Words of which different pairs are counted: their share falls as a text grows longer."""
ORDERS = (1, 2, 3)
BLEU = 4
MOST = 100
"""Texts that are compared with all others."""
REPEATED = 4
_TINY = 0.1

Texts = Sequence[Sequence[str]]


def grams(said: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """All runs of `length` words."""
    return [tuple(said[i : i + length]) for i in range(len(said) - length + 1)]


def distinct(texts: Texts, length: int) -> np.ndarray:
    """Share of different runs of `length` words in each 1,000 words, (blocks,).

    distinct-n (Li, Galley, Brockett, Gao, Dolan 2016, section 5.3), by blocks because the share
    depends on how much was written. Fewer words than that are one block; none give 0.
    """
    said = [word for text in texts for word in text]
    whole = [said[i : i + BLOCK] for i in range(0, len(said) - BLOCK + 1, BLOCK)] or [said]
    shares = []
    for block in whole:
        found = grams(block, length)
        shares.append(len(set(found)) / len(found) if found else 0.0)
    return np.array(shares)


def self_bleu(texts: Texts, most: int = MOST) -> np.ndarray:
    """BLEU-4 of each of the first `most` texts against all others, 0 to 1, (n,).

    Zhu et al. 2018 (Texygen), section 3.2; smoothed as method 1 of Chen, Cherry 2014. 1 where all
    are the same. Texts of fewer than four words are left out.
    """
    long = [text for text in texts if len(text) >= BLEU]
    count = min(most, len(long))
    if len(long) < 2:
        return np.zeros(0)
    logs = np.zeros(count)
    for length in range(1, BLEU + 1):
        counts = [Counter(grams(text, length)) for text in long]
        best = _two_best(counts)
        for place in range(count):
            mine = counts[place]
            hits = sum(min(n, _elsewhere(best[gram], place)) for gram, n in mine.items())
            logs[place] += math.log((hits or _TINY) / mine.total()) / BLEU
    sizes = np.array([len(text) for text in long])
    return np.array([math.exp(logs[i] + _brevity(sizes, i)) for i in range(count)])


def _two_best(counts: list[Counter[tuple[str, ...]]]) -> dict[tuple[str, ...], list[int]]:
    """For each run: [highest count in one text, that text, highest count in another]."""
    best: dict[tuple[str, ...], list[int]] = {}
    for place, some in enumerate(counts):
        for gram, count in some.items():
            known = best.setdefault(gram, [0, -1, 0])
            if count > known[0]:
                best[gram] = [count, place, known[0]]
            elif count > known[2]:
                known[2] = count
    return best


def _elsewhere(best: list[int], place: int) -> int:
    return best[2] if best[1] == place else best[0]


def _brevity(sizes: np.ndarray, place: int) -> float:
    """The logarithm of BLEU's brevity penalty against the text nearest in length."""
    others = np.delete(sizes, place)
    mine = sizes[place]
    nearest = others[np.lexsort((others, np.abs(others - mine)))[0]]
    return float(min(0.0, 1 - nearest / mine))


def repetition(texts: Texts) -> np.ndarray:
    """Share of runs of four words that stood in the same text before, 0 to 1, (n,).

    seq-rep-4 of Welleck et al. 2020, section 6.1. Texts of fewer than four words repeat nothing.
    """
    shares = []
    for text in texts:
        found = grams(text, REPEATED)
        shares.append(1 - len(set(found)) / len(found) if found else 0.0)
    return np.array(shares)


def _both(material: TextMaterial) -> tuple[list[list[str]], list[list[str]]]:
    """(written texts, real texts) as words, pair by pair of the same length."""
    return material.cached(
        "words",
        lambda: (
            [words(one.text) for one in material.written],
            [words(one.real) for one in material.written],
        ),
    )


def _rounded(texts: Texts) -> dict[str, float]:
    return {f"{n} words": round(float(distinct(texts, n).mean()), 4) for n in ORDERS}


@metric(
    "distinct",
    "Different word pairs",
    "Share of word pairs that are different, in 1,000 words; distinct-2.",
    "beginnings",
)
def different(material: TextMaterial) -> list[Score]:
    """distinct-2; the settings have 1, 2 and 3 words, of real texts too."""
    made, real = _both(material)
    shares = distinct(made, 2)
    low, high = intervals.of_mean(shares)
    return [
        material.score(
            "distinct",
            float(shares.mean()),
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(distinct(real, 2).mean()),
            better="higher",
            help="Share of different word pairs in 1,000 words (distinct-2, Li et al. 2016)",
            settings={"by_length": _rounded(made), "by_length_real": _rounded(real)},
        )
    ]


@metric(
    "self_bleu",
    "Likeness among each other",
    "How much each text says what the others say, in runs of one to four words; self-BLEU.",
    "beginnings",
)
def alike(material: TextMaterial) -> list[Score]:
    """Mean self-BLEU-4; nothing where there are not two texts of four words."""
    made, real = _both(material)
    found, floor = self_bleu(made), self_bleu(real)
    if not len(found):
        return []
    low, high = intervals.of_mean(found)
    return [
        material.score(
            "self_bleu",
            float(found.mean()),
            len(found),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(floor.mean()) if len(floor) else None,
            better="lower",
            help="Mean BLEU-4 of each text against all others (Zhu et al. 2018)",
        )
    ]


@metric(
    "repetition",
    "Repetition",
    "Share of runs of four words that the same text has said before.",
    "beginnings",
)
def repeated(material: TextMaterial) -> list[Score]:
    """Mean share of repeated four-word runs; "looping" counts texts that repeat half or more."""
    made, real = _both(material)
    shares = repetition(made)
    low, high = intervals.of_mean(shares)
    return [
        material.score(
            "repetition",
            float(shares.mean()),
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(repetition(real).mean()),
            better="lower",
            help="Share of four-word runs said before in the same text (Welleck et al. 2020)",
            settings={"looping": int((shares >= 0.5).sum())},
        )
    ]
