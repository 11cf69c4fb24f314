"""Sound files are read whatever they claim; other rates keep what both can hold."""

import io
import struct

import numpy as np
import pytest
import soundfile

from genstudio.core.errors import BadInput
from genstudio.media import sound_picture, sound_reading

RATE = 8000


def tone(hertz: float, seconds: float = 0.2, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype("f4")


def packed(samples: np.ndarray, form: str, coding: str, rate: int = RATE) -> bytes:
    held = io.BytesIO()
    soundfile.write(held, samples, rate, coding, format=form)
    return held.getvalue()


@pytest.mark.parametrize(
    ("form", "coding", "loss"),
    [
        ("WAV", "PCM_16", 1e-4), ("WAV", "PCM_U8", 0.01), ("WAV", "FLOAT", 1e-7),
        ("WAVEX", "PCM_24", 1e-6), ("FLAC", "PCM_16", 1e-4), ("AIFF", "PCM_16", 1e-4),
        ("OGG", "VORBIS", 0.2),
    ],
)  # fmt: skip
def test_formats_are_read(form, coding, loss):
    samples = tone(300)
    found = sound_reading.read(packed(samples, form, coding), "a")
    assert found.rate == RATE
    assert found.samples.dtype == np.float32
    assert np.abs(found.mono()[: len(samples)] - samples).max() < loss
    assert found.seconds == pytest.approx(0.2, abs=0.01)


def test_channels_become_one():
    both = np.stack([tone(300), np.zeros(1600, np.float32)], axis=1)
    found = sound_reading.read(packed(both, "WAV", "FLOAT"))
    assert found.samples.shape == (1600, 2)
    assert np.allclose(found.mono(), tone(300) / 2)


def test_only_so_much_is_read():
    assert sound_reading.read(packed(tone(300), "WAV", "PCM_16"), seconds=0.05).seconds == 0.05


def test_levels_that_are_no_numbers_are_silence():
    samples = tone(300)
    samples[[3, 5]] = np.nan, np.inf
    found = sound_reading.read(packed(samples, "WAV", "FLOAT"))
    assert np.isfinite(found.samples).all()
    assert found.samples[3, 0] == 0


@pytest.mark.parametrize(
    "data",
    [
        b"", b"RIFF", b"no sound at all" * 20, packed(tone(300), "WAV", "PCM_16")[:30],
        packed(tone(300), "FLAC", "PCM_16")[:60], b"OggS" + bytes(200),
    ],
    ids=["nothing", "four bytes", "words", "half a header", "half a FLAC", "half an Ogg"],
)  # fmt: skip
def test_what_is_no_sound_is_refused_with_its_name(data):
    with pytest.raises(BadInput, match=r"song\.wav"):
        sound_reading.read(data, "song.wav")


def test_a_header_that_promises_gigabytes_gives_what_is_there():
    data = bytearray(packed(tone(300), "WAV", "PCM_16"))
    place = data.index(b"data")
    struct.pack_into("<I", data, place + 4, 0xFFFFFFF0)
    assert len(sound_reading.read(bytes(data)).samples) == 1600


def test_an_absurd_rate_is_refused():
    with pytest.raises(BadInput, match="absurd"):
        sound_reading.read(packed(tone(300), "WAV", "PCM_16", rate=500))


def test_a_sound_without_samples_is_refused():
    with pytest.raises(BadInput, match="no sound"):
        sound_reading.read(packed(np.zeros(0, np.float32), "WAV", "PCM_16"), "empty.wav")


@pytest.mark.parametrize("wanted", [4000, 6000, 11025, 16000, 44100])
def test_another_rate_keeps_tone_and_length(wanted):
    samples = tone(440)
    found = sound_reading.resample(samples, RATE, wanted)
    assert len(found) == -(-len(samples) * wanted // RATE)
    middle = slice(len(found) // 4, 3 * len(found) // 4)
    expected = tone(440, rate=wanted)[: len(found)]
    assert np.abs(found[: len(expected)][middle] - expected[middle]).max() < 0.005


def test_what_the_new_rate_cannot_hold_is_filtered_out_not_folded_back():
    found = sound_reading.resample(tone(3500), RATE, 4000)
    assert np.abs(found[100:-100]).max() < 0.005
    assert np.abs(sound_reading.resample(tone(1000), RATE, 4000)[100:-100]).max() > 0.45


def test_the_same_rate_changes_nothing_and_channels_stay():
    samples = np.stack([tone(200), tone(300)], axis=1)
    assert np.array_equal(sound_reading.resample(samples, RATE, RATE), samples)
    assert sound_reading.resample(samples, RATE, 4000).shape == (800, 2)
    assert len(sound_reading.resample(np.zeros(0, np.float32), RATE, 4000)) == 0


def test_a_constant_stays_constant():
    found = sound_reading.resample(np.full(4000, 0.5, np.float32), 8000, 5000)
    assert np.allclose(found[50:-50], 0.5, atol=1e-4)


def test_a_recording_at_another_rate():
    recording = sound_reading.read(sound_picture.wav(tone(300), RATE)).at(4000)
    assert (recording.rate, len(recording.samples)) == (4000, 800)
