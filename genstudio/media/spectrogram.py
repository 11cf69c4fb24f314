"""Sound as frequencies over time: how strong each is, on the scale of decibels that ears have.

Short-time Fourier transform with a Hann window (Allen, Rabiner 1977, "A unified approach to
short-time Fourier analysis and synthesis").
"""

from __future__ import annotations

import numpy as np

RANGE = 80.0
"""Decibels below the loudest that count as silence."""
WINDOW = 512
"""Samples that are looked at at once; fewer where the sound is shorter."""
_MOST_COLUMNS = 1200


def strengths(samples: np.ndarray, columns: int = 600, window: int = WINDOW) -> np.ndarray:
    """float32 (bins, columns) from 0 (silence) to 1 (the loudest), low frequencies first.

    `samples` (n,); bin i of window/2 + 1 stands for i * rate / window Hz; at most one column a
    sample. A silent sound is all 0.
    """
    count = max(1, min(columns, _MOST_COLUMNS, len(samples)))
    padded = np.pad(samples.astype(np.float32), (window // 2, window))
    starts = np.linspace(0, max(0, len(samples) - 1), count).astype(np.int64)
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[starts]  # (count, window)
    power = np.abs(np.fft.rfft(frames * np.hanning(window).astype(np.float32), axis=1)) ** 2
    loudest = float(power.max(initial=0.0))
    if loudest <= 0:
        return np.zeros((window // 2 + 1, count), np.float32)
    decibels = 10 * np.log10(np.maximum(power / loudest, 1e-12))
    return (1 + np.maximum(decibels, -RANGE) / RANGE).T.astype(np.float32)


def picture(shares: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """uint8 (bins, columns, 3), high frequencies on top; `colours` (k, 3) from silent to loud."""
    steps = len(colours) - 1
    place = np.clip(shares[::-1], 0, 1) * steps
    low = np.minimum(place.astype(np.int64), steps - 1)
    part = (place - low)[..., None]
    return np.rint(colours[low] * (1 - part) + colours[low + 1] * part).astype(np.uint8)
