"""Captions on their way into training: words that a model learns, combinations held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from genstudio.core import words
from genstudio.core.combinations import any_held
from genstudio.core.errors import UsageError
from genstudio.core.manifest import Manifest
from genstudio.datasets import contents
from genstudio.datasets.store import Pixels
from genstudio.training.sources import Source

MOST_WORDS = 8192


def known_words(source: Source, parent: Manifest | None, names: Sequence[str] = ()) -> list[str]:
    """The words of a model to be: those of `parent` in their order, then new ones of the data.

    `names` stand for the captions of data that has none.
    """
    rows = contents.load(source.folder, source.dataset)
    stay = np.flatnonzero(~rows.excluded)
    said = rows.sayings(stay)
    if said is None:
        mine = words.vocabulary(names, MOST_WORDS, at_least=1)
    else:
        mine = words.vocabulary((" ".join(one) for one in said), MOST_WORDS)
    before = parent.config.get("words") if parent is not None else None
    kept = [str(word) for word in before] if isinstance(before, list) else []
    known = set(kept)
    return (kept + [word for word in mine if word not in known])[:MOST_WORDS]


def named(pixels: Pixels, name: str) -> Pixels:
    """Pictures without captions: each is called by its class, or all by `name`."""
    classes, count = pixels.class_names, len(pixels.images)
    labels = pixels.labels if pixels.labels is not None else np.full(count, -1)
    said = tuple((classes[label] if label >= 0 else name,) for label in labels.tolist())
    return replace(pixels, captions=said)


def without(pixels: Pixels, combinations: Sequence[str]) -> tuple[Pixels, int]:
    """(the pictures whose captions hold none of the combinations, how many were left out)."""
    if pixels.captions is None:
        raise UsageError("hold_out names captions, but this data has none")
    stay = np.array([not any_held(said, combinations) for said in pixels.captions], bool)
    kept = np.flatnonzero(stay)
    captions = tuple(pixels.captions[i] for i in kept.tolist())
    labels = None if pixels.labels is None else pixels.labels[kept]
    rows = None if pixels.rows is None else pixels.rows[kept]
    found = replace(pixels, images=pixels.images[kept], labels=labels, rows=rows, captions=captions)
    return found, len(stay) - len(kept)
