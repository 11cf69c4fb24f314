"""Names of pitches, sounds and lengths."""

from __future__ import annotations

import pytest

from genstudio.ui.widgets.roll_names import (
    DRUMS,
    KIT,
    drum_name,
    is_black,
    length_name,
    pitch_name,
    pitch_of,
)


@pytest.mark.parametrize(
    ("pitch", "name"), [(60, "C4"), (69, "A4"), (0, "C-1"), (127, "G9"), (61, "C♯4"), (70, "B♭4")]
)
def test_names_of_pitches(pitch, name):
    assert pitch_name(pitch) == name


def test_every_name_is_read_back():
    assert [pitch_of(pitch_name(pitch)) for pitch in range(128)] == list(range(128))


@pytest.mark.parametrize(
    ("text", "pitch"),
    [("a4", 69), ("Bb3", 58), ("f#5", 78), ("B♭3", 58), (" 60 ", 60), ("Cb4", 59), ("C##4", 62)],
)
def test_other_ways_to_write_a_pitch(text, pitch):
    assert pitch_of(text) == pitch


@pytest.mark.parametrize("text", ["", "H4", "C", "C10", "G#9", "128", "C-2", "C4x", "Cb-1"])
def test_what_is_no_pitch(text):
    assert pitch_of(text) is None


def test_keys_of_the_piano():
    octave = [is_black(60 + step) for step in range(12)]
    assert "".join("b" if black else "w" for black in octave) == "wbwbwwbwbwbw"


def test_drums_have_names():
    assert drum_name(36) == "Kick"
    assert drum_name(5) == "Sound 5"
    assert set(KIT) <= set(DRUMS)
    assert len(set(DRUMS.values())) == len(DRUMS)


@pytest.mark.parametrize(
    ("quarters", "words"),
    [(1, "quarter"), (4, "whole"), (0.75, "dotted eighth"), (5, "5 quarters"),
     (1 / 3, "0.33 quarters"), (2.5, "2.5 quarters"), (0.125, "thirty-second")],
)  # fmt: skip
def test_lengths_in_words(quarters, words):
    assert length_name(quarters) == words
