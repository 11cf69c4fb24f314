"""Clicks on the beats."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.metronome import Clicks, add, click, count_in
from genstudio.media.notes import NOTE, Piece

RATE = 8000


def empty(**more) -> Piece:
    return Piece(np.zeros(0, NOTE), **more)


def starts(clicks: np.ndarray) -> list[float]:
    """Seconds at which sound begins after silence."""
    loud = np.abs(clicks[:, 0]) > 0
    first = np.flatnonzero(loud & ~np.concatenate([[False] * 200, loud[:-200]]))
    gaps = np.flatnonzero(np.diff(first) > 400)
    return [round(float(at) / RATE, 2) for at in first[np.concatenate([[0], gaps + 1])]]


def test_a_click_on_every_quarter():
    found = Clicks(empty(), RATE).block(0, 2 * RATE)
    assert starts(found) == [0.0, 0.5, 1.0, 1.5]
    assert np.array_equal(found[:, 0], found[:, 1])


def test_the_first_of_a_bar_is_louder():
    found = np.abs(Clicks(empty(metres=((0, 3, 4),)), RATE).block(0, 2 * RATE))
    peaks = [found[int(s * RATE) :][:300].max() for s in (0, 0.5, 1.0, 1.5)]
    assert peaks[0] == peaks[3] > 1.3 * peaks[1]
    assert peaks[1] == pytest.approx(peaks[2], rel=1e-3)


def test_six_eighths_are_counted_in_two():
    found = Clicks(empty(metres=((0, 6, 8),)), RATE).block(0, 2 * RATE)
    assert starts(found) == [0.0, 0.75, 1.5]


def test_tempo_changes_are_followed():
    found = Clicks(empty(tempos=((0, 60.0), (960, 120.0))), RATE).block(0, 3 * RATE)
    assert starts(found) == [0.0, 1.0, 2.0, 2.5]


def test_any_cut_is_the_same():
    clicks = Clicks(empty(), RATE)
    whole = clicks.block(0, 3 * RATE)
    parts = [clicks.block(at, 100) for at in range(0, 3 * RATE, 100)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_they_go_on_behind_the_end():
    assert Clicks(empty(), RATE).block(50 * RATE, RATE).any()
    assert Clicks(empty(), RATE, until=200).block(190 * RATE, RATE).any()


def test_a_count_in_has_the_bars_of_its_place():
    music = empty(metres=((0, 4, 4), (1920, 3, 4)), tempos=((0, 120.0), (1920, 60.0)))
    assert starts(count_in(music, 0, 1, RATE)) == [0.0, 0.5, 1.0, 1.5]
    later = count_in(music, 1920, 2, RATE)
    assert len(later) == 6 * RATE
    assert starts(later) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert count_in(music, 0, 0, RATE).shape == (0, 2)


def test_a_click_dies_away():
    wave = click(RATE, True)
    assert abs(wave[-1]) < 0.01 < np.abs(wave).max() <= 0.5


@pytest.mark.parametrize(("place", "there"), [(-2, [3, 0, 0]), (1, [0, 1, 2]), (5, [0, 0, 0])])
def test_adding_keeps_inside(place, there):
    out = np.zeros((3, 2), np.float32)
    add(out, np.array([1, 2, 3], np.float32), place)
    assert out[:, 0].tolist() == there
