"""How well pictures survive the way through the model."""

from __future__ import annotations

import math

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Picture
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material, picked
from genstudio.evaluation.registry import metric

MOST = 4000
_CHUNK = 256


def errors(material: Material) -> np.ndarray:
    """Mean squared error (n,), pixels from 0 to 1, of test pictures after reconstruction."""
    images = material.test.images
    rows = picked(len(images), min(MOST, material.count), material.seed)
    found: list[float] = []
    for first in range(0, len(rows), _CHUNK):
        stack = np.asarray(images[rows[first : first + _CHUNK]])
        ask = Ask({}, material.seed, 0, len(stack), {"image": stack})
        for item in material.tasks["reconstruct"](material.model, ask):
            if isinstance(item, Picture):
                error = item.data.get("error")
                found.append(float(error) if isinstance(error, (int, float)) else math.nan)
    return np.array(found)


@metric(
    "reconstruction",
    "Reconstruction error",
    "Mean squared error of test pictures that went through the model; lower is better.",
    "reconstructions",
)
def reconstruction(material: Material) -> list[Score]:
    """Mean squared error on test pictures; also leaves the reference for anomaly percentiles."""
    found = errors(material)
    low, high = intervals.of_mean(found)
    value = float(found.mean())
    quantiles = np.quantile(found, np.linspace(0, 1, 101))
    material.facts["anomaly_quantiles"] = [float(f"{q:.6g}") for q in quantiles]
    return [
        material.score(
            "reconstruction",
            value,
            len(found),
            low=low,
            high=high,
            judged=False,
            better="lower",
            unit="MSE",
            help="Mean squared error of reconstructed test pictures (pixels from 0 to 1)",
            settings={"psnr_db": round(-10 * math.log10(max(value, 1e-12)), 2)},
        )
    ]
