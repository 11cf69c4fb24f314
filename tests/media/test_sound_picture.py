"""Outlines of sounds as numbers and pictures, and plain WAV files."""

import io
import wave

import numpy as np

from genstudio.media import image, sound_picture


def test_peaks_are_the_extremes_of_each_stretch():
    samples = np.array([0, 0.5, -0.25, 0, 1, -1, 0.125, 0], np.float32)
    found = sound_picture.peaks(samples, 4)
    assert found.tolist() == [[0, 0.5], [-0.25, 0], [-1, 1], [0, 0.125]]


def test_more_columns_than_samples_repeat_and_none_give_nothing():
    assert sound_picture.peaks(np.array([0.5], np.float32), 3).tolist() == [[0.5, 0.5]] * 3
    assert sound_picture.peaks(np.zeros(0, np.float32), 3).tolist() == [[0, 0]] * 3


def test_a_loud_stretch_is_drawn_high_and_silence_is_a_line():
    samples = np.concatenate([np.zeros(100), np.tile([0.9, -0.9], 50)]).astype(np.float32)
    picture = sound_picture.waveform(samples, 20, 41)
    ink = (picture == sound_picture.INK).all(axis=2)
    assert picture.shape == (41, 20, 3)
    assert not ink[:, :10].any()
    assert ink[:, 10:].sum(axis=0).min() > 30
    assert (picture[20, :10] == sound_picture.AXIS).all()


def test_channels_and_loudness_beyond_all_bounds_are_drawn():
    both = np.stack([np.full(50, 3.0), np.full(50, 3.0)], axis=1).astype(np.float32)
    picture = sound_picture.waveform(both, 10, 21, paper=(0, 0, 0), ink=(255, 0, 0))
    assert (picture[0] == (255, 0, 0)).all()
    assert (sound_picture.waveform(np.zeros(0, np.float32), 4, 9)[0] == sound_picture.PAPER).all()


def test_a_sheet_shows_all_on_one_scale_of_time():
    long, short = np.ones(200, np.float32), np.ones(100, np.float32)
    pixels = image.read(sound_picture.sheet([long, short], columns=1, width=40, height=20))
    ink = (pixels[..., :3] == sound_picture.INK).all(axis=2).any(axis=0)
    assert pixels.shape[0] == 40
    assert ink.sum() == 40
    lower = (pixels[20:, :, :3] == sound_picture.INK).all(axis=2).any(axis=0)
    assert 19 <= lower.sum() <= 21


def test_a_wav_file_holds_the_samples():
    samples = np.array([0, 0.5, -1, 2], np.float32)
    with wave.open(io.BytesIO(sound_picture.wav(samples, 4000))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (4000, 1, 2)
        found = np.frombuffer(file.readframes(9), "<i2")
    assert found.tolist() == [0, 16384, -32767, 32767]
