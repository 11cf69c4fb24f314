"""Is there what was asked for? A reader of attributes looks at pictures asked for by captions.

An attribute counts where the caption names a value of it; it is there where the reader sees that
very value. Beside each number stands what the reader finds in real pictures with such captions
that it was not trained on: it makes mistakes as well, and no model can be seen to do better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core import attributes
from genstudio.core.attributes import Labels, Slot
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import asking, intervals
from genstudio.evaluation.material import Material, judged
from genstudio.evaluation.registry import metric

_CHUNK = 256


@dataclass(frozen=True)
class Reading:
    """What captions ask for and what a reader sees, labels (n, slots), 0 for "none"."""

    slots: tuple[Slot, ...]
    wanted: np.ndarray
    seen: np.ndarray

    @property
    def asked(self) -> np.ndarray:
        """bool (n, slots): which attributes the captions name."""
        return self.wanted > 0

    @property
    def there(self) -> np.ndarray:
        """bool (n, slots): which were asked for and are there."""
        return self.asked & (self.wanted == self.seen)

    @property
    def hits(self) -> int:
        """How many attributes that were asked for are there."""
        return int(self.there.sum())

    @property
    def share(self) -> float | None:
        """The share of them all; None where nothing was asked for."""
        total = int(self.asked.sum())
        return self.hits / total if total else None

    @property
    def whole(self) -> float:
        """Share of the pictures with everything that was asked for."""
        return float((self.there == self.asked).all(axis=1).mean()) if len(self.wanted) else 0.0

    def by_slot(self) -> dict[str, Json]:
        """The share for each attribute that was asked for at all."""
        counts, hits = self.asked.sum(axis=0), self.there.sum(axis=0)
        return {
            slot.name: round(float(hit / count), 4)
            for slot, count, hit in zip(self.slots, counts, hits, strict=True)
            if count
        }


def reading(reader: LoadedModel, captions: Sequence[str], pictures: np.ndarray) -> Reading:
    """Look at pictures uint8 (n, h, w, c) that should show what the captions (n) say."""
    slots = attributes.of_config(reader.config)
    labels = Labels(slots)
    wanted = [labels.of((caption,)) for caption in captions]
    return Reading(slots, np.array(wanted, int).reshape(-1, len(slots)), read(reader, pictures))


def read(reader: LoadedModel, pictures: np.ndarray) -> np.ndarray:
    """The label (n, slots) that a reader gives each picture uint8 (n, h, w, c)."""
    slots = attributes.of_config(reader.config)
    if not len(pictures):
        return np.zeros((0, len(slots)), int)
    _, logits = judged(reader, pictures)  # (n, answers)
    ends = np.cumsum([len(slot.values) + 1 for slot in slots])[:-1]
    return np.stack([part.argmax(axis=1) for part in np.split(logits, ends, axis=1)], axis=1)


def read_real(material: Material, reader: LoadedModel, chosen: np.ndarray) -> Reading:
    """What the reader sees in real pictures with these numbers, a part at a time."""
    captioned = material.captioned
    assert captioned is not None, "asked for by registry.Metric.needs"
    slots, labels = attributes.of_config(reader.config), Labels(attributes.of_config(reader.config))
    wanted = [labels.of((captioned.captions[place],)) for place in chosen.tolist()]
    parts = [
        read(reader, captioned.pixels(chosen[first : first + _CHUNK]))
        for first in range(0, len(chosen), _CHUNK)
    ]
    seen = np.concatenate([np.zeros((0, len(slots)), int), *parts])
    return Reading(slots, np.array(wanted, int).reshape(-1, len(slots)), seen)


@metric(
    "prompt_following",
    "Follows the prompt",
    "Share of the attributes asked for that the judge sees in the picture; higher is better. "
    "The floor is the judge on real pictures with such captions.",
    "prompts",
    "judge of attributes",
)
def prompt_following(material: Material) -> list[Score]:
    """One score for captions of known combinations, one for those held out from training."""
    reader = material.reader
    assert reader is not None
    kinds = (
        (asking.SEEN, "prompt_following", "captions of combinations that training has shown"),
        (asking.NEW, "prompt_following_new", "captions of combinations held out from training"),
    )
    scores = []
    for kind, name, words in kinds:
        made = asking.asked(material, kind)
        found = None if made is None else reading(reader, made.captions, made.pictures)
        if made is not None and found is not None and found.share is not None:
            floor = read_real(material, reader, asking.real(material, kind, reader))
            scores.append(_score(material, reader, name, words, found, floor, made.captions))
    return scores


def _score(
    material: Material,
    reader: LoadedModel,
    name: str,
    words: str,
    found: Reading,
    real: Reading,
    captions: Sequence[str],
) -> Score:
    low, high = intervals.wilson(found.hits, int(found.asked.sum()))
    settings: dict[str, Json] = {
        **facts_of(reader),
        "split": "unseen",
        "captions": len(set(captions)),
        "asked": int(found.asked.sum()),
        "whole": round(found.whole, 4),
        "by_slot": found.by_slot(),
    }
    floor: dict[str, object] = {}
    if real.share is not None:
        floor = {"floor": real.share}
        settings |= {
            "real": len(real.wanted),
            "whole_real": round(real.whole, 4),
            "by_slot_real": real.by_slot(),
        }
    return material.score(
        name,
        found.share or 0.0,
        len(found.wanted),
        low=low,
        high=high,
        better="higher",
        help=f"Share of the attributes asked for that the judge sees, {words}",
        judged=False,
        settings=settings,
        **floor,
    )


@metric(
    "reading",
    "Reads attributes",
    "Share of the attributes in captions of unseen pictures that the judge reads rightly.",
    "slots",
)
def reads(material: Material) -> list[Score]:
    """The reader on real pictures that it was not trained on; "none" is an answer as well."""
    captioned, reader = material.captioned, material.model
    assert captioned is not None, "asked for by registry.Metric.needs"
    chosen = np.flatnonzero(captioned.unseen_by(reader))
    if not len(chosen):
        return []
    found = read_real(material, reader, chosen)
    right = found.wanted == found.seen  # (n, slots)
    low, high = intervals.wilson(int(right.sum()), right.size)
    names = [slot.name for slot in found.slots]
    shares = [round(float(share), 4) for share in right.mean(axis=0)]
    return [
        material.score(
            "reading",
            float(right.mean()),
            len(chosen),
            low=low,
            high=high,
            better="higher",
            help="Share of the attributes of unseen pictures that are read rightly",
            judged=False,
            settings={
                "split": "unseen",
                "whole": round(float(right.all(axis=1).mean()), 4),
                "by_slot": dict(zip(names, shares, strict=True)),
            },
        )
    ]


def facts_of(judge: LoadedModel) -> dict[str, Json]:
    """Who looked, as every score says it."""
    return {"extractor": judge.manifest.id, "extractor_sha256": judge.manifest.sha256}
