"""Sound as files: samples, tags and provenance come back, hostile files do not."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import sound, sound_files, xmp
from genstudio.media.sound_files import Tags, read_label, read_provenance, read_tags, write

FORMS = ("wav", "flac", "ogg", "mp3")
MADE = {"source_type": "trained", "request": {"seed": 5, "words": "Grüße “x”"}, "long": "é" * 5000}


def tone(seconds: float = 0.5, rate: int = 44100, channels: int = 2) -> np.ndarray:
    wave_ = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    return np.repeat(wave_[:, None], channels, 1).astype(np.float32)


def decoded(data: bytes) -> tuple[np.ndarray, int]:
    import soundfile

    return soundfile.read(io.BytesIO(data), always_2d=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (8000, 1)])
def test_samples_come_back(form, rate, channels):
    samples = tone(1.0, rate, channels)
    found, found_rate = decoded(write(samples, rate, form))
    assert found_rate == rate
    assert found.shape[1] == channels
    assert abs(len(found) - len(samples)) <= 2304, "MP3 is made of whole frames"
    assert np.abs(found[3000:-1200]).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("form", ["wav", "flac"])
def test_lossless_forms_are_exact_to_16_bits(form):
    samples = tone()
    assert np.abs(decoded(write(samples, 44100, form))[0] - samples).max() < 1 / 32000


@pytest.mark.parametrize("form", FORMS)
def test_provenance_and_label_come_back(form):
    data = write(tone(), 44100, form, Tags("A title", comment="My words"), MADE)
    assert read_provenance(data) == MADE
    assert read_label(data) == xmp.SOURCE_URIS["trained"]
    tags = read_tags(data)
    assert tags.title == "A title"
    assert tags.comment.startswith("My words\n")


@pytest.mark.parametrize("form", FORMS)
def test_bare_files_say_nothing(form):
    data = write(tone(), 44100, form, Tags(software=""))
    assert read_provenance(data) is None
    assert read_label(data) == ""
    assert read_tags(data).title == ""


def test_a_label_alone():
    data = write(tone(), 44100, "wav", source_type="composite")
    assert read_label(data) == xmp.SOURCE_URIS["composite"]
    assert read_provenance(data) is None


@pytest.mark.parametrize("form", ["wav", "flac", "ogg"])
def test_titles_of_any_language(form):
    assert read_tags(write(tone(), 44100, form, Tags("Größe 音", "É"))).title == "Größe 音"


def test_mp3_titles_are_plain_letters():
    assert read_tags(write(tone(), 44100, "mp3", Tags("Größe é", "Ünal"))).title == "Grosse e"


def test_wav_is_what_other_programs_read():
    data = write(tone(), 44100, "wav", Tags("Title"), MADE)
    with wave.open(io.BytesIO(data)) as handle:
        assert handle.getparams()[:4] == (2, 2, 44100, 22050)
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    assert sound.facts(data).seconds == pytest.approx(0.5)


def test_what_is_too_loud_is_cut_and_what_is_no_number_is_silent():
    wild = np.array([2.0, -3.0, np.nan, np.inf], np.float32)
    assert decoded(write(wild, 8000))[0][:, 0].tolist() == pytest.approx([1, -1, 0, 1], abs=1e-4)


@pytest.mark.parametrize(
    ("samples", "rate", "form", "words"),
    [
        (np.zeros(10), 44100, "aiff", "no form of sound"),
        (np.zeros((10, 3)), 44100, "wav", "3 channels"),
        (np.zeros(10), 10, "wav", "10 Hz"),
        (np.zeros(10), 44000, "mp3", "MP3 cannot hold 44000"),
        (np.zeros(6 * 3600 * 1000 + 1, np.float32), 1000, "wav", "longer than 6 hours"),
    ],
)
def test_what_no_file_can_hold_is_refused(samples, rate, form, words):
    with pytest.raises(UsageError, match=words):
        write(samples, rate, form)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"fLaC" + bytes(100), b"OggS" + bytes(60)])
def test_what_is_no_sound_is_refused(data):
    with pytest.raises(BadInput, match="cannot be read"):
        read_tags(data)


def test_a_torn_wav_says_what_is_left():
    data = write(tone(), 44100, "wav", Tags("Title"), MADE)
    for length in range(12, 400, 7):
        assert read_tags(data[:length]).title in (
            "",
            "Title"[: len(read_tags(data[:length]).title)],
        )


def test_entries_that_are_no_json_are_passed_over():
    for words in ("GenStudio {", "GenStudio [1]", "GenStudio " + "[" * 100_000):
        assert read_provenance(write(tone(0.01), 8000, "wav", Tags(comment=words))) is None


def test_nothing_but_its_own_suffixes():
    assert {suffix[1:] for suffix in sound_files.SUFFIXES} == set(FORMS)
