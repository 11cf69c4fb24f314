"""Manners of writing: a few settings of chance under one word each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from genstudio.core.controls import Control, Float, Int, defaults
from genstudio.core.stored import Json

OWN = "own"


@dataclass(frozen=True)
class Manner:
    """`values` by the names of the controls; "balanced" is what the model comes with."""

    name: str
    title: str
    help: str
    values: Mapping[str, Json]


MANNERS = (
    Manner(
        "careful",
        "Careful",
        "Keeps to what is likely: few slips, few surprises.",
        {"temperature": 0.5, "top_p": 0.85, "min_p": 0.05},
    ),
    Manner("balanced", "Balanced", "What this model comes with.", {}),
    Manner(
        "wild",
        "Wild",
        "Takes unlikely turns: more surprises, more slips.",
        {"temperature": 1.2, "top_p": 1.0, "min_p": 0.02},
    ),
)
_NAMES = ("temperature", "top_k", "top_p", "min_p", "typical")


def values_of(manner: str, controls: Iterable[Control]) -> dict[str, Json]:
    """The settings of a manner for a task with these controls, inside their ranges."""
    controls = tuple(controls)
    chosen = next((one.values for one in MANNERS if one.name == manner), None)
    if chosen is None:
        return {}
    found = {n: v for n, v in defaults(controls).items() if n in _NAMES}
    for control in controls:
        value = chosen.get(control.name)
        if isinstance(control, (Float, Int)) and isinstance(value, (int, float)):
            found[control.name] = min(max(value, control.low), control.high)
    return found


def manner_of(values: Mapping[str, Json], controls: Iterable[Control]) -> str:
    """The manner that these values are; "own" for settings of one's own."""
    controls = tuple(controls)
    for manner in MANNERS:
        wanted = values_of(manner.name, controls)
        if all(values.get(name) == value for name, value in wanted.items()):
            return manner.name
    return OWN
