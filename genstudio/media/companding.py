"""Sound as 256 codes: loudness in steps that grow with it, as the ear hears them.

mu-law companding (ITU-T G.711; van den Oord et al. 2016, "WaveNet", section 2.2). The codes 1 to
255 are levels, 128 is silence exactly; 0 is no level and stands before the first sample.
"""

from __future__ import annotations

import numpy as np

CODES = 256
BEFORE = 0
"""What a model reads where nothing has sounded yet."""
SILENCE = 128
_MU = 255.0
_STEPS = 127  # levels above silence, and below
_TABLE = np.arange(CODES, dtype=np.float64) - SILENCE
LEVELS = (
    np.sign(_TABLE) * np.expm1(np.abs(_TABLE) / _STEPS * np.log1p(_MU)) / _MU
).astype(np.float32).clip(-1, 1)  # fmt: skip
"""float32 (256,): the sample from -1 to 1 that each code means."""


def encode(samples: np.ndarray) -> np.ndarray:
    """Codes uint8 of samples from -1 to 1, of any shape; what is louder is cut off."""
    clipped = np.clip(np.nan_to_num(samples.astype(np.float64)), -1, 1)
    scaled = np.sign(clipped) * np.log1p(_MU * np.abs(clipped)) / np.log1p(_MU)
    return (np.rint(scaled * _STEPS) + SILENCE).astype(np.uint8)


def decode(codes: np.ndarray) -> np.ndarray:
    """float32 samples from -1 to 1 of codes 0 to 255, of the same shape."""
    return LEVELS[codes]
