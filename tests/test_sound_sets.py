"""The sounds of the bundled models, from made-up archives of their shape."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.scripts import script


@pytest.fixture(scope="module")
def sets():
    with script("sound_sets") as module:
        yield module


def noise(count: int, loud: float = 3000) -> np.ndarray:
    return np.random.default_rng(count).normal(0, loud, count).astype(np.int16)


def read(data: bytes) -> tuple[np.ndarray, int]:
    with wave.open(io.BytesIO(data)) as file:
        return np.frombuffer(file.readframes(10**6), "<i2"), file.getframerate()


@pytest.fixture
def data(tmp_path) -> Path:
    """Three spoken digits and four hits."""
    (tmp_path / "audio-spoken-digits").mkdir()
    (tmp_path / "audio-drum-oneshots").mkdir()
    pcm = np.concatenate([noise(500, 50), noise(400), noise(300)])
    np.savez(
        tmp_path / "audio-spoken-digits" / "fsdd8k.npz",
        pcm=pcm, offset=np.array([0, 500, 900, 1200]), digit=np.array([7, 0, 7], np.uint8),
        speaker=np.array(["theo", "ann", "ann"]), take=np.array([3, 0, 12], np.uint8), rate=8000,
    )  # fmt: skip
    hit = np.concatenate([np.zeros(50, np.int16), noise(200), np.zeros(300, np.int16)])
    np.savez(
        tmp_path / "audio-drum-oneshots" / "drums16k.npz",
        pcm=np.tile(hit, 4), offset=np.arange(5) * len(hit), kit=np.array([0, 8, 0, 25], np.uint8),
        key=np.array([36, 38, 71, 49], np.uint8), velocity=np.array([70, 110, 70, 70], np.uint8),
    )  # fmt: skip
    return tmp_path


def test_digits_go_into_a_folder_each_all_equally_loud(sets, data):
    found = dict(sets.digits(data))
    assert sorted(found) == [
        "seven/seven-ann-12.wav", "seven/seven-theo-03.wav", "zero/zero-ann-00.wav",
    ]  # fmt: skip
    for content in found.values():
        samples, rate = read(content)
        assert rate == 8000
        assert np.abs(samples).max() == round(sets.PEAK * 32767)
    assert len(read(found["zero/zero-ann-00.wav"])[0]) == 400


def test_hits_are_sorted_by_what_they_are_and_freed_of_silence(sets, data):
    found = dict(sets.hits(data))
    assert sorted(name.split("/")[0] for name in found) == ["cymbal", "kick", "snare"]
    samples, rate = read(next(iter(found.values())))
    assert rate == 16000
    assert len(samples) <= 202
    assert samples[-1] == 0, "it dies away"


def test_the_words_name_every_key_once(sets):
    keys = [key for numbers in sets.HITS.values() for key in numbers]
    assert len(keys) == len(set(keys))
    assert all(35 <= key <= 81 for key in keys)


def test_the_program_writes_a_folder_for_each_class(sets, data, tmp_path, capsys):
    sets.main(["hits", str(data), str(tmp_path / "out")])
    assert (tmp_path / "out" / "kick").is_dir()
    assert "3 files" in capsys.readouterr().out


# ---- single sounds ---------------------------------------------------------------------------


@pytest.mark.parametrize("loud", [1, 40, 3000, 32767])
def test_sounds_are_as_loud_as_each_other_whatever_they_were(sets, loud):
    wave_ = np.rint(loud * np.sin(np.arange(200) / 5)).astype(np.int16)
    found = sets.levelled(wave_)
    assert found.dtype == np.dtype("<i2")
    assert np.abs(found.astype(int)).max() == round(sets.PEAK * 32767)
    assert np.array_equal(np.sign(found), np.sign(wave_))


def test_the_loudest_there_is_and_silence_do_not_overflow(sets):
    low = np.array([-32768, 0, 16384], np.int16)
    assert sets.levelled(low).tolist() == [-29490, 0, 14745]
    assert sets.levelled(np.zeros(5, np.int16)).tolist() == [0] * 5


def test_only_silence_is_cut_off_and_the_end_dies_away(sets):
    sound = np.concatenate([np.zeros(30), np.full(300, 1000), np.full(50, 3), np.zeros(20)])
    kept = sets.trimmed(sound.astype(np.int16))
    assert kept[:2].tolist() == [0, 0], "two samples before it"
    assert kept[2 : -sets.FADE].tolist() == [1000] * (300 - sets.FADE)
    assert np.all(np.diff(kept[-sets.FADE :]) < 0)
    assert kept[-1] == 0


def test_one_sample_at_the_very_edge_sets_what_is_quiet(sets):
    kept = sets.trimmed(np.array([-32768] + [90] * 100, np.int16))
    assert kept.tolist() == [-32768]  # the rest can hardly be heard beside it


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65])
def test_sounds_shorter_than_their_end_die_away_whole(sets, count):
    kept = sets.trimmed(np.full(count, -500, np.int16))
    assert len(kept) == count
    assert kept[-1] == (0 if count > 1 else -500)
    assert np.all(np.diff(np.abs(kept)) <= 0)


def test_a_hit_that_was_not_recorded_is_left_out(sets, data):
    path = data / "audio-drum-oneshots" / "drums16k.npz"
    with np.load(path) as found:
        fields = dict(found)
    fields["pcm"] = fields["pcm"].copy()
    fields["pcm"][: fields["offset"][1]] = 0
    np.savez(path, **fields)
    assert sorted(name.split("/")[0] for name, _ in sets.hits(data)) == ["cymbal", "snare"]


def test_names_tell_sounds_apart(sets, data):
    for make in (sets.digits, sets.hits):
        names = [name for name, _ in make(data)]
        assert len(set(names)) == len(names)
        assert all(name.split("/")[1].startswith(name.split("/")[0]) for name in names)


def test_another_set_is_not_known(sets, data, tmp_path):
    with pytest.raises(KeyError):
        sets.main(["birds", str(data), str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()
