"""How sounds look among results."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import BadInput
from genstudio.ui.panels import sound_look
from genstudio.ui.state.results import Place
from genstudio.ui.theme import color, theme
from tests.helpers.hearing import RATE, tone
from tests.helpers.sounds import wav


def ink(image: QImage, x: int) -> int:
    """Pixels of a column in the colour of outlines."""
    return sum(image.pixelColor(x, y) == color("accent") for y in range(image.height()))


def test_an_outline_is_high_where_it_is_loud(qapp):
    samples = np.concatenate([tone(0.1, 0.1), tone(0.1, 0.9)])
    drawn = sound_look.outline(samples)
    assert (drawn.width(), drawn.height()) == (sound_look.WIDTH, sound_look.HEIGHT)
    assert 0 < ink(drawn, 60) < ink(drawn, 180)


def test_colours_follow_the_theme_and_the_size_what_is_asked(qapp):
    dark = sound_look.outline(tone(), 40, 20)
    assert (dark.width(), dark.height()) == (40, 20)
    theme().choose("light")
    assert sound_look.outline(tone(), 40, 20).pixelColor(0, 0) != dark.pixelColor(0, 0)


def test_a_sound_on_its_way_fills_from_the_left(qapp):
    drawn = sound_look.growing([[-0.8, 0.8]] * 10, 1.0)
    assert ink(drawn, 20) > 50
    assert ink(drawn, 200) == 0
    assert sound_look.growing([], 0.0).width() == sound_look.WIDTH


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"class": "seven", "seconds": 0.619}, "seven · 0.62 s"),
        ({"seconds": 1.0}, "1.00 s"),
        ({"seconds": 0.2, UNFINISHED: "stopped after 0.2 seconds"}, "0.20 s · stopped"),
        ({}, ""),
    ],
)
def test_a_line_of_words(data, words):
    assert sound_look.words(Place(0, data=data)) == words


def test_our_own_files_are_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(tone(), RATE))
    assert sound_look.recording(path).seconds == pytest.approx(0.2)
    path.write_bytes(b"no sound")
    with pytest.raises(BadInput, match=r"a\.wav"):
        sound_look.recording(path)
