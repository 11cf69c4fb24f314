"""Bars, beats and the raster that notes snap to."""

from __future__ import annotations

import numpy as np

from genstudio.media.notes import Piece

SNAPS: dict[str, float] = {
    "bar": 0.0, "1/2": 2.0, "1/4": 1.0, "1/8": 0.5, "1/8T": 1 / 3, "1/16": 0.25, "1/16T": 1 / 6,
    "1/32": 0.125, "off": -1.0,
}  # fmt: skip
"""Name of a raster and its quarters (0: whole bars, -1: every tick)."""
ROOM = 4
"""Bars that can be written to behind the last one."""
FEWEST = 8


class Grid:
    """The bars of a piece and some behind it; ticks are whole numbers."""

    def __init__(self, piece: Piece, until: int = 0) -> None:
        self.ppq = piece.ppq
        bar = max(1, round(piece.ppq * 4 * piece.metres[-1][1] / piece.metres[-1][2]))
        end = max(piece.length, until)
        try:
            self.bars = piece.bars(max(end + ROOM * bar, FEWEST * bar))
        except ValueError:  # a few bars too many for the room behind it
            self.bars = piece.bars(end)
        starts = self.bars[:-1]
        ticks = np.array([metre[0] for metre in piece.metres])
        metre = np.clip(np.searchsorted(ticks, starts, "right") - 1, 0, None)
        lower = np.array([metre[2] for metre in piece.metres])
        self.beats = piece.ppq * 4 / lower[metre]
        """Ticks of a beat in each bar, float."""
        self.end = int(self.bars[-1])

    def bar_at(self, tick: float) -> int:
        """The bar (from 0) in which a tick lies; the last for what lies behind it."""
        found = int(np.searchsorted(self.bars, tick, "right")) - 1
        return max(0, min(found, len(self.bars) - 2))

    def step(self, snap: str, tick: float = 0.0) -> int:
        """Ticks from one line of a raster to the next, around `tick`; at least 1."""
        quarters = SNAPS.get(snap, -1.0)
        if quarters == 0:
            bar = self.bar_at(tick)
            return int(self.bars[bar + 1] - self.bars[bar])
        return max(1, round(quarters * self.ppq)) if quarters > 0 else 1

    def floored(self, tick: float, snap: str) -> int:
        """The line of the raster at or before a tick."""
        return int(self._on(np.array([tick]), snap, np.floor)[0])

    def rounded(self, tick: float, snap: str) -> int:
        """The line of the raster nearest to a tick."""
        return int(self._on(np.array([tick]), snap, np.rint)[0])

    def all_rounded(self, ticks: np.ndarray, snap: str) -> np.ndarray:
        """The same of many ticks (n,) at once."""
        return self._on(ticks, snap, np.rint)

    def _on(self, ticks: np.ndarray, snap: str, to_whole: np.ufunc) -> np.ndarray:
        """Lines are counted from each bar's start and end with it."""
        ticks = np.maximum(0.0, ticks)
        quarters = SNAPS.get(snap, -1.0)
        if quarters < 0:
            return to_whole(ticks).astype(np.int64)
        bar = np.clip(np.searchsorted(self.bars, ticks, "right") - 1, 0, len(self.bars) - 2)
        start, stop = self.bars[bar], self.bars[bar + 1]
        step = stop - start if quarters == 0 else quarters * self.ppq
        lines = start + np.rint(to_whole((ticks - start) / step) * step).astype(np.int64)
        if to_whole is np.rint:  # the last part of a bar may be shorter than the others
            lines = np.where(stop - ticks < np.abs(lines - ticks), stop, lines)
        return np.minimum(stop, lines)

    def around(self, first: float, last: float) -> tuple[int, int]:
        """From the start of the bar of `first` to the end of the bar that holds `last`."""
        begin, bar = self.bar_at(first), self.bar_at(last)
        if last == self.bars[bar] and bar > begin:
            bar -= 1
        return int(self.bars[begin]), int(self.bars[bar + 1])

    def place(self, tick: float) -> tuple[int, float]:
        """(bar, beat) as people count: both from 1."""
        bar = self.bar_at(tick)
        return bar + 1, 1 + (tick - float(self.bars[bar])) / float(self.beats[bar])

    def words(self, tick: float) -> str:
        """As words: "bar 3, beat 2" or "bar 3, beat 2.5"."""
        bar, beat = self.place(tick)
        return f"bar {bar}, beat {f'{beat:.2f}'.rstrip('0').rstrip('.')}"
