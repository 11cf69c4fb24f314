"""Does the judge recognise what was asked for, and how sure is the judge itself?"""

from __future__ import annotations

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, Seen
from genstudio.evaluation.registry import metric


def agreement(seen: Seen) -> np.ndarray:
    """Whether the judge takes each picture for what it is meant to show, bool (n,)."""
    known = seen.classes >= 0
    return (seen.guesses == seen.classes)[known]


def by_class(seen: Seen, names: tuple[str, ...]) -> dict[str, float]:
    """Share of agreement of each class that occurs."""
    found = {}
    for number, name in enumerate(names):
        mine = seen.classes == number
        if mine.any():
            found[name] = round(float((seen.guesses[mine] == number).mean()), 4)
    return found


@metric(
    "class_agreement",
    "Recognised as asked",
    "Share of samples the judge takes for the class that was asked for; higher is better. "
    "The floor is the judge on real pictures.",
    "samples",
    "classes",
)
def class_agreement(material: Material) -> list[Score]:
    """Share of class-conditional samples recognised; floor: the judge's share on test pictures."""
    fake, real, _ = material.sets()
    hits = agreement(fake)
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    real_hits = agreement(real)
    return [
        material.score(
            "class_agreement",
            float(hits.mean()) if len(hits) else 0.0,
            len(hits),
            low=low,
            high=high,
            floor=float(real_hits.mean()) if len(real_hits) else 0.0,
            better="higher",
            help="Share of samples the judge recognises as the requested class; beside it the "
            "judge on real test pictures",
            settings={"by_class": dict(by_class(fake, material.names))},
        )
    ]
