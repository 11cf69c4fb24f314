"""When a walk is where: its key pictures on the beats or bars of a piece. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media import metronome
from genstudio.media.notes import Piece

Every = Literal["beat", "bar", "two bars"]
EVERY: tuple[Every, ...] = ("beat", "bar", "two bars")
LONGEST = 600
"""Seconds of a film."""
TAIL = 1.0
"""Seconds in which the last sound dies away, over the last picture."""


@dataclass(frozen=True)
class Timing:
    """`keys` (n,) seconds at which a key picture stands, from 0, rising; the last is the end of
    the music. `start` is the second of the piece that the film begins with."""

    keys: np.ndarray
    start: float

    @property
    def music(self) -> float:
        """Seconds until the music's last bar ends."""
        return float(self.keys[-1])

    @property
    def seconds(self) -> float:
        """Seconds of the whole film."""
        return self.music + TAIL


def timing(piece: Piece, every: Every = "beat", first: int = 1, last: int = 0) -> Timing:
    """Key moments of bars `first` to `last` (from 1, both included; 0 = the last bar).

    Upbeats count as a bar. Raises UsageError for bars that are not there, a piece without notes,
    or more than `LONGEST` seconds.
    """
    if every not in EVERY:
        raise UsageError(f"Pictures change every {', '.join(EVERY)}, not every {every!r}")
    if not len(piece.notes):
        raise UsageError("There are no notes in this piece", next_step="Choose another one.")
    bars = piece.bars()
    many = len(bars) - 1
    last = last or many
    if not 1 <= first <= last <= many:
        raise UsageError(
            f"Bars {first} to {last} are not there: the piece has {many}",
            next_step=f"Choose bars from 1 to {many}, the first one before the last.",
        )
    begin, end = int(bars[first - 1]), int(bars[last])
    ticks = metronome.beats(piece, end)[:, 0] if every == "beat" else bars
    inside = ticks[(ticks >= begin) & (ticks < end)]
    inside = inside[::2] if every == "two bars" else inside
    seconds = piece.seconds(np.append(inside, end))
    keys = seconds - seconds[0]
    if keys[-1] > LONGEST:
        raise UsageError(
            f"These bars last {keys[-1] / 60:.0f} minutes, and a film at most {LONGEST // 60}",
            next_step="Choose fewer bars.",
        )
    return Timing(keys, float(seconds[0]))


def places(timing: Timing, fps: float, eased: bool = True) -> np.ndarray:
    """Where the walk is in each frame of the film: (frames,), in key pictures passed, from 0.

    A whole number at every key moment. `eased`: it rests there and hurries between them
    (smoothstep, 3 s^2 - 2 s^3), which is what makes a beat seen; otherwise it goes evenly.
    """
    keys = timing.keys
    times = np.arange(int(np.ceil(timing.seconds * fps))) / fps
    # A frame that would come a hair before its key moment is that key moment.
    leg = np.clip(np.searchsorted(keys, times + 1e-9, "right") - 1, 0, len(keys) - 2)
    share = np.clip((times - keys[leg]) / (keys[leg + 1] - keys[leg]), 0.0, 1.0)
    return leg + (share * share * (3 - 2 * share) if eased else share)


def frames_at(passed: np.ndarray, frames: int, stops: int, loop: bool) -> np.ndarray:
    """Which frame of a walk shows `passed` key pictures: (n,) from 0 to below `frames`.

    The walk has `frames` frames past `stops` key pictures (`numerics.latents.walk`). A loop goes
    round and round; another walk goes to its end and back. Parts of a frame lie between two.
    """
    if loop:
        return np.mod(passed, stops) * (frames / stops)
    legs = max(1, stops - 1)
    there = np.mod(passed, 2 * legs)
    return np.minimum(there, 2 * legs - there) * ((frames - 1) / legs)


def shown(frames: np.ndarray, place: float, loop: bool) -> np.ndarray:
    """The picture at `place` of uint8 frames (n, h, w, c): two of them mixed where it lies
    between; a loop leads from the last to the first."""
    before = min(int(place), len(frames) - 1)
    share = place - before
    after = (before + 1) % len(frames) if loop else min(before + 1, len(frames) - 1)
    if share < 1 / 512 or after == before:
        return frames[before]
    mixed = frames[before] * np.float32(1 - share) + frames[after] * np.float32(share)
    return np.rint(mixed).astype(np.uint8)
