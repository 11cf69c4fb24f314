"""What can be played: a piece of notes or a recording. Made in the engine's own thread."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from genstudio.media.metronome import Clicks, count_in
from genstudio.media.notes import Piece
from genstudio.media.row_sounds import Waves
from genstudio.media.sound_reading import resample
from genstudio.media.soundfont import SoundFont
from genstudio.media.synth import Mix, Renderer


class Material(Protocol):
    """Sound that can be had from any place."""

    rate: int

    @property
    def frames(self) -> int:
        """Until all of it has died away."""
        ...

    def block(self, first: int, frames: int) -> np.ndarray:
        """float32 (frames, 2) from frame `first` on."""
        ...

    def clicks(self, first: int, frames: int) -> np.ndarray:
        """The metronome's part of the same frames."""
        ...

    def lead_in(self, seconds: float, bars: int) -> np.ndarray:
        """Clicks (n, 2) to be heard before it begins at `seconds`."""
        ...


class PieceMaterial:
    """Notes, through the sampler."""

    def __init__(
        self,
        piece: Piece,
        rate: int,
        mix: Mix | None = None,
        font: SoundFont | None = None,
        waves: Waves | None = None,
    ) -> None:
        self.rate, self._piece = rate, piece
        self._renderer = Renderer(piece, rate, font, mix, waves)
        self._clicks = Clicks(piece, rate)

    @property
    def frames(self) -> int:
        """Until the last note has died away."""
        return self._renderer.frames

    def block(self, first: int, frames: int) -> np.ndarray:
        """float32 (frames, 2)."""
        return self._renderer.block(first, frames)

    def clicks(self, first: int, frames: int) -> np.ndarray:
        """A click on every beat."""
        return self._clicks.block(first, frames)

    def lead_in(self, seconds: float, bars: int) -> np.ndarray:
        """Bars of clicks in the metre that holds there."""
        return count_in(self._piece, self._piece.ticks(seconds), bars, self.rate)


class SoundMaterial:
    """A recording (n,) or (n, 1 or 2) at `own_rate`; it has no beats."""

    def __init__(self, samples: np.ndarray, own_rate: int, rate: int) -> None:
        wide = np.asarray(samples, np.float32)
        wide = wide[:, None] if wide.ndim == 1 else wide
        moved = resample(wide, own_rate, rate) if own_rate != rate else wide
        self.rate = rate
        self._samples = np.repeat(moved, 2, axis=1) if moved.shape[1] == 1 else moved[:, :2]

    @property
    def frames(self) -> int:
        """All of it."""
        return len(self._samples)

    def block(self, first: int, frames: int) -> np.ndarray:
        """float32 (frames, 2), silence behind its end."""
        out = np.zeros((frames, 2), np.float32)
        part = self._samples[first : first + frames]
        out[: len(part)] = part
        return out

    def clicks(self, first: int, frames: int) -> np.ndarray:
        """Silence."""
        return np.zeros((frames, 2), np.float32)

    def lead_in(self, seconds: float, bars: int) -> np.ndarray:
        """Nothing."""
        return np.zeros((0, 2), np.float32)
