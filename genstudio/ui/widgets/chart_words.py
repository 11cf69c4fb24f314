"""What a chart draws and says: curves, their smoothing, their range, their trend in words."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from genstudio.ui.numbers import short

FEW = 20
"""Curves with fewer points are neither smoothed nor trimmed."""
_START = 0.03  # share of the steps at the start that does not set the scale
_TAIL = 0.2  # share of the points that says what goes on now
_LEVEL = 0.04  # changes below this share of the whole range are no change


@dataclass(frozen=True)
class Curve:
    """`values` over `steps` (both in order), drawn in the colour of `token`.

    `sparse`: few measured points (a validation), drawn with dots and never smoothed.
    """

    name: str
    steps: Sequence[float]
    values: Sequence[float]
    token: str = "series_1"
    sparse: bool = False

    def at(self, step: float) -> int:
        """Place of the point nearest to `step`; -1 where there is none."""
        if not self.steps:
            return -1
        right = bisect.bisect_left(self.steps, step)
        near = [place for place in (right - 1, right) if 0 <= place < len(self.steps)]
        return min(near, key=lambda place: abs(self.steps[place] - step))

    @cached_property
    def mean(self) -> list[float]:
        """An exponential moving average that looks both ways, so that it does not lag.

        Each value is a mean of all points, weighted by half for every fiftieth of the points
        between; at the ends it becomes the one-sided average without bias (Kingma, Ba 2015,
        Adam, section 3). Few or sparse points stay as they are.
        """
        count = len(self.values)
        if self.sparse or count < FEW:
            return list(self.values)
        keep = 0.5 ** (1 / max(2.0, count / 50))
        before = _running(self.values, keep)
        after = _running(list(self.values)[::-1], keep)[::-1]
        return [
            (one[0] + other[0] - value) / (one[1] + other[1] - 1)
            for one, other, value in zip(before, after, self.values, strict=True)
        ]

    def shown(self, smooth: bool) -> Sequence[float]:
        """The values to draw: their running mean or they themselves."""
        return self.mean if smooth else self.values


def _running(values: Sequence[float], keep: float) -> list[tuple[float, float]]:
    """(weighted sum, sum of weights) of each value and those before it."""
    total, weight, result = 0.0, 0.0, []
    for value in values:
        total, weight = keep * total + value, keep * weight + 1
        result.append((total, weight))
    return result


def thinned(
    steps: Sequence[float], values: Sequence[float], most: int
) -> tuple[list[float], list[float]]:
    """At most about `most` points that look the same: the lowest and highest of each piece."""
    count = len(steps)
    if count <= most:
        return list(steps), list(values)
    piece = -(-2 * count // most)
    kept: list[int] = []
    for start in range(0, count, piece):
        places = range(start, min(start + piece, count))
        kept += sorted({min(places, key=values.__getitem__), max(places, key=values.__getitem__)})
    kept = sorted({0, *kept, count - 1})
    return [steps[place] for place in kept], [values[place] for place in kept]


def limits(curves: Sequence[Curve], smooth: bool) -> tuple[float, float] | None:
    """(lowest, highest) value to show. The first steps, where losses fall from great heights,
    and single peaks do not count: they would press everything else flat."""
    lows, highs = [], []
    for curve in curves:
        if not curve.values:
            continue
        values = list(curve.shown(smooth))
        if len(values) >= FEW:
            start = curve.steps[0] + _START * (curve.steps[-1] - curve.steps[0])
            values = sorted(values[bisect.bisect_left(curve.steps, start) :])
            trim = 0 if smooth else len(values) // 200
            values = values[trim : len(values) - trim]
        lows.append(min(values))
        highs.append(max(values))
    if not lows:
        return None
    low, high = min(lows), max(highs)
    if high - low < 1e-9 * max(1.0, abs(high)):
        room = abs(high) * 0.05 or 0.5
        return low - room, high + room
    return low, high


def can_log(curves: Sequence[Curve]) -> bool:
    """A logarithm needs numbers above zero."""
    return all(value > 0 for curve in curves for value in curve.values)


def trend(curve: Curve) -> str:
    """One sentence for those who do not see the curve."""
    if not curve.values:
        return f"{curve.name}: no numbers yet."
    values = curve.mean
    first, last, count = values[0], values[-1], len(values)
    end = f"{short(last)} at step {curve.steps[-1]:,.0f}"
    if count < 3:
        return f"{curve.name}: {end}."
    low, high = min(values), max(values)
    whole = high - low
    verb = _verb(last - first, whole)
    start = f"{short(first)} at step {curve.steps[0]:,.0f}"
    text = f"{curve.name} {verb} {start} to {end}"
    if verb == "stayed near":
        text = f"{curve.name} {verb} {end}"
    place = values.index(low)
    if low < min(first, last) - _LEVEL * whole:
        text += f", lowest {short(low)} at step {curve.steps[place]:,.0f}"
    if count < FEW:
        return text + "."
    tail = values[-max(3, round(count * _TAIL)) :]
    return f"{text}; of late it {_now(tail[-1] - tail[0], whole)}."


def _verb(change: float, whole: float) -> str:
    if abs(change) <= _LEVEL * whole:
        return "stayed near"
    return "fell from" if change < 0 else "rose from"


def _now(change: float, whole: float) -> str:
    if abs(change) <= _LEVEL * whole:
        return "is level"
    return "falls" if change < 0 else "rises"
