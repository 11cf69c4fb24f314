"""The samples nearest to a training picture, side by side with it: is it a copy? Look at it.

Samples are made again from their seed and place, so that no picture had to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.core.stored import Json
from genstudio.engine.outputs import Picture
from genstudio.evaluation.material import Material
from genstudio.evaluation.nearest import found_in
from genstudio.media import image

PAIRS = 10
SIDE = 96
GAP = 4
_LINE = 12


@dataclass(frozen=True)
class Pair:
    """Sample number `sample` and the training picture `training`, pixels uint8 (h, w, c).

    `distance` is the root mean squared difference of the shrunk pixels, 0 to 1.
    """

    sample: int
    training: int
    distance: float
    made: np.ndarray
    taken: np.ndarray

    def facts(self) -> dict[str, Json]:
        """The pair without its pixels."""
        return {"sample": self.sample, "training": self.training, "distance": self.distance}


def closest(material: Material, count: int = PAIRS) -> list[Pair]:
    """The samples that lie nearest to a training picture, at most `count`, nearest first.

    A training picture comes once while there are others: many samples may be near the same.
    """
    found = found_in(material)
    order = np.argsort(found.made, kind="stable")
    _, firsts = np.unique(found.training[order], return_index=True)
    firsts = np.sort(firsts)
    chosen = np.concatenate([firsts, np.setdiff1d(np.arange(len(order)), firsts)])[:count]
    pairs = []
    for place in order[np.sort(chosen)]:
        sample, row = int(found.samples[place]), int(found.training[place])
        distance = round(float(found.made[place]), 5)
        pairs.append(Pair(sample, row, distance, _again(material, sample), _taken(material, row)))
    return pairs


def sheet(pairs: list[Pair], side: int = SIDE) -> np.ndarray:
    """Samples above their nearest training pictures, uint8 (h, w, 3), on white."""
    columns = len(pairs)
    height, width = 2 * side + _LINE, columns * side + (columns - 1) * GAP
    canvas = np.full((height, width, 3), 255, np.uint8)
    for place, pair in enumerate(pairs):
        left = place * (side + GAP)
        canvas[:side, left : left + side] = _large(pair.made, side)
        canvas[side + _LINE :, left : left + side] = _large(pair.taken, side)
    return canvas


def _large(pixels: np.ndarray, side: int) -> np.ndarray:
    """Fitted to (side, side, 3); small pictures grow by whole pixels, so that they stay sharp."""
    factor = max(1, side // max(pixels.shape[:2]))
    grown = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    return image.fit(grown, side, 3)


def _again(material: Material, sample: int) -> np.ndarray:
    """Sample number `sample`, made once more."""
    for item in material.tasks["sample"](material.model, material.ask(sample, 1)):
        if isinstance(item, Picture) and not item.passing:
            return item.pixels
    raise GenStudioError(f"{material.model.manifest.title} made no picture")


def _taken(material: Material, row: int) -> np.ndarray:
    for split in (material.train, *material.more):
        if row < len(split.images):
            return np.asarray(split.images[row])
        row -= len(split.images)
    raise IndexError(row)
