"""The spectrogram: loud frequencies bright at their height, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.ui.theme import color, theme
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


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_highest_frequency_can_be_read_over_any_sound(view, name):
    """Dim words are legible on the panel's colour: that lies below them, not the loud picture."""
    theme().choose(name)
    view.set_sound(np.random.default_rng(0).normal(size=4000).astype(np.float32), RATE)
    shot = view.grab().toImage()
    below = [shot.pixelColor(x, y) for x in range(5, 30) for y in (5, 6)]
    assert below.count(color("panel")) == len(below)
    assert shot.pixelColor(150, 5) != color("panel")


def test_the_playhead_moves(view):
    view.set_sound(tone(1000), RATE)
    before = view.grab().toImage()
    view.set_place(0.25)
    assert view.grab().toImage() != before
