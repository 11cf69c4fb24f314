"""The tiny model asked for sounds: queues, given beginnings, files at other rates."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio import families
from genstudio.core import sounding
from genstudio.engine import device
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Sound
from genstudio.media import companding, sound_reading
from tests.helpers import sounds

TASKS = families.part("wavenet", "sample").TASKS


@pytest.fixture(scope="module")
def model(tiny_packages):
    with LoadedModel.open(tiny_packages["wavenet"], device.choose("cpu", 1)) as opened:
        yield opened


@pytest.fixture
def stepper(model):
    return families.part("wavenet", "sample").make_stepper(model)


def codes(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(1, 256, count).astype(np.uint8)


def ask(**values) -> Ask:
    usual = {"seconds": 0.05, "temperature": 1.0, "keep": 1.0}
    count = values.pop("count", 1)
    return Ask({**usual, **values}, seed=5, count=count)


def finished(task: str, model: LoadedModel, asked: Ask) -> list[Sound]:
    found = TASKS[task](model, asked)
    return [o for o in found if isinstance(o, Sound) and not o.passing]


def test_steps_say_what_the_whole_sound_says(stepper):
    sound = codes(400)
    whole = stepper.told(1, sound)
    assert whole.shape == (400, 256)
    given = 250
    logits = stepper.begin(np.array([1, 1]), sound[:given])
    for place in range(given, 400):
        assert np.allclose(logits, whole[place], atol=1e-3), place
        logits = stepper.step(np.repeat(sound[place], 2))


def test_long_sounds_are_read_in_pieces_without_a_seam(stepper, monkeypatch):
    sound = codes(700)
    whole = stepper.told(2, sound)
    monkeypatch.setattr("genstudio.families.wavenet.stepping.READ_AT_ONCE", 300)
    assert np.allclose(stepper.told(2, sound), whole, atol=1e-3)


def test_only_what_lies_within_reach_is_read_of_a_long_beginning(stepper, model):
    sound = codes(900)
    near = stepper.begin(np.array([0]), sound)
    far = sound.copy()
    far[: 900 - model.size("reach")] = companding.SILENCE
    assert np.allclose(stepper.begin(np.array([0]), far), near, atol=1e-3)


def test_rows_of_several_classes_begin_each_with_its_own(stepper):
    kinds = np.array([2, 0, 2])
    together = stepper.begin(kinds, codes(30))
    alone = stepper.begin(np.array([0]), codes(30))
    assert np.allclose(together[0], together[2])
    assert np.allclose(together[1], alone[0], atol=1e-4)
    assert not np.allclose(together[0], together[1])


def test_a_sound_goes_on_from_a_file_at_another_rate(model, tmp_path):
    path = tmp_path / "tone.wav"
    tone = np.sin(np.arange(4000) / 10).astype(np.float32) * 0.5
    path.write_bytes(sounds.wav(tone, 4 * sounds.RATE))
    asked = ask(keep=0.5)
    asked.inputs["sound"] = path
    (found,) = finished("continue", model, asked)
    kept = sound_reading.resample(tone, 4 * sounds.RATE, sounds.RATE)[:500]
    assert np.abs(found.samples[:500] - kept).max() < 1e-3
    assert found.data[sounding.KEPT] == 0.25
    assert 0.25 < found.data[sounding.SECONDS] <= 0.3001
    assert found.rate == sounds.RATE


def test_what_is_asked_for_is_what_comes(model):
    found = finished("sample", model, ask(**{"class": "knock", "count": 3}))
    assert [sound.data["class"] for sound in found] == ["knock"] * 3
    drawn = finished("sample", model, ask(count=8))
    assert {sound.data["class"] for sound in drawn} == {"beep", "knock"}
    for sound in found:
        assert len(sound.samples) <= 0.05 * sounds.RATE
        assert np.abs(sound.samples).max() <= 1


def test_outlines_on_the_way_are_those_of_the_finished_sound(model):
    outputs = list(TASKS["sample"](model, ask(seconds=0.12)))
    passing = [o for o in outputs if isinstance(o, Sound) and o.passing]
    (whole,) = [o for o in outputs if isinstance(o, Sound) and not o.passing]
    joined = np.concatenate([o.samples for o in passing])
    count = min(len(joined), len(whole.samples)) - 10  # its end fades
    assert np.allclose(joined[:count], whole.samples[:count])
    peaks = [pair for o in passing for pair in o.data[sounding.PEAKS]]
    assert all(-1 <= low <= high <= 1 for low, high in peaks)
