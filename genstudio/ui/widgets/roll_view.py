"""Where things are on the screen: ticks across, rows of pitches down, at any zoom."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF

QUARTER_MIN, QUARTER_MAX = 2.0, 640.0
"""Pixels of a quarter."""
ROW_MIN, ROW_MAX = 3.0, 40.0
"""Pixels of a row."""


class RollView:
    """`scale` pixels a tick, `row` pixels a row, scrolled by `left` and `top` pixels."""

    def __init__(self) -> None:
        self.ppq = 480
        self.scale = 60 / 480
        self.row = 14.0
        self.left = self.top = 0.0
        self.pitches = np.arange(127, -1, -1)
        """The pitch of each row from top to bottom."""
        self._rows = np.arange(127, -1, -1)
        self.hits = False
        """Whether notes are drawn as hits, all equally long, as drums are."""

    def set_ladder(self, ladder: np.ndarray) -> bool:
        """Show these pitches (rising); whether that changes anything."""
        pitches = np.asarray(ladder)[::-1]
        if np.array_equal(pitches, self.pitches):
            return False
        self.pitches = pitches
        self._rows = np.full(128, -1)
        self._rows[pitches] = np.arange(len(pitches))
        return True

    def x(self, tick: Any) -> Any:
        """Pixels from the left edge to a tick (or an array of them)."""
        return tick * self.scale - self.left

    def tick(self, x: float) -> float:
        """The tick at a pixel."""
        return (x + self.left) / self.scale

    def y(self, pitch: Any) -> Any:
        """Pixels from the upper edge to the row of a pitch (or an array of them); rows that are
        not shown lie above it."""
        row = self._rows[pitch]
        return np.where(row >= 0, row * self.row - self.top, -2 * ROW_MAX)

    def pitch(self, y: float) -> int:
        """The pitch of the row at a pixel; the outer ones beyond them."""
        row = int((y + self.top) // self.row)
        return int(self.pitches[max(0, min(row, len(self.pitches) - 1))])

    def step(self, y: float) -> int:
        """The row at a pixel, counted upwards from the lowest."""
        return len(self.pitches) - 1 - int((y + self.top) // self.row)

    def height(self) -> float:
        """Pixels of all rows."""
        return len(self.pitches) * self.row

    def set_scale(self, scale: float) -> None:
        """Pixels a tick, kept within what can be read."""
        low, high = QUARTER_MIN / self.ppq, QUARTER_MAX / self.ppq
        self.scale = min(high, max(low, scale))

    def set_row(self, row: float) -> None:
        """Pixels a row, kept within what can be read; whole ones, so that rows look alike."""
        self.row = float(round(min(ROW_MAX, max(ROW_MIN, row))))

    def places(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each row of notes its left, right and upper edge (n,) in pixels."""
        left = self.x(rows["start"].astype(np.float64))
        width = self.hit() if self.hits else rows["duration"] * self.scale
        right = left + width
        return left, right, self.y(rows["pitch"]).astype(np.float64)

    def hit(self) -> float:
        """Pixels of a drum hit: as wide as a row is high where a sixteenth leaves that room."""
        return max(4.0, min(self.row, self.scale * self.ppq / 4))

    def place(self, start: float, end: float, pitch: int) -> QRectF:
        """The rectangle of a note."""
        left = float(self.x(start))
        return QRectF(left, float(self.y(pitch)), (end - start) * self.scale, self.row)
