"""The ground of the roll as pixels: rows of keys, lines of the raster, of beats and of bars."""

from __future__ import annotations

import numpy as np

from genstudio.ui.theme import color
from genstudio.ui.widgets.roll_grid import SNAPS
from genstudio.ui.widgets.roll_marks import mixed
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_names import BLACK
from genstudio.ui.widgets.roll_view import RollView

LINE_GAP = 9
"""Pixels between lines that can still be told apart."""
_BLACK = np.isin(np.arange(128) % 12, list(BLACK))


def ground(model: RollModel, view: RollView, width: int, height: int, ratio: float) -> np.ndarray:
    """(h, w) uint32 RGB in pixels of the screen, of which `ratio` are one of Qt's."""
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    # Few lines of pixels differ: each of those is drawn once, then laid where it belongs.
    inks, which = np.unique(_rows(view, size[0], ratio), return_inverse=True)
    kinds = np.repeat(inks[:, None], size[1], axis=1)
    thick = max(1, round(ratio))
    for ticks, ink in lines(model, view, width):
        x = np.rint(view.x(ticks) * ratio).astype(int)
        for part in range(thick):
            kinds[:, x[(x + part >= 0) & (x + part < size[1])] + part] = ink
    end = round(float(view.x(model.grid.end)) * ratio)
    kinds[:, max(0, end + thick) :] = color("roll_black").rgba()
    return kinds[which]


def _rows(view: RollView, height: int, ratio: float) -> np.ndarray:
    """The colour (h,) of each line of pixels: white or black key, a line below C."""
    y = np.arange(height) / ratio + view.top
    row = (y // view.row).astype(int)
    inside = row < len(view.pitches)
    pitch = view.pitches[np.minimum(row, len(view.pitches) - 1)]
    white, black, edge = (color(f"roll_{name}").rgba() for name in ("white", "black", "beat"))
    dark = row % 2 == 1 if view.hits else _BLACK[pitch]
    inks = np.where(dark | ~inside, black, white).astype(np.uint32)
    if not view.hits:
        inks[(pitch % 12 == 0) & inside & (y - row * view.row >= view.row - 1)] = edge
    return inks


def lines(model: RollModel, view: RollView, width: float) -> list[tuple[np.ndarray, int]]:
    """(ticks, colour) of the lines in sight: raster, beats, bars; the later over the earlier."""
    grid = model.grid
    first, last = grid.bar_at(view.tick(0)), grid.bar_at(view.tick(width))
    bars, beats = grid.bars[first : last + 2], grid.beats[first : last + 1]
    step = SNAPS.get(model.snap, -1) * grid.ppq
    fine, coarse = [], []
    for bar, stop, beat in zip(bars[:-1], bars[1:], beats, strict=True):
        if step > 0 and step * view.scale >= LINE_GAP and step < beat:
            fine.append(np.arange(bar + step, stop, step))
        if beat * view.scale >= LINE_GAP:
            coarse.append(np.arange(bar + beat, stop, beat))
    numbers = np.arange(first, first + len(bars))
    found = [(bars[numbers % _every(bars, view) == 0], color("roll_bar").rgba())]
    if coarse:
        found.insert(0, (np.concatenate(coarse), color("roll_beat").rgba()))
    if fine:
        found.insert(0, (np.concatenate(fine), mixed("roll_beat", "roll_white", 0.55).rgba()))
    return found


def _every(bars: np.ndarray, view: RollView) -> int:
    """One bar line of how many can be drawn."""
    narrow, every = float(np.median(np.diff(bars))) * view.scale, 1
    while narrow * every < LINE_GAP:
        every *= 2
    return every
