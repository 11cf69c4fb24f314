"""Bars set into pixels, against the same bars set one by one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from genstudio.ui.theme import VOICES, color, theme
from genstudio.ui.widgets.roll_marks import mixed, picture, runs, voice


def one_by_one(shape, line, start, end, inks) -> np.ndarray:
    pixels = np.zeros(shape, np.uint32)
    for at, first, last, ink in zip(line, start, end, inks, strict=True):
        if 0 <= at < shape[0]:
            pixels[at, max(0, first) : max(0, last)] = ink
    return pixels


@pytest.mark.parametrize("seed", range(5))
def test_many_runs_are_those_of_one_by_one(seed):
    random = np.random.default_rng(seed)
    line, start = random.integers(-2, 12, 300), random.integers(-20, 90, 300)
    end, inks = start + random.integers(-2, 30, 300), random.integers(1, 2**32, 300, np.uint32)
    drawn = runs((10, 80), line, start, end, inks)
    assert np.array_equal(drawn, one_by_one((10, 80), line, start, end, inks))


def test_no_runs_draw_nothing():
    none = np.zeros(0, int)
    assert not runs((3, 4), none, none, none, none.astype(np.uint32)).any()


def test_a_picture_shows_its_pixels():
    pixels = np.array([[0xFF102030, 0, 0xFF405060], [0, 0xFF000000, 0]], np.uint32)
    image = picture(pixels, 2.0)
    assert (image.width(), image.height(), image.devicePixelRatio()) == (3, 2, 2.0)
    assert image.pixelColor(2, 0) == QColor(0x40, 0x50, 0x60)
    assert image.pixelColor(1, 0).alpha() == 0
    assert picture(pixels, 1.0, opaque=True).pixelColor(1, 0).alpha() == 255


def test_voices_differ_and_begin_anew():
    assert len({voice(track) for track in range(8)}) == 8
    assert voice(8) == voice(0) == VOICES[0]


def test_mixed_colours_lie_between(qapp):
    assert mixed("text", "window", 1.0) == color("text")
    assert mixed("text", "window", 0.0) == color("window")
    half = mixed("text", "window", 0.5).red()
    assert abs(half - (color("text").red() + color("window").red()) / 2) <= 1
    theme().choose("light")
    assert mixed("text", "window", 1.0) == color("text")
