"""How fast a training goes, from what it says of its steps."""

from __future__ import annotations

from collections import deque

WINDOW_S = 30.0


class Speed:
    """Steps per second over the last half minute."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def take(self, step: float, now: float) -> None:
        """The training is at `step`; a step back (it returned to a checkpoint) starts anew."""
        if self._seen and step < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, step))
        while now - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()

    @property
    def last(self) -> int | None:
        """The step that was told last, None while none was."""
        return int(self._seen[-1][1]) if self._seen else None

    def rate(self) -> float:
        """0.0 while unknown."""
        if len(self._seen) < 2:
            return 0.0
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end - start > 0.5 else 0.0
