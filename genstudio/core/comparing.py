"""Scores of several models side by side: only what was measured the same way is compared.

A number depends on the pictures it was compared with, on how many samples were drawn and on what
looked at them; two numbers that differ there say nothing about two models. In each column the
largest group of models measured alike is compared, and the others say why they are not.

Axes for a radar plot run from 0 to 1, outwards is better, and do not depend on the other models
where real pictures set the scale: shares are divided by what real pictures reach, distances lose
half the axis for each factor of ten beyond them, and what should be near 1 is its own scale.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.core.manifest import Score
from genstudio.core.measures import MEASURES, measured, named, number, things

_WAYS = {
    "split": "another part of the pictures",
    "extractor_sha256": "another judge",
    "neighbours": "another number of neighbours",
    "tokenizer": "other tokens",
    "words_sha256": "other word lists",
    "values": "other settings",
}
"""What must be equal in Score.settings, and what it is called where it is not."""
_PLACES = {
    "machine": "another machine",
    "device": "another device",
    "threads": "another number of threads",
}
"""The same for speed, which depends on nothing else."""
_REAL = "real"
"""How many real pictures were compared with; older evaluations do not say."""
_DECADES = 2.0
"""An axis ends where a number is this many factors of ten away from the best."""


@dataclass(frozen=True)
class Column:
    """One metric. `way` says in words how the compared numbers were measured."""

    metric: str
    title: str
    better: str
    unit: str
    floor: float | None
    way: str


@dataclass(frozen=True)
class Cell:
    """One number of one model; `refused` says why it is not compared ("" where it is).

    `best` is never given to a number that stands alone; numbers within the intervals of the best
    share it. `axis` runs from 0 to 1, outwards is better; None where there is no scale.
    """

    score: Score | None
    value: str = ""
    interval: str = ""
    refused: str = ""
    best: bool = False
    axis: float | None = None


@dataclass(frozen=True)
class Table:
    """`cells[model][column]`; `refused` holds one sentence for each model and reason."""

    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]
    refused: tuple[str, ...]

    @property
    def axes(self) -> tuple[str, ...]:
        """Metrics with a scale for at least one model, in the order of the columns."""
        return tuple(
            column.metric
            for place, column in enumerate(self.columns)
            if any(row[place].axis is not None for row in self.cells)
        )

    def polygon(self, model: int) -> tuple[float | None, ...]:
        """The values of model number `model` along `axes`, 0 to 1."""
        places = {column.metric: place for place, column in enumerate(self.columns)}
        return tuple(self.cells[model][places[metric]].axis for metric in self.axes)


def table(rows: Sequence[tuple[str, Sequence[Score]]]) -> Table:
    """The table of models given as (title, scores); metrics in reading order."""
    titles = tuple(title for title, _ in rows)
    known = [{score.metric: score for score in scores} for _, scores in rows]
    found = {metric for scores in known for metric in scores}
    order = {name: place for place, name in enumerate(MEASURES)}
    metrics = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    columns, cells = [], []
    for metric in metrics:
        column, some = _column(metric, [scores.get(metric) for scores in known])
        columns.append(column)
        cells.append(some)
    left_out: dict[tuple[str, str], list[str]] = {}
    for column, some in zip(columns, cells, strict=True):
        for title, cell in zip(titles, some, strict=True):
            if cell.refused:
                left_out.setdefault((title, cell.refused), []).append(column.title)
    refused = tuple(
        f"{title}: {', '.join(names)} {reason}." for (title, reason), names in left_out.items()
    )
    by_model = tuple(tuple(column[m] for column in cells) for m in range(len(rows)))
    return Table(titles, tuple(columns), by_model, refused)


def why_not(score: Score, other: Score) -> str:
    """Why two numbers of one metric are not compared, in words; "" where they may be."""
    if score.unit != other.unit:
        return f"in {score.unit or 'no unit'} instead of {other.unit or 'no unit'}"
    if "machine" in score.settings and "machine" in other.settings:
        return ", ".join(_differing(_PLACES, score, other))
    if _differing({"data_sha256": ""}, score, other):
        return f"measured on other {things(score)}"
    reasons = _differing(_WAYS, score, other)
    reals = [s.settings[_REAL] for s in (score, other) if _REAL in s.settings]
    if len(reals) == 2 and reals[0] != reals[1]:
        reasons.append(f"{reals[0]} instead of {reals[1]} real {things(score)}")
    if score.samples != other.samples:
        reasons.append(f"{score.samples:,} instead of {other.samples:,} samples")
    return f"measured with {', '.join(reasons)}" if reasons else ""


def _differing(ways: dict[str, str], score: Score, other: Score) -> list[str]:
    return [w for key, w in ways.items() if score.settings.get(key) != other.settings.get(key)]


def outward(score: Score, best: Score | None = None) -> float | None:
    """The place of a score on its axis, 0 to 1; None where it has no scale.

    `best` is the best of several numbers measured alike, for metrics that real pictures set no
    scale for.
    """
    if score.better == "near":
        return min(score.value, 1 / score.value) if score.value > 0 else 0.0
    if score.better == "higher" and score.unit == "":
        top = score.floor if score.floor and score.floor > 0 else 1.0
        return _clip(score.value / top)
    end = score.floor if score.floor is not None else best.value if best else None
    if end is None or score.better not in ("lower", "higher"):
        return None
    grain = _grain(score)
    ratio = max(score.value, grain) / max(end, grain)
    return _clip(1 - math.log10(ratio if score.better == "lower" else 1 / ratio) / _DECADES)


def _column(metric: str, scores: list[Score | None]) -> tuple[Column, list[Cell]]:
    here = [score for score in scores if score is not None]
    # The largest group that was measured alike; among equals the one that comes first.
    groups = Counter(next(i for i, b in enumerate(here) if not why_not(a, b)) for a in here)
    first = here[max(groups, key=lambda place: (groups[place], -place))]
    alike = [score for score in here if not why_not(score, first)]
    best = _best(alike) if len(alike) > 1 else None
    cells = []
    for score in scores:
        if score is None:
            cells.append(Cell(None))
            continue
        reason = why_not(score, first)
        cells.append(
            Cell(
                score,
                f"{number(score.value)} {score.unit}".strip(),
                _interval(score),
                f"not compared ({reason})" if reason else "",
                best is not None and not reason and _reaches(score, best),
                None if reason else outward(score, best),
            )
        )
    words = named(metric)
    column = Column(metric, words.title, first.better, first.unit, first.floor, measured(first))
    return column, cells


def _best(scores: list[Score]) -> Score | None:
    """The best of numbers measured alike; None where no direction is better."""
    if scores[0].better == "higher":
        return max(scores, key=lambda score: score.value)
    if scores[0].better == "lower":
        return min(scores, key=lambda score: score.value)
    if scores[0].better == "near":
        return min(scores, key=lambda score: _off(score.value))
    return None


def _reaches(score: Score, best: Score) -> bool:
    """Whether the intervals meet: then the difference may be chance."""
    if score is best:
        return True
    (low, high), (best_low, best_high) = _span(score), _span(best)
    return low <= best_high and best_low <= high


def _span(score: Score) -> tuple[float, float]:
    """The ends of the interval; of what should be near 1 how far they are off."""
    low, high = _ends(score)
    if score.better != "near":
        return low, high
    offs = sorted((_off(low), _off(high)))
    return (0.0 if low <= 1 <= high else offs[0]), offs[1]


def _off(value: float) -> float:
    """How many times too large or too small, as a logarithm."""
    return abs(math.log(max(value, 1e-9)))


def _ends(score: Score) -> tuple[float, float]:
    low = score.value if score.low is None else score.low
    high = score.value if score.high is None else score.high
    return low, high


def _grain(score: Score) -> float:
    """The smallest difference that means anything: half the interval, or a millionth."""
    low, high = _ends(score)
    return max((high - low) / 2, 1e-6)


def _interval(score: Score) -> str:
    if score.low is None or score.high is None:
        return ""
    return f"{number(score.low)} to {number(score.high)}"


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
