"""How like real music composed pieces are: in scale, note lengths, places in the bar, leaps, form.

Divergences are those of composed stretches from unseen ones. What stretches of other real pieces
diverge by, as many of them, is the floor: a number below it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation import music_figures as figures
from genstudio.evaluation.music_figures import Histogram
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.registry import metric

NEEDS = ("new pieces", "training pieces")
Distance = Callable[[np.ndarray, np.ndarray], float]
"""Of rows of numbers of pieces (n, k) from other rows (m, k)."""


@dataclass(frozen=True)
class Look:
    """A divergence of composed from real pieces in one respect."""

    name: str
    title: str
    help: str
    histogram: Histogram
    need: str = "new pieces"


LOOKS = (
    Look(
        "scale_steps",
        "Steps of the scale",
        "How far composed pieces lie from real ones in how long each step of the scale sounds.",
        figures.steps_of_scale,
        "pitches",
    ),
    Look(
        "drum_hits",
        "What is struck",
        "How far composed drums lie from real ones in how often each of them is struck.",
        figures.hits,
        "drums",
    ),
    Look(
        "note_lengths",
        "Note lengths",
        "How far composed pieces lie from real ones in how long notes last.",
        figures.lengths,
        "pitches",
    ),
    Look(
        "note_places",
        "Places in the bar",
        "How far composed pieces lie from real ones in where in a bar notes begin.",
        figures.places,
    ),
    Look(
        "leaps",
        "Steps and leaps",
        "How far composed pieces lie from real ones in how far the voices move.",
        figures.leaps,
        "pitches",
    ),
)


def compared(
    made: np.ndarray, real: np.ndarray, distance: Distance
) -> tuple[float, tuple[float, float]]:
    """(the distance of rows `made` from `real`, its 95 % interval by leaving pieces out)."""
    value = distance(made, real)
    if min(len(made), len(real)) < 2:
        return value, (value, value)
    pairs = zip(intervals.groups(len(made)), intervals.groups(len(real)))
    left_out = [distance(np.delete(made, a, 0), np.delete(real, b, 0)) for a, b in pairs]
    return value, intervals.jackknife(value, np.array(left_out))


def summed(made: np.ndarray, real: np.ndarray) -> float:
    """Divergence of the histograms (n, bins) and (m, bins) taken together."""
    return figures.divergence(made.sum(axis=0), real.sum(axis=0))


def apart(made: np.ndarray, real: np.ndarray) -> float:
    """Mean difference of the means of columns (n, k), those without numbers left out."""
    gaps = np.abs(_means(made) - _means(real))
    return float(np.nanmean(gaps)) if np.isfinite(gaps).any() else 0.0


def _means(rows: np.ndarray) -> np.ndarray:
    """Means of columns over what is a number; NaN where nothing is."""
    there = np.isfinite(rows)
    counts = there.sum(axis=0)
    sums = np.where(there, rows, 0.0).sum(axis=0)
    return np.divide(sums, counts, out=np.full(rows.shape[1], np.nan), where=counts > 0)


def _looked(look: Look, material: MusicMaterial) -> list[Score]:
    """Divergence of a histogram from that of unseen pieces; floor: of pieces learnt from."""
    made, real, other = (figures.pooled(some, look.histogram) for some in material.pieces())
    value, (low, high) = compared(made, real, summed)
    return [
        material.score(
            look.name,
            value,
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=summed(other, real),
            unit="bits",
            better="lower",
            help=f"{look.help} Jensen-Shannon divergence",
        )
    ]


for _look in LOOKS:
    metric(_look.name, _look.title, _look.help, *NEEDS, _look.need)(partial(_looked, _look))


@metric(
    "form",
    "What comes again",
    "How far composed pieces lie from real ones in how much a bar is like those 1 to 7 before it.",
    *NEEDS,
)
def form(material: MusicMaterial) -> list[Score]:
    """Mean difference of self-similarity; the settings have each lag, of real pieces too."""
    made, real, other = (figures.pooled(some, figures.returns) for some in material.pieces())
    value, (low, high) = compared(made, real, apart)
    return [
        material.score(
            "form",
            value,
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=apart(other, real),
            better="lower",
            help="Difference of how alike a bar is to those 1 to 7 bars before, of real pieces",
            settings={"by_lag": _by_lag(made), "by_lag_real": _by_lag(real)},
        )
    ]


def _by_lag(rows: np.ndarray) -> dict[str, float]:
    means = _means(rows).tolist()
    return {str(n): round(value, 4) for n, value in enumerate(means, 1) if np.isfinite(value)}


def numbers(pieces: Sequence[figures.Piece], of: Callable[..., float | None]) -> np.ndarray:
    """A number of each piece that has one, (n,)."""
    return np.array([found for found in map(of, pieces) if found is not None])
