"""The loop of all tasks: batches of pictures, step by step, with previews and progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.families.diffusion.denoising import Denoiser, Way
from genstudio.families.diffusion.regions import Known, Windows
from genstudio.numerics import noise
from genstudio.numerics.schedules import noised

FRESH, BACK, PASS = 16, 1 << 20, 4096
"""Streams of the noise of steps, of steps gone back, and how far those of two passes lie apart."""
PAUSE = 0.04
"""Seconds between two rounds of previews, at least: the window draws no faster."""


@dataclass(frozen=True)
class Start:
    """Where the pictures of a batch begin: their noise (b, c, h, w), and what they start from.

    `source` (b or 1, c, h, w) lies under the noise unless it is None or `strength` is 1. `stream`
    is where the noise of its steps begins.
    """

    noise: np.ndarray
    indices: Sequence[int]
    source: np.ndarray | None = None
    stream: int = 0


@dataclass(frozen=True)
class Canvas:
    """What is special about the pictures: known parts, windows, passes, a strength below 1."""

    known: Known | None = None
    windows: Windows | None = None
    strength: float = 1.0
    passes: int = 1


@dataclass(frozen=True)
class Moment:
    """After a step: its number (from 1), all steps, and x̂0 (b, c, h, w)."""

    step: int
    steps: int
    x0: np.ndarray

    @property
    def last(self) -> bool:
        """True where x0 is the finished picture."""
        return self.step == self.steps


def moments(
    ask: Ask, way: Way, start: Start, canvas: Canvas, denoiser: Denoiser
) -> Iterator[Moment]:
    """One batch, step by step; the last moment holds the result."""
    denoise = canvas.windows.wrap(denoiser) if canvas.windows else denoiser
    grid, first = way.grid, way.grid.start(canvas.strength)
    x = start.noise
    if start.source is not None and canvas.strength < 1:
        x = noised(start.source, start.noise, *grid.pair(first))
    if canvas.known:
        denoise = canvas.known.wrap(denoise)
        x = canvas.known.state(x, start.noise, grid.pair(first))
    number = 0

    def fresh(place: int) -> np.ndarray:
        return _noise(ask, start, FRESH + PASS * number + place)

    sampler = way.sampler(grid, denoise, fresh)
    for place in range(first, grid.steps):
        passes = canvas.passes if place + 1 < grid.steps else 1
        for number in range(passes):
            after, x0 = sampler.step(x, place)
            if canvas.known:
                after = canvas.known.state(after, start.noise, grid.pair(place + 1))
            if number + 1 < passes:
                dirt = _noise(ask, start, BACK + PASS * number + place)
                x = _back(after, dirt, grid.pair(place), grid.pair(place + 1))
        x = after
        done = place + 1 == grid.steps
        yield Moment(place + 1 - first, grid.steps - first, x if done else x0)


def _noise(ask: Ask, start: Start, stream: int) -> np.ndarray:
    shape, stream = start.noise.shape[1:], start.stream + stream
    return np.stack([noise.normal(ask.seed, index, shape, stream) for index in start.indices])


def _back(
    x: np.ndarray, dirt: np.ndarray, to: tuple[float, float], now: tuple[float, float]
) -> np.ndarray:
    """The state one step noisier again (RePaint, algorithm 1, line 8)."""
    kept = to[0] / now[0]
    more = max(0.0, to[1] ** 2 - (kept * now[1]) ** 2) ** 0.5
    return noised(x, dirt, kept, more)


class Pace:
    """Lets a round of previews through when the last one is long enough ago."""

    def __init__(self, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._last = -np.inf

    def ready(self) -> bool:
        """True at the first call and once in each pause."""
        now = self._clock()
        if now - self._last < self._pause:
            return False
        self._last = now
        return True


def groups(model: LoadedModel, count: int, live: bool = False) -> list[range]:
    """Places 0 … count − 1 in batches that fit into memory."""
    limit = model.batch_limit(2 * batches.item_bytes(model))
    size = max(1, min(4 if live else batches.BATCH, limit))
    return [range(i, min(count, i + size)) for i in range(0, count, size)]


def pictures(
    model: LoadedModel,
    ask: Ask,
    way: Way,
    canvas: Canvas,
    begin: Callable[[Sequence[int]], tuple[Start, Denoiser, list[dict[str, Json]]]],
    finish: Callable[[np.ndarray, int], np.ndarray] = lambda pixels, place: pixels,
) -> Iterator[Progress | Picture]:
    """`ask.count` pictures in batches, with previews of each step and progress.

    `begin(places)` gives start, denoiser and facts of a batch; `finish(pixels, place)` what to
    show of the pixels uint8 (h, w, c) of a picture.
    """
    parts = groups(model, ask.count, ask.live)
    steps = way.grid.steps - way.grid.start(canvas.strength)
    total, pace = steps * len(parts), Pace()
    yield Progress(done=0, total=total)
    for number, places in enumerate(parts):
        start, denoiser, facts = begin(places)
        for moment in moments(ask, way, start, canvas, denoiser):
            passing = not moment.last
            if moment.last or pace.ready():
                found = batches.to_pixels(moment.x0, model.manifest.title)
                for place, pixels, known in zip(places, found, facts, strict=True):
                    shown = finish(pixels, place)
                    data = {**known, "step": moment.step, "steps": steps} if passing else known
                    data = data if passing else batches.facts(shown, **data)
                    yield Picture(ask.first + place, ask.seed, shown, data, passing)
            text = denoiser.note or f"step {moment.step} of {steps}"
            yield Progress(done=number * steps + moment.step, total=total, text=text)
