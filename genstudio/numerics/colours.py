"""Colours for numbers: a heat map from dark to bright and its overlay on a picture."""

from __future__ import annotations

import numpy as np

# Nine even steps of "inferno" (van der Walt, Smith 2015; CC0): its lightness rises evenly, so it
# also reads in grey and for colour-blind eyes.
_STOPS = np.array(
    [
        (0, 0, 4),
        (27, 12, 65),
        (74, 12, 107),
        (120, 28, 109),
        (165, 44, 96),
        (207, 68, 70),
        (237, 105, 37),
        (251, 155, 6),
        (252, 255, 164),
    ],
    np.float64,
)


def heat(values: np.ndarray) -> np.ndarray:
    """uint8 (..., 3) colours of numbers from 0 to 1 (clipped)."""
    places = np.clip(values, 0, 1) * (len(_STOPS) - 1)
    steps = np.arange(len(_STOPS))
    return np.stack(
        [
            np.interp(places, steps, _STOPS[:, channel]).round().astype(np.uint8)
            for channel in range(3)
        ],
        axis=-1,
    )


def overlay(picture: np.ndarray, values: np.ndarray, opacity: float) -> np.ndarray:
    """Heat of `values` (h, w) from 0 to 1 over a uint8 picture (h, w, 1 or 3): uint8 (h, w, 3).

    Where the value is 0 the picture shows through (in grey); `opacity` is the cover at 1.
    """
    grey = picture.astype(np.float64).mean(axis=-1, keepdims=True)  # (h, w, 1)
    cover = opacity * np.sqrt(np.clip(values, 0, 1))[..., None]  # (h, w, 1)
    return ((1 - cover) * grey + cover * heat(values)).round().astype(np.uint8)
