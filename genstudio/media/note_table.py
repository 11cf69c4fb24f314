"""The table of a music tokenizer: which number means what, and what its values stand for.

Tokens lie in blocks, one for each kind; `kind` and `value` tell of each token where it lies.
Grid, velocities and timing are options of the model (Huang & Yang 2020, "Pop Music Transformer",
section 3; the timing tokens are those of GrooVAE's offsets, Gillick et al. 2019, section 3.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media.notes import MAX_TRACKS
from genstudio.media.special_tokens import MARKS, MAX_CLASSES, class_token

Drums = Literal["none", "with", "only"]
GRIDS = (4, 8, 12, 16, 24, 48)
"""Parts of a quarter that may be the grid; 12 holds 16ths and triplets."""
LONGEST_BAR = 8
"""Quarters of the longest bar; longer ones are taken as several."""
METRES = tuple(
    (upper, lower)
    for lower, uppers in (
        (4, range(1, 9)), (2, range(1, 5)), (8, range(1, 17)), (16, range(1, 17)), (1, (1, 2))
    )
    for upper in uppers
)  # fmt: skip
"""(numerator, denominator) that have a token; of several of one length the first is usual."""
SLOWEST, FASTEST, TEMPOS = 30.0, 240.0, 32
HOLES = 32
"""Holes are numbered from 0 and again from 0 after so many."""
PLAIN_VELOCITY = 80
"""What every note is played with where a model knows no velocities."""


@dataclass(frozen=True)
class Options:
    """`grid` parts of a quarter, `velocities` levels (1: none told), `timing` steps that a note
    may come early or late within a part (0: none), at most `voices` tracks; drums or not."""

    grid: int = 12
    velocities: int = 1
    timing: int = 0
    voices: int = 4
    drums: Drums = "none"

    def __post_init__(self) -> None:
        if self.grid not in GRIDS:
            raise UsageError(f"The grid is one of {GRIDS} parts of a quarter, not {self.grid}")
        if not (1 <= self.velocities <= 127 and 0 <= self.timing <= 16):
            raise UsageError("There are 1 to 127 velocities and 0 to 16 steps of timing")
        if not 1 <= self.voices <= MAX_TRACKS:
            raise UsageError(f"There are 1 to {MAX_TRACKS} voices, not {self.voices}")
        if self.drums not in ("none", "with", "only"):
            raise UsageError("Drums are none, with or only")


class Table:
    """Blocks of tokens by kind: label (special ones), Bar, Next, Hole, Tempo, Metre, Track, Pos,
    and where there are any Key, Program, Pitch, Dur, Drums, Hit, Vel, Shift."""

    def __init__(self, options: Options, classes: tuple[str, ...]) -> None:
        self.options, self.classes = options, classes
        self.specials = (*MARKS, *map(class_token, classes))
        if len(set(self.specials)) < len(self.specials) or len(classes) > MAX_CLASSES:
            raise UsageError(f"The classes must differ and be at most {MAX_CLASSES:,}")
        self.durations = _durations(options.grid)
        self.metres = tuple(one for one in METRES if self._fits(one))
        self.bar_lengths = tuple(options.grid * 4 * upper // lower for upper, lower in self.metres)
        self.first: dict[str, int] = {}
        self.count: dict[str, int] = {}
        size = len(self.specials)
        for kind, count in self._blocks():
            self.first[kind], self.count[kind] = size, count
            size += count
        self.size = size
        blocks = [("", len(self.specials)), *self.count.items()]
        self.masks: dict[tuple[object, ...], np.ndarray] = {}
        """What a grammar allows at a place of a row, bool (size,), made once."""
        # Lists, not arrays: they are asked for one token at a time, in the loop of decoding.
        self._kinds = [kind for kind, count in blocks for _ in range(count)]
        self._values = [value for _, count in blocks for value in range(count)]

    def _blocks(self) -> list[tuple[str, int]]:
        options = self.options
        blocks = [("Bar", 1), ("Next", 1), ("Hole", HOLES), ("Tempo", TEMPOS)]
        blocks += [("Metre", len(self.metres)), ("Track", options.voices)]
        blocks += [("Pos", LONGEST_BAR * options.grid)]
        if options.drums != "only":
            blocks += [("Key", 24), ("Program", 128), ("Pitch", 128), ("Dur", len(self.durations))]
        if options.drums != "none":
            blocks += [("Drums", 1), ("Hit", 128)]
        if options.velocities > 1:
            blocks += [("Vel", options.velocities)]
        if options.timing:
            blocks += [("Shift", 2 * options.timing + 1)]
        return blocks

    def _fits(self, metre: tuple[int, int]) -> bool:
        """Whether a bar has a whole number of parts and is not too long."""
        parts = self.options.grid * 4 * metre[0]
        return not parts % metre[1] and parts <= LONGEST_BAR * self.options.grid * metre[1]

    def token(self, kind: str, value: int = 0) -> int:
        """The token of a kind and value; raises KeyError for a kind that is not told."""
        return self.first[kind] + value

    def has(self, kind: str) -> bool:
        """Whether there are tokens of a kind."""
        return kind in self.first

    def kind_of(self, token: int) -> str:
        """Its kind; "" for special tokens."""
        return self._kinds[token]

    def value_of(self, token: int) -> int:
        """Its place in its block, from 0; of special tokens their number."""
        return self._values[token]

    def name(self, token: int) -> str:
        """What it is called, without spaces: "Pitch:60", "Metre:3/4", "Bar"."""
        kind, value = self.kind_of(token), self.value_of(token)
        if not kind:
            return self.specials[token]
        if kind == "Metre":
            return "Metre:{}/{}".format(*self.metres[value])
        return kind if self.count[kind] == 1 else f"{kind}:{value}"

    # What values stand for.

    def metre_value(self, upper: int, lower: int, parts: int) -> int:
        """The metre of a bar of `parts`: its own where that is as long, else one of that length,
        else the shortest longer one."""
        named = (upper, lower)
        if named in self.metres and self.bar_lengths[self.metres.index(named)] == parts:
            return self.metres.index(named)
        if parts in self.bar_lengths:
            return self.bar_lengths.index(parts)
        longer = [length for length in self.bar_lengths if length > parts]
        return self.bar_lengths.index(min(longer, default=max(self.bar_lengths)))

    def duration_values(self, parts: np.ndarray) -> np.ndarray:
        """Places in `durations` nearest to durations in parts of a quarter."""
        known = np.array(self.durations)
        between = (known[:-1] + known[1:]) / 2
        return np.searchsorted(between, parts, "right")

    def velocity_values(self, velocities: np.ndarray) -> np.ndarray:
        """Levels of velocities 1 to 127."""
        return (velocities.astype(np.int64) - 1) * self.options.velocities // 127

    def velocity(self, value: int) -> int:
        """The middle of a level; PLAIN_VELOCITY where none are told or `value` is -1."""
        levels = self.options.velocities
        return (
            1 + int((value + 0.5) * 127 / levels) if levels > 1 and value >= 0 else PLAIN_VELOCITY
        )


def tempo_value(tempo: float) -> int:
    """The step of a tempo in quarters a minute, in equal ratios from SLOWEST to FASTEST."""
    share = math.log(max(tempo, 1.0) / SLOWEST) / math.log(FASTEST / SLOWEST)
    return min(max(round(share * (TEMPOS - 1)), 0), TEMPOS - 1)


def tempo_of(value: int) -> float:
    """Quarters a minute of a step, whole."""
    return float(round(SLOWEST * (FASTEST / SLOWEST) ** (value / (TEMPOS - 1))))


def key_value(fifths: int, minor: bool) -> int:
    """A key by its tonic: pitch class times two, plus one for minor."""
    return (fifths * 7 + (9 if minor else 0)) % 12 * 2 + minor


def key_of(value: int) -> tuple[int, bool]:
    """(fifths, minor) of a key, in the spelling with the fewest signs."""
    tonic, minor = divmod(value, 2)
    return ((tonic - (9 if minor else 0)) * 7 + 5) % 12 - 5, bool(minor)


def _durations(grid: int) -> tuple[int, ...]:
    """Parts of a quarter that have a token: every one up to two quarters, then coarser up to 16.

    Steps are a quarter of a quarter up to 4 quarters, half a quarter up to 8, then whole ones.
    """
    found = [*range(1, 2 * grid + 1)]
    for last, step in ((4, grid // 4), (8, grid // 2), (16, grid)):
        found += range(found[-1] + step, last * grid + 1, step)
    return tuple(found)
