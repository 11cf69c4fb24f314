"""Precision and recall of samples (Kynkäänniemi et al. 2019, section 2, k = 3).

Around every picture lies a ball that reaches to its third nearest neighbour of the same set.
Precision: share of samples inside a ball of a real picture (are they good?). Recall: share of
real pictures inside a ball of a sample (is nothing left out?).
"""

from __future__ import annotations

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.registry import metric

NEIGHBOURS = 3
_BLOCK = 1000


def squared_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances (n, m) of rows of float32 a (n, f) and b (m, f), never negative."""
    found = a @ b.T
    found *= -2
    found += (a * a).sum(axis=1)[:, None]
    found += (b * b).sum(axis=1)[None]
    return np.maximum(found, 0, out=found)


def radii(features: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """Squared distance (n,) of each row to its k-th nearest other row."""
    k = min(k, len(features) - 1)
    found = [
        # Place 0 is the row itself.
        np.partition(squared_distances(features[i : i + _BLOCK], features), k, axis=1)[:, k]
        for i in range(0, len(features), _BLOCK)
    ]
    return np.concatenate(found)


def covered(points: np.ndarray, centres: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Whether each point (n, f) lies in a ball around a centre (m, f), bool (n,)."""
    found = [
        (squared_distances(points[i : i + _BLOCK], centres) <= reach[None]).any(axis=1)
        for i in range(0, len(points), _BLOCK)
    ]
    return np.concatenate(found)


def shares(fake: np.ndarray, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(precision per sample, recall per real picture), both bool (n,), sets of equal size."""
    n = min(len(fake), len(real))
    # Centred: the differences of large squares would lose digits otherwise.
    centre = real.mean(axis=0)
    a, b = (fake[:n] - centre).astype(np.float32), (real[:n] - centre).astype(np.float32)
    return covered(a, b, radii(b)), covered(b, a, radii(a))


@metric(
    "precision",
    "Precision",
    "Share of samples that look real; higher is better.",
    "samples",
    "judge",
)
def precision(material: Material) -> list[Score]:
    """Share of samples inside the real manifold; floor: training pictures as samples."""
    text = "Share of samples inside the real manifold (Kynkäänniemi et al. 2019)"
    return [_score(material, "precision", 0, text)]


@metric(
    "recall",
    "Recall",
    "Share of the real variety that occurs among samples; higher is better.",
    "samples",
    "judge",
)
def recall(material: Material) -> list[Score]:
    """Share of test pictures inside the samples' manifold; floor: training pictures as samples."""
    text = "Share of test pictures inside the samples' manifold (Kynkäänniemi et al. 2019)"
    return [_score(material, "recall", 1, text)]


def _score(material: Material, name: str, side: int, text: str) -> Score:
    fake, real, other = material.sets()
    hits = material.cached("manifold", lambda: shares(fake.features, real.features))[side]
    floor = material.cached("real manifold", lambda: shares(other.features, real.features))[side]
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    return material.score(
        name,
        float(hits.mean()),
        len(hits),
        low=low,
        high=high,
        floor=float(floor.mean()),
        better="higher",
        help=text,
        settings={"neighbours": NEIGHBOURS},
    )
