"""All captioned pictures of a dataset, and which of them a model has never seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from genstudio.core.combinations import any_held
from genstudio.core.dataset import Dataset
from genstudio.datasets import items, store
from genstudio.datasets.store import Pixels
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation.splits import recipe_of, trained_on


@dataclass(frozen=True)
class Captioned:
    """Pictures with captions, numbered 0 … n - 1: training pictures first, then test pictures.

    `captions` holds for each the first thing that is said of it; `rows` are places in the dataset.
    """

    dataset: Dataset
    parts: tuple[Pixels, ...]
    places: np.ndarray  # int64 (n, 2): which part, and where in it
    rows: np.ndarray  # int64 (n,)
    captions: tuple[str, ...]
    said: tuple[tuple[str, ...], ...]
    _held: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.captions)

    def pixels(self, chosen: np.ndarray) -> np.ndarray:
        """uint8 (k, h, w, c) of the pictures with these numbers (k,)."""
        return np.stack([self.parts[part].images[row] for part, row in self.places[chosen]])

    def holding(self, combinations: tuple[str, ...]) -> np.ndarray:
        """bool (n,): which captions hold one of the combinations."""
        if combinations not in self._held:  # of many captions it takes seconds to find out
            found = np.array([any_held(one, combinations) for one in self.said], bool)
            self._held[combinations] = found
        return self._held[combinations]

    def unseen_by(self, model: LoadedModel) -> np.ndarray:
        """bool (n,): the pictures that the model was not trained on, as far as its recipe says."""
        if not trained_on(model, self.dataset.sha256):
            return np.ones(len(self), bool)
        count = self.dataset.facts.count
        recipe = recipe_of(model)
        if recipe is None:  # it does not say: the share that the dataset names is the usual one
            return (self.rows < self.dataset.valid_count) | (self.rows >= count)
        held = items.held_out(count, recipe.settings.holdout)
        unseen: np.ndarray = (self.rows < held) | (self.rows >= count)
        return unseen | self.holding(recipe.hold_out) if recipe.hold_out else unseen


def gather(data: Path, size: int, channels: int) -> Captioned | None:
    """The captioned pictures of the dataset in the folder `data`; None where it has none."""
    parts = tuple(store.open_pixels(data, size, channels, s, 0.0) for s in ("train", "test"))
    found = [
        (number, place, part.rows[place] if part.rows is not None else place, said)
        for number, part in enumerate(parts)
        for place, said in enumerate(part.captions or ())
        if said
    ]
    if not found:
        return None
    return Captioned(
        dataset=store.open_dataset(data),
        parts=parts,
        places=np.array([entry[:2] for entry in found], np.int64),
        rows=np.array([entry[2] for entry in found], np.int64),
        captions=tuple(entry[3][0] for entry in found),
        said=tuple(entry[3] for entry in found),
    )
