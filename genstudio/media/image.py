"""Pictures: the one place other parts import from. Pixels are uint8 (h, w, c), c in {1, 3, 4}."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from genstudio.media import small_png
from genstudio.media.colour import check_pixels, convert, flatten, is_grey, to_grey
from genstudio.media.reading import FORMATS, MAX_PIXELS, SUFFIXES, read, size_of
from genstudio.media.resizing import fit, grid, resize, shrunk, to_pillow, upscale
from genstudio.media.writing import encode

__all__ = [
    "FORMATS",
    "MAX_PIXELS",
    "SUFFIXES",
    "check_pixels",
    "convert",
    "encode",
    "fit",
    "flatten",
    "grid",
    "is_grey",
    "png",
    "read",
    "resize",
    "shrunk",
    "size_of",
    "thumbnail",
    "to_grey",
    "upscale",
]


def png(pixels: np.ndarray) -> bytes:
    """A PNG without metadata, made fast: previews and files that nobody exports."""
    pixels = check_pixels(pixels)
    if small_png.fits(pixels):
        return small_png.encode(pixels, level=1)
    buffer = io.BytesIO()
    to_pillow(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def thumbnail(source: Path | bytes | np.ndarray, side: int) -> bytes:
    """A PNG whose long side is at most `side`; small pictures stay as they are."""
    return png(shrunk(source, side))
