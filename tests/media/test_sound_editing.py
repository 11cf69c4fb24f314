"""Trimming and normalising: what stays, how loud it is, and that nothing clicks."""

import numpy as np
import pytest

from genstudio.core.sound_edit import SoundEdit
from genstudio.media import sound_editing

RATE = 1000
SAMPLES = np.full(1000, 0.25, np.float32)


def test_nothing_asked_changes_nothing():
    assert np.array_equal(sound_editing.edited(SAMPLES, RATE, SoundEdit()), SAMPLES)


def test_a_part_stays_and_its_cut_ends_fade():
    found = sound_editing.edited(SAMPLES, RATE, SoundEdit(first=0.2, last=0.7))
    assert len(found) == 500
    assert found[0] == found[-1] == 0
    assert (found[5:-5] == 0.25).all()


def test_ends_that_were_not_cut_do_not_fade():
    found = sound_editing.edited(SAMPLES, RATE, SoundEdit(last=0.5))
    assert found[0] == 0.25
    assert found[-1] == 0
    assert sound_editing.edited(SAMPLES, RATE, SoundEdit(first=0.5))[-1] == 0.25


def test_the_given_samples_are_left_alone():
    sound_editing.edited(SAMPLES, RATE, SoundEdit(first=0.1, last=0.2, normalise=True))
    assert (SAMPLES == 0.25).all()


@pytest.mark.parametrize("shape", [(1000,), (1000, 2)])
def test_normalised_sounds_reach_almost_the_top(shape):
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, shape).astype(np.float32)
    found = sound_editing.edited(samples, RATE, SoundEdit(first=0.1, normalise=True))
    assert found.shape == (900, *shape[1:])
    assert np.abs(found).max() == pytest.approx(sound_editing.PEAK)


def test_silence_cannot_be_made_louder_and_a_sample_always_stays():
    silent = np.zeros(10, np.float32)
    assert (sound_editing.edited(silent, RATE, SoundEdit(normalise=True)) == 0).all()
    assert len(sound_editing.edited(SAMPLES, RATE, SoundEdit(first=99.0))) == 1
