"""Colours as key and tempo: hue round the circle of fifths, light the mode, strength the tempo."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from genstudio.core.composing import key_of, tasks
from genstudio.media import colour_music
from genstudio.media.colour_music import FASTEST, SLOWEST, read
from tests.helpers.making import picture


def plain(hue: float, saturation: float = 1.0, value: float = 1.0) -> np.ndarray:
    """A picture of one colour; `hue` in degrees."""
    colour = np.array(colorsys.hsv_to_rgb(hue / 360, saturation, value)) * 255
    return np.full((6, 8, 3), colour).astype(np.uint8)


@pytest.mark.parametrize(
    ("hue", "key"),
    [
        (0, "C major"), (30, "G major"), (60, "D major"), (90, "A major"), (120, "E major"),
        (150, "B major"), (180, "F♯ major"), (300, "B♭ major"), (330, "F major"),
    ],
)  # fmt: skip
def test_bright_hues_go_round_the_circle_of_fifths(hue, key):
    assert read(plain(hue)).key == key


@pytest.mark.parametrize(
    ("hue", "key"),
    [(0, "C minor"), (120, "E minor"), (210, "C♯ minor"), (240, "G♯ minor"), (270, "D♯ minor")],
)
def test_dark_hues_are_minor_in_the_spelling_with_fewest_signs(hue, key):
    assert read(plain(hue, 1.0, 0.3)).key == key


def test_every_key_and_tempo_can_be_asked():
    controls = {c.name: c for c in tasks({})[0].controls}
    for hue in range(0, 360, 10):
        for value in (0.2, 0.6, 1.0):
            found = read(plain(hue, 0.9, value))
            assert controls["key"].check(found.key) == found.key
            assert controls["tempo"].check(found.tempo) == found.tempo
            assert found.tempo % 2 == 0
            assert key_of(found.key)[1] == found.minor


def test_neighbouring_hues_are_one_fifth_apart():
    steps = [read(plain(hue)).step for hue in range(0, 360, 30)]
    assert steps == list(range(12))
    assert read(plain(352)).step == 0, "red lies on both sides of 0 degrees"


def test_light_of_the_same_hue_decides_the_mode():
    assert not read(plain(30, 0.5, 1.0)).minor
    assert read(plain(30, 0.5, 0.25)).minor


def test_warmth_decides_where_the_light_does_not():
    warm = np.full((4, 4, 3), (170, 100, 60), np.uint8)
    cold = np.full((4, 4, 3), (60, 110, 150), np.uint8)
    assert abs(read(warm).brightness - read(cold).brightness) < 0.06
    assert read(warm).warmth > 0.8
    assert read(cold).warmth < -0.8
    assert (read(warm).minor, read(cold).minor) == (False, True)


def test_grey_pictures_say_c_and_are_slow():
    bright, dark = read(np.full((4, 4, 1), 220, np.uint8)), read(np.full((4, 4, 3), 40, np.uint8))
    assert (bright.hue, bright.key, bright.tempo) == (None, "C major", SLOWEST)
    assert dark.key == "C minor"
    assert "grey and dark" in dark.sentence


def test_colours_that_cancel_out_have_no_hue():
    both = np.concatenate([plain(0), plain(180)])
    assert read(both).hue is None
    assert read(both).colourful == 1.0


def test_strong_colours_and_contrast_are_fast():
    calm, strong = plain(20, 0.15), np.concatenate([plain(20), np.zeros((6, 8, 3), np.uint8)])
    assert SLOWEST <= read(calm).tempo < 90
    assert 120 < read(strong).tempo <= FASTEST
    tempos = [read(plain(20, share)).tempo for share in (0.0, 0.1, 0.3, 0.5)]
    assert tempos == sorted(set(tempos))


def test_the_sentence_tells_what_was_read():
    found = read(plain(30))
    assert found.sentence == (
        "The picture is mostly orange, bright and warm: G major. Its colours are strong: "
        f"{found.tempo} bpm."
    )


def test_transparency_counts_as_white_and_size_does_not_matter():
    clear = np.zeros((4, 4, 4), np.uint8)
    assert read(clear).brightness == pytest.approx(1.0)
    noise = picture(40, 40)
    large = noise.repeat(4, 0).repeat(4, 1)
    assert read(large).key == read(noise).key
    assert colour_music.read(large).tempo == read(noise).tempo
