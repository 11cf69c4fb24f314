"""Playing by hand: a clock that only a test moves, and sound whose every frame tells its place."""

from __future__ import annotations

import numpy as np

from genstudio.media.notes import NOTE, Piece
from genstudio.ui.playing.engine import Engine
from genstudio.ui.playing.outputs import ClockOutput

RATE = 1000


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Ramp:
    """A material whose left side counts its frames (in thousandths) and whose right clicks."""

    def __init__(self, rate: int = RATE, seconds: float = 10.0) -> None:
        self.rate, self._frames = rate, round(seconds * rate)
        self.made: list[int] = []

    @property
    def frames(self) -> int:
        return self._frames

    def block(self, first: int, frames: int) -> np.ndarray:
        self.made.append(first)
        out = np.zeros((frames, 2), np.float32)
        out[:, 0] = np.arange(first, first + frames) / (self._frames * 2)
        return out

    def clicks(self, first: int, frames: int) -> np.ndarray:
        out = np.zeros((frames, 2), np.float32)
        out[:, 1] = 0.25
        return out

    def lead_in(self, seconds: float, bars: int) -> np.ndarray:
        return np.full((bars * self.rate, 2), 0.125, np.float32)

    def place_of(self, value: float) -> float:
        """The second at which the left side has `value`."""
        return value * self._frames * 2 / self.rate


class Desk:
    """An engine with its clock, output and a `Ramp` loaded; `run` lets time pass."""

    def __init__(self, seconds: float = 10.0, load: bool = True) -> None:
        self.clock = Clock()
        self.output = ClockOutput(self.clock, RATE)
        self.output.taken = []
        self.engine = Engine(self.output)
        self.ramp = Ramp(RATE, seconds)
        if load:
            self.engine.load(lambda rate: self.ramp)

    def work(self) -> None:
        """Both hands, until there is nothing to make."""
        self.engine.feed()
        while self.engine.prepare():
            pass
        self.engine.feed()

    def run(self, seconds: float, step: float = 0.02) -> None:
        """Time passes while both hands work."""
        for _ in range(round(seconds / step)):
            self.work()
            self.clock.now += step
        self.work()

    def heard(self) -> np.ndarray:
        """All that was written (n, 2)."""
        return np.concatenate(self.output.taken or [np.zeros((0, 2), np.float32)])


def scale(count: int = 8, pitch: int = 60) -> Piece:
    """A quarter each."""
    rows = [(i * 480, 480, pitch + i, 90, 0) for i in range(count)]
    return Piece(np.array(rows, NOTE))
