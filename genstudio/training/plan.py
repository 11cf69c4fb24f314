"""What a training will take, measured by a few real steps."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import DiskFull
from genstudio.core.events import Done, Event, Log
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.training import checkpoint
from genstudio.training.device import peak_memory
from genstudio.training.objective import Objective
from genstudio.training.setup import Part, Ready, prepare
from genstudio.training.trainer import Trainer

STEPS = 6
SECONDS = 3.0
SAMPLE_BYTES = 300_000
LOG_BYTES = 2_000_000


def plan(
    home: Home, recipe: Recipe, part: Part, *, base: Path | None = None, device: str = "auto"
) -> Iterator[Event]:
    """Measure and report; writes nothing but a dataset that was not read in yet.

    Done.data: seconds_per_step, seconds, memory_bytes, disk_bytes, free_bytes, device, steps,
    parameters, pictures, text.
    """
    ready = yield from prepare(home, recipe, part, base, device)
    with tempfile.TemporaryDirectory(prefix="genstudio-plan-") as folder:
        trainer = ready.trainer(Path(folder))
        each = measure(trainer)
    need, free = disk_need(ready.objective, ready.recipe), files.free_bytes(home.root)
    steps = ready.recipe.settings.steps
    if need > free:
        yield Log(level="warning", text="There is too little free disk space for this training.")
    data = {
        "seconds_per_step": each,
        "seconds": each * steps,
        "memory_bytes": peak_memory(ready.device),
        "disk_bytes": need,
        "free_bytes": free,
        "device": ready.device.label,
        "steps": steps,
        "parameters": parameters(ready.objective),
        "pictures": len(ready.pixels.images),
        "text": f"about {_words(each * steps)} on {ready.device.label}",
    }
    yield Done(seconds=each * STEPS, data=data)


def measure(trainer: Trainer) -> float:
    """Seconds per step: the fastest half of a few steps, after two to warm up."""
    times: list[float] = []
    start = time.perf_counter()
    for number in range(2 + STEPS):
        before = time.perf_counter()
        trainer.rounds.round(number)
        trainer.ema.update(number)
        times.append(time.perf_counter() - before)
        if time.perf_counter() - start > SECONDS and number > 1:
            break
    kept = sorted(times[1:])[: max(1, len(times) // 2)]
    return sum(kept) / len(kept)


def parameters(objective: Objective) -> int:
    """Numbers to learn, over all networks."""
    return sum(p.numel() for network in objective.networks.values() for p in network.parameters())


def disk_need(objective: Objective, recipe: Recipe) -> int:
    """Bytes: one checkpoint more than are kept, the samples, the log and the package."""
    averaged = sum(
        p.numel() for name in objective.ema for p in objective.networks[name].parameters()
    )
    numbers = parameters(objective)
    # Weights and two moments of AdamW, the averaged copy; four bytes each.
    one = 4 * (3 * numbers + averaged) + 100_000
    every = recipe.settings.sample_every
    shown = recipe.settings.steps // every if every else 0
    return one * (checkpoint.KEEP + 2) + 4 * numbers + shown * SAMPLE_BYTES + LOG_BYTES


def check_room(home: Home, ready: Ready) -> None:
    """Raise DiskFull where the training would not fit."""
    need, free = disk_need(ready.objective, ready.recipe), files.free_bytes(home.root)
    if need > free:
        raise DiskFull(
            f"This training needs {need / 1e6:.0f} MB of disk space, {free / 1e6:.0f} MB are free",
            file=home.root,
            next_step="Free some space and start again.",
        )


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"
