"""Frechet distance between Gaussians fitted to features (Heusel et al. 2017, section 4, "FID").

Here on the features of the bundled judge, not of Inception: compare only numbers of one extractor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.registry import metric


@dataclass(frozen=True)
class Moments:
    """Count, sum (f,) and sum of outer products (f, f): they add up and can be taken apart."""

    count: int
    total: np.ndarray
    outer: np.ndarray

    def mean_and_covariance(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean (f,) and unbiased covariance (f, f)."""
        mean = self.total / self.count
        covariance = (self.outer - self.count * np.outer(mean, mean)) / max(1, self.count - 1)
        return mean, covariance

    def without(self, part: Moments) -> Moments:
        """The same after `part` is left out."""
        return Moments(self.count - part.count, self.total - part.total, self.outer - part.outer)


def moments(features: np.ndarray) -> Moments:
    """Moments of features (n, f), in double precision."""
    wide = features.astype(np.float64)
    return Moments(len(wide), wide.sum(axis=0), wide.T @ wide)


def distance(a: Moments, b: Moments) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of the two Gaussians."""
    (mean_a, cov_a), (mean_b, cov_b) = a.mean_and_covariance(), b.mean_and_covariance()
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T  # C1^(1/2), symmetric
    # The eigenvalues of C1 C2 are those of C1^(1/2) C2 C1^(1/2), which is symmetric.
    products = np.clip(np.linalg.eigvalsh(root @ cov_b @ root), 0, None)
    gap = float(((mean_a - mean_b) ** 2).sum())
    return gap + float(np.trace(cov_a) + np.trace(cov_b) - 2 * np.sqrt(products).sum())


def with_interval(fake: np.ndarray, real: np.ndarray) -> tuple[float, float, float]:
    """(distance, low, high) of two sets of features (n, f)."""
    whole = moments(fake), moments(real)
    value = distance(*whole)
    number = min(intervals.GROUPS, len(fake), len(real))
    parts = zip(intervals.groups(len(fake), number), intervals.groups(len(real), number))
    left_out = [
        distance(whole[0].without(moments(fake[a])), whole[1].without(moments(real[b])))
        for a, b in parts
    ]
    low, high = intervals.jackknife(value, np.array(left_out))
    return value, max(0.0, low), high


@metric(
    "frechet",
    "Fréchet distance",
    "How far samples are from real pictures as a whole; lower is better, the floor is real "
    "pictures against other real ones.",
    "samples",
    "judge",
)
def frechet(material: Material) -> list[Score]:
    """Fréchet distance of samples to test pictures; floor: training against test pictures."""
    fake, real, other = material.sets()
    value, low, high = with_interval(fake.features, real.features)
    floor = distance(moments(other.features), moments(real.features))
    return [
        material.score(
            "frechet",
            value,
            len(fake),
            low=low,
            high=high,
            floor=floor,
            better="lower",
            help="Fréchet distance on the judge's features (Heusel et al. 2017)",
        )
    ]
