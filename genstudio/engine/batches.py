"""Work cut into batches: what samplers of every family share.

Pictures inside networks are float32 (b, c, h, w) from -1 to 1; outside uint8 (b, h, w, c).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import GenStudioError, OutOfMemory
from genstudio.core.stored import Json
from genstudio.engine.loaded_model import LoadedModel
from genstudio.media import image, masks

BATCH = 16
BLANK = "blank"
"""Key in `Picture.data` of a picture that is one single colour; its value says so in words."""
UNDEFINED = "undefined"
"""Kind of the error that tells of numbers that are no numbers."""


@dataclass(frozen=True)
class Batch:
    """Outputs of the items first .. first + count - 1. `note` tells what had to change."""

    first: int
    count: int
    outputs: dict[str, np.ndarray]
    note: str = ""


def run(
    model: LoadedModel,
    graph: str,
    count: int,
    feeds: Callable[[int, int], dict[str, np.ndarray]],
    batch: int = BATCH,
) -> Iterator[Batch]:
    """Run items 0 .. count - 1; `feeds(first, n)` makes the inputs of n of them.

    Where memory runs out the batch is halved and the work goes on; alone an item raises.
    """
    size = max(1, min(batch, BATCH, model.batch_limit(item_bytes(model))))
    first, note = 0, ""
    while first < count:
        n = min(size, count - first)
        try:
            outputs = model.run(graph, feeds(first, n))
        except OutOfMemory:
            if n == 1:
                raise
            size = n // 2
            note = f"memory ran short: {size} at a time"
            continue
        yield Batch(first, n, outputs, note)
        first += n


def item_bytes(model: LoadedModel) -> int:
    """A generous guess of the memory one picture takes on its way through the network, bytes."""
    values = [model.config.get(key) for key in ("size", "width")]
    size, width = (v if isinstance(v, int) and v > 0 else 64 for v in values)
    return size * size * width * 4 * 6


def to_pixels(pictures: np.ndarray, title: str = "The model") -> np.ndarray:
    """uint8 (b, h, w, c) from float (b, c, h, w) in [-1, 1]; raises on undefined numbers."""
    if not np.isfinite(pictures).all():
        raise GenStudioError(
            f"{title} produced undefined numbers instead of a picture",
            next_step="Verify the model (genstudio models verify); nothing was saved.",
            kind=UNDEFINED,
        )
    scaled = np.clip((pictures.astype(np.float32) + 1) * 127.5, 0, 255)
    return np.ascontiguousarray(np.rint(scaled).astype(np.uint8).transpose(0, 2, 3, 1))


def from_pixels(pixels: np.ndarray) -> np.ndarray:
    """float32 (b, c, h, w) in [-1, 1] from uint8 (b, h, w, c)."""
    moved = pixels.astype(np.float32).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(moved / 127.5 - 1)


def facts(pixels: np.ndarray, **more: Json) -> dict[str, Json]:
    """`Picture.data` of pixels (h, w, c): `more`, and a warning where they are one colour."""
    data = dict(more)
    if pixels.size and (pixels == pixels[:1, :1]).all():
        data[BLANK] = "This picture is one single colour; the model or its settings may be at fault"
    return data


def fitted(model: LoadedModel, stack: np.ndarray) -> np.ndarray:
    """Pictures uint8 (n, h, w, c) in the size and channels of the model: (n, size, size, c)."""
    size, channels = model.size("size"), model.size("channels")
    if stack.shape[1:] == (size, size, channels):
        return stack
    return np.stack([image.fit(picture, size, channels) for picture in stack])


def fitted_mask(model: LoadedModel, mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Where a mask (`masks.meant`) is white: bool (size, size).

    The mask, of any size, lies over a picture of `shape` (h, w) and is cut the way that picture
    is. A pixel counts where half of its area is white; a painting finer than all pixels counts
    where it touches them.
    """
    grey = masks.meant(mask)
    (height, width), (rows, columns) = shape, grey.shape
    side, size = min(shape), model.size("size")
    left, top = (width - side) / 2 * columns / width, (height - side) / 2 * rows / height
    share = _area_mean(grey > 127, (top, rows - top), (left, columns - left), size)
    return share >= 0.5 if (share >= 0.5).any() else share > 0.1


def _area_mean(
    values: np.ndarray, rows: tuple[float, float], columns: tuple[float, float], size: int
) -> np.ndarray:
    """Means (size, size) of equal cells of the part of values (h, w) between these edges."""
    found = values.astype(np.float64)
    for low, high in (rows, columns):  # each turn does the first axis and swaps the two
        edges = np.linspace(low, high, size + 1)
        sums = np.concatenate([np.zeros((1, found.shape[1])), found.cumsum(axis=0)])
        below = np.minimum(edges.astype(np.int64), len(found) - 1)
        part = (edges - below)[:, None]
        at = sums[below] + part * (sums[below + 1] - sums[below])
        found = (np.diff(at, axis=0) * size / (high - low)).T
    return found


def one_hot(classes: Sequence[int], count: int) -> np.ndarray:
    """float32 (b, count) labels."""
    labels = np.zeros((len(classes), count), np.float32)
    labels[np.arange(len(classes)), list(classes)] = 1.0
    return labels
