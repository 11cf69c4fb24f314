"""Is training data repeated? Distances of samples to their nearest training picture.

Held-out pictures are the measure (Meehan, Chaudhuri, Dasgupta 2020, "A non-parametric test to
detect data-copying"): a model that copies lies nearer to the training set than they do.
Compared pixel by pixel, on pictures shrunk to about 28 x 28.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, picked, shrunk
from genstudio.evaluation.precision_recall import squared_distances
from genstudio.evaluation.registry import metric

MOST = 2000
CLOSE = 0.01
"""A sample nearer than this share of held-out pictures are counts as a possible copy."""
IDENTICAL = 1e-3
"""Distances below this are rounding: the pictures are the same."""
_BLOCK = 2000


def nearest_rows(points: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(root mean squared pixel difference (n,), 0 to 1, to the nearest of `others`; its row (n,)).

    Both are uint8 rows (n, d) and (m, d).
    """
    rows = points.astype(np.float32) / 255
    best = np.full(len(rows), np.inf, np.float32)
    which = np.zeros(len(rows), np.int64)
    for first in range(0, len(others), _BLOCK):
        some = others[first : first + _BLOCK].astype(np.float32) / 255
        found = squared_distances(rows, some)
        nearer = found.min(axis=1) < best
        which[nearer] = first + found.argmin(axis=1)[nearer]
        best = np.minimum(best, found.min(axis=1))
    return np.sqrt(best / points.shape[1]), which


@dataclass(frozen=True)
class Found:
    """Distances of samples and of held-out pictures to training pictures, (n,) and (m,).

    `samples` are places of the samples, `training` the row of the nearest training picture among
    `Material.train` and `Material.more`, joined.
    """

    made: np.ndarray
    held: np.ndarray
    samples: np.ndarray
    training: np.ndarray


def found_in(material: Material) -> Found:
    """Nearest training pictures of samples and of held-out pictures, measured once."""
    return material.cached("nearest", lambda: _measured(material))


def _measured(material: Material) -> Found:
    fake, real, _ = material.sets()
    training = np.concatenate(
        [
            shrunk(np.asarray(split.images[i : i + _BLOCK]))
            for split in (material.train, *material.more)
            for i in range(0, len(split.images), _BLOCK)
        ]
    )
    samples = picked(len(fake), MOST, material.seed)
    made, which = nearest_rows(fake.small[samples], training)
    held, _ = nearest_rows(real.small[picked(len(real), MOST, material.seed)], training)
    return Found(made, held, samples, which)


@metric(
    "nearest",
    "Distance to training pictures",
    "Median distance of samples to the nearest training picture, divided by that of held-out "
    "pictures; well below 1 hints at copying or at blur.",
    "samples",
    "held_out",
)
def nearest(material: Material) -> list[Score]:
    """Ratio of the medians; the quantiles of both stand in the settings.

    None where most held-out pictures occur among the training ones: there is no scale then.
    """
    found = found_in(material)
    made, held = found.made, found.held
    if np.median(held) < IDENTICAL:
        return []
    value = float(np.median(made) / np.median(held))
    parts = intervals.groups(len(made))
    left_out = [np.median(np.delete(made, part)) / np.median(held) for part in parts]
    low, high = intervals.jackknife(value, np.array(left_out))
    marks = (0, 1, 5, 25, 50, 75, 95, 100)
    quantiles = {
        name: [round(float(v), 5) for v in np.percentile(values, marks)]
        for name, values in (("samples", made), ("held_out", held))
    }
    return [
        material.score(
            "nearest",
            value,
            len(made),
            low=low,
            high=high,
            floor=1.0,
            judged=False,
            better="near",
            help="Median nearest-training-picture distance, samples / test pictures (pixels)",
            settings={"percentiles": list(marks), **quantiles},
        )
    ]


@metric(
    "copies",
    "Possible copies",
    "Share of samples nearer to a training picture than 1 % of held-out pictures are; "
    "the floor is what chance gives.",
    "samples",
    "held_out",
)
def copies(material: Material) -> list[Score]:
    """Share of samples below the 1 % quantile of held-out distances.

    Floor: the share of further held-out pictures that is expected there, 0.01 for many and more
    for few, where the quantile is hardly more than the smallest distance.
    """
    found = found_in(material)
    made, held = found.made, found.held
    edge = float(np.quantile(held, CLOSE))
    hits = int((made < edge).sum())
    low, high = intervals.wilson(hits, len(made))
    return [
        material.score(
            "copies",
            hits / len(made),
            len(made),
            low=low,
            high=high,
            floor=(CLOSE * (len(held) - 1) + 1) / (len(held) + 1),
            judged=False,
            better="lower",
            help="Share of samples nearer to a training picture than 1 % of test pictures are",
            settings={"distance": round(edge, 5), "identical": int((made < IDENTICAL).sum())},
        )
    ]
