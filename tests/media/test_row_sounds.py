"""Sounds in place of drums: made fit, labelled, read again."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import row_sounds, sound_files, sound_reading
from genstudio.media.row_sounds import LONGEST, Folder, taken, trimmed
from genstudio.media.sound_reading import Recording

RATE = 8000


def tone(seconds: float, channels: int = 1, rate: int = RATE) -> np.ndarray:
    """float32 (n, channels) at half of full."""
    wave = 0.5 * np.sin(2 * np.pi * 200 * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def quiet(seconds: float) -> np.ndarray:
    return np.zeros((round(seconds * RATE), 1), np.float32)


def test_silence_on_both_sides_goes():
    sound = np.concatenate([quiet(1.0), tone(0.5), quiet(2.0)])
    found = trimmed(Recording(sound, RATE))
    assert found.seconds == pytest.approx(0.5, abs=0.01)
    assert np.abs(found.samples[:200]).max() > 0.4, "it begins at once"


def test_a_long_sound_is_cut_and_fades_out():
    found = trimmed(Recording(tone(LONGEST + 3), RATE))
    assert found.seconds == pytest.approx(LONGEST, abs=0.01)
    assert np.abs(found.samples[-8:]).max() < 0.05
    assert np.abs(found.samples[-400:-300]).max() > 0.4, "only its last moment is softer"


def test_a_short_sound_ends_as_it_was():
    sound = tone(0.2)
    assert np.array_equal(trimmed(Recording(sound[1:], RATE)).samples[-50:], sound[-50:])


def test_stereo_stays_and_more_channels_become_one():
    assert trimmed(Recording(tone(0.2, 2), RATE)).samples.shape[1] == 2
    assert trimmed(Recording(tone(0.2, 6), RATE)).samples.shape[1] == 1


def test_a_rate_that_nobody_hears_is_lowered():
    found = trimmed(Recording(tone(0.1, rate=96_000), 96_000))
    assert found.rate == row_sounds.HIGHEST_RATE
    assert found.seconds == pytest.approx(0.1, abs=0.01)


def test_what_is_kept_is_a_wav_with_its_label_and_provenance():
    told = {"source_type": "trained", "model": "hits"}
    given = sound_files.write(tone(0.2), RATE, "flac", None, told, "trained")
    kept = taken(given, "kick.flac")
    assert kept[:4] == b"RIFF"
    assert sound_files.read_provenance(kept) == told
    assert sound_files.read_label(kept) == sound_files.LABELS["trained"]
    assert sound_files.read_tags(kept).title == "kick"


def test_a_sound_of_somebody_says_nothing_of_models():
    kept = taken(sound_files.write(tone(0.2), RATE), "voice.wav")
    assert sound_files.read_provenance(kept) is None
    assert sound_files.read_label(kept) == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no sound at all", "damaged or no sound"),
        (sound_files.write(quiet(0.5), RATE), "nothing.wav is silent"),
    ],
)
def test_what_cannot_be_played_is_refused(data, words):
    with pytest.raises(BadInput, match=words):
        taken(data, "nothing.wav")


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(row_sounds, "MAX_BYTES", 100)
    with pytest.raises(BadInput, match="larger than"):
        taken(sound_files.write(tone(0.2), RATE), "long.wav")


def test_a_kept_sound_is_read_at_the_rate_that_is_asked(tmp_path):
    data = taken(sound_files.write(tone(0.5, 2), RATE), "a.wav")
    (tmp_path / "p.abc.wav").write_bytes(data)
    waves = Folder(lambda file: tmp_path / f"p.{file}.wav")
    wave = waves("abc", 16_000)
    assert wave.ndim == 1
    assert len(wave) == pytest.approx(2 * sound_reading.read(data).samples.shape[0], abs=2)
    assert waves("abc", 16_000) is wave, "it is read once"


def test_a_sound_that_is_gone_or_damaged_is_none(tmp_path):
    (tmp_path / "p.bad.wav").write_bytes(b"RIFF")
    waves = Folder(lambda file: tmp_path / f"p.{file}.wav")
    assert waves("bad", RATE) is None
    assert waves("gone", RATE) is None
