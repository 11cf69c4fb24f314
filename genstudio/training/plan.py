"""What a training will take, measured by a few real steps."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from genstudio.core import budget, files
from genstudio.core.card import duration
from genstudio.core.errors import DiskFull, OutOfMemory
from genstudio.core.events import Done, Event, Log
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json
from genstudio.training import checkpoint, feeding
from genstudio.training.capacity import forget_peak, peak, total_memory
from genstudio.training.detectors import little_data, little_text
from genstudio.training.objective import Objective
from genstudio.training.setup import Part, Ready, prepare
from genstudio.training.trainer import Trainer

STEPS = 6
SECONDS = 3.0
SAMPLE_BYTES = 300_000
LOG_BYTES = 2_000_000
FULL, TIGHT = 0.9, 0.7
"""Shares of memory above which a training will not fit, or hardly."""


def plan(
    home: Home, recipe: Recipe, part: Part, *, base: Path | None = None, device: str = "auto"
) -> Iterator[Event]:
    """Measure and report; writes nothing but a dataset that was not read in yet.

    Done.data: seconds_per_step, seconds, steps, memory_bytes, memory_total, disk_bytes,
    free_bytes, device, parameters, pictures (or texts, tokens, windows; or sounds, samples);
    verdict "fits", "tight" or "no", sentence, knob {title, options, settings} or None;
    little_data, text; budgets {name: {title, settings, seconds, steps, disk_bytes, verdict,
    sentence, little_data}}.
    """
    ready = yield from prepare(home, recipe, part, base, device)
    data = measured(ready)
    data["free_bytes"] = files.free_bytes(home.root)
    data |= judged(data, ready, ready.recipe.settings)
    data["knob"] = knob(data, ready)
    data["budgets"] = budgets(data, ready)
    if data["disk_bytes"] > data["free_bytes"]:
        yield Log(level="warning", text="There is too little free disk space for this training.")
    yield Done(seconds=data["seconds_per_step"] * STEPS, data=data)


def measured(ready: Ready) -> dict[str, Any]:
    """Time and memory of a few steps, and what follows from the time of one."""
    settings, much = ready.recipe.settings, feeding.amount(ready.data)
    short = False
    with tempfile.TemporaryDirectory(prefix="genstudio-plan-") as folder:
        forget_peak(ready.device)
        trainer = ready.trainer(Path(folder))
        try:
            each = measure(trainer)
            short = trainer.rounds.parts > settings.parts
        except OutOfMemory:
            each, short = 0.0, True
    return {
        "seconds_per_step": each,
        "memory_bytes": peak(ready.device),
        "memory_total": total_memory(ready.device),
        "memory_short": short,
        "device": ready.device.label,
        "parameters": parameters(ready.objective),
        **{name: number for name, number in vars(much).items() if number},
    }


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


def judged(data: Mapping[str, Any], ready: Ready, settings: TrainerSettings) -> dict[str, Any]:
    """What these settings mean for a measured step: time, disk, verdict and their words."""
    recipe = ready.recipe.model_copy(update={"settings": settings})
    found = {
        "steps": settings.steps,
        "seconds": data["seconds_per_step"] * settings.steps,
        "disk_bytes": disk_need(ready.objective, recipe),
        "little_data": _little(data, settings),
    }
    both = {**data, **found}
    found["verdict"] = both["verdict"] = verdict(both)
    found["sentence"] = sentence(both)
    found["text"] = f"about {_words(both['seconds'])} on {ready.device.label}"
    return found


def _little(data: Mapping[str, Any], settings: TrainerSettings) -> str:
    if data.get("tokens"):
        thing = "piece" if data.get("pieces") else "text"
        return little_text(data["tokens"], data["windows"], settings, thing)
    if data.get("sounds"):
        return little_data(data["sounds"], settings, "sound")
    return little_data(data["pictures"], settings)


def budgets(data: Mapping[str, Any], ready: Ready) -> dict[str, Json]:
    """The same for each time that people choose."""
    found: dict[str, Json] = {}
    own = ready.recipe.settings.model_dump(exclude_unset=True)
    for chosen in budget.BUDGETS:
        changes = budget.settings(chosen, data["seconds_per_step"])
        settings = TrainerSettings.model_validate({**own, **changes})
        means = judged(data, ready, settings)
        found[chosen.name] = {"title": chosen.title, "settings": changes, **means}
    return found


def verdict(data: Mapping[str, Any]) -> str:
    """ "fits", "tight" or "no", by memory and disk."""
    memory = data["memory_bytes"] / data["memory_total"] if data["memory_total"] else 0.0
    if data["disk_bytes"] > data["free_bytes"] or not data["seconds_per_step"] or memory > FULL:
        return "no"
    close = data["disk_bytes"] > TIGHT * data["free_bytes"]
    return "tight" if memory > TIGHT or close or data["memory_short"] else "fits"


def knob(data: Mapping[str, Any], ready: Ready) -> dict[str, Json] | None:
    """What to turn where it does not fit well: a smaller batch, a smaller model, fewer sheets."""
    if data["verdict"] == "fits":
        return None
    settings = ready.recipe.settings
    if data["disk_bytes"] > TIGHT * data["free_bytes"]:
        every = max(settings.sample_every * 4, 1)
        return _knob("Keep fewer sample sheets", {}, {"sample_every": every})
    if settings.batch >= 16 and data["seconds_per_step"]:
        half = settings.batch // 2
        return _knob(f"Use a batch of {half}", {}, {"batch": half})
    smallest = ready.family.presets[0]
    return _knob(f"Use the size of “{smallest.title}”", smallest.options, {})


def _knob(title: str, options: Mapping[str, Json], settings: Mapping[str, Json]) -> dict[str, Json]:
    return {"title": title, "options": dict(options), "settings": dict(settings)}


def sentence(data: Mapping[str, Any]) -> str:
    """The plan in words, such as "Fits. About 58 min, 2.1 GB memory, 310 MB disk. …"."""
    start = {"fits": "Fits.", "tight": "Tight.", "no": "Will not fit."}[data["verdict"]]
    if data["disk_bytes"] > data["free_bytes"]:
        start = f"Will not fit: only {_bytes(data['free_bytes'])} of disk space are free."
    elif not data["seconds_per_step"]:
        start = "Will not fit: memory ran out in the first step."
    elif data["memory_short"]:
        start = "Tight: memory ran out at first, each batch is computed in parts."
    memory = f"{_bytes(data['memory_bytes'])} memory, " if data["memory_bytes"] else ""
    time_ = f"About {duration(data['seconds'])}, " if data["seconds_per_step"] else ""
    disk = f"{_bytes(data['disk_bytes'])} disk."
    return f"{start} {time_}{memory}{disk} Measured just now on this computer."


def _bytes(count: float) -> str:
    """ "310 MB" or "2.1 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, count / 1e6):.0f} MB"


def parameters(objective: Objective) -> int:
    """Numbers to learn, over all networks."""
    return sum(p.numel() for network in objective.networks.values() for p in network.parameters())


def disk_need(objective: Objective, recipe: Recipe) -> int:
    """Bytes: one checkpoint more than are kept, the samples, the log and two packages."""
    averaged = sum(
        p.numel() for name in objective.ema for p in objective.networks[name].parameters()
    )
    numbers = parameters(objective)
    # Weights and two moments of AdamW, the averaged copy; four bytes each.
    one = 4 * (3 * numbers + averaged) + 100_000
    every = recipe.settings.sample_every
    shown = recipe.settings.steps // every if every else 0
    return one * (checkpoint.KEEP + 2) + 8 * numbers + shown * SAMPLE_BYTES + LOG_BYTES


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
