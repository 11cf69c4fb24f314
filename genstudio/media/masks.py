"""Which pictures are masks, and what one means.

A mask is nothing but black and white, both of them, perhaps with soft edges. But any picture may be
given for one: by its brightness, or, where it is coloured and has holes, by its holes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.media import reading

PLAIN = 0.9
"""Share of pixels that must be (nearly) black or white; the rest may be edges."""
NEAR = 16
_BRIGHTNESS = np.array([11, 16, 5]) / 32  # of red, green, blue, as Qt weighs them
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


def meant(pixels: np.ndarray) -> np.ndarray:
    """What is to be made anew, float64 (h, w) from 0 to 255, in uint8 (h, w) or (h, w, c).

    A coloured picture with holes (the way picture editors hand over what is to be replaced) means
    its holes; any other its brightness, lying on black where it is transparent.
    """
    if pixels.ndim == 2 or pixels.shape[-1] < 3:
        return pixels.reshape(*pixels.shape[:2], -1)[..., 0].astype(np.float64)
    colours = pixels[..., :3].astype(np.float64)
    alpha = pixels[..., 3] / 255.0 if pixels.shape[-1] == 4 else np.ones(pixels.shape[:2])
    if (alpha < 1).any() and np.ptp(pixels[..., :3], axis=-1).any():
        holes: np.ndarray = 255 * (1 - alpha)
        return holes
    grey: np.ndarray = colours @ _BRIGHTNESS * alpha
    return grey


def of_file(path: Path) -> bool:
    """The same of a file; False for one that cannot be read or is very large."""
    try:
        return is_mask(reading.read(path, MAX_PIXELS))
    except GenStudioError:
        return False
