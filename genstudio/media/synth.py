"""Notes to sound: any part of a piece, in blocks, the same however it is cut. Numpy only.

symusic's own synthesizer (0.5.9) ignores velocity, holds the interpreter's lock while it renders
and is silent for instruments that its font lacks, so this is a sampler of our own
(`media/sampler.py`). Every block is made from the piece alone, without what was rendered before:
a player may jump, loop and change notes at any time, and an export equals what was heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from genstudio.media.notes import Piece, Track
from genstudio.media.row_sounds import Waves
from genstudio.media.sampler import LONGEST, Envelope, Key, Sampler, loudness, sampler
from genstudio.media.soundfont import Region, SoundFont, default_font

RATE = 44100
GAIN = 0.8
"""Of one voice struck as hard as can be, so that eight can sound together."""
CEILING = 0.98
KNEE = 0.8
_CHOKE = 0.02
_WIDTH = 0.35
_BASSES = frozenset(range(32, 40)) | {42, 43, 58}


@dataclass(frozen=True)
class Mix:
    """Who is heard, by number of track. Where any is `solo`, the others rest; factors from 0."""

    muted: frozenset[int] = frozenset()
    solo: frozenset[int] = frozenset()
    volumes: Mapping[int, float] = field(default_factory=dict)
    volume: float = 1.0

    def gain(self, track: int) -> float:
        """Factor of one track."""
        if track in self.muted or (self.solo and track not in self.solo):
            return 0.0
        return max(0.0, self.volumes.get(track, 1.0)) * max(0.0, self.volume)


@dataclass(frozen=True)
class Level:
    """How loud sound is: `peak` and `rms` as shares of full, share of frames that are silent."""

    peak: float
    rms: float
    silent: float


@dataclass(frozen=True, slots=True)
class _Voice:
    """One recording of one note: the frame it begins at, how many it lasts, how loud it is on
    the `side` where it sits (an angle from 0, left, to pi / 2)."""

    first: int
    frames: int
    region: Region
    key: Key
    shape: Envelope
    force: float
    side: float


@dataclass(frozen=True, slots=True)
class _Shot:
    """A recording of the user's, struck once: `wave` (n,) from frame `first` on."""

    first: int
    frames: int
    wave: np.ndarray
    force: float
    side: float


class Renderer:
    """Plays one piece in blocks. Cheap to make: change the piece, make another."""

    def __init__(
        self,
        piece: Piece,
        rate: int = RATE,
        font: SoundFont | None = None,
        mix: Mix | None = None,
        waves: Waves | None = None,
    ) -> None:
        """`waves` reads the recordings of tracks. Raises BadInput where the font is damaged."""
        self.rate, self._waves = rate, waves
        self._sampler: Sampler = sampler(font or default_font(), rate)
        self._shapes: dict[tuple[int, int, float], Envelope] = {}
        self._voices = list(self._strike(piece, mix or Mix()))
        self._voices.sort(key=lambda voice: voice.first)
        self._firsts = np.array([voice.first for voice in self._voices], np.int64)
        self._lasts = np.array([voice.first + voice.frames for voice in self._voices], np.int64)
        self.seconds = piece.seconds(piece.length)
        """Until the last note is let go."""

    @property
    def frames(self) -> int:
        """Until the last note has died away; no less where the last ones are muted."""
        return max(round(self.seconds * self.rate), int(self._lasts.max(initial=0)))

    def block(self, first: int, frames: int) -> np.ndarray:
        """Sound float32 (frames, 2) from frame `first` on, not limited (see `limited`)."""
        last = first + frames
        sides: dict[float, np.ndarray] = {}
        # Voices are in order, so those that have not begun are all behind one place.
        begun = int(np.searchsorted(self._firsts, last, "left"))
        for number in np.flatnonzero(self._lasts[:begun] > first).tolist():
            voice = self._voices[number]
            start, end = max(first, voice.first), min(last, voice.first + voice.frames)
            part = self._part(voice, start - voice.first, end - voice.first)
            if voice.side not in sides:
                sides[voice.side] = np.zeros(frames, np.float32)
            sides[voice.side][start - first : start - first + len(part)] += part
        out = np.zeros((frames, 2), np.float32)
        for side, sound in sides.items():
            # Constant power: both sides the same in the middle.
            out[:, 0] += sound * np.float32(math.sqrt(2.0) * math.cos(side))
            out[:, 1] += sound * np.float32(math.sqrt(2.0) * math.sin(side))
        return out

    def _part(self, voice: _Voice | _Shot, start: int, end: int) -> np.ndarray:
        if isinstance(voice, _Shot):
            return voice.wave[start:end] * np.float32(voice.force)
        wave = self._sampler.wave(voice.region, voice.key, voice.frames)[start:end]
        return wave * (voice.shape.part(start, start + len(wave)) * np.float32(voice.force))

    def _strike(self, piece: Piece, mix: Mix) -> Iterator[_Voice | _Shot]:
        """The voices of all notes that are heard."""
        notes = piece.notes
        starts = piece.seconds(notes["start"])
        ends = piece.seconds(notes["start"].astype(np.int64) + notes["duration"])
        gains = [mix.gain(number) for number in range(len(piece.tracks))]
        places = seats(piece)
        chokes = self._chokes(piece, starts)
        for number, (_, _, pitch, velocity, track) in enumerate(notes.tolist()):
            if not gains[track]:
                continue
            player = piece.tracks[track]
            wave = self._wave(player, pitch)
            if wave is not None:
                first = round(float(starts[number]) * self.rate)
                force = GAIN * gains[track] * (velocity / 127.0) ** 2
                yield _Shot(first, len(wave), wave, force, _side(places[track]))
                continue
            held = float(ends[number] - starts[number])
            cut = chokes[number] - float(starts[number]) if number in chokes else math.inf
            for region in self._sampler.regions(player.program, player.drums, pitch, velocity):
                # A struck drum rings until its recording ends.
                rings = player.drums and not region.looped
                held_here = min(LONGEST if rings else held, cut)
                shape = self._shape(region, pitch, held_here)
                key = self._sampler.key(region, pitch)
                lasts = [shape.frames, self._sampler.frames(region, key)]
                if number in chokes:
                    lasts.append(int((cut + _CHOKE) * self.rate))
                yield _Voice(
                    first=round(float(starts[number]) * self.rate),
                    frames=min(frames for frames in lasts if frames is not None),
                    region=region,
                    key=key,
                    shape=shape,
                    force=GAIN * gains[track] * loudness(region, velocity),
                    side=_side(region.pan + places[track]),
                )

    def _wave(self, player: Track, pitch: int) -> np.ndarray | None:
        """The recording (n,) in place of the kit's sound, if there is one to be heard."""
        if not player.drums or not player.sounds or self._waves is None:
            return None
        sound = player.sound_of(pitch)
        return self._waves(sound.file, self.rate) if sound is not None else None

    def _shape(self, region: Region, pitch: int, held: float) -> Envelope:
        """Most notes of a piece share theirs with others."""
        place = (id(region), pitch, held)
        if place not in self._shapes:
            self._shapes[place] = Envelope(region, pitch, held, self.rate)
        return self._shapes[place]

    def _chokes(self, piece: Piece, starts: np.ndarray) -> dict[int, float]:
        """Second at which a drum is cut off by another of its class (a closed hi-hat ends an
        open one), by number of note."""
        found: dict[int, float] = {}
        waiting: dict[tuple[int, int], list[int]] = {}
        for number, (_, _, pitch, velocity, track) in enumerate(piece.notes.tolist()):
            player = piece.tracks[track]
            if not player.drums:
                continue
            regions = self._sampler.regions(player.program, True, pitch, velocity)
            for kind in {region.exclusive for region in regions if region.exclusive}:
                before = waiting.setdefault((track, kind), [])
                earlier = [other for other in before if starts[other] < starts[number]]
                found |= {other: float(starts[number]) for other in earlier}
                waiting[track, kind] = [o for o in before if o not in earlier] + [number]
        return found


def _side(pan: float) -> float:
    """-1 to 1 as an angle from 0 to pi / 2."""
    return (min(1.0, max(-1.0, pan)) + 1.0) * math.pi / 4


def seats(piece: Piece) -> list[float]:
    """Where each track sits, from -1 (left) to 1: spread a little, basses and drums in the
    middle, as players stand on a stage."""
    spread = [
        number
        for number, track in enumerate(piece.tracks)
        if not track.drums and track.program not in _BASSES
    ]
    places = np.linspace(-_WIDTH, _WIDTH, len(spread)) if len(spread) > 1 else [0.0]
    found = [0.0] * len(piece.tracks)
    for number, place in zip(spread, places):
        found[number] = float(place)
    return found


def rendering(
    piece: Piece,
    rate: int = RATE,
    font: SoundFont | None = None,
    mix: Mix | None = None,
    start: float = 0.0,
    seconds: float | None = None,
    waves: Waves | None = None,
) -> Iterator[np.ndarray]:
    """Blocks float32 (n, 2) of a second each from second `start` on, as loud as they come.

    To the end of the last sound, or for `seconds`. Raises BadInput for a damaged font.
    """
    renderer = Renderer(piece, rate, font, mix, waves)
    first = round(start * rate)
    last = renderer.frames if seconds is None else first + round(seconds * rate)
    for place in range(first, last, rate):
        yield renderer.block(place, min(rate, last - place))


def render(
    piece: Piece,
    rate: int = RATE,
    font: SoundFont | None = None,
    mix: Mix | None = None,
    start: float = 0.0,
    seconds: float | None = None,
    waves: Waves | None = None,
) -> np.ndarray:
    """The sound of a piece, float32 (n, 2), nowhere above `CEILING` (made softer as a whole)."""
    blocks = list(rendering(piece, rate, font, mix, start, seconds, waves))
    return levelled(np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32))


def levelled(samples: np.ndarray) -> np.ndarray:
    """The same sound, softer as a whole where its peak is above `CEILING`."""
    peak = float(np.abs(samples).max()) if samples.size else 0.0
    return samples if peak <= CEILING else samples * np.float32(CEILING / peak)


def limited(samples: np.ndarray) -> np.ndarray:
    """For the ear, where the peak to come is not known: rounded off above `KNEE`, below 1."""
    over = np.abs(samples) - KNEE
    if not (over > 0).any():
        return samples
    room = 1.0 - KNEE
    rounded = np.sign(samples) * (KNEE + room * np.tanh(np.maximum(over, 0) / room))
    return np.where(over > 0, rounded, samples).astype(np.float32)


def level(samples: np.ndarray) -> Level:
    """How loud (n,) or (n, 2) samples are; frames below -60 dB count as silent."""
    if not samples.size:
        return Level(0.0, 0.0, 1.0)
    loud = np.abs(samples) if samples.ndim == 1 else np.abs(samples).max(1)
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return Level(float(loud.max()), rms, float((loud < 1e-3).mean()))
