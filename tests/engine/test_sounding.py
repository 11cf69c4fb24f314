"""How samples are drawn, when a sound has ended, and what is said of it: with a made-up model."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from genstudio.core import sounding as words
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Progress
from genstudio.engine import sounding
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Sound
from genstudio.media.companding import SILENCE

RATE = 1000


class Scripted:
    """Plays the same codes for all sounds, then silence; remembers how it was asked."""

    def __init__(self, codes=(), undefined: bool = False) -> None:
        self.codes, self.undefined = list(codes), undefined
        self.kinds: list[list[int]] = []
        self.place = 0

    def begin(self, kinds, given):
        self.kinds.append(kinds.tolist())
        self.place, self.rows = 0, len(kinds)
        return self._logits()

    def step(self, codes):
        assert len(codes) == self.rows
        self.place += 1
        return self._logits()

    def told(self, kind, codes):
        return np.zeros((len(codes), 256), np.float32)

    def _logits(self):
        code = self.codes[self.place] if self.place < len(self.codes) else SILENCE
        logits = np.full((self.rows, 256), -50.0, np.float32)
        logits[:, code] = np.nan if self.undefined else 50.0
        return logits


def model(names=()):
    config = {"rate": RATE, "seconds": 0.4, "class_names": list(names)}
    return SimpleNamespace(config=config, class_names=tuple(names), size=config.get)


def made(stepper, names=(), count=1, first=0, seed=3, **values):
    task = sounding.tasks(lambda _: stepper)["sample"]
    asked = Ask({"seconds": 0.4, "temperature": 1.0, **values}, seed=seed, first=first, count=count)
    return list(task(model(names), asked))


def finished(outputs):
    return [o for o in outputs if isinstance(o, Sound) and not o.passing]


def test_a_sound_ends_where_silence_stays():
    stepper = Scripted([200, 60] * 50)
    (sound,) = finished(made(stepper))
    assert len(sound.samples) == 100
    assert sound.data[words.ENDED] == words.BY_ITSELF
    assert stepper.place < 100 + 2 * sounding.DIED * RATE, "nobody waits for silence"


def test_a_pause_within_a_sound_does_not_end_it():
    codes = [200] * 20 + [SILENCE] * 40 + [60] * 20
    (sound,) = finished(made(Scripted(codes)))
    assert len(sound.samples) == 80
    assert not sound.samples[25:55].any()


def test_a_sound_as_long_as_asked_fades_at_its_end():
    (sound,) = finished(made(Scripted([255] * 1000), seconds=0.2))
    assert len(sound.samples) == 200
    assert sound.data[words.ENDED] == words.BY_LENGTH
    assert sound.samples[0] == 1
    assert sound.samples[-1] == 0
    assert sound.data[words.PEAK] == 1.0
    assert sound.data[words.SECONDS] == 0.2


def test_a_silent_sound_is_a_sound():
    (sound,) = finished(made(Scripted()))
    assert len(sound.samples) == 1


def test_many_are_made_side_by_side_in_groups(monkeypatch):
    monkeypatch.setattr(sounding, "TOGETHER", 4)
    stepper = Scripted([200] * 30)
    outputs = made(stepper, count=10, first=5)
    assert [len(kinds) for kinds in stepper.kinds] == [4, 4, 2]
    assert [sound.index for sound in finished(outputs)] == list(range(5, 15))
    told = [event for event in outputs if isinstance(event, Progress)]
    assert told[-1].done == told[-1].total == 10 * 400
    assert all(a.done <= b.done for a, b in pairwise(told))


def test_any_class_is_drawn_for_each_and_a_named_one_is_told():
    stepper = Scripted([200])
    names = ("a", "b", "c")
    drawn = finished(made(stepper, names, count=12))
    assert {sound.data["class"] for sound in drawn} == set(names)
    made(stepper, names, count=2, **{"class": "b"})
    assert stepper.kinds[-1] == [2, 2]
    made(stepper, count=2)
    assert stepper.kinds[-1] == [0, 0]
    with pytest.raises(UsageError, match="no class 'x'"):
        made(stepper, names, **{"class": "x"})


def test_undefined_numbers_are_no_sound():
    with pytest.raises(GenStudioError, match="undefined"):
        made(Scripted(undefined=True))


def test_draws_follow_the_chances_and_never_the_code_before_all():
    logits = np.zeros((3, 256), np.float32)
    logits[:, 0] = 100
    found = sounding.draw(logits, 1.0, np.array([0.0, 0.5, 0.9999999]))
    assert found.tolist() == [1, 128, 255]
    sharp = np.zeros((1, 256), np.float32)
    sharp[0, 77] = 3
    chances = np.linspace(0, 1, 2000, endpoint=False)
    hot, cold = (
        np.mean(sounding.draw(np.repeat(sharp, 2000, axis=0), t, chances) == 77) for t in (1.0, 0.3)
    )
    assert hot == pytest.approx(np.exp(3) / (np.exp(3) + 254), abs=0.01)
    assert cold > 0.9


def test_the_outline_of_a_given_beginning_comes_first(tmp_path):
    from genstudio.media import sound_picture

    path = tmp_path / "given.wav"
    path.write_bytes(sound_picture.wav(np.full(200, 0.5, np.float32), RATE))
    task = sounding.tasks(lambda _: Scripted([200] * 100))["continue"]
    asked = Ask({"seconds": 0.2, "temperature": 1.0, "keep": 0.5}, inputs={"sound": path}, count=2)
    outputs = list(task(model(), asked))
    begun = [o for o in outputs if isinstance(o, Sound)][:2]
    assert [o.index for o in begun] == [0, 1]
    assert all(o.passing and len(o.samples) == 100 for o in begun)
    for sound in finished(outputs):
        assert np.allclose(sound.samples[:100], 0.5, atol=1e-3)
        assert sound.data[words.KEPT] == 0.1
        assert len(sound.samples) == 200


def test_a_missing_file_is_named():
    task = sounding.tasks(lambda _: Scripted())["continue"]
    with pytest.raises(UsageError, match="sound"):
        list(task(model(), Ask({"seconds": 0.2})))
