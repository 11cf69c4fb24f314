"""Bars, beats, the raster."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.notes import Piece, notes_of
from genstudio.ui.widgets.roll_grid import FEWEST, ROOM, SNAPS, Grid
from tests.helpers.rolls import BAR, piece


@pytest.fixture
def grid() -> Grid:
    return Grid(piece())


@pytest.fixture
def odd() -> Grid:
    """Two bars of 7/8, then 3/4."""
    return Grid(piece(metres=((0, 7, 8), (3360, 3, 4))))


def test_there_is_room_behind_the_last_bar(grid):
    assert grid.end == FEWEST * BAR
    long = Grid(piece([(20 * BAR, 100, 60, 80, 0)]))
    assert long.end >= (21 + ROOM - 1) * BAR
    assert Grid(piece(), until=30 * BAR).end >= 30 * BAR


@pytest.mark.parametrize(("tick", "bar"), [(0, 0), (1919, 0), (1920, 1), (-50, 0), (10**9, 7)])
def test_the_bar_of_a_tick(grid, tick, bar):
    assert grid.bar_at(tick) == bar


def test_metres_change(odd):
    assert odd.bars[:4].tolist() == [0, 1680, 3360, 4800]
    assert odd.beats[:3].tolist() == [240, 240, 480]
    assert odd.place(1680 + 240) == (2, 2)
    assert odd.step("bar", 100) == 1680
    assert odd.step("bar", 3400) == 1440


@pytest.mark.parametrize(
    ("snap", "tick", "floor", "nearest"),
    [
        ("1/4", 700, 480, 480),
        ("1/4", 730, 480, 960),
        ("1/16", 61, 0, 120),
        ("1/8T", 170, 160, 160),
        ("bar", 1000, 0, 1920),
        ("off", 333.4, 333, 333),
        ("1/4", -20, 0, 0),
    ],
)
def test_snapping(grid, snap, tick, floor, nearest):
    assert grid.floored(tick, snap) == floor
    assert grid.rounded(tick, snap) == nearest


def test_lines_are_counted_from_each_bar(odd):
    assert odd.rounded(1680 + 470, "1/4") == 1680 + 480
    assert odd.rounded(1680 - 10, "1/4") == 1680, "a bar's end is a line"
    assert odd.floored(1679, "1/4") == 1440


def test_many_at_once_as_one_by_one(odd):
    ticks = np.random.default_rng(0).integers(0, 9000, 200)
    for snap in SNAPS:
        assert odd.all_rounded(ticks, snap).tolist() == [
            odd.rounded(int(tick), snap) for tick in ticks
        ]


def test_a_snapped_tick_stays(odd):
    for snap in SNAPS:
        for tick in (100, 1000, 1679, 2000, 4000):
            once = odd.rounded(tick, snap)
            assert odd.rounded(once, snap) == once


def test_steps_are_at_least_a_tick():
    coarse = Grid(Piece(notes_of([(0, 1, 60, 80, 0)]), ppq=1))
    assert {coarse.step(snap) for snap in SNAPS} <= {1, 2, 4}


@pytest.mark.parametrize(
    ("first", "last", "bars"),
    [(10, 20, (0, 1920)), (10, 1920, (0, 1920)), (10, 1921, (0, 3840)), (1920, 1920, (1920, 3840))],
)
def test_whole_bars_around(grid, first, last, bars):
    assert grid.around(first, last) == bars


@pytest.mark.parametrize(
    ("tick", "words"), [(0, "bar 1, beat 1"), (2640, "bar 2, beat 2.5"), (1920, "bar 2, beat 1")]
)
def test_places_in_words(grid, tick, words):
    assert grid.words(tick) == words


def test_a_piece_of_as_many_bars_as_there_may_be():
    full = Piece(notes_of([(99_998, 1, 60, 80, 0)]), ppq=1, metres=((0, 1, 4),))
    assert Grid(full).end >= 99_999
