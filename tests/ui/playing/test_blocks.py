"""Struck notes and fades."""

from __future__ import annotations

import numpy as np

from genstudio.ui.playing.blocks import FADE, MOST_STRUCK, Struck, faded
from tests.helpers.playing import Ramp


def test_struck_sounds_are_mixed_frame_by_frame_and_end():
    struck = Struck()
    struck.add(Ramp(100, 0.5))
    first = struck.mixed(np.zeros((30, 2), np.float32))
    second = struck.mixed(np.zeros((30, 2), np.float32))
    both = np.concatenate([first, second])[:, 0]
    assert np.allclose(both[:50], np.arange(50) / 100)
    assert not struck.sounding


def test_nothing_struck_changes_nothing():
    samples = np.ones((5, 2), np.float32)
    assert Struck().mixed(samples) is samples


def test_what_was_asked_first_is_made_first_and_too_many_are_forgotten():
    struck = Struck()
    makers = [lambda rate, n=n: n for n in range(MOST_STRUCK + 3)]
    for maker in makers:
        struck.ask(maker)
    assert struck
    assert struck.asked() is makers[3]
    struck.clear()
    assert struck.asked() is None
    assert not struck


def test_fades_touch_the_ends_alone():
    samples = np.ones((FADE * 3, 2), np.float32)
    found = faded(samples, comes=True, goes=True)
    assert found[0, 0] == found[-1, 0] == 0
    assert (found[FADE : 2 * FADE] == 1).all()
    assert (samples == 1).all(), "the original is kept"
    assert faded(samples, False, False) is samples
    assert len(faded(samples[:0], True, True)) == 0
    assert faded(samples[:10], True, False)[0, 0] == 0
