"""The spectrogram: loud frequencies bright at their height, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.ui.theme import theme
from genstudio.ui.widgets.spectrogram_view import HEIGHT, SpectrogramView

RATE = 8000


@pytest.fixture
def view(qtbot) -> SpectrogramView:
    made = SpectrogramView()
    qtbot.addWidget(made)
    made.resize(300, HEIGHT)
    return made


def tone(hertz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(4000) / RATE).astype(np.float32)


def brightest_row(view: SpectrogramView) -> float:
    shot = view.grab().toImage()
    x = shot.width() // 2
    rows = [shot.pixelColor(x, y).lightness() for y in range(shot.height())]
    return rows.index(max(rows)) / shot.height()


def test_a_tone_is_a_line_at_its_height(view):
    view.set_sound(tone(1000), RATE)
    assert brightest_row(view) == pytest.approx(0.75, abs=0.03)
    view.set_sound(np.stack([tone(3000)] * 2, axis=1), RATE)
    assert brightest_row(view) == pytest.approx(0.25, abs=0.03)


def test_it_says_in_words_what_is_seen(view):
    assert view.text() == "No sound"
    view.set_sound(tone(1000), RATE)
    assert "around 1,000 Hz" in view.accessibleDescription()
    view.set_sound(np.zeros(100, np.float32), RATE)
    assert view.text() == "No sound"
    view.clear()
    assert view.accessibleDescription() == "No sound"


def test_another_theme_has_other_colours(view):
    view.set_sound(tone(1000), RATE)
    dark = view.grab().toImage().pixelColor(150, 5)
    theme().choose("light")
    assert view.grab().toImage().pixelColor(150, 5) != dark


def test_the_playhead_moves(view):
    view.set_sound(tone(1000), RATE)
    before = view.grab().toImage()
    view.set_place(0.25)
    assert view.grab().toImage() != before
