"""Where a training stands, apart from its tensors; kept in the `state` part of a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Position:
    """`best`: (value, step), larger is better. `sums`: numbers since the last line of the log.

    `returns`: how often a loss that is not finite sent the training back. `worse`: validations
    since the best one.
    """

    step: int = 0
    returns: int = 0
    best: tuple[float, int] | None = None
    sums: dict[str, list[float]] = field(default_factory=dict)
    worse: int = 0

    def add(self, values: dict[str, float]) -> None:
        """Take note of a round's numbers."""
        for name, value in values.items():
            self.sums.setdefault(name, []).append(value)

    def means(self) -> dict[str, float]:
        """The means since the last call, and a fresh start."""
        found = {name: sum(values) / len(values) for name, values in self.sums.items()}
        self.sums = {}
        return found

    def offer(self, value: float) -> None:
        """Remember this step where `value` beats all before."""
        if self.best is None or value > self.best[0]:
            self.best, self.worse = (value, self.step), 0
        else:
            self.worse += 1

    def to_dict(self) -> dict[str, Any]:
        """Plain values that torch.save takes and weights_only=True gives back."""
        return {
            "step": self.step,
            "returns": self.returns,
            "best": list(self.best) if self.best else [],
            "sums": {name: list(values) for name, values in self.sums.items()},
            "worse": self.worse,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Position:
        """The position that `to_dict` told of."""
        best = (state["best"][0], state["best"][1]) if state["best"] else None
        sums = {name: list(values) for name, values in state["sums"].items()}
        return cls(state["step"], state["returns"], best, sums, state.get("worse", 0))
