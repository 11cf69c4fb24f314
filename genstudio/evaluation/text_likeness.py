"""How like real texts the written ones are, as a whole: a divergence curve over own features.

The measure is that of MAUVE (Pillutla et al. 2021, section 2; smoothing of Pillutla et al. 2023,
section 4.2), but what is looked at is not GPT-2's: counts of words and of runs of three letters,
hashed. So it sees spelling, vocabulary and rhythm, and neither meaning nor coherence; its numbers
are not those of published MAUVE scores.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial
from genstudio.evaluation.text_pieces import openings
from genstudio.media.wording import words

WORDS, LETTERS = 1024, 1024
"""Places that words and runs of letters are hashed to."""
KEPT = 0.9
"""Share of the variance that is kept (as MAUVE)."""
SCALE = 5.0
"""Divergences are multiplied by this before they become a number from 0 to 1 (as MAUVE)."""
ROUNDS = 25
STARTS = 5
"""Clusterings whose numbers are averaged: one depends on where it starts."""
LEAST = 16


def features(texts: Sequence[str]) -> np.ndarray:
    """Square roots of the shares of words and of letter runs, float32 (n, 2048)."""
    rows = np.zeros((len(texts), WORDS + LETTERS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        said = words(text)
        for word in said:
            row[zlib.crc32(word.encode("utf-8", "surrogatepass")) % WORDS] += 1
        line = f" {' '.join(said)} "
        for place in range(len(line) - 2):
            run = line[place : place + 3].encode("utf-8", "surrogatepass")
            row[WORDS + zlib.crc32(run, 1) % LETTERS] += 1
        row[:WORDS] /= max(1.0, row[:WORDS].sum())
        row[WORDS:] /= max(1.0, row[WORDS:].sum())
    return np.sqrt(rows)


def reduced(points: np.ndarray) -> np.ndarray:
    """The directions that hold nine tenths of the variance, (n, d)."""
    centred = points - points.mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    shares = np.cumsum(s**2) / max(float((s**2).sum()), 1e-12)
    count = int(np.searchsorted(shares, KEPT)) + 1
    return (u * s)[:, :count]


def clusters(points: np.ndarray, count: int, seed: int) -> np.ndarray:
    """k-means (Lloyd 1982) from k-means++ starts (Arthur, Vassilvitskii 2007): int64 (n,)."""
    rng = np.random.default_rng([seed, len(points), count])
    centres = points[[int(rng.integers(len(points)))]]
    while len(centres) < count:
        away = _squares(points, centres).min(axis=1)
        total = away.sum()
        chances = away / total if total > 0 else None
        centres = np.concatenate([centres, points[[int(rng.choice(len(points), p=chances))]]])
    for _ in range(ROUNDS):
        mine = _squares(points, centres).argmin(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, mine, points)
        sizes = np.bincount(mine, minlength=count)[:, None]
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
    return _squares(points, centres).argmin(axis=1)


def _squares(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    found = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.maximum(found, 0.0)


def area(p: np.ndarray, q: np.ndarray) -> float:
    """Area under the divergence curve of two histograms of counts, 0 to 1; 1 where they agree."""
    a = (p + 0.5) / (p + 0.5).sum()  # Krichevsky, Trofimov: half a text in every cluster
    b = (q + 0.5) / (q + 0.5).sum()
    weights = np.linspace(0.001, 0.999, 99)[:, None]
    mixed = weights * a + (1 - weights) * b
    x = np.exp(-SCALE * (b * np.log(b / mixed)).sum(axis=1))
    y = np.exp(-SCALE * (a * np.log(a / mixed)).sum(axis=1))
    order = np.lexsort((-y, x))
    return float(
        np.trapezoid(
            np.concatenate([[1.0], y[order], [0.0]]), np.concatenate([[0.0], x[order], [1.0]])
        )
    )


def likeness(
    made: np.ndarray, real: np.ndarray, seed: int = 0
) -> tuple[float, tuple[float, float]]:
    """(area of features (n, f) and (m, f), its 95 % interval)."""
    points = reduced(np.concatenate([made, real]))
    count = max(2, min(len(made), len(real)) // 10)
    found = [clusters(points, count, seed + start) for start in range(STARTS)]

    def value(out_made: np.ndarray, out_real: np.ndarray) -> float:
        areas = []
        for mine in found:
            a, b = np.delete(mine[: len(made)], out_made), np.delete(mine[len(made) :], out_real)
            areas.append(area(np.bincount(a, minlength=count), np.bincount(b, minlength=count)))
        return float(np.mean(areas))

    none = np.zeros(0, np.int64)
    whole = value(none, none)
    parts = zip(intervals.groups(len(made)), intervals.groups(len(real)))
    left_out = np.array([value(a, b) for a, b in parts])
    return whole, intervals.jackknife(whole, left_out)


@metric(
    "text_likeness",
    "Likeness to real texts",
    "How alike written and real texts are in words and letters, as a whole; not in meaning.",
    "beginnings",
    "training text",
)
def text_likeness(material: TextMaterial) -> list[Score]:
    """Area under the divergence curve; floor: other real texts in the place of written ones."""
    texts = [one for one in material.written if one.text]
    if len(texts) < LEAST:
        return []
    made = features([one.text for one in texts])
    real = features([one.real for one in texts])
    value, (low, high) = likeness(made, real, material.seed)
    others = [one.real for one in openings(material.train, len(texts), material.seed)]
    floor = likeness(features(others), real, material.seed)[0] if len(others) >= LEAST else None
    return [
        material.score(
            "text_likeness",
            value,
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=floor,
            better="higher",
            help="Divergence curve as in MAUVE, over hashed words and letters instead of GPT-2",
            settings={"features": "words and letter runs, hashed"},
        )
    ]
