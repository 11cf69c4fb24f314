"""Recordings at other pitches: resampled, looped, filtered and shaped by an envelope. Numpy only.

A note is a slice of a wave that is kept for the next note of that key, times its envelope, so that
a hundred notes a second cost little and a note can be made from any place in it.
Sources: "SoundFont Technical Specification 2.04", 8.1.2 (generators), 9.5 (velocity); Catmull and
Rom, "A class of local interpolating splines" (1974), with four points and tension 0.5.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from genstudio.media.kept import Kept
from genstudio.media.soundfont import Region, SoundFont

WAVE_BYTES = 96 * 1024 * 1024
SOURCE_BYTES = 64 * 1024 * 1024
LONGEST = 60.0
"""Seconds that a note may be held; what is longer fades as if it was let go."""
SILENT = 96.0
"""Decibels below full that count as silence."""
_NEPER = math.log(10.0) / 20.0
_COUNT = np.arange(1 << 16, dtype=np.float32)
_SHORTEST_RELEASE = 0.012
_SHORTEST_ATTACK = 0.001
_FILTER_STEPS = 4.0
"""To the octave: fonts give every layer of velocity a cut-off of its own, a few hertz apart."""


Key = tuple[int, int, int, int, int, int, float]
"""A recording as `_recording` tells it, and how fast it is read."""


@dataclass(frozen=True)
class Source:
    """A recording ready to be read between its points: `points` (n + 4,) with one before and
    three behind it; the loop in frames of the recording, `loop_last` 0 where there is none."""

    points: np.ndarray
    loop_first: int
    loop_last: int

    @property
    def frames(self) -> int:
        """Of the recording itself."""
        return len(self.points) - 4


class Sampler:
    """The waves of one font at one `rate`. Safe to use from several threads."""

    def __init__(self, font: SoundFont, rate: int = 44100) -> None:
        self.font, self.rate = font, rate
        self._found: dict[tuple[int, bool, int, int], tuple[Region, ...]] = {}
        self._waves = Kept[np.ndarray](WAVE_BYTES, lambda wave: wave.nbytes)
        self._sources = Kept[Source](SOURCE_BYTES, lambda source: source.points.nbytes)

    def regions(self, program: int, drums: bool, pitch: int, velocity: int) -> tuple[Region, ...]:
        """What sounds when the key is struck so."""
        place = (program, drums, pitch, velocity)
        if place not in self._found:
            self._found[place] = tuple(
                region
                for region in self.font.regions(program, drums)
                if region.keys[0] <= pitch <= region.keys[1]
                and region.velocities[0] <= velocity <= region.velocities[1]
            )
        return self._found[place]

    def key(self, region: Region, pitch: int) -> Key:
        """What `wave` is found by: the same for all that sounds alike."""
        return *_recording(region), self._speed(region, pitch)

    def wave(self, region: Region, key: Key, frames: int) -> np.ndarray:
        """float32 (n,): the recording as `key` has it; n is `frames` unless it ends before."""
        wave = self._waves.get(key)
        if wave is None or (len(wave) < frames and not len(wave) % self._unit):
            # Whole quarters of a second; where it ends before, the length is no multiple.
            units = -(-max(1, frames) // self._unit)
            wave = self._make(region, key[-1], units * self._unit)
            self._waves.put(key, wave)
        return wave[:frames]

    def frames(self, region: Region, key: Key) -> int | None:
        """How long the recording lasts at the pitch of `key`; None where it is looped."""
        return None if region.looped else int(self._source(region).frames / key[-1])

    @property
    def _unit(self) -> int:
        return max(1, self.rate // 4)

    def _make(self, region: Region, speed: float, frames: int) -> np.ndarray:
        source = self._source(region)
        if not source.loop_last:
            frames = min(frames, int(source.frames / speed))
        at = np.arange(frames) * speed
        whole = at.astype(np.intp)
        part = (at - whole).astype(np.float32)
        if source.loop_last:
            turn = source.loop_last - source.loop_first
            over = whole[np.searchsorted(whole, source.loop_last) :]
            over[:] = source.loop_first + (over - source.loop_first) % turn
        return _between([source.points[whole + step] for step in range(4)], part)

    def _source(self, region: Region) -> Source:
        place = _recording(region)
        source = self._sources.get(place)
        if source is None:
            source = _prepared(region, self.font.sample(region.sample))
            self._sources.put(place, source)
        return source

    def _speed(self, region: Region, pitch: int) -> float:
        """Frames of the recording for one frame of sound."""
        key = region.fixed if region.fixed >= 0 else pitch
        cents = (key - region.root) * region.scale + region.tune
        return min(64.0, max(1e-3, 2.0 ** (cents / 1200.0) * region.rate / self.rate))


@lru_cache(maxsize=4)
def sampler(font: SoundFont, rate: int) -> Sampler:
    """The one sampler of `font` at `rate`, so that player and export share their waves."""
    return Sampler(font, rate)


def loudness(region: Region, velocity: int) -> float:
    """Factor of a strike: the square of its force (9.5.1), less what the region takes away."""
    return float((velocity / 127.0) ** 2 * 10.0 ** (-region.loss / 20.0))


class Envelope:
    """Factors of a note held for `held` seconds at `rate`, any part of them.

    Up in a straight line; down, and out after the key is let go, in straight lines of decibels.
    `frames` until it is silent.
    """

    def __init__(self, region: Region, pitch: int, held: float, rate: int) -> None:
        times, levels = _points(region, pitch, held)
        corners = [*zip(times, levels), (math.inf, levels[-1])]
        self._starts = [math.ceil(second * rate) for second in times]
        # Of each line: nepers a frame, and nepers where frame 0 would be.
        self._lines = []
        for (since, high), (until, low) in pairwise(corners):
            slope = 0.0 if until == math.inf else (low - high) / (until - since) / rate
            self._lines.append((slope * _NEPER, (high - slope * since * rate) * _NEPER))
        self._delay = region.delay * rate
        self._rise = max(region.attack, _SHORTEST_ATTACK) * rate
        self.frames = int(_ends(times, levels) * rate)

    def part(self, first: int, last: int) -> np.ndarray:
        """float32 (last - first,), or () where all of them are the same."""
        line = max(0, bisect_right(self._starts, first) - 1)
        risen = first >= self._delay + self._rise
        if risen and (line + 1 == len(self._starts) or last <= self._starts[line + 1]):
            return self._line(line, first, last)
        factors = np.empty(last - first, np.float32)
        for number, start in enumerate(self._starts):
            end = self._starts[number + 1] if number + 1 < len(self._starts) else last
            since, until = max(first, start), min(last, end)
            if until > since:
                factors[since - first : until - first] = self._line(number, since, until)
        rising = min(last, math.ceil(self._delay + self._rise)) - first
        if rising > 0:
            up = (np.arange(first, first + rising) - self._delay) / self._rise
            factors[:rising] *= np.minimum(np.maximum(up, 0.0), 1.0)
        return factors

    def _line(self, number: int, first: int, last: int) -> np.ndarray:
        slope, base = self._lines[number]
        if not slope:
            return np.asarray(math.exp(base), np.float32)
        count = _COUNT[: last - first] if last - first <= len(_COUNT) else np.arange(last - first)
        return np.exp(count * np.float32(slope) + np.float32(base + slope * first))


def _points(region: Region, pitch: int, held: float) -> tuple[list[float], list[float]]:
    """(seconds, decibels) of the corners of an envelope, without its attack."""
    held = min(held, LONGEST)
    attack = region.delay + max(region.attack, _SHORTEST_ATTACK)
    top = attack + region.hold * _by_key(region.key_hold, pitch)
    decay = region.decay * _by_key(region.key_decay, pitch) * region.sustain / 100.0
    times, levels = [0.0, top, top + max(decay, 1e-4)], [0.0, 0.0, -region.sustain]
    left = _between_corners(held, times, levels)
    corners = [(t, level) for t, level in zip(times, levels) if t < held]
    release = max(region.release, _SHORTEST_RELEASE)
    corners += [(held, left), (held + release, left - 100.0)]
    return [t for t, _ in corners], [level for _, level in corners]


def _ends(times: list[float], levels: list[float]) -> float:
    """Seconds after which the corners are below `SILENT`."""
    for place in range(1, len(times)):
        if levels[place] <= -SILENT:
            fall = levels[place - 1] - levels[place]
            share = (levels[place - 1] + SILENT) / fall if fall > 0 else 0.0
            return times[place - 1] + max(0.0, share) * (times[place] - times[place - 1])
    return times[-1]


def _between_corners(second: float, times: list[float], levels: list[float]) -> float:
    """The level at `second`; the first and the last hold outside."""
    for (since, high), (until, low) in pairwise(zip(times, levels)):
        if second < until:
            return high + (low - high) * max(0.0, second - since) / (until - since)
    return levels[-1]


def _by_key(cents: float, pitch: int) -> float:
    """High keys decay faster where a font says so: timecents a key from 60 on."""
    return float(2.0 ** (cents * (60 - pitch) / 1200.0))


def _between(points: list[np.ndarray], part: np.ndarray) -> np.ndarray:
    """Catmull-Rom between the second and third of four neighbours (each (n,))."""
    before, here, there, after = points
    slope = 0.5 * (there - before)
    square = before - 2.5 * here + 2.0 * there - 0.5 * after
    cube = 0.5 * (after - before) + 1.5 * (here - there)
    return np.asarray(((cube * part + square) * part + slope) * part + here, np.float32)


def _recording(region: Region) -> tuple[int, int, int, int, int, int]:
    """What of a region its sound depends on, apart from pitch and envelope."""
    loop = (region.loop_first, region.loop_last) if region.looped else (0, 0)
    step = round(_FILTER_STEPS * math.log2(region.filter)) if region.filter else 0
    return (region.sample, region.first, region.last, *loop, step)


def _prepared(region: Region, sample: np.ndarray) -> Source:
    """The part of `sample` (n,) that a region plays, through its filter."""
    _, first, last, loop_first, loop_last, step = _recording(region)
    loop_last = loop_last if loop_first >= first and loop_last <= len(sample) else 0
    wave = sample[first : loop_last or last]
    if not len(wave):
        wave = np.zeros(1, np.float32)
    loop_first, loop_last = max(0, loop_first - first), max(0, loop_last - first)
    hertz = 2.0 ** (step / _FILTER_STEPS)
    if step and hertz < 0.45 * region.rate:
        turn = loop_last - loop_first
        if turn:
            # Once more round, so that the filter has settled where the loop begins.
            turns = 1 + 512 // turn
            wave = np.concatenate([wave, np.tile(wave[loop_first:], turns)])
            loop_first, loop_last = loop_first + turns * turn, loop_last + turns * turn
        wave = _softened(wave, hertz, region.rate)
    # By the specification a loop continues with what stands at its beginning (section 7.10).
    behind = wave[loop_first : loop_first + 3] if loop_last else wave[:0]
    behind = np.resize(behind, 3) if len(behind) else np.zeros(3, np.float32)
    return Source(np.concatenate([wave[:1], wave, behind]), loop_first, loop_last)


def _softened(wave: np.ndarray, hertz: float, rate: int) -> np.ndarray:
    """The wave through a low-pass of two poles without resonance (Q = 0.707), by its spectrum."""
    # Twice as long, so that the end does not ring into the beginning.
    size = 1 << (2 * len(wave) - 1).bit_length()
    s = 1j * np.fft.rfftfreq(size, 1.0 / rate) / hertz
    passed = np.fft.rfft(wave, size) / (1.0 + s * np.sqrt(2.0) + s * s)
    return np.fft.irfft(passed, size)[: len(wave)].astype(np.float32)
