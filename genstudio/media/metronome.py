"""Clicks on the beats of a piece, made like the notes: any part of them, always the same."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from genstudio.media.notes import Piece

CLICK_SECONDS = 0.04
_HIGH, _LOW = 1760.0, 1175.0
_LOUD, _SOFT = 0.5, 0.3
_LONGEST = 4 * 3600.0


class Clicks:
    """The clicks of one piece at one rate; they go on behind its end."""

    def __init__(self, piece: Piece, rate: int, until: float = 0.0) -> None:
        """Up to second `until` at least, a minute behind the end of the piece otherwise."""
        self.rate = rate
        last = min(max(until, piece.seconds(piece.length) + 60.0), _LONGEST)
        self._beats = beats(piece, piece.ticks(last))
        self._firsts = np.rint(piece.seconds(self._beats[:, 0]) * rate).astype(np.int64)
        self._high = self._beats[:, 1] == 0

    def block(self, first: int, frames: int) -> np.ndarray:
        """Clicks float32 (frames, 2) from frame `first` on."""
        out = np.zeros((frames, 2), np.float32)
        size = round(CLICK_SECONDS * self.rate)
        begin, end = np.searchsorted(self._firsts, (first - size, first + frames))
        for number in range(begin, end):
            add(out, click(self.rate, bool(self._high[number])), int(self._firsts[number]) - first)
        return out


def count_in(piece: Piece, tick: int, bars: int, rate: int) -> np.ndarray:
    """The clicks (n, 2) of `bars` bars in the metre and tempo that hold at `tick`."""
    upper, lower = piece.metre_at(tick)
    step, each = _beat(piece, upper, lower)
    seconds = step * 60.0 / (piece.tempo_at(tick) * piece.ppq)
    bar = upper * (4.0 / lower) * 60.0 / piece.tempo_at(tick)
    out = np.zeros((round(bars * bar * rate), 2), np.float32)
    for number in range(bars):
        for beat in range(each):
            place = round((number * bar + beat * seconds) * rate)
            add(out, click(rate, beat == 0), place)
    return out


@lru_cache(maxsize=8)
def click(rate: int, high: bool) -> np.ndarray:
    """One click float32 (n,): a sine that dies away; the first of a bar is higher and louder."""
    seconds = np.arange(round(CLICK_SECONDS * rate)) / rate
    fall = np.exp(-seconds * 120.0) * np.minimum(seconds * 1000.0, 1.0)
    wave = np.sin(2 * np.pi * (_HIGH if high else _LOW) * seconds) * fall
    return (wave * (_LOUD if high else _SOFT)).astype(np.float32)


def add(out: np.ndarray, wave: np.ndarray, place: int) -> None:
    """Add `wave` (n,) or (n, 2) to `out` (m, 2) from frame `place` on, as far as it lies within."""
    start, end = max(0, place), min(len(out), place + len(wave))
    if end > start:
        part = wave[start - place : end - place]
        out[start:end] += part if part.ndim == 2 else part[:, None]


def beats(piece: Piece, until: int) -> np.ndarray:
    """(tick, place in its bar) int64 (n, 2) of all beats up to tick `until`."""
    bars = piece.bars(until)
    found = []
    for start, end in zip(bars[:-1].tolist(), bars[1:].tolist()):
        step, each = _beat(piece, *piece.metre_at(start))
        ticks = start + np.rint(np.arange(each) * step).astype(np.int64)
        ticks = ticks[ticks < end]
        found.append(np.stack([ticks, np.arange(len(ticks))], 1))
    return np.concatenate(found)


def _beat(piece: Piece, upper: int, lower: int) -> tuple[float, int]:
    """(ticks of a beat, beats of a bar): 6/8, 9/8 and 12/8 are counted in dotted notes."""
    step = piece.ppq * 4.0 / lower
    if lower >= 8 and upper > 3 and upper % 3 == 0:
        return step * 3, upper // 3
    return step, upper
