"""Where files of music and sound come from, in the file and out of it."""

import json

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import midi, music_made, provenance, scores, sound_files, sound_reading
from tests.helpers import players
from tests.helpers.results import provenance as record

PIECE = players.quartet(1)


@pytest.mark.parametrize("suffix", music_made.MIDI)
def test_a_midi_file_carries_all_of_it(tmp_path, suffix):
    made = record(seed=77, output="music", values={"bars": 4, "key": "E♭ major"})
    path = tmp_path / f"a{suffix}"
    path.write_bytes(music_made.encode(PIECE, made))
    found = music_made.read(path)
    assert found.provenance == made
    assert (found.format, found.level, found.source_type) == ("MIDI", "full", "trained")
    assert midi.read(path.read_bytes()).notes.tolist() == PIECE.notes.tolist()
    assert provenance.describe(found)["seed"] == 77


def test_less_of_it(tmp_path):
    path = tmp_path / "a.mid"
    path.write_bytes(music_made.encode(PIECE, record(), "label"))
    assert (music_made.read(path).provenance, music_made.read(path).level) == (None, "label")
    for content in (music_made.encode(PIECE, record(), "bare"), music_made.encode(PIECE, None)):
        path.write_bytes(content)
        assert music_made.read(path).level == "bare"
        assert music_made.read(path).source_uri == ""


def test_a_record_that_is_malformed_becomes_a_note(tmp_path):
    path = tmp_path / "a.mid"
    path.write_bytes(midi.write(PIECE, {"format": 1, "request": {"model": "../../etc"}}))
    found = music_made.read(path)
    assert found.provenance is None
    assert "a.mid (genstudio entry)" in found.notes[0]
    assert json.loads(found.texts["genstudio"])["format"] == 1


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_a_sound_file_carries_it_too(tmp_path, suffix):
    samples = np.sin(np.arange(4000) / 20).astype(np.float32) / 2
    made = record(seed=5, output="sound")
    path = tmp_path / f"a{suffix}"
    path.write_bytes(music_made.encode_sound(samples, 8000, suffix, made))
    found = music_made.read(path)
    assert found.provenance == made
    assert found.format == suffix[1:].upper()
    assert found.source_type == "trained"


def test_a_sound_with_the_label_alone(tmp_path):
    samples = np.zeros(800, np.float32)
    path = tmp_path / "a.wav"
    path.write_bytes(music_made.encode_sound(samples, 8000, ".wav", record(), "label"))
    assert music_made.read(path).source_type == "trained"
    assert music_made.read(path).provenance is None
    path.write_bytes(sound_files.write(samples, 8000, "wav"))
    assert music_made.read(path).level == "bare"


def test_music_is_written_for_score_programs_too(tmp_path):
    content = music_made.encode(PIECE, record(seed=77), "full", ".musicxml")
    assert scores.read_any(content, "a.musicxml").notes["pitch"].tolist() == (
        PIECE.notes["pitch"].tolist()
    )
    assert b"&quot;seed&quot;:77" in content or b'"seed":77' in content
    bare = music_made.encode(PIECE, record(seed=77), "bare", ".musicxml")
    assert b"GenStudio " not in bare
    assert b"trainedAlgorithmicMedia" not in bare


@pytest.mark.parametrize("sides", [1, 2])
def test_a_sound_is_written_again_with_its_record(tmp_path, sides):
    samples = np.stack([np.sin(np.arange(4000) / (20 + n)) for n in range(sides)], 1) / 2
    path = tmp_path / "a.wav"
    path.write_bytes(sound_files.write(samples.astype(np.float32), 8000, "wav"))
    (tmp_path / "b.flac").write_bytes(music_made.encoded(path, ".flac", record(seed=3)))
    assert music_made.read(tmp_path / "b.flac").provenance == record(seed=3)
    again = sound_reading.read((tmp_path / "b.flac").read_bytes())
    assert (again.rate, again.samples.shape) == (8000, (4000, sides))
    assert np.abs(again.samples - samples).max() < 1e-3


def test_other_kinds_of_file_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.pdf"):
        music_made.encode(PIECE, None, "full", ".pdf")
    with pytest.raises(UsageError, match=r"\.aiff"):
        music_made.encode_sound(np.zeros(8, np.float32), 8000, ".aiff", None)
    path = tmp_path / "a.mid"
    path.write_bytes(b"no music at all")
    with pytest.raises(BadInput, match=r"a\.mid"):
        music_made.read(path)
