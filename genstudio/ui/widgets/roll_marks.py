"""The colours of voices, and many small notes at once.

Painted one by one, ten thousand notes would take longer than a frame; where they are too small
for round corners they are set into the pixels of a picture instead, all in a few numpy calls.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from genstudio.ui.theme import VOICES, color


def voice(track: int) -> str:
    """The token of a track's colour."""
    return VOICES[track % len(VOICES)]


@lru_cache(maxsize=256)
def _mixed(front: int, back: int, share: float) -> QColor:
    one, other = QColor.fromRgba(front), QColor.fromRgba(back)
    return QColor(
        *(
            round(share * a + (1 - share) * b)
            for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
        )
    )


def mixed(front: str, back: str, share: float) -> QColor:
    """`share` of one token's colour over another's, opaque."""
    return _mixed(color(front).rgba(), color(back).rgba(), round(share, 3))


def runs(
    left: np.ndarray, right: np.ndarray, top: np.ndarray, height: int, inks: np.ndarray,
    size: tuple[int, int],
) -> QImage:  # fmt: skip
    """A see-through picture of `size` (width, height) with a bar for each note.

    `left`, `right` and `top` (n,) in whole pixels, `inks` (n,) uint32 ARGB; later notes lie over
    earlier ones. What is outside is cut off.
    """
    width, rows = size
    pixels = np.zeros((rows, width), np.uint32)
    left, right = np.clip(left, 0, width), np.clip(right, 0, width)
    lengths = np.maximum(right - left, 0)
    before = np.cumsum(lengths) - lengths
    across = np.repeat(left - before, lengths) + np.arange(int(lengths.sum()))
    down, ink = np.repeat(top, lengths), np.repeat(inks, lengths)
    flat = pixels.reshape(-1)
    for line in range(height):
        seen = (down + line >= 0) & (down + line < rows)
        flat[(down[seen] + line) * width + across[seen]] = ink[seen]
    image = QImage(pixels.data, width, rows, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
