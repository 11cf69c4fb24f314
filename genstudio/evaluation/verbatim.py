"""Does the model repeat its training texts word by word? Compared with unseen real text.

Every run of ten words of the training texts is known (`media.fingerprints.exact`), so that nothing
is missed; of an add-on the fingerprints of the model below it are looked at as well. Real text
repeats some too: proverbs, quotations, forms.
"""

from __future__ import annotations

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine import copies
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial
from genstudio.media import fingerprints
from genstudio.media.fingerprints import RUN, Fingerprints, Passage
from genstudio.media.wording import wording


def known(material: TextMaterial) -> list[Fingerprints]:
    """All runs of words of the training texts, and what is known of those of the base."""
    exact = fingerprints.exact((one.name, one.text) for one in material.train)
    under = copies.of(material.model)[1:] if material.model.manifest.base is not None else []
    return [exact, *under]


def shares(texts: list[str], known: list[Fingerprints]) -> tuple[np.ndarray, list[Passage]]:
    """(share of each text's words inside passages of ten or more known words (n,), the longest
    passage of each that has one)."""
    found, longest = [], []
    for text in texts:
        spans = wording(text)
        every = (one for prints in known for one in prints.passages_of(spans))
        passages = fingerprints.longest(every)
        copied = sum(one.words for one in passages)
        found.append(min(1.0, copied / len(spans)) if len(spans) else 0.0)
        longest += sorted(passages, key=lambda one: -one.words)[:1]
    return np.array(found), longest


@metric(
    "verbatim",
    "Word for word",
    "Share of the words that stand in ten or more in a row as in a training text.",
    "beginnings",
    "training text",
)
def verbatim(material: TextMaterial) -> list[Score]:
    """Share of copied words; floor: the same of unseen real text. The settings name the longest
    copy and its source."""
    prints = known(material)
    made, passages = shares([one.text for one in material.written], prints)
    real, _ = shares([one.real for one in material.written], prints)
    longest = max(passages, key=lambda one: one.words, default=None)
    low, high = intervals.of_mean(made)
    return [
        material.score(
            "verbatim",
            float(made.mean()),
            len(made),
            low=max(0.0, low),
            high=min(1.0, high),
            floor=float(real.mean()) if material.held_out else None,
            better="lower",
            help=f"Share of words in runs of {RUN} or more that stand in the training texts",
            settings={
                "longest_copy": longest.words if longest else 0,
                "longest_source": longest.source if longest else "",
                "texts_with_copies": len(passages),
            },
        )
    ]
