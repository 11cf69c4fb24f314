"""How a Score is put together: rounded, with all that is needed to compare it."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.manifest import Score
from genstudio.core.stored import Json


def score_of(
    metric: str,
    value: float,
    count: int,
    settings: Mapping[str, Json],
    more: Mapping[str, object],
) -> Score:
    """`more` holds further fields of a Score; its "settings" join the common ones."""
    fields = dict(more)
    extra = fields.pop("settings", {})
    joined = {**settings, **(extra if isinstance(extra, dict) else {})}
    rounded = {k: short(v) if isinstance(v, float) else v for k, v in fields.items()}
    return Score(
        metric=metric,
        value=short(value),
        samples=count,
        settings=joined,
        **rounded,  # type: ignore[arg-type]
    )


def short(value: float) -> float:
    """Six significant digits: more would pretend."""
    return float(f"{value:.6g}")
