"""Numbers about models of sound: a made-up model that knows how it should score."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from genstudio.core import measures, sounding
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.paths import Home
from genstudio.datasets.sounds import Clip, Sounds
from genstudio.engine.outputs import Sound
from genstudio.evaluation import registry, sound_material, sound_measures
from genstudio.evaluation.sound_material import SoundMaterial
from genstudio.workers import inline
from tests.helpers import sounds

MODEL = SimpleNamespace(
    class_names=sounds.KINDS,
    size=lambda key: sounds.RATE,
    device=SimpleNamespace(name="CPU", threads=1),
    manifest=SimpleNamespace(title="Toy", training=SimpleNamespace()),
    config={"seconds": 0.1},
)


class Uniform:
    """Finds every level equally likely."""

    def told(self, kind, codes):
        return np.zeros((len(codes), 256), np.float32)


class Certain(Uniform):
    """Knows what comes, if it is told the class; remembers which it was told."""

    kinds: list[int] = []

    def told(self, kind, codes):
        self.kinds.append(kind)
        logits = np.zeros((len(codes), 256), np.float32)
        logits[np.arange(len(codes)), codes] = 50
        return logits


def clips(first: int, count: int) -> Sounds:
    found = [
        Clip(sounds.sound(kind, first + n), place, f"{kind}-{n}")
        for place, kind in enumerate(sounds.KINDS)
        for n in range(count)
    ]
    return Sounds(tuple(found), sounds.RATE, sounds.KINDS, "abc")


def playing(model, ask):
    """A model that plays back sounds like those it learned from."""
    kind = ask.word(sounding.CLASS, sounds.KINDS[0])
    yield Sound(ask.first, ask.seed, np.zeros(3, np.float32), sounds.RATE, passing=True)
    yield Sound(ask.first, ask.seed, sounds.sound(kind, 500 + ask.first), sounds.RATE)


def roaring(model, ask):
    """A model that only makes noise."""
    noise = np.random.default_rng(ask.first).uniform(-1, 1, 2000).astype(np.float32)
    yield Sound(ask.first, ask.seed, noise, sounds.RATE)


def material(sample=playing, stepper=None, count=10, **more) -> SoundMaterial:
    made = SoundMaterial(
        model=MODEL, stepper=stepper or Uniform(), sample=sample, train=clips(0, 40),
        test=clips(100, 6), count=count, seed=3, data={"data": "toy", "split": "test"}, **more,
    )  # fmt: skip
    list(made.prepare())
    return made


def test_guessing_costs_eight_bits_and_knowing_nothing():
    (score,) = sound_measures.bits_per_sample(material())
    assert score.value == pytest.approx(8.0)
    assert score.low == score.high == pytest.approx(8.0)
    assert score.settings["rate"] == sounds.RATE
    certain = Certain()
    (score,) = sound_measures.bits_per_sample(material(stepper=certain))
    assert score.value == pytest.approx(0.0, abs=1e-6)
    assert set(certain.kinds) == {1, 2}


def test_sounds_like_real_ones_are_usual_and_noise_is_not():
    (score,) = sound_measures.sounds_usual(material(count=20))
    assert score.value > 0.6
    assert score.floor > 0.6
    assert score.samples == 20
    (noise,) = sound_measures.sounds_usual(material(roaring))
    assert noise.value == 0
    assert (
        noise.settings["by_sound"]["loudness dB"] > noise.settings["by_sound_real"]["loudness dB"]
    )


def test_sounds_are_like_what_was_asked_for_or_not():
    made = material()
    assert [one.kind for one in made.heard] == ["beep"] * 5 + ["knock"] * 5
    (score,) = sound_measures.sounds_like_asked(made)
    assert (score.value, score.floor) == (1.0, 1.0)
    wrong = material(lambda model, ask: playing(model, SimpleNamespace(
        word=lambda *_: "beep" if ask.word("class") == "knock" else "knock",
        first=ask.first, seed=ask.seed,
    )))  # fmt: skip
    assert sound_measures.sounds_like_asked(wrong)[0].value == 0.0


def test_the_nearest_decide_and_a_draw_goes_to_the_nearest():
    known = [sounds.sound("beep", n) for n in range(3)] + [
        sounds.sound("knock", n) for n in range(3)
    ]
    kinds = ["beep"] * 3 + ["knock"] * 3
    wanted = [sounds.sound("knock", 77), sounds.sound("beep", 77)]
    assert sound_measures.nearest_kind(wanted, known, kinds) == ["knock", "beep"]


def test_numbers_of_a_sound():
    tone = 0.5 * np.sin(2 * np.pi * 241 * np.arange(2000) / sounds.RATE)
    loud, silent, seconds, bright = sound_measures.numbers(tone.astype(np.float32), sounds.RATE)
    assert loud == pytest.approx(-9.03, abs=0.1)
    assert silent < 0.05
    assert seconds == 1.0
    assert bright == pytest.approx(241, abs=2)
    assert sound_measures.numbers(np.zeros(10, np.float32), sounds.RATE)[0] == -80


def test_speed_is_how_much_sound_comes_of_a_second():
    (score,) = sound_measures.sound_speed(material())
    assert score.value > 0
    assert score.settings["threads"] == 1


def test_all_metrics_of_sound_suit_it_and_have_words():
    made = material()
    names = {metric.name for metric in registry.chosen((), made)}
    assert names == {"bits_per_sample", "sounds_usual", "sounds_like_asked", "sound_speed"}
    for name in names:
        assert measures.named(name).kinds == ("sound",)
        assert measures.named(name).group != "other"
    with pytest.raises(UsageError, match="cannot be computed"):
        registry.chosen(["fid"] if "fid" in registry.metrics() else ["diversity"], made)


def test_what_is_missing_leaves_metrics_out():
    made = SoundMaterial(
        model=SimpleNamespace(**{**vars(MODEL), "class_names": ()}), stepper=None, sample=None,
        train=clips(0, 2), test=clips(9, 1), count=4, seed=0, held_out=False,
    )  # fmt: skip
    assert registry.chosen((), made) == []
    assert [event.level for event in made.remarks(4)] == ["warning"]
    assert list(made.prepare()) == []


def test_scores_say_how_chance_was_shaped():
    made = material(values={"temperature": 0.9, "seconds": 0.1, "count": 7})
    (score,) = sound_measures.sounds_usual(made)
    assert score.settings["values"] == {"temperature": 0.9, "seconds": 0.1}
    assert score.settings["kind"] == "sound"
    assert score.settings["counted"] == "sounds"
    assert made.count == 10


def test_the_unseen_part_of_a_dataset_is_measured_on(tmp_path):
    home = Home(tmp_path / "home")
    source = sounds.write(tmp_path / "heard")
    list(inline.run("files", "add_dataset", {"path": str(source), "name": "heard"}, home))
    model = SimpleNamespace(**vars(MODEL))
    model.folder = tmp_path
    asked = (lambda _: Uniform(), {"sample": playing})
    made = sound_material.material_of(model, home.datasets / "heard", 4, 1, asked, {})
    assert made.data["split"] in ("valid", "train")
    assert len(made.test) > 0
    assert made.has("unseen sounds")
    empty = tmp_path / "none"
    empty.mkdir()
    with pytest.raises((BadInput, UsageError)):
        sound_material.material_of(model, empty, 4, 1, asked, {})
