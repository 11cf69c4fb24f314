"""A tone is a line at its height; silence is nothing; colours go from silent to loud."""

import numpy as np
import pytest

from genstudio.media import spectrogram

RATE = 8000


@pytest.mark.parametrize("hertz", [500, 1500, 3000])
def test_a_tone_stands_at_its_frequency_all_the_time(hertz):
    samples = np.sin(2 * np.pi * hertz * np.arange(4000) / RATE).astype(np.float32)
    found = spectrogram.strengths(samples, 50)
    assert found.shape == (spectrogram.WINDOW // 2 + 1, 50)
    loudest = found[:, 5:-5].argmax(axis=0) * RATE / spectrogram.WINDOW
    assert np.abs(loudest - hertz).max() <= RATE / spectrogram.WINDOW
    assert found.max() == pytest.approx(1.0)


def test_what_comes_later_stands_further_right():
    samples = np.zeros(4000, np.float32)
    samples[3000:] = np.random.default_rng(0).standard_normal(1000)
    found = spectrogram.strengths(samples, 40)
    assert found[:, :25].max() == 0
    assert found[:, 32:].mean() > 0.5


def test_silence_and_a_single_sample_are_borne():
    assert spectrogram.strengths(np.zeros(1000, np.float32)).max() == 0
    assert spectrogram.strengths(np.ones(1, np.float32)).shape[1] == 1


def test_low_sounds_are_below_and_colours_are_mixed():
    shares = np.array([[0.0, 1.0], [0.5, 0.25]], np.float32)  # low row first
    colours = np.array([[0, 0, 0], [100, 0, 0], [200, 0, 0]], np.float64)
    found = spectrogram.picture(shares, colours)
    assert found[1, :, 0].tolist() == [0, 200]
    assert found[0, :, 0].tolist() == [100, 50]
    assert found.dtype == np.uint8
