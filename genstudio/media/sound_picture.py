"""Sounds that nobody exports: waveforms as pictures, and WAV files without a word in them.

Colours are arguments: covers have their own, the window asks for those of its theme.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence

import numpy as np

from genstudio.media import image

Colour = tuple[int, int, int]
PAPER: Colour = (250, 248, 243)
INK: Colour = (44, 92, 126)
AXIS: Colour = (214, 209, 198)


def peaks(samples: np.ndarray, columns: int) -> np.ndarray:
    """float32 (columns, 2): the lowest and highest sample of each stretch of a sound (n,)."""
    found = np.zeros((columns, 2), np.float32)
    edges = np.linspace(0, len(samples), columns + 1)
    firsts = edges[:-1].astype(np.int64)
    lasts = np.maximum(np.ceil(edges[1:]).astype(np.int64), firsts + 1)
    for column, (first, last) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        part = samples[first:last]
        if len(part):
            found[column] = part.min(), part.max()
    return found


def waveform(
    samples: np.ndarray,
    width: int,
    height: int,
    *,
    paper: Colour = PAPER,
    ink: Colour = INK,
    axis: Colour = AXIS,
) -> np.ndarray:
    """uint8 (height, width, 3): a sound (n,) or (n, channels), silence in the middle."""
    line = samples if samples.ndim == 1 else samples.mean(axis=1)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = paper
    picture[height // 2] = axis
    if len(line):
        low, high = peaks(line.clip(-1, 1), width).T  # each (width,)
        y = (np.stack([-high, -low]) + 1) / 2 * (height - 1)  # rows count from above
        rows = np.arange(height)[:, None]
        drawn = (rows >= np.floor(y[0])) & (rows <= np.ceil(y[1])) & ((low != 0) | (high != 0))
        picture[drawn] = ink
    return picture


def sheet(
    sounds: Sequence[np.ndarray], columns: int = 2, width: int = 256, height: int = 96
) -> bytes:
    """A PNG with the waveforms of some sounds (n,), all on the same scale of time."""
    longest = max(len(sound) for sound in sounds)
    drawn = [waveform(np.pad(s, (0, longest - len(s))), width, height) for s in sounds]
    return image.png(image.grid(drawn, columns))


def wav(samples: np.ndarray, rate: int) -> bytes:
    """A WAV file of 16 bits a sample: float samples (n,) from -1 to 1, `rate` a second."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()
