"""What was handed to the output and which part of it is heard now."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class _Part:
    first: int
    frames: int
    place: int | None
    counting: bool
    left: float
    right: float


class Timeline:
    """Counts frames from when the output was started."""

    def __init__(self) -> None:
        self.written = 0
        self._heard = 0
        self._parts: deque[_Part] = deque()

    def wrote(self, samples: np.ndarray, place: int | None, counting: bool) -> None:
        """`samples` (n, 2) were handed over; they begin at frame `place` of the material."""
        left, right = np.abs(samples).max(0).tolist() if len(samples) else (0.0, 0.0)
        part = _Part(self.written, len(samples), place, counting, left, right)
        self._parts.append(part)
        self.written += len(samples)

    def heard(self, frames: int) -> None:
        """So many were heard."""
        self._heard = max(self._heard, frames)
        while len(self._parts) > 1 and self._parts[1].first <= self._heard:
            self._parts.popleft()

    @property
    def place(self) -> int | None:
        """The frame of the material that is heard now; None where nothing was handed over."""
        part = self._now
        if part is None or part.place is None:
            return None
        if part.counting:
            return part.place
        return part.place + min(max(0, self._heard - part.first), part.frames)

    @property
    def counting(self) -> bool:
        """Whether it is the count-in."""
        part = self._now
        return part is not None and part.counting

    @property
    def levels(self) -> tuple[float, float]:
        """Peaks of the part that is heard now, left and right."""
        part = self._now
        return (part.left, part.right) if part and self._heard < self.written else (0.0, 0.0)

    @property
    def _now(self) -> _Part | None:
        return self._parts[0] if self._parts else None
