"""Metrics by name: the name is also the word on the command line and the key in reports."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import genstudio.evaluation
from genstudio.core.errors import UsageError
from genstudio.core.manifest import Score
from genstudio.evaluation.gathered import Gathered

Measure = Callable[[Any], list[Score]]
"""Takes the material that its needs name: `Material` for pictures, `TextMaterial` for texts,
`MusicMaterial` for pieces."""


@dataclass(frozen=True)
class Metric:
    """A way to score. `needs` names what the material must hold (`Material.has`)."""

    name: str
    title: str
    help: str
    needs: tuple[str, ...]
    measure: Measure


_METRICS: dict[str, Metric] = {}


def metric(name: str, title: str, help_text: str, *needs: str) -> Callable[[Measure], Measure]:
    """Register the decorated function as the metric `name`."""

    def register(measure: Measure) -> Measure:
        _METRICS[name] = Metric(name, title, help_text, needs, measure)
        return measure

    return register


def metrics() -> dict[str, Metric]:
    """All metrics by name; modules of this package register theirs when imported."""
    for info in pkgutil.iter_modules(genstudio.evaluation.__path__):
        importlib.import_module(f"genstudio.evaluation.{info.name}")
    return dict(sorted(_METRICS.items()))


def chosen(names: Sequence[str], material: Gathered) -> list[Metric]:
    """The metrics asked for, or all that suit the model; raises UsageError."""
    known = metrics()
    for name in names:
        if name not in known:
            raise UsageError(f"there is no metric {name!r}; known are: {', '.join(known)}")
        missing = [need for need in known[name].needs if not material.has(need)]
        if missing:
            raise UsageError(
                f"{name} cannot be computed here: there are no {' and no '.join(missing)}"
            )
    wanted = names or list(known)
    return [known[n] for n in wanted if all(material.has(need) for need in known[n].needs)]
