"""What is heard of what was handed over."""

from __future__ import annotations

import numpy as np

from genstudio.ui.playing.timeline import Timeline


def part(left: float, right: float, frames: int = 100) -> np.ndarray:
    return np.tile(np.array([left, right], np.float32), (frames, 1))


def test_place_and_levels_follow_what_is_heard():
    line = Timeline()
    line.wrote(part(0.5, 0.25), 1000, False)
    line.wrote(part(-1.0, 0.0), 5000, False)
    line.heard(30)
    assert (line.place, line.levels) == (1030, (0.5, 0.25))
    line.heard(150)
    assert (line.place, line.levels) == (5050, (1.0, 0.0))
    line.heard(200)
    assert line.levels == (0.0, 0.0), "all of it was heard"


def test_time_never_runs_backwards():
    line = Timeline()
    line.wrote(part(0, 0), 0, False)
    line.heard(60)
    line.heard(40)
    assert line.place == 60


def test_a_count_in_stands_still():
    line = Timeline()
    line.wrote(part(0, 0), 700, True)
    line.wrote(part(0, 0), 700, False)
    line.heard(50)
    assert line.counting
    assert line.place == 700
    line.heard(110)
    assert not line.counting
    assert line.place == 710


def test_struck_notes_have_no_place():
    line = Timeline()
    assert line.place is None
    assert line.levels == (0.0, 0.0)
    line.wrote(part(1, 1), None, False)
    assert line.place is None
