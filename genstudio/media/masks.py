"""Which pictures are masks: nothing but black and white, both of them, perhaps with soft edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.media import reading

PLAIN = 0.9
"""Share of pixels that must be (nearly) black or white; the rest may be edges."""
NEAR = 16
MAX_PIXELS = 16_000_000
"""A larger picture is not looked into: a drop is answered at once."""


def is_mask(pixels: np.ndarray) -> bool:
    """Whether uint8 (h, w, c) is grey, mostly black and white, and has something of both.

    Four channels are laid on black, as a task reads them.
    """
    shown = pixels[..., :3].astype(np.int32)
    if pixels.shape[-1] == 4:
        shown = shown * pixels[..., 3:] // 255
    if (shown.max(axis=-1) - shown.min(axis=-1) > NEAR).any():
        return False
    grey = shown[..., 0]
    black, white = (grey <= NEAR).mean(), (grey >= 255 - NEAR).mean()
    return bool(black > 0 and white > 0 and black + white >= PLAIN)


def of_file(path: Path) -> bool:
    """The same of a file; False for one that cannot be read or is very large."""
    try:
        return is_mask(reading.read(path, MAX_PIXELS))
    except GenStudioError:
        return False
