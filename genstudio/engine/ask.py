"""Ask: a request as a sampler sees it, checked and with its files read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.stored import Json


@dataclass(frozen=True)
class Ask:
    """`values` holds every control of the task; `inputs` pictures (uint8 (h, w, c)) and paths.

    A stack of pictures (n, h, w, c) as an input asks for n results, one each.
    Item i of the answer has the index first + i and draws its noise from (seed, first + i).
    """

    values: dict[str, Json]
    seed: int = 0
    first: int = 0
    count: int = 1
    inputs: dict[str, np.ndarray | Path] = field(default_factory=dict)
    live: bool = False

    def number(self, name: str, default: float) -> float:
        """The value of a number control."""
        value = self.values.get(name, default)
        return float(value) if isinstance(value, (int, float)) else default

    def whole(self, name: str, default: int) -> int:
        """The value of a whole-number control."""
        return int(self.number(name, default))

    def word(self, name: str, default: str = "") -> str:
        """The value of a choice or text control."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """The text of each of the `count` items: a list gives every item its own."""
        value = self.values.get(name, "")
        if isinstance(value, list) and len(value) == self.count:
            return [str(text) for text in value]
        return [value if isinstance(value, str) else ""] * self.count

    def switch(self, name: str) -> bool:
        """The value of a switch, off when absent."""
        return self.values.get(name) is True

    def pictures(self, name: str) -> np.ndarray | None:
        """The picture input `name` as a stack uint8 (n, h, w, c), or None where it is absent."""
        value = self.inputs.get(name)
        if value is None:
            return None
        if isinstance(value, Path):
            raise UsageError(f"{name} must be a picture, not a path")
        return value if value.ndim == 4 else value[None]

    def needed(self, name: str) -> np.ndarray:
        """The picture input `name`, which this task cannot do without; raises UsageError."""
        stack = self.pictures(name)
        if stack is None:
            raise UsageError(f"This task needs a picture for {name!r}")
        return stack

    def path(self, name: str) -> Path:
        """The file input `name`; raises UsageError where it is absent."""
        value = self.inputs.get(name)
        if not isinstance(value, Path):
            raise UsageError(f"This task needs a file for {name!r}")
        return value
