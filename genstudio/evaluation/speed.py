"""How fast: the first picture after opening, a picture alone, pictures a second in batches."""

from __future__ import annotations

import time

import numpy as np

from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.engine.device import cpu_name
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.evaluation import intervals
from genstudio.evaluation.material import Material
from genstudio.evaluation.registry import metric

PICTURES = 64
BATCHES = (1, 4, 16, PICTURES)
REPEATS = 12
FEWEST = 3
PATIENCE = 10.0
"""Seconds after which one size of batch is not repeated further: some models are slow."""


def seconds(material: Material, model: LoadedModel, count: int) -> tuple[float, float]:
    """(until the first picture, until the last) of one request."""
    start, first = time.perf_counter(), 0.0
    for item in material.tasks["sample"](model, material.ask(0, count)):
        if isinstance(item, Picture) and not item.passing and not first:
            first = time.perf_counter() - start
    return first, time.perf_counter() - start


def _opening(material: Material) -> np.ndarray:
    """Seconds from opening the package to its first picture, (r,)."""
    model, found = material.model, []
    for _ in range(FEWEST):
        start = time.perf_counter()
        with LoadedModel.open(model.folder, model.device, model.memory_mb) as fresh:
            seconds(material, fresh, 1)
            found.append(time.perf_counter() - start)
    return np.array(found)


def _batches(material: Material) -> dict[int, np.ndarray]:
    """Seconds of requests for so many pictures, (r,) each, on a model that is open already."""
    model = material.model
    with LoadedModel.open(model.folder, model.device, model.memory_mb) as fresh:
        seconds(material, fresh, 1)
        return {count: _repeated(material, fresh, count) for count in BATCHES}


def _repeated(material: Material, model: LoadedModel, count: int) -> np.ndarray:
    found: list[float] = []
    while len(found) < FEWEST or (len(found) < REPEATS and sum(found) < PATIENCE):
        found.append(seconds(material, model, count)[1])
    return np.array(found)


@metric(
    "first_result",
    "First picture",
    "Milliseconds from opening the model to its first picture.",
    "samples",
)
def first_result(material: Material) -> list[Score]:
    """Mean over a few openings of the package in this process."""
    text = "Milliseconds from opening the model to its first picture, mean of a few openings"
    return [_score(material, "first_result", 1000 * _opening(material), FEWEST, "ms", text)]


@metric(
    "per_result",
    "A picture alone",
    "Milliseconds for one picture asked for alone; pictures a second for larger requests.",
    "samples",
)
def per_result(material: Material) -> list[Score]:
    """Mean of a few requests for one picture; `by_batch` has pictures a second of larger ones."""
    found = material.cached("batches", lambda: _batches(material))
    rates = {count: count / some for count, some in found.items()}
    spans = {count: intervals.of_few(some) for count, some in rates.items()}
    text = "Milliseconds for one picture asked for alone, the model being open"
    more: dict[str, Json] = {
        "by_batch": {str(count): round(float(r.mean()), 2) for count, r in rates.items()},
        "by_batch_interval": {
            str(count): [round(max(0.0, low), 2), round(high, 2)]
            for count, (low, high) in spans.items()
        },
    }
    return [_score(material, "per_result", 1000 * found[1], len(found[1]), "ms", text, more)]


@metric(
    "speed", "Speed", "Pictures a second in batches, on the machine of the evaluation.", "samples"
)
def speed(material: Material) -> list[Score]:
    """Pictures a second of requests for 64."""
    times = material.cached("batches", lambda: _batches(material))[PICTURES]
    text = "Pictures a second on the machine of the evaluation, while others may use it"
    count = PICTURES * len(times)
    return [_score(material, "speed", PICTURES / times, count, "images/s", text)]


def _score(
    material: Material,
    name: str,
    values: np.ndarray,
    count: int,
    unit: str,
    text: str,
    more: dict[str, Json] | None = None,
) -> Score:
    device = material.model.device
    low, high = intervals.of_few(values)
    return material.score(
        name,
        float(values.mean()),
        count,
        low=max(0.0, low),
        high=high,
        unit=unit,
        judged=False,
        better="lower" if unit == "ms" else "higher",
        help=text,
        settings={
            "device": device.name,
            "threads": device.threads,
            "machine": cpu_name() or "unknown",
            **(more or {}),
        },
    )
