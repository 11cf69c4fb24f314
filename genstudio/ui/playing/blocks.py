"""Pieces of sound on their way out, and notes that are struck beside them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genstudio.media.metronome import add
from genstudio.ui.playing.material import Material

MOST_STRUCK = 8
FADE = 128
"""Frames (3 ms) in which sound comes and goes where it begins or ends within the music."""

Maker = Callable[[int], Material]
"""Makes a material at a rate; slow, so it is called where nobody waits."""


@dataclass(frozen=True)
class Block:
    """Sound (n, 2) ready to go, and the frame of the material it begins at (-1 for none)."""

    samples: np.ndarray
    place: int
    counting: bool = False


class Struck:
    """Short sounds that somebody asked for, mixed into whatever goes out."""

    def __init__(self) -> None:
        self._asked: deque[Maker] = deque(maxlen=MOST_STRUCK)
        self._sounding: deque[tuple[Material, int]] = deque(maxlen=MOST_STRUCK)

    def __bool__(self) -> bool:
        return bool(self._asked or self._sounding)

    @property
    def sounding(self) -> bool:
        """Whether something is to be heard."""
        return bool(self._sounding)

    def ask(self, maker: Maker) -> None:
        """Let it sound soon; the oldest of too many is forgotten."""
        self._asked.append(maker)

    def asked(self) -> Maker | None:
        """The next to be made."""
        return self._asked.popleft() if self._asked else None

    def add(self, material: Material) -> None:
        """It is made: let it sound."""
        self._sounding.append((material, 0))

    def mixed(self, samples: np.ndarray) -> np.ndarray:
        """`samples` (n, 2) with the next n frames of all that sounds."""
        if not self._sounding:
            return samples
        out = samples.copy()
        for _ in range(len(self._sounding)):
            material, first = self._sounding.popleft()
            add(out, material.block(first, len(out)), 0)
            if first + len(out) < material.frames:
                self._sounding.append((material, first + len(out)))
        return out

    def clear(self) -> None:
        """Silence."""
        self._asked.clear()
        self._sounding.clear()


def faded(samples: np.ndarray, comes: bool, goes: bool) -> np.ndarray:
    """`samples` (n, 2) without a click where they come or go in the middle of the music."""
    if not (comes or goes) or not len(samples):
        return samples
    ramp = np.linspace(0, 1, min(FADE, len(samples)), dtype=np.float32)[:, None]
    out = samples.copy()
    if comes:
        out[: len(ramp)] *= ramp
    if goes:
        out[-len(ramp) :] *= ramp[::-1]
    return out
