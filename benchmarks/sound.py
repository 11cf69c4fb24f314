"""What a WaveNet's sounds cost: the cached step against reading the whole reach anew for every
sample (Le Paine et al. 2016), the loop around the step, and real time.

The bundled model of digits where it is there, else one of its shape with random weights. Rows take
turns; processor time of one thread, because other programs do not count.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import token_package
from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core.manifest import MANIFEST
from genstudio.core.paths import bundled_models
from genstudio.engine import device, sounding
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.media import companding

MODEL, FAMILY = "digits-wavenet", "wavenet"
CONFIG = {
    "rate": 8000, "seconds": 0.66, "window": 4096, "class_names": [str(i) for i in range(10)],
    "reach": 2187, "width": 64, "layers": 7, "stacks": 1, "kernel": 3,
}  # fmt: skip
CACHED, LOOP = 20.0, 1.3
STEPS, NAIVE = 2000, 20
"""Samples made each way."""


def rows(quick: bool = False) -> Iterator[Row]:
    """Cached against naive; the loop against its bare steps; real time."""
    chosen = device.choose("cpu", 1)
    with tempfile.TemporaryDirectory(prefix="genstudio-bench-") as name:
        folder, said = model_folder(Path(name), quick)
        with LoadedModel.open(folder, chosen) as model:
            yield from sampling(model, 200 if quick else STEPS, 1 if quick else 5, said)


def sampling(model: LoadedModel, steps: int, repeats: int, said: str) -> Iterator[Row]:
    """All rows of one model, one sound at a time."""
    reach, rate = model.size("reach"), model.size("rate")
    make = families.part(FAMILY, "sample").make_stepper
    kinds, nothing = np.zeros(1, np.int64), np.zeros(0, np.uint8)
    codes = np.random.default_rng(0).integers(1, companding.CODES, (1, reach)).astype(np.int64)
    start = np.zeros(1, np.int64)
    stepper = make(model)
    stepper.begin(kinds, nothing)

    def network() -> float:
        return _timed(lambda: stepper.step(codes[:, 0]), steps)

    def naive() -> float:
        feeds = {"codes": codes, "kinds": kinds, "start": start}
        return _timed(lambda: model.run("read", feeds), NAIVE)

    def whole() -> float:
        values = {"seconds": steps / rate, "temperature": 1.5}  # no silence: none ends before
        task = sounding.tasks(lambda _: make(model))["sample"]
        began = time.process_time()
        for _ in task(model, Ask(values, seed=1)):
            pass
        return (time.process_time() - began) / steps

    found = interleaved({"network": network, "naive": naive, "whole": whole}, repeats)
    step, slow, loop = found["network"], found["naive"], found["whole"]
    yield Row(
        "WaveNet: a sample from its queues against its whole reach read anew",
        slow / step, "×", CACHED, "at least",
        f"{step * 1e3:.2f} against {slow * 1e3:.1f} ms, reach {reach:,} samples, {said}",
    )  # fmt: skip
    yield Row(
        "WaveNet: the whole loop over its bare steps", loop / step, "×", LOOP, "at most",
        f"{loop * 1e3:.2f} against {step * 1e3:.2f} ms a sample, one thread",
    )  # fmt: skip
    yield Row(
        "WaveNet: seconds of sound in a second of one processor", 1 / (loop * rate), "×",
        note=f"one sound at {rate:,} Hz; several at once cost little more",
    )  # fmt: skip


def _timed(work, count: int) -> float:  # type: ignore[no-untyped-def]
    """Seconds of processor time of one call, over so many."""
    began = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - began) / count


def model_folder(place: Path, quick: bool) -> tuple[Path, str]:
    """(the bundled package or one that was just built in `place`, what is said of it)."""
    bundled = bundled_models() / MODEL
    if (bundled / MANIFEST).is_file() and not quick:
        return bundled, MODEL
    token_package.build(place / "model", FAMILY, CONFIG, b"{}", "sound", graphs=2)
    return place / "model", "random weights of its shape"
