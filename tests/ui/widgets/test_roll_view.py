"""Ticks and pitches to pixels and back."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.ui.widgets.roll_rows import rows_of
from genstudio.ui.widgets.roll_view import QUARTER_MAX, QUARTER_MIN, ROW_MAX, ROW_MIN, RollView
from tests.helpers.rolls import piece


@pytest.fixture
def view() -> RollView:
    made = RollView()
    made.left, made.top = 100, 300
    return made


def test_there_and_back(view):
    for tick in (0, 480, 12345):
        assert view.tick(view.x(tick)) == pytest.approx(tick)
    for pitch in (0, 60, 127):
        y = float(view.y(pitch))
        assert view.pitch(y) == view.pitch(y + view.row - 0.01) == pitch


def test_higher_notes_are_higher(view):
    assert view.y(61) == view.y(60) - view.row
    assert view.step(float(view.y(61)) + 1) == view.step(float(view.y(60)) + 1) + 1 == 61


def test_beyond_the_keys_are_the_outer_ones(view):
    assert (view.pitch(-9999), view.pitch(9999)) == (127, 0)


def test_a_kit_has_a_row_for_each_sound(view):
    assert view.set_ladder(np.array([36, 38, 42]))
    assert not view.set_ladder(np.array([36, 38, 42]))
    view.top = 0
    assert [float(view.y(pitch)) for pitch in (42, 38, 36)] == [0, view.row, 2 * view.row]
    assert view.y(60) < -view.row, "what is not in the kit is not in sight"
    assert view.pitch(1.5 * view.row) == 38
    assert view.height() == 3 * view.row


@pytest.mark.parametrize(("wanted", "quarter"), [(1e-9, QUARTER_MIN), (99, QUARTER_MAX)])
def test_time_is_not_stretched_beyond_reading(view, wanted, quarter):
    view.set_scale(wanted)
    assert view.scale * view.ppq == pytest.approx(quarter)


@pytest.mark.parametrize(
    ("wanted", "row"), [(0.1, ROW_MIN), (999, ROW_MAX), (12.4, 12), (12.6, 13)]
)
def test_rows_are_whole_pixels(view, wanted, row):
    view.set_row(wanted)
    assert view.row == row


def test_places_of_notes(view):
    rows = rows_of(piece().notes)
    left, right, top = view.places(rows)
    for index, row in enumerate(rows):
        box = view.place(int(row["start"]), int(row["start"] + row["duration"]), int(row["pitch"]))
        assert (left[index], right[index]) == pytest.approx((box.left(), box.right()))
        assert top[index] == box.top()


def test_hits_are_equally_wide(view):
    view.hits = True
    left, right, _top = view.places(rows_of(piece().notes))
    assert np.allclose(right - left, view.hit())
    view.set_scale(1e-9)
    assert view.hit() == 4
