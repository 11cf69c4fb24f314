"""What went wrong, waiting to be told; the same thing is not told at every note."""

from __future__ import annotations

from collections import deque

from genstudio.core.errors import GenStudioError


class Troubles:
    """Put in by the threads that play, taken out by the window."""

    def __init__(self) -> None:
        self._waiting: deque[GenStudioError] = deque(maxlen=20)
        self._last = ""

    def tell(self, error: GenStudioError) -> None:
        """Each time."""
        self._waiting.append(error)

    def tell_once(self, error: GenStudioError) -> None:
        """Unless it was the last thing told so, and nothing went well since."""
        sentence = error.problem.sentence
        if sentence != self._last:
            self._waiting.append(error)
        self._last = sentence

    def all_well(self) -> None:
        """It works now: if it fails again, that is news."""
        self._last = ""

    def take(self) -> GenStudioError | None:
        """The oldest, once."""
        return self._waiting.popleft() if self._waiting else None
