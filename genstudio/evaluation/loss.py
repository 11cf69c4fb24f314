"""What a fast copy of a model loses against the model itself."""

from __future__ import annotations

import numpy as np

from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import frechet
from genstudio.evaluation.material import judged

MOST_PSNR = 99.0
"""dB of pictures that are the same to the last bit, whose ratio would be infinite."""


def psnr(wanted: np.ndarray, found: np.ndarray) -> float:
    """Mean over pictures uint8 (n, h, w, c) of 10 log10(255² / mean squared error), in dB."""
    gaps = wanted.astype(np.float64) - found.astype(np.float64)
    errors = np.square(gaps).reshape(len(gaps), -1).mean(axis=1)
    floor = 255.0**2 / 10 ** (MOST_PSNR / 10)
    return float((10 * np.log10(255.0**2 / np.maximum(errors, floor))).mean())


def distances(
    judge: LoadedModel, others: np.ndarray, full: np.ndarray, quick: np.ndarray
) -> tuple[float, float]:
    """Fréchet distances to `others` of the copy's pictures and of the full ones.

    All are uint8 (n, h, w, c). `full` and `quick` come from the same noise, `others` from other
    noise in full precision: what two samples of one model differ by is the floor.
    """
    seen = frechet.moments(judged(judge, others)[0])
    return (
        frechet.distance(frechet.moments(judged(judge, quick)[0]), seen),
        frechet.distance(frechet.moments(judged(judge, full)[0]), seen),
    )
