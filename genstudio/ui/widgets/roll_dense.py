"""Many notes at once, laid straight onto the pixels of the roll's ground.

Painted one by one, ten thousand notes would take longer than ten frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.ui.theme import color
from genstudio.ui.widgets import roll_marks
from genstudio.ui.widgets.chances import STEPS
from genstudio.ui.widgets.roll_marks import mixed, voice
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_view import RollView

TALL = 6
"""Pixels of height from which a selected note shows its colour within an edge."""


@dataclass(frozen=True)
class _Looks:
    """What note n (0 is the ground) looks like: colours as uint32 ARGB. Which are `selected` and
    `locked` is None where none is, as most of the time."""

    ink: np.ndarray
    selected: np.ndarray | None
    locked: np.ndarray | None
    lock_ink: np.ndarray


def lay(
    pixels: np.ndarray, ratio: float, model: RollModel, view: RollView, rows: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray, np.ndarray], shares: np.ndarray,
) -> None:  # fmt: skip
    """Draw notes, `rows` (n,) of a `RollModel`, the later over the earlier.

    `pixels` (h, w) uint32 of the screen, of which `ratio` are one of Qt's; they hold the ground,
    whose lines are alike within a row of the roll. `sides` are the left, right and upper edge (n,)
    of the notes in pixels of Qt; `shares` (n,) of their colour is left, 0 to 1.
    """
    (height, width), (left, right, top) = pixels.shape, sides
    free = max(1, round(ratio))  # of ground behind each note, also where the next begins at once
    start, end = (np.floor(side * ratio).astype(int) for side in (left, right))
    end = np.maximum(end - free, start + free)
    first, many = int(view.top // view.row), int(height / ratio // view.row) + 2
    line = np.rint((top + view.top) / view.row).astype(int) - first
    numbers = np.arange(1, len(rows) + 1, dtype=np.uint32)
    owners = roll_marks.runs((many, width), line, start, end, numbers)
    edges = np.rint(((first + np.arange(many + 1)) * view.row - view.top) * ratio).astype(int)
    gap = round(ratio * (2 if view.row >= 12 else 1))
    upper, lower = edges[:-1] + gap // 2, edges[1:] - (gap - gap // 2)
    inside = (line >= 0) & (line < many)
    corners = _corners(pixels.shape, ratio, owners, upper, lower, line, start, end, inside)
    ground = pixels[corners] if view.row * ratio >= 8 else None
    tall = view.row * ratio - gap >= TALL * ratio
    under = pixels[np.clip(upper, 0, pixels.shape[0] - 1)]
    bands = _bands(owners, under, _looks(model, rows, shares), ratio, tall)
    # The lowest lines of a row may differ from its others: a line of the ground goes through there.
    odd = max(0, round(ratio) - (gap - gap // 2))
    for number in np.flatnonzero(np.bincount(line[inside])).tolist():
        _lay_line(pixels, ratio, bands, number, int(upper[number]), int(lower[number]), odd)
    if ground is not None:
        pixels[corners] = ground


@dataclass(frozen=True)
class _Bands:
    """What stands in each row of the roll, (rows, w): where notes are, the colours of their middle
    and of their upper and lower edge with the ground between them, and where and in which colour
    locks are (None: nowhere)."""

    note: np.ndarray
    body: np.ndarray
    rim: np.ndarray
    held: np.ndarray | None
    lock: np.ndarray | None
    tall: bool


def _bands(
    owners: np.ndarray, under: np.ndarray, looks: _Looks, ratio: float, tall: bool
) -> _Bands:
    """`owners` (rows, w): the number of the note at each pixel; `under` (rows, w): the ground."""
    note, held, lock = owners != 0, None, None
    body = rim = np.where(note, looks.ink[owners], under)
    if looks.selected is not None:
        chosen, ink = looks.selected[owners], np.uint32(color("text").rgba())
        rim = np.where(chosen, ink, body)
        body = np.where(chosen & _ends(owners, round(1.5 * ratio)), ink, body) if tall else rim
    if looks.locked is not None:
        held, lock = looks.locked[owners], looks.lock_ink[owners]
    return _Bands(note, body, rim, held, lock, tall)


def _lay_line(
    pixels: np.ndarray, ratio: float, bands: _Bands, number: int, top: int, bottom: int, odd: int
) -> None:
    """Row `number` of the roll, between two lines of the screen; in the last `odd` of them the
    ground is another one."""

    def lay_in(upper: int, lower: int, inks: np.ndarray, where: np.ndarray) -> None:
        np.copyto(pixels[max(0, upper) : max(0, lower)], inks[number], where=where[number])

    def fill(upper: int, lower: int, inks: np.ndarray) -> None:
        even = min(lower, bottom - odd)
        pixels[max(0, upper) : max(0, even)] = inks[number]
        if even < lower:
            lay_in(max(even, upper), lower, inks, bands.note)

    if bands.rim is bands.body:
        fill(top, bottom, bands.body)
    else:
        thick = round(1.5 * ratio)
        fill(top, top + thick, bands.rim)
        fill(bottom - thick, bottom, bands.rim)
        fill(top + thick, bottom - thick, bands.body)
    if bands.held is not None and bands.lock is not None:
        # A line within a tall note, else its lower edge.
        high = max(1, round(ratio))
        lower = bottom - high if bands.tall else bottom
        lay_in(lower - high, lower, bands.lock, bands.held)


def _ends(owners: np.ndarray, thick: int) -> np.ndarray:
    """Which pixels (rows, w) lie at most `thick` from where another note or the ground begins."""
    # A note that goes on out of sight has no end there.
    wide = np.pad(owners, ((0, 0), (thick, thick)), mode="edge")
    return (wide[:, : owners.shape[1]] != owners) | (wide[:, 2 * thick :] != owners)


def _corners(
    shape: tuple[int, int], ratio: float, owners: np.ndarray, upper: np.ndarray,
    lower: np.ndarray, line: np.ndarray, start: np.ndarray, end: np.ndarray, inside: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(y, x) of the corners of each bar that is wide enough, where they are in sight."""
    size = max(1, round(ratio))
    note = np.flatnonzero(inside & (end - start >= 4 * size))
    row, found = line[note], []
    for down in range(size):
        for across in range(size - down):
            for x in (start[note] + across, end[note] - 1 - across):
                seen = (x >= 0) & (x < shape[1])
                seen[seen] = owners[row[seen], x[seen]] == note[seen] + 1  # not under another one
                for y in (upper[row] + down, lower[row] - 1 - down):
                    here = seen & (y >= 0) & (y < shape[0])
                    found.append((y[here], x[here]))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]


def _looks(model: RollModel, rows: np.ndarray, shares: np.ndarray) -> _Looks:
    """The looks of each note, behind those of the ground."""
    pale = shares < 0.7
    if model.coloured:
        pale = pale | (rows["p"] >= 0)
    dark, light = (np.uint32(color(name).rgba()) for name in ("on_voice", "text"))
    zero = np.zeros(1, np.uint32)
    return _Looks(
        np.concatenate((zero, _inks(model, rows, shares))),
        _some(rows["selected"]),
        _some(rows["locked"]),
        np.concatenate((zero, np.where(pale, light, dark))),
    )


def _some(marks: np.ndarray) -> np.ndarray | None:
    """Which notes are marked, behind the ground; None where none is."""
    return np.concatenate((np.zeros(1, bool), marks.astype(bool))) if marks.any() else None


def _inks(model: RollModel, rows: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The colour of each note (n,) uint32: few differ, and each of those is mixed once."""
    level = np.zeros(len(rows), int)
    if model.coloured:
        known = rows["p"] >= 0
        level[known] = 1 + np.searchsorted(-np.array(STEPS), -rows["p"][known], "left")
    code = (rows["track"].astype(int) * 21 + np.rint(shares * 20).astype(int)) * 6 + level
    table = np.zeros(16 * 21 * 6, np.uint32)
    for number in np.flatnonzero(np.bincount(code)).tolist():
        if number % 6:
            ink = color(f"chance_{number % 6}")
        else:
            ink = mixed(voice(number // 126), "roll_white", number // 6 % 21 / 20)
        table[number] = ink.rgba()
    return table[code]
