"""What a training will take, in a sentence: from a measurement to time, memory, disk, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from genstudio.core import budget as budgets
from genstudio.core.budget import Budget
from genstudio.core.recipe import TrainerSettings
from genstudio.core.stored import Json
from genstudio.ui.state import words

Verdict = Literal["fits", "tight", "no", "unknown"]
HEADS = {"fits": "Fits.", "tight": "Tight.", "no": "Will not fit.", "unknown": ""}
TIGHT = 0.8
"""From this share of memory or free disk on it is tight."""
OVERHEAD = 1.1
"""Samples, validations and checkpoints beside the steps, as in core.budget."""


@dataclass(frozen=True)
class Knob:
    """What to turn so that it fits."""

    title: str
    options: dict[str, Json] = field(default_factory=dict)
    settings: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Forecast:
    """What the plan box shows. `seconds` is 0 where it is not known."""

    verdict: Verdict = "unknown"
    text: str = ""
    source: str = ""
    advice: str = ""
    knob: Knob | None = None
    seconds: float = 0.0

    @property
    def head(self) -> str:
        """`Fits.`, `Tight.`, `Will not fit.` or ""."""
        return HEADS[self.verdict]

    @property
    def sentence(self) -> str:
        """All of it, as a screen reader says it."""
        return " ".join(part for part in (self.head, self.text, self.source, self.advice) if part)


def measured(
    data: Mapping[str, Any], wanted: TrainerSettings, age: float = 0.0, time: str = ""
) -> Forecast:
    """From Done.data of a plan; `wanted` are the settings it will be trained with.

    `age`: seconds since it was measured; `time`: the budget whose own verdict and disk space
    hold where `wanted` has its steps.
    """
    entry = budget_entry(data, time)
    own = entry.get("settings")
    if isinstance(own, Mapping) and own.get("steps") == wanted.steps:
        data = {**data, **entry}
    each = _number(data, "seconds_per_step")
    seconds = wanted.steps * each * OVERHEAD
    memory, disk = _number(data, "memory_bytes"), _number(data, "disk_bytes")
    parts = [
        time_text(seconds, wanted.patience) if each else "",
        f"{words.size(memory)} memory" if memory else "",
        f"{words.size(disk)} disk" if disk else "",
    ]
    numbers = ", ".join(part for part in parts if part) + "."
    when = "just now" if age < 120 else f"{round(age / 60)} min ago"
    when = when if age < 5400 else f"{round(age / 3600)} h ago"
    return Forecast(
        verdict=verdict(data),
        text=f"{reason(data)} {numbers}".strip(),
        source=f"Measured {when} on this computer.",
        advice=_text(data, "little_data"),
        knob=_knob(data.get("knob")),
        seconds=seconds,
    )


def reason(data: Mapping[str, Any]) -> str:
    """Why it does not fit well, in a sentence; "" where that goes without saying."""
    free = _number(data, "free_bytes")
    if free and _number(data, "disk_bytes") > free:
        return f"Only {words.size(free)} of disk space are free."
    if "seconds_per_step" in data and not _number(data, "seconds_per_step"):
        return "Memory ran out in the first step."
    if data.get("memory_short"):
        return "Memory ran out at first: each batch is computed in parts."
    return ""


def budget_entry(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a plan says of one time; {} where it says nothing."""
    told = data.get("budgets")
    entry = told.get(name) if isinstance(told, Mapping) else None
    return dict(entry) if isinstance(entry, Mapping) else {}


def verdict(data: Mapping[str, Any]) -> Verdict:
    """The measurement's own verdict, else what memory and disk say."""
    told = data.get("verdict")
    if told in ("fits", "tight", "no"):
        return told  # type: ignore[return-value]
    shares = [
        _number(data, need) / _number(data, room)
        for need, room in (("memory_bytes", "memory_total"), ("disk_bytes", "free_bytes"))
        if _number(data, room)
    ]
    most = max(shares, default=0.0)
    return "no" if most > 1 else "tight" if most > TIGHT else "fits"


def guessed(seconds_per_step: float, wanted: TrainerSettings) -> Forecast:
    """From the speed of an earlier measurement of the same kind and size."""
    seconds = wanted.steps * seconds_per_step * OVERHEAD
    text = time_text(seconds, wanted.patience)
    return Forecast(text=f"{text}.", source="By an earlier measurement.", seconds=seconds)


def blind(wanted: TrainerSettings) -> Forecast:
    """Nothing is known but the number of steps."""
    return Forecast(text=f"{words.several(wanted.steps, 'step')}.")


def time_text(seconds: float, patience: int = 0) -> str:
    """`About 58 min`, `At most about 8 h` where it may end by itself."""
    told = words.duration(seconds)
    return f"At most {told}" if patience else told[:1].upper() + told[1:]


def budget_settings(chosen: Budget, data: Mapping[str, Any], speed: float) -> dict[str, Json]:
    """Trainer settings for a time: those of the plan, else counted from the speed; {} without.

    Patience needs no speed.
    """
    settings = budget_entry(data, chosen.name).get("settings")
    measured_speed = _number(data, "seconds_per_step")
    if isinstance(settings, Mapping) and measured_speed > 0:
        return dict(settings)
    speed = measured_speed or speed
    if speed > 0:
        return budgets.settings(chosen, speed)
    return {"patience": chosen.patience} if chosen.patience else {}


def _knob(told: Any) -> Knob | None:
    if not isinstance(told, Mapping) or not told.get("title"):
        return None
    options, settings = told.get("options") or {}, told.get("settings") or {}
    return Knob(str(told["title"]), dict(options), dict(settings))


def _number(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
