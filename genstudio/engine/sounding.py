"""The tasks of all models of sound: what is asked of a Stepper, and how samples are drawn.

A family brings a `Stepper` over its graphs; everything that chooses levels works on numbers alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from genstudio.core import asking, sounding
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine.ask import Ask
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Sound
from genstudio.media import companding, sound_picture, sound_reading
from genstudio.numerics import noise

TOGETHER = 32
"""Sounds made side by side: a step for many costs little more than one for one."""
DIED = 0.06
"""Seconds of silence after which a sound has ended."""
TOLD = 0.05
"""Seconds of sound between two pieces of news."""
FADE = 0.003
"""Seconds over which the end of a sound that was cut off dies away, so that it does not click."""


class Stepper(Protocol):
    """A model of sound with its memory, for b sounds side by side. Codes as in media/companding."""

    def begin(self, kinds: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Kinds (b,) (0: none told, i: class i - 1), codes that all sounds begin with (n,) ->
        logits (b, 256) of the sample behind them."""
        ...

    def step(self, codes: np.ndarray) -> np.ndarray:
        """The sample that each sound took (b,) -> logits (b, 256) of the next."""
        ...

    def told(self, kind: int, codes: np.ndarray) -> np.ndarray:
        """What the model says of each sample of a whole sound (n,), before it hears it: logits
        (n, 256). The sounds on their way are left alone."""
        ...


Make = Callable[[LoadedModel], Stepper]
Run = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]


def tasks(make: Make) -> dict[str, Run]:
    """The functions behind `core.sounding.tasks`, over a family's stepper."""

    def sample(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        yield from _made(make(model), model, ask, np.zeros(0, np.float32))

    def go_on(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        yield from _made(make(model), model, ask, given(model, ask))

    return {"sample": sample, "continue": go_on}


def given(model: LoadedModel, ask: Ask) -> np.ndarray:
    """What is kept of the given sound, at the model's rate: float32 (n,); raises BadInput."""
    path, rate = ask.path(sounding.SOUND), model.size(sounding.RATE)
    found = sound_reading.read(path.read_bytes(), path.name, sounding.LONGEST)
    samples = found.at(rate).mono().clip(-1, 1)
    return samples[: round(len(samples) * ask.number(sounding.KEEP, 1.0))]


@dataclass(frozen=True)
class _Wish:
    """What one group of sounds is made from."""

    places: range
    kinds: np.ndarray
    length: int
    temperature: float


def _made(
    stepper: Stepper, model: LoadedModel, ask: Ask, begin: np.ndarray
) -> Iterator[Progress | Output]:
    rate = model.size(sounding.RATE)
    length = max(1, round(ask.number("seconds", sounding.usual_seconds(model.config)) * rate))
    total = ask.count * length
    for first in range(0, ask.count, TOGETHER):
        places = range(ask.first + first, ask.first + min(ask.count, first + TOGETHER))
        kinds = np.array([kind_of(model, ask, place) for place in places], np.int64)
        wish = _Wish(places, kinds, length, ask.number("temperature", 1.0))
        done = first * length
        for event in _group(stepper, model, ask, begin, wish):
            if isinstance(event, Progress):
                share = f"{event.done / rate:.1f} of {length / rate:.1f} seconds"
                at = done + event.done * len(places)
                yield Progress(done=at, total=total, text=share)
            else:
                yield event
    yield Progress(done=total, total=total, text="done")


def kind_of(model: LoadedModel, ask: Ask, place: int) -> int:
    """0 for a model without classes, else 1 + the class of the sound at `place`."""
    names = model.class_names
    if not names:
        return 0
    word = ask.word(sounding.CLASS, asking.ANY)
    if word == asking.ANY:
        return 1 + noise.choice(ask.seed, place, len(names))
    return 1 + asking.class_number(names, word)


def _group(
    stepper: Stepper, model: LoadedModel, ask: Ask, begin: np.ndarray, wish: _Wish
) -> Iterator[Progress | Output]:
    """Sounds side by side, until all have died away or are as long as asked."""
    rate, count = model.size(sounding.RATE), len(wish.places)
    chances = np.stack([noise.uniform(ask.seed, place, (wish.length,)) for place in wish.places])
    codes = np.full((count, wish.length), companding.SILENCE, np.uint8)
    silent = np.zeros(count, np.int64)  # samples of silence so far, one after the other
    ended = np.zeros(count, bool)
    enough, every = max(1, round(DIED * rate)), max(1, round(TOLD * rate))
    if len(begin):
        yield from _passing(wish, ask, np.tile(begin, (count, 1)), rate)
    logits, told = stepper.begin(wish.kinds, companding.encode(begin)), 0
    for place in range(wish.length):
        drawn = draw(logits, wish.temperature, chances[:, place])
        drawn[ended] = companding.SILENCE
        codes[:, place] = drawn
        silent = (silent + 1) * (drawn == companding.SILENCE)
        ended = silent >= enough
        if place + 1 == wish.length or ended.all():
            break
        if (place + 1) % every == 0:
            yield from _passing(wish, ask, companding.decode(codes[:, told : place + 1]), rate)
            told = place + 1
            yield Progress(done=place + 1, total=wish.length)
        logits = stepper.step(drawn)
    names = model.class_names
    for row, index in enumerate(wish.places):
        kind = int(wish.kinds[row])
        yield _finished(index, ask.seed, begin, codes[row], rate, names[kind - 1] if kind else "")


def draw(logits: np.ndarray, temperature: float, chances: np.ndarray) -> np.ndarray:
    """A code 1 to 255 for each row of logits (b, 256), by numbers (b,) from 0 to 1.

    Raises GenStudioError where the logits are no numbers.
    """
    levels = logits[:, 1:]  # code 0 is no level
    top = levels.max(axis=1)  # what is no number comes through
    if not all(map(math.isfinite, top.tolist())):
        raise GenStudioError(
            "The model produced undefined numbers instead of a sound",
            next_step="Verify the model (genstudio models verify); nothing was saved.",
            kind=UNDEFINED,
        )
    scaled = np.subtract(levels, top[:, None], dtype=np.float64)
    scaled /= temperature
    sums = np.add.accumulate(np.exp(scaled, out=scaled), axis=1)
    wanted = chances * sums[:, -1]
    found: np.ndarray = np.add.reduce(sums < wanted[:, None], axis=1) + 1
    return found


def _passing(wish: _Wish, ask: Ask, added: np.ndarray, rate: int) -> Iterator[Sound]:
    """What was added to each sound (b, n): for whoever draws them while they are made."""
    count = max(1, round(added.shape[1] / rate * sounding.PEAKS_A_SECOND))
    for row, index in enumerate(wish.places):
        found: list[Json] = sound_picture.peaks(added[row], count).round(3).tolist()
        data: dict[str, Json] = {sounding.PEAKS: found}
        yield Sound(index, ask.seed, added[row], rate, data, passing=True)


def _finished(
    index: int, seed: int, begin: np.ndarray, codes: np.ndarray, rate: int, name: str
) -> Sound:
    """A whole sound: what was given, and what was made until it died away."""
    loud = np.flatnonzero(codes != companding.SILENCE)
    end = int(loud[-1]) + 1 if len(loud) else 1
    by = sounding.BY_LENGTH if end == len(codes) else sounding.BY_ITSELF
    made = companding.decode(codes[:end])
    if by == sounding.BY_LENGTH:
        fade = min(len(made), round(FADE * rate))
        made[len(made) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    samples = np.concatenate([begin, made])
    facts: dict[str, Json] = {
        sounding.SECONDS: round(len(samples) / rate, 3),
        sounding.RATE: rate,
        sounding.PEAK: round(float(np.abs(samples).max()), 3),
        sounding.ENDED: by,
    }
    if name:
        facts[sounding.CLASS] = name
    if len(begin):
        facts[sounding.KEPT] = round(len(begin) / rate, 3)
    return Sound(index, seed, samples, rate, facts)
