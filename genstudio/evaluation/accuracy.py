"""How often a judge is right on test pictures it has never seen."""

from __future__ import annotations

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, judged
from genstudio.evaluation.registry import metric

MOST_CLASSES = 40
"""With more classes the card would be a list of names; sets are shown in their place."""


@metric(
    "accuracy",
    "Accuracy",
    "Share of test pictures recognised rightly; higher is better.",
    "judgement",
)
def accuracy(material: Material) -> list[Score]:
    """Share of all test pictures whose class the judge names."""
    split, names = material.test, material.model.class_names
    if split.labels is None or not set(split.class_names) & set(names):
        raise BadInput("The classes of this dataset are not those the model knows")
    places = np.array([names.index(n) if n in names else -1 for n in split.class_names])
    wanted = places[np.asarray(split.labels)]
    _, logits = judged(material.model, np.asarray(split.images))
    guesses = logits.argmax(axis=1)
    hits = int((guesses == wanted).sum())
    low, high = intervals.wilson(hits, len(wanted))
    return [
        material.score(
            "accuracy",
            hits / len(wanted),
            len(wanted),
            low=low,
            high=high,
            better="higher",
            help="Share of test pictures whose class is named rightly",
            settings=_shares(names, guesses, wanted),
        )
    ]


def _shares(names: tuple[str, ...], guesses: np.ndarray, wanted: np.ndarray) -> dict[str, Json]:
    """Accuracy by class; of many classes called "set: class" by set, with how many pictures."""
    if len(names) <= MOST_CLASSES:
        return {
            "by_class": {
                name: round(float((guesses[wanted == k] == k).mean()), 4)
                for k, name in enumerate(names)
                if (wanted == k).any()
            }
        }
    sets = np.array([name.partition(": ")[0] if ": " in name else "" for name in names])
    of_picture = np.where(wanted >= 0, sets[wanted], "")
    found = sorted({str(name) for name in of_picture} - {""})
    rows = {name: of_picture == name for name in found}
    return {
        "by_set": {
            name: round(float((guesses == wanted)[mine].mean()), 4) for name, mine in rows.items()
        },
        "by_set_samples": {name: int(mine.sum()) for name, mine in rows.items()},
    }
