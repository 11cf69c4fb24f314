"""The colours of voices, and many bars at once.

Painted one by one, ten thousand notes would take longer than ten frames; where they are many
they are set into the pixels of a picture instead, all of them in a few calls of numpy.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from genstudio.ui.theme import VOICES, color


def voice(track: int) -> str:
    """The token of a track's colour."""
    return VOICES[track % len(VOICES)]


@lru_cache(maxsize=512)
def _mixed(front: int, back: int, share: float) -> QColor:
    one, other = QColor.fromRgba(front), QColor.fromRgba(back)
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(share * a + (1 - share) * b) for a, b in parts))


def mixed(front: str, back: str, share: float) -> QColor:
    """`share` of one token's colour over another's, opaque."""
    return _mixed(color(front).rgba(), color(back).rgba(), round(share, 2))


def runs(
    shape: tuple[int, int], line: np.ndarray, start: np.ndarray, end: np.ndarray, inks: np.ndarray
) -> np.ndarray:
    """`shape` (lines, width) uint32 with a run of pixels for each of n bars; later over earlier.

    `line`, `start` and `end` (n,) whole numbers, `inks` (n,) uint32 ARGB, 0 where nothing is.
    What lies outside is cut off.
    """
    lines, width = shape
    pixels = np.zeros(lines * width, np.uint32)
    inside = (line >= 0) & (line < lines)
    start, end = np.clip(start[inside], 0, width), np.clip(end[inside], 0, width)
    lengths = np.maximum(end - start, 0)
    first = line[inside] * width + start - (np.cumsum(lengths) - lengths)
    places = np.repeat(first, lengths)
    places += np.arange(len(places))
    pixels[places] = np.repeat(inks[inside], lengths)
    return pixels.reshape(shape)


def picture(pixels: np.ndarray, ratio: float, opaque: bool = False) -> QImage:
    """A picture over `pixels` (h, w) uint32 ARGB, which must live as long as it does."""
    forms = QImage.Format
    form = forms.Format_RGB32 if opaque else forms.Format_ARGB32_Premultiplied
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, form)
    image.setDevicePixelRatio(ratio)
    return image
