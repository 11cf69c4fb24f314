"""Variety inside each class: mean distance of pairs of samples against that of real pictures.

A collapsed class draws the same picture again and again, which no score over all classes shows.
"""

from __future__ import annotations

import math

import numpy as np

from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, Seen
from genstudio.evaluation.precision_recall import squared_distances
from genstudio.evaluation.registry import metric

MOST_PER_CLASS = 1000


def spread(features: np.ndarray) -> tuple[float, float]:
    """(mean distance of pairs, its standard error) of features (n, f).

    The error is that of a U-statistic: 4 / n times the variance of each row's mean distance
    (Hoeffding 1948).
    """
    n = len(features)
    rows = features.astype(np.float32) - features.mean(axis=0)
    means = np.sqrt(squared_distances(rows, rows)).sum(axis=1) / (n - 1)
    return float(means.mean()), 2 * float(means.std(ddof=1)) / math.sqrt(n)


def ratios(material: Material, made: Seen, real: Seen) -> dict[int, tuple[float, float]]:
    """For each class with enough pictures: (made spread / real spread, its error)."""
    found = {}
    of_made, of_real = material.meant(made), material.meant(real)
    for number in range(max(1, len(material.names))):
        a = made.features[of_made == number][:MOST_PER_CLASS]
        b = real.features[of_real == number][:MOST_PER_CLASS]
        if len(a) < 3 or len(b) < 3:
            continue
        (top, error), (bottom, real_error) = spread(a), spread(b)
        if bottom <= 0:
            continue
        relative = math.hypot(error / top if top else 0.0, real_error / bottom)
        found[number] = (top / bottom, top / bottom * relative)
    return found


@metric(
    "diversity",
    "Variety in a class",
    "Mean distance of pairs inside a class, divided by that of real pictures; 1 is as varied.",
    "samples",
    "judge",
)
def diversity(material: Material) -> list[Score]:
    """Mean over classes of the ratio; floor: training pictures in the place of samples."""
    fake, real, other = material.sets()
    found = ratios(material, fake, real)
    floors = ratios(material, other, real)
    if not found:
        return []
    values = np.array([value for value, _ in found.values()])
    error = math.sqrt(sum(e * e for _, e in found.values())) / len(found)
    value = float(values.mean())
    return [
        material.score(
            "diversity",
            value,
            len(fake),
            low=value - intervals.Z95 * error,
            high=value + intervals.Z95 * error,
            floor=float(np.mean([v for v, _ in floors.values()])) if floors else None,
            better="near",
            help="Mean pairwise feature distance inside a class, samples / test pictures; "
            "1 is as varied as real",
            settings=_by_class(material, found),
        )
    ]


def _by_class(material: Material, found: dict[int, tuple[float, float]]) -> dict[str, Json]:
    """The ratio of each class, where pictures have classes."""
    if not material.has_classes:
        return {}
    return {"by_class": {material.names[k]: round(v, 4) for k, (v, _) in found.items()}}
