"""mu-law codes: silence is exact, the quiet is fine, the way back is the nearest level."""

import numpy as np
import pytest

from genstudio.media import companding


def test_silence_is_a_code_of_its_own_and_comes_back_as_silence():
    assert companding.encode(np.zeros(3)).tolist() == [companding.SILENCE] * 3
    assert companding.decode(np.array([companding.SILENCE]))[0] == 0.0


def test_no_sound_has_the_code_that_stands_before_all():
    wide = np.linspace(-1, 1, 10_001)
    assert companding.encode(wide).min() == 1
    assert companding.encode(wide).max() == 255
    assert companding.BEFORE == 0


def test_every_level_comes_back_as_itself():
    codes = np.arange(1, companding.CODES, dtype=np.uint8)
    levels = companding.decode(codes)
    assert np.array_equal(companding.encode(levels), codes)
    assert (np.diff(levels) > 0).all()
    assert np.allclose(levels, -levels[::-1]), "as loud below as above"


def test_quiet_sounds_are_told_more_finely_than_loud_ones():
    steps = np.diff(companding.LEVELS[companding.SILENCE :])
    assert steps[0] < 0.001
    assert steps[-1] > 0.02
    assert (np.diff(steps) > 0).all()


def test_what_a_code_loses_is_a_small_share_of_the_sample():
    samples = np.random.default_rng(0).uniform(-1, 1, 5000)
    found = companding.decode(companding.encode(samples))
    assert np.abs(found - samples).max() < 0.025
    loud = np.abs(samples) > 0.05
    assert (np.abs(found - samples)[loud] / np.abs(samples[loud])).max() < 0.04


@pytest.mark.parametrize(("given", "code"), [(2.0, 255), (-7.0, 1), (np.nan, 128), (np.inf, 255)])
def test_what_is_too_loud_or_no_number_does_no_harm(given, code):
    assert companding.encode(np.array([given]))[0] == code


def test_shapes_are_kept():
    assert companding.decode(companding.encode(np.zeros((2, 3)))).shape == (2, 3)
