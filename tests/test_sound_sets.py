"""The sounds of the bundled models, from made-up archives of their shape."""

import importlib.util
import io
import wave
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def sets():
    spec = importlib.util.spec_from_file_location("sound_sets", ROOT / "setup" / "sound_sets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
