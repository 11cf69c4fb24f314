"""What somebody plays on a keyboard, gathered into notes."""

from __future__ import annotations

import numpy as np

from genstudio.media.notes import NOTE, Piece

MOST_NOTES = 100_000


class Take:
    """Keys that go down and come up, in seconds of the piece that is heard meanwhile."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[float, int]] = {}
        self._notes: list[tuple[float, float, int, int]] = []

    def __len__(self) -> int:
        return len(self._notes) + len(self._held)

    def down(self, pitch: int, velocity: int, second: float) -> None:
        """A key is struck, with a force of 1 to 127."""
        self.up(pitch, second)
        if len(self) < MOST_NOTES:
            self._held[pitch] = (max(0.0, second), velocity)

    def up(self, pitch: int, second: float) -> None:
        """A key is let go; one that was not held counts for nothing."""
        if pitch in self._held:
            start, velocity = self._held.pop(pitch)
            self._notes.append((start, max(second, start), pitch, velocity))

    def notes(self, piece: Piece, track: int, until: float, raster: int = 0) -> np.ndarray:
        """The notes (n,) of NOTE in ticks of `piece`, for voice `track`.

        Keys still held are let go at second `until`. With `raster` (ticks) starts and ends go to
        its nearest lines; nothing gets shorter than a line, or than a tick.
        """
        for pitch in list(self._held):
            self.up(pitch, until)
        rows = []
        for start, end, pitch, velocity in sorted(self._notes):
            first, last = piece.ticks(start), piece.ticks(end)
            if raster:
                first, last = (round(tick / raster) * raster for tick in (first, last))
            rows.append((first, max(last - first, raster, 1), pitch, velocity, track))
        return np.array(rows, NOTE)
