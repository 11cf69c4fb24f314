"""Sounds of a dataset: one channel at one rate, whole ones held out, gone ones named."""

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import sounds
from genstudio.media.sound_reading import Recording
from genstudio.workers import inline
from tests.helpers import shapes
from tests.helpers import sounds as made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The data set "heard", and "few" with three longer sounds."""
    root = tmp_path_factory.mktemp("sounds")
    folder = made.write(root / "heard")
    few = root / "few"
    few.mkdir()
    for number in range(3):
        (few / f"{number}.wav").write_bytes(made.wav(np.full(1000, 0.1 * (number + 1)), 4000))
    place = Home(root / "home")
    for source in (folder, few, shapes.write(root / "shapes")):
        list(inline.run("files", "add_dataset", {"path": str(source), "name": source.name}, place))
    return place


def test_all_sounds_are_there_once_with_their_classes(home):
    train, valid, test = sounds.open_all(home.datasets / "heard", 0.25)
    assert (len(train), len(valid), len(test)) == (18, 6, 0)
    assert train.rate == made.RATE
    assert train.class_names == made.KINDS
    assert {clip.name for clip in train.clips}.isdisjoint(clip.name for clip in valid.clips)
    for clip in train.clips:
        kind, number = clip.name.split("/")[1].removesuffix(".wav").split("-")
        assert made.KINDS[clip.label] == kind
        assert np.abs(clip.samples - made.sound(kind, int(number))).max() < 1e-4
    assert train.samples == sum(len(clip.samples) for clip in train.clips)


def test_another_rate_is_what_was_asked_for(home):
    found = sounds.open_sounds(home.datasets / "heard", "valid", 0.25, rate=1000)
    plain = sounds.open_sounds(home.datasets / "heard", "valid", 0.25)
    assert found.rate == 1000
    for half, whole in zip(found.clips, plain.clips, strict=True):
        assert len(half.samples) == -(-len(whole.samples) // 2)


def test_of_very_few_the_ends_are_held_out(home):
    train, valid, _ = sounds.open_all(home.datasets / "few", 0.2)
    assert [len(clip.samples) for clip in train.clips] == [800] * 3
    assert [len(clip.samples) for clip in valid.clips] == [200] * 3


def test_without_a_share_nothing_is_held_out(home):
    assert len(sounds.open_sounds(home.datasets / "heard", "valid", 0.0)) == 0
    assert len(sounds.open_sounds(home.datasets / "heard", "train", 0.0)) == 24


def test_a_sound_that_is_gone_or_changed_is_named(home, tmp_path):
    folder = made.write(tmp_path / "mine")
    list(inline.run("files", "add_dataset", {"path": str(folder), "name": "mine"}, home))
    (folder / "beep" / "beep-3.wav").unlink()
    (folder / "knock" / "knock-5.wav").write_bytes(made.wav(np.ones(50)))
    found = sounds.open_sounds(home.datasets / "mine", "train", 0.0)
    assert len(found) == 22
    assert sorted(found.skipped) == ["beep/beep-3.wav", "knock/knock-5.wav"]


def test_other_data_and_other_splits_are_refused(home):
    with pytest.raises(UsageError, match="no sounds"):
        sounds.open_sounds(home.datasets / "shapes")
    with pytest.raises(UsageError, match="train, valid and test"):
        sounds.open_sounds(home.datasets / "heard", "all")


def test_too_much_is_refused_before_it_fills_the_memory(home, monkeypatch):
    monkeypatch.setattr(sounds, "MAX_SAMPLES", 1000)
    with pytest.raises(BadInput, match="more than 1,000 samples"):
        sounds.open_sounds(home.datasets / "heard")


def test_the_usual_rate_is_that_of_most_the_lower_of_two():
    def of(*rates):
        return sounds.usual_rate([Recording(np.zeros((1, 1)), rate) for rate in rates])

    assert of(8000, 44100, 44100) == 44100
    assert of(44100, 16000) == 16000
    assert of() == 8000
