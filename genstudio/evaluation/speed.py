"""How fast: pictures a second in batches, and the time to the first picture after opening."""

from __future__ import annotations

import time

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.ask import Ask
from genstudio.engine.device import cpu_name
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.registry import metric

PICTURES = 64
REPEATS = 5


def seconds(material: Material, model: LoadedModel, count: int) -> tuple[float, float]:
    """(until the first picture, until the last) of one request."""
    start, first = time.perf_counter(), 0.0
    ask = Ask(dict(material.values), material.seed, 0, count)
    for item in material.tasks["sample"](model, ask):
        if isinstance(item, Picture) and not first:
            first = time.perf_counter() - start
    return first, time.perf_counter() - start


@metric(
    "speed", "Speed", "Pictures a second in batches, on the machine of the evaluation.", "samples"
)
def speed(material: Material) -> list[Score]:
    """Pictures a second; the time to the first picture stands in the settings."""
    model = material.model
    with LoadedModel.open(model.folder, model.device, model.memory_mb) as fresh:
        first, _ = seconds(material, fresh, 1)
        rates = np.array([PICTURES / seconds(material, fresh, PICTURES)[1] for _ in range(REPEATS)])
    low, high = intervals.of_mean(rates)
    return [
        material.score(
            "speed",
            float(rates.mean()),
            PICTURES * REPEATS,
            low=max(0.0, low),
            high=high,
            unit="images/s",
            judged=False,
            better="higher",
            help="Pictures a second on the machine of the evaluation, while others may use it",
            settings={
                "first_result_ms": round(1000 * first, 1),
                "device": model.device.name,
                "threads": model.device.threads,
                "machine": cpu_name() or "unknown",
            },
        )
    ]
