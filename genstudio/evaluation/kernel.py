"""Kernel distance between sets of features (Bińkowski et al. 2018, section 3, "KID").

Squared maximum mean discrepancy with the kernel (x.y / f + 1)^3, unbiased: it may be below zero
where the sets cannot be told apart, and unlike the Fréchet distance it assumes no Gaussian.
"""

from __future__ import annotations

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.registry import metric


def with_interval(fake: np.ndarray, real: np.ndarray) -> tuple[float, float, float]:
    """(distance, low, high) of two sets of features (n, f), from all pairs."""
    g = max(2, min(intervals.GROUPS, len(fake), len(real)))
    sums = _Sums(fake, real, intervals.groups(len(fake), g), intervals.groups(len(real), g))
    value = sums.distance(np.ones(g))
    left_out = np.array([sums.distance(1 - np.eye(g)[k]) for k in range(g)])
    low, high = intervals.jackknife(value, left_out)
    return value, low, high


class _Sums:
    """Sums of the kernel over blocks of groups: any choice of groups is then a small sum."""

    def __init__(
        self, a: np.ndarray, b: np.ndarray, rows_a: list[np.ndarray], rows_b: list[np.ndarray]
    ) -> None:
        parts_a = [a[rows].astype(np.float32) for rows in rows_a]
        parts_b = [b[rows].astype(np.float32) for rows in rows_b]
        self.counts_a = np.array([len(p) for p in parts_a])
        self.counts_b = np.array([len(p) for p in parts_b])
        self.aa = _blocks(parts_a, parts_a)
        self.bb = _blocks(parts_b, parts_b)
        self.ab = _blocks(parts_a, parts_b)
        self.self_a = np.array([_kernel_with_itself(p) for p in parts_a])
        self.self_b = np.array([_kernel_with_itself(p) for p in parts_b])

    def distance(self, keep: np.ndarray) -> float:
        """The estimate from the groups where `keep` (g,) is 1."""
        n, m = keep @ self.counts_a, keep @ self.counts_b
        within_a = (keep @ self.aa @ keep - keep @ self.self_a) / (n * (n - 1))
        within_b = (keep @ self.bb @ keep - keep @ self.self_b) / (m * (m - 1))
        return float(within_a + within_b - 2 * (keep @ self.ab @ keep) / (n * m))


def _blocks(left: list[np.ndarray], right: list[np.ndarray]) -> np.ndarray:
    """Sum of the kernel over each pair of groups, (g, g)."""
    sums = np.zeros((len(left), len(right)))
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if left is right and j < i:
                sums[i, j] = sums[j, i]
                continue
            gram = a @ b.T
            gram *= 1 / a.shape[1]
            gram += 1
            cube = gram * gram
            cube *= gram
            sums[i, j] = cube.sum(axis=1).sum(dtype=np.float64)
    return sums


def _kernel_with_itself(a: np.ndarray) -> float:
    """Sum of the kernel of each row with itself."""
    squares = (a.astype(np.float64) ** 2).sum(axis=1) / a.shape[1] + 1
    return float((squares**3).sum())


@metric(
    "kernel",
    "Kernel distance",
    "Like the Fréchet distance, without assuming a shape; about 0 for real pictures.",
    "samples",
    "judge",
)
def kernel(material: Material) -> list[Score]:
    """Kernel distance of samples to test pictures; floor: training against test pictures."""
    fake, real, other = material.sets()
    value, low, high = with_interval(fake.features, real.features)
    floor, _, _ = with_interval(other.features, real.features)
    return [
        material.score(
            "kernel",
            value,
            len(fake),
            low=low,
            high=high,
            floor=floor,
            better="lower",
            help="Kernel distance (MMD², cubic kernel) on the judge's features "
            "(Bińkowski et al. 2018)",
        )
    ]
