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


def known_words(source: Source, parent: Manifest | None) -> list[str]:
    """The words of a model to be: those of `parent` in their order, then new ones of the data."""
    rows = contents.load(source.folder, source.dataset)
    stay = np.flatnonzero(~rows.excluded)
    said = rows.sayings(stay) or ()
    mine = words.vocabulary((" ".join(one) for one in said), MOST_WORDS)
    before = parent.config.get("words") if parent is not None else None
    kept = [str(word) for word in before] if isinstance(before, list) else []
    known = set(kept)
    return (kept + [word for word in mine if word not in known])[:MOST_WORDS]


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
