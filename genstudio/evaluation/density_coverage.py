"""Density and coverage of samples (Naeem et al. 2020, section 3, k = 5).

Around every real picture lies a ball that reaches to its fifth nearest real neighbour. Density
counts how many balls a sample lies in, divided by k (equation 4): one odd real picture with a wide
ball counts little, unlike in precision. Coverage is the share of real pictures whose ball holds
at least one sample (equation 5): odd samples cannot raise it, unlike recall.
"""

from __future__ import annotations

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.precision_recall import radii, squared_distances
from genstudio.evaluation.registry import metric

NEIGHBOURS = 5
"""With as many samples as pictures, real pictures cover 1 - 1/2^k = 97 % of each other."""
_BLOCK = 1000


def counts(fake: np.ndarray, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(balls around each sample divided by k, (n,); whether each real picture is covered, (m,)).

    Features (n, f) and (m, f). Raises nothing; sets of one picture have balls of no size.
    """
    centre = real.mean(axis=0)
    a, b = (fake - centre).astype(np.float32), (real - centre).astype(np.float32)
    k = min(NEIGHBOURS, len(b) - 1)
    reach = radii(b, NEIGHBOURS)
    around = np.zeros(len(a))
    covered = np.zeros(len(b), bool)
    for first in range(0, len(a), _BLOCK):
        inside = squared_distances(a[first : first + _BLOCK], b) <= reach[None]
        around[first : first + _BLOCK] = inside.sum(axis=1) / max(1, k)
        covered |= inside.any(axis=0)
    return around, covered


def _found(material: Material) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Counts of the samples, and of training pictures in their place."""
    fake, real, other = material.sets()
    return counts(fake.features, real.features), counts(other.features, real.features)


@metric(
    "density",
    "Density",
    "How densely real pictures lie around samples; about 1 for real ones, higher is better.",
    "samples",
    "judge",
)
def density(material: Material) -> list[Score]:
    """Mean number of real balls around a sample, divided by k; floor: training pictures."""
    (made, _), (real, _) = material.cached("density", lambda: _found(material))
    low, high = intervals.of_mean(made)
    return [
        material.score(
            "density",
            float(made.mean()),
            len(made),
            low=max(0.0, low),
            high=high,
            floor=float(real.mean()),
            better="higher",
            help="Real neighbourhoods around a sample, divided by k (Naeem et al. 2020)",
            settings={"neighbours": NEIGHBOURS},
        )
    ]


@metric(
    "coverage",
    "Coverage",
    "Share of real pictures with a sample among their nearest; higher is better.",
    "samples",
    "judge",
)
def coverage(material: Material) -> list[Score]:
    """Share of test pictures whose neighbourhood holds a sample; floor: training pictures."""
    (made, hit), (_, floor) = material.cached("density", lambda: _found(material))
    low, high = intervals.wilson(int(hit.sum()), len(hit))
    return [
        material.score(
            "coverage",
            float(hit.mean()),
            len(made),
            low=low,
            high=high,
            floor=float(floor.mean()),
            better="higher",
            help="Share of test pictures with a sample in their neighbourhood (Naeem et al. 2020)",
            settings={"neighbours": NEIGHBOURS},
        )
    ]
