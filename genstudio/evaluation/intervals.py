"""95 % intervals that are cheap: jackknife over groups, Wilson for shares, t for a few repeats."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

Z95 = 1.959964
GROUPS = 20


def jackknife(value: float, left_out: np.ndarray) -> tuple[float, float]:
    """Interval around `value` from the same statistic with one group left out at a time, (g,).

    Delete-a-group jackknife (Shao, Wu 1989): variance (g - 1) / g * sum of squared deviations.
    Unlike the bootstrap it draws nothing twice, which would bias distances upwards.
    """
    g = len(left_out)
    spread = math.sqrt((g - 1) / g * float(((left_out - left_out.mean()) ** 2).sum()))
    return value - Z95 * spread, value + Z95 * spread


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Interval of a share of hits (Wilson 1927); never outside 0 to 1."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, Z95 * Z95
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    # The ends are exact where nothing or everything hits; rounding would cut the value off.
    low = max(0.0, centre - half) if hits else 0.0
    return low, min(1.0, centre + half) if hits < total else 1.0


def of_mean(values: np.ndarray) -> tuple[float, float]:
    """Interval of the mean of independent values, normal approximation."""
    if len(values) < 2:
        return float(values.mean()), float(values.mean())
    half = Z95 * float(values.std(ddof=1)) / math.sqrt(len(values))
    return float(values.mean()) - half, float(values.mean()) + half


def of_ratio(nats: np.ndarray, units: np.ndarray) -> tuple[float, float, float]:
    """(sum of `nats` / sum of `units`, its interval), by leaving groups of rows out."""
    value = float(nats.sum() / units.sum())
    if len(nats) < 2:
        return value, value, value
    left = [np.delete(nats, p).sum() / np.delete(units, p).sum() for p in groups(len(nats))]
    return value, *jackknife(value, np.array(left))


def of_few(values: np.ndarray) -> tuple[float, float]:
    """Interval of the mean of a few repeats: Student's t in the place of the normal."""
    n = len(values)
    if n < 2:
        return float(values.mean()), float(values.mean())
    half = float(stdtrit(n - 1, 0.975)) * float(values.std(ddof=1)) / math.sqrt(n)
    return float(values.mean()) - half, float(values.mean()) + half


def groups(count: int, number: int = GROUPS) -> list[np.ndarray]:
    """Rows 0 .. count - 1 dealt out to `number` groups (fewer where there are fewer rows)."""
    number = max(2, min(number, count))
    return [np.arange(start, count, number) for start in range(number)]
