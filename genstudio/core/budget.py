"""How long to train, as people say it; a time becomes steps once a step has been measured."""

from __future__ import annotations

from genstudio.core.errors import UsageError
from genstudio.core.stored import Json, Plain

MOST_STEPS = 1_000_000
LOOKS = 20
"""Sample sheets and validations over a training, about."""
_OVERHEAD = 1.1
"""Samples, validations and checkpoints beside the steps themselves."""


class Budget(Plain):
    """A choice of the wizard. `patience` > 0: it may end earlier, when nothing improves."""

    name: str
    title: str
    help: str
    seconds: float
    patience: int = 0


BUDGETS = (
    Budget(
        name="coffee", title="a coffee", seconds=600,
        help="About 10 minutes: enough to see whether it works.",
    ),
    Budget(name="hour", title="an hour", seconds=3600, help="A model worth keeping."),
    Budget(name="night", title="overnight", seconds=8 * 3600, help="About 8 hours: its best."),
    Budget(
        name="improving", title="until it stops improving", seconds=8 * 3600, patience=8,
        help="Ends by itself when validation has not improved for a while; a night at most.",
    ),
)  # fmt: skip


def budget(name: str) -> Budget:
    """The budget called `name`; raises UsageError."""
    for found in BUDGETS:
        if found.name == name:
            return found
    raise UsageError(f"there is no time {name!r}; known are: {', '.join(b.name for b in BUDGETS)}")


def steps_in(seconds: float, seconds_per_step: float) -> int:
    """Steps that fit into `seconds`, samples and checkpoints included; two digits are exact."""
    steps = max(20, seconds / (_OVERHEAD * max(seconds_per_step, 1e-6)))
    digits = max(0, len(str(int(steps))) - 2)
    return min(MOST_STEPS, int(steps / 10**digits) * 10**digits)


def settings(chosen: Budget, seconds_per_step: float) -> dict[str, Json]:
    """Trainer settings for a measured step: steps, patience, and how often to look."""
    steps = steps_in(chosen.seconds, seconds_per_step)
    every = max(1, min(steps // LOOKS, 2000))
    return {
        "steps": steps,
        "patience": chosen.patience,
        "sample_every": every,
        "validate_every": every,
    }
