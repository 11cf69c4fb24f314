"""Sounds on their way: their outlines are told as `Words`, and a stop loses none of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from genstudio.core import sounding
from genstudio.core.artifact import UNFINISHED
from genstudio.core.events import Progress, Words
from genstudio.core.stored import Json
from genstudio.engine.outputs import Sound

SECONDS = 0.05
"""News of progress comes at most so often."""


@dataclass
class _Sound:
    """One sound so far."""

    seed: int
    rate: int
    parts: list[np.ndarray] = field(default_factory=list)


class SoundStreams:
    """The sounds of one request; places are counted from `first`. `clock` gives seconds.

    See `workers.streaming.Streams`, which does the same for texts.
    """

    def __init__(self, first: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._clock = clock
        self._sounds: dict[int, _Sound] = {}
        self._moved: float | None = None

    def heard(self, output: Sound) -> Iterator[Words]:
        """What was added to a sound: the outline of it. Of a finished one, nothing."""
        if not output.passing:
            return
        sound = self._sounds.setdefault(output.index, _Sound(output.seed, output.rate))
        sound.parts.append(output.samples)
        yield Words(index=output.index - self._first, text="", data=output.data)

    def hurried(self, event: Progress) -> bool:
        """True for news of progress that came too soon after the last."""
        now = self._clock()
        last = event.total > 0 and event.done >= event.total
        if self._sounds and not last and self._moved is not None and now - self._moved < SECONDS:
            return True
        self._moved = now
        return False

    def rate(self, output: Sound) -> dict[str, Json]:
        """Nothing: how fast sounds are made says the progress."""
        return {}

    def done(self, index: int) -> None:
        """This sound is finished and kept."""
        self._sounds.pop(index, None)

    def unfinished(self) -> list[Sound]:
        """What was made of sounds that did not come to their end, as results that say so."""
        found = []
        for index, sound in sorted(self._sounds.items()):
            samples = np.concatenate(sound.parts)
            seconds = round(len(samples) / sound.rate, 3)
            facts: dict[str, Json] = {
                sounding.SECONDS: seconds,
                sounding.RATE: sound.rate,
                UNFINISHED: f"stopped after {seconds:.1f} seconds",
            }
            found.append(Sound(index, sound.seed, samples, sound.rate, facts))
        self._sounds.clear()
        return found
