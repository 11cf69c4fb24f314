"""Is the picture known by its caption? A judge of captions ranks it among ten.

After the retrieval accuracy ("R-precision") of Xu et al. 2018 (AttnGAN, section 4.1), turned
round: a caption is given, and the picture made for it should fit better than nine made for other
captions. By chance it is the first in one of ten cases; the same ranking of real pictures that
the judge was not trained on says how far the judge can be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.core.manifest import Score
from genstudio.core.words import Words
from genstudio.engine import batches
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import asking, intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.prompt_following import facts_of
from genstudio.evaluation.registry import metric

AMONG = 10
_CHUNK = 32


def ranked_first(logits: np.ndarray, captions: Sequence[str], seed: int) -> np.ndarray:
    """bool (n,): whether each caption finds its picture among AMONG; logits (captions, pictures).

    The others are drawn by the seed from the pictures of other captions; all where there are few.
    """
    count = len(captions)
    number = {caption: place for place, caption in enumerate(dict.fromkeys(captions))}
    which = np.array([number[caption] for caption in captions])
    random = np.random.default_rng([seed, count])
    first = np.zeros(count, bool)
    for row in range(count):
        others = np.flatnonzero(which != which[row])
        rivals = random.permutation(others)[: AMONG - 1]
        first[row] = bool((logits[row, rivals] < logits[row, row]).all()) and len(rivals) > 0
    return first


def fits(pairer: LoadedModel, captions: Sequence[str], pictures: np.ndarray) -> np.ndarray:
    """How well each caption fits each picture uint8 (n, h, w, c): logits (captions, n)."""
    return _texts(pairer, captions) @ _vectors(pairer, pictures).T


def _texts(pairer: LoadedModel, captions: Sequence[str]) -> np.ndarray:
    listed = pairer.config.get("words")
    words = Words([str(word) for word in listed] if isinstance(listed, list) else [])
    length = pairer.size("length")
    tokens = np.array([words.tokens(caption, length)[0] for caption in captions], np.int64)
    parts = [
        pairer.run("text", {"tokens": tokens[first : first + _CHUNK]})["vector"]
        for first in range(0, len(tokens), _CHUNK)
    ]
    return np.concatenate(parts)


def _vectors(pairer: LoadedModel, pictures: np.ndarray) -> np.ndarray:
    parts = []
    for first in range(0, len(pictures), _CHUNK):
        fitted = batches.fitted(pairer, pictures[first : first + _CHUNK])
        parts.append(pairer.run("picture", {"image": batches.from_pixels(fitted)})["vector"])
    return np.concatenate(parts)


def _real(material: Material, kind: str, pairer: LoadedModel) -> np.ndarray | None:
    """The same for real pictures with such captions; None where there are too few."""
    captioned = material.captioned
    assert captioned is not None, "asked for by registry.Metric.needs"
    chosen = asking.real(material, kind, pairer)
    order = np.random.default_rng([material.seed, len(chosen)]).permutation(chosen)[: asking.MOST]
    if len(order) < AMONG:
        return None
    captions = [captioned.captions[place] for place in order.tolist()]
    return ranked_first(fits(pairer, captions, captioned.pixels(order)), captions, material.seed)


@metric(
    "matching",
    "Known by its caption",
    "Share of captions whose picture the judge ranks first among ten; by chance 0.1. "
    "The floor is the judge on real pictures.",
    "prompts",
    "judge of captions",
)
def matching(material: Material) -> list[Score]:
    """Share of captions that find the picture made for them; floor: that find their real one."""
    pairer, made = material.pairer, asking.asked(material, asking.SEEN)
    assert pairer is not None
    if made is None or len(set(made.captions)) < 2:
        return []
    hits = ranked_first(fits(pairer, made.captions, made.pictures), made.captions, material.seed)
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    real = _real(material, asking.SEEN, pairer)
    floor = {} if real is None else {"floor": float(real.mean())}
    count = {} if real is None else {"real": len(real)}
    return [
        material.score(
            "matching",
            float(hits.mean()),
            len(hits),
            low=low,
            high=high,
            better="higher",
            help=f"Share of captions whose picture the judge ranks first among {AMONG}",
            judged=False,
            settings={
                **facts_of(pairer),
                "split": "unseen",
                "captions": len(set(made.captions)),
                "among": AMONG,
                **count,
            },
            **floor,
        )
    ]


@metric(
    "pairing",
    "Pairs captions and pictures",
    "Share of captions of unseen pictures that find their picture among ten; by chance 0.1.",
    "texts",
)
def pairing(material: Material) -> list[Score]:
    """The judge of captions itself, on real pictures that it was not trained on."""
    hits = _real(material, asking.SEEN, material.model)
    if hits is None:
        return []
    low, high = intervals.wilson(int(hits.sum()), len(hits))
    return [
        material.score(
            "pairing",
            float(hits.mean()),
            len(hits),
            low=low,
            high=high,
            better="higher",
            help=f"Share of captions of unseen pictures that find theirs among {AMONG}",
            judged=False,
            settings={"split": "unseen", "among": AMONG},
        )
    ]
