"""Does it write the kind of text that was asked for? Judged by words alone.

The judge is a naive Bayes classifier (McCallum, Nigam 1998, multinomial) over the words of the
training texts; how often it is right about unseen real text stands beside as the floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial
from genstudio.evaluation.text_pieces import Passage
from genstudio.media.wording import words

MOST = 2_000_000
"""Characters of each kind that the judge learns from."""


class WordJudge:
    """Log-likelihoods of words by kind, with one more of each word as smoothing."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.kinds = sorted({one.label for one in passages if one.label})
        counts = {kind: Counter[str]() for kind in self.kinds}
        room = dict.fromkeys(self.kinds, MOST)
        for one in passages:
            if one.label and room[one.label] > 0:
                counts[one.label].update(words(one.text[: room[one.label]]))
                room[one.label] -= len(one.text)
        every = sorted(set().union(*counts.values()))
        self._places = {word: place for place, word in enumerate(every)}
        table = np.array([[counts[kind][word] + 1.0 for word in every] for kind in self.kinds])
        self._logs = np.log(table / table.sum(axis=1, keepdims=True))

    def kind(self, text: str) -> str:
        """The kind a text is taken for; words that the judge never met do not count."""
        known = [self._places[word] for word in words(text) if word in self._places]
        return self.kinds[int(self._logs[:, known].sum(axis=1).argmax())]


@metric(
    "kind_agreement",
    "Writes the kind asked for",
    "Share of the texts whose words are those of the kind that was asked for.",
    "beginnings",
    "kinds of text",
)
def kind_agreement(material: TextMaterial) -> list[Score]:
    """Share that the word judge takes for what was asked; floor: real texts."""
    judge = WordJudge(material.train)
    asked = [one for one in material.written if one.label in judge.kinds]
    if not asked:
        return []
    hits = [judge.kind(one.text) == one.label for one in asked]
    real = [judge.kind(one.real) == one.label for one in asked]
    low, high = intervals.wilson(sum(hits), len(hits))
    table = {
        kind: round(float(np.mean([h for h, one in zip(hits, asked) if one.label == kind])), 4)
        for kind in judge.kinds
        if any(one.label == kind for one in asked)
    }
    return [
        material.score(
            "kind_agreement",
            sum(hits) / len(hits),
            len(hits),
            low=low,
            high=high,
            floor=sum(real) / len(real),
            better="higher",
            help="Share of texts that a naive Bayes judge of words takes for the kind asked for",
            settings={"by_class": table},
        )
    ]
