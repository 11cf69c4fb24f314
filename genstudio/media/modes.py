"""Pillow's image modes -> uint8 arrays, without its silent errors.

`convert("RGB")` clips 16-bit grey to near white (mean 254 instead of 127); here every mode is
scaled over its own range.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from genstudio.core.errors import BadInput

_SIXTEEN = ("I;16", "I;16B", "I;16L", "I;16N")
_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")


def to_uint8(picture: Image.Image) -> np.ndarray:
    """Pixels (h, w, c) of a loaded picture: grey 1, colour 3, anything with alpha 4 channels."""
    mode = picture.mode
    if mode in _SIXTEEN:
        return _sixteen(picture)
    if mode in ("I", "F"):
        return _stretched(np.asarray(picture).astype(np.float64), mode == "I")[:, :, None]
    if mode in _ALPHA or "transparency" in picture.info:
        return np.asarray(_straight(picture).convert("RGBA"))
    if mode in ("L", "1"):
        return np.asarray(picture.convert("L"))[:, :, None]
    return np.asarray(picture.convert("RGB"))


def _straight(picture: Image.Image) -> Image.Image:
    # Premultiplied modes convert only to their straight twins.
    return picture.convert({"La": "LA", "RGBa": "RGBA"}.get(picture.mode, picture.mode))


def _sixteen(picture: Image.Image) -> np.ndarray:
    """0..65535 -> 0..255 with rounding; one grey level may stand for transparent."""
    wide = np.asarray(picture).astype(np.uint32)
    grey = ((wide * 255 + 32767) // 65535).astype(np.uint8)[:, :, None]
    clear = picture.info.get("transparency")
    if not isinstance(clear, int):
        return grey
    alpha = np.where(wide == clear, 0, 255).astype(np.uint8)[:, :, None]
    return np.concatenate([grey, grey, grey, alpha], axis=2)


def _stretched(values: np.ndarray, whole: bool) -> np.ndarray:
    """32-bit values have no fixed white: integers count as 16 bits, floats to 1, 255 or 65535."""
    if not np.isfinite(values).any():
        raise BadInput("it holds no finite values")
    values = np.nan_to_num(values, nan=0.0, posinf=None, neginf=None)
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 65535:
        values, high = values - low, high - low
        white = high
    else:
        white = 65535.0 if whole or high > 255.0 else 255.0 if high > 1.0 else 1.0
    return np.rint(values / (white or 1.0) * 255.0).astype(np.uint8)
