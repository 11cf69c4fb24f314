"""Channels of uint8 pixels: (h, w, c) with c = 1 grey, 3 RGB, 4 RGBA (straight alpha)."""

from __future__ import annotations

import numpy as np

from genstudio.core.errors import BadInput

WHITE = 255
# ITU-R BT.601 luma, the weights Pillow and JPEG use.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def check_pixels(pixels: np.ndarray) -> np.ndarray:
    """The same pixels as uint8 (h, w, c); (h, w) counts as grey. Raises BadInput."""
    array = np.asarray(pixels)
    if array.ndim == 2:
        array = array[:, :, None]
    good = array.ndim == 3 and array.shape[2] in (1, 3, 4) and array.dtype == np.uint8
    if not good or array.size == 0:
        raise BadInput(
            f"pixels must be uint8 (height, width, 1|3|4), not {array.dtype} {array.shape}"
        )
    return array


def convert(pixels: np.ndarray, channels: int, background: int = WHITE) -> np.ndarray:
    """Pixels with `channels` = 1, 3 or 4; alpha that must go is laid over grey `background`."""
    pixels = check_pixels(pixels)
    if channels not in (1, 3, 4):
        raise BadInput(f"pictures have 1, 3 or 4 channels, not {channels}")
    if pixels.shape[2] == channels:
        return pixels
    if pixels.shape[2] == 4:
        pixels = flatten(pixels, background)
    if channels == 1:
        return to_grey(pixels)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    if channels == 4:
        return np.concatenate([pixels, np.full_like(pixels[:, :, :1], 255)], axis=2)
    return pixels


def flatten(pixels: np.ndarray, background: int = WHITE) -> np.ndarray:
    """RGBA laid over an even grey: (h, w, 4) -> (h, w, 3)."""
    alpha = pixels[:, :, 3:].astype(np.uint16)
    colour = pixels[:, :, :3].astype(np.uint16)
    return ((colour * alpha + background * (255 - alpha) + 127) // 255).astype(np.uint8)


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """RGB to luma: (h, w, 3) -> (h, w, 1)."""
    if pixels.shape[2] == 1:
        return pixels
    return np.rint(pixels[:, :, :3] @ _LUMA).astype(np.uint8)[:, :, None]


def is_grey(pixels: np.ndarray) -> bool:
    """True where red, green and blue are equal everywhere and nothing is see-through."""
    if pixels.shape[2] == 1:
        return True
    if pixels.shape[2] == 4 and (pixels[:, :, 3] != 255).any():
        return False
    red = pixels[:, :, 0]
    return bool((red == pixels[:, :, 1]).all() and (red == pixels[:, :, 2]).all())
