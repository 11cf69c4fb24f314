"""What metrics of sound work on: what can be had, what is asked for, which sounds are foretold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genstudio.core import sounding
from genstudio.core.controls import Float
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.events import Log, Progress
from genstudio.datasets.sounds import Clip, Sounds
from genstudio.engine.outputs import Sound
from genstudio.evaluation import sound_material
from genstudio.evaluation.sound_material import MOST, MOST_READ, SoundMaterial, name_of

RATE = 100


def model(*names: str) -> Any:
    return SimpleNamespace(
        class_names=names, size=lambda key: RATE, manifest=SimpleNamespace(title="Toy")
    )


def clips(*labels: int, names: tuple[str, ...] = ("a", "b", "c")) -> Sounds:
    found = [Clip(np.full(5, n / 1000, np.float32), label) for n, label in enumerate(labels)]
    return Sounds(tuple(found), RATE, names, "abc")


class Sampler:
    """Makes sounds of as many samples as their number; remembers what it was asked."""

    def __init__(self, silent: tuple[int, ...] = ()) -> None:
        self.asked: list[Any] = []
        self.silent = silent

    def __call__(self, model, ask):
        self.asked.append(ask)
        yield Sound(ask.first, ask.seed, np.ones(1, np.float32), RATE, passing=True)
        yield Progress(done=1, total=1)
        if ask.first not in self.silent:
            yield Sound(ask.first, ask.seed, np.zeros(ask.first + 2, np.float32), RATE)


def material(
    test: Sounds, sample=None, names: tuple[str, ...] = ("a", "b", "c"), **more
) -> SoundMaterial:
    usual = {"train": clips(0, 1), "count": 6, "seed": 9, "data": {}, "stepper": object()}
    return SoundMaterial(model=model(*names), sample=sample, test=test, **{**usual, **more})


# ---- what can be had -------------------------------------------------------------------------


def test_needs_follow_from_model_and_sounds() -> None:
    whole = material(clips(0, 1), Sampler())
    needs = ("unseen sounds", "new sounds", "training sounds", "sound classes")
    assert [whole.has(need) for need in needs] == [True] * 4
    assert not whole.has("pictures")
    mute = material(clips(), None, stepper=None, train=clips(0))
    assert [mute.has(need) for need in needs] == [False] * 4


@pytest.mark.parametrize(
    ("labels", "names", "several"),
    [((0, 0), ("a", "b"), False), ((0, 1), ("a",), False), ((0, -1), ("a", "b"), False),
     ((0, 1), ("b", "a"), True), ((0, 1), ("x", "y"), False)],
)  # fmt: skip
def test_classes_are_those_that_model_and_data_share(labels, names, several: bool) -> None:
    assert material(clips(*labels), names=names).has("sound classes") is several


def test_names_of_classes_that_are_not_there() -> None:
    found = clips(0, 2, -1, 3, 99)
    assert [name_of(found, clip) for clip in found.clips] == ["a", "c", "", "", ""]
    assert material(found).kinds() == ["a", "c", "", "", ""]


def test_a_model_that_cannot_be_asked_says_so() -> None:
    with pytest.raises(GenStudioError, match="Toy cannot be asked"):
        material(clips(0), stepper=None).needed_stepper()
    stepper = object()
    assert material(clips(0), stepper=stepper).needed_stepper() is stepper


@pytest.mark.parametrize("count", [1, 2, MOST_READ, MOST_READ + 1, 3 * MOST_READ + 7])
def test_unseen_sounds_are_foretold_evenly_and_each_once(count: int) -> None:
    test = clips(*[0] * count)
    found = [round(float(clip.samples[0]) * 1000) for clip in material(test).some()]
    assert len(found) == min(count, MOST_READ)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, count - 1)
    assert max(np.diff(found), default=1) <= -(-count // MOST_READ)


# ---- what is made ----------------------------------------------------------------------------


def test_sounds_are_asked_for_as_often_as_their_class_is_unseen() -> None:
    sampler = Sampler()
    made = material(clips(0, 0, 0, 0, 1, 2), sampler)
    said = list(made.prepare())
    kinds = [ask.values[sounding.CLASS] for ask in sampler.asked]
    assert kinds == ["a"] * 4 + ["b", "c"]
    assert [one.kind for one in made.heard] == kinds
    assert [len(one.samples) for one in made.heard] == [2, 3, 4, 5, 6, 7]
    assert [(event.done, event.total) for event in said] == [(n, 6) for n in range(1, 7)]
    assert made.made() == 6


def test_every_sound_is_asked_for_alone_with_its_own_chance() -> None:
    sampler = Sampler()
    values = {"temperature": 0.5, "count": 40, sounding.CLASS: "b"}
    list(material(clips(0, 0), sampler, values=values).prepare())
    assert [(ask.seed, ask.first, ask.count) for ask in sampler.asked] == [
        (9, n, 1) for n in range(6)
    ]
    assert {ask.values["count"] for ask in sampler.asked} == {1}
    assert {ask.values["temperature"] for ask in sampler.asked} == {0.5}
    assert {ask.values[sounding.CLASS] for ask in sampler.asked} == {"a"}
    assert values["count"] == 40


def test_without_classes_none_is_asked_for() -> None:
    for test, names in ((clips(-1, -1), ("a",)), (clips(0, 1), ())):
        sampler = Sampler()
        made = material(test, sampler, names=names)
        list(made.prepare())
        assert all(sounding.CLASS not in ask.values for ask in sampler.asked)
        assert {one.kind for one in made.heard} == {""}


@pytest.mark.parametrize(("count", "made"), [(0, 2), (1, 2), (3, 3), (10_000, MOST)])
def test_two_sounds_are_made_at_least_and_not_all_day(count: int, made: int) -> None:
    sampler = Sampler()
    list(material(clips(0), sampler, count=count).prepare())
    assert len(sampler.asked) == made


def test_sounds_are_made_once() -> None:
    sampler = Sampler()
    made = material(clips(0), sampler)
    list(made.prepare())
    first = made.heard
    assert list(made.prepare()) == []
    assert made.heard is first
    assert list(material(clips(0), None).prepare()) == []


def test_a_sound_that_never_came_is_left_out() -> None:
    made = material(clips(0, 1), Sampler(silent=(1, 2)))
    assert len(list(made.prepare())) == 6
    assert [len(one.samples) for one in made.heard] == [2, 5, 6, 7]
    assert [one.kind for one in made.heard] == ["a", "b", "b", "b"]


# ---- what is said ----------------------------------------------------------------------------


def test_a_word_where_nothing_was_kept_apart() -> None:
    assert list(material(clips(0)).remarks(5)) == []
    (remark,) = material(clips(0), held_out=False).remarks(5)
    assert isinstance(remark, Log)
    assert remark.level == "warning"


def test_chances_are_what_shapes_a_sound() -> None:
    (sample, _) = sounding.tasks({"class_names": ["a"]})
    values = {control.name: control.default for control in sample.controls}
    shaping = {one.name for one in sample.controls if isinstance(one, Float)}
    assert len(shaping) == 2
    assert material(clips(0), values=values).chances() == {n: values[n] for n in shaping}
    assert material(clips(0)).chances() == {}


@pytest.mark.parametrize(
    ("valid", "test", "split", "held"),
    [((1,), (2, 2), "test", True), ((1,), (), "valid", True), ((), (), "train", False)],
)
def test_the_furthest_part_that_there_is(monkeypatch, tmp_path, valid, test, split, held) -> None:
    rates = []

    def read(folder, share, rate):
        rates.append((share, rate))
        return clips(0, 0, 0), clips(*valid), clips(*test)

    monkeypatch.setattr(sound_material.sounds, "open_all", read)
    monkeypatch.setattr(sound_material, "kept_back", lambda *_: 0.25)
    asked = (lambda model: "stepper", {"sample": Sampler()})
    made = sound_material.material_of(model("a"), tmp_path / "set", 4, 1, asked, {})
    assert rates == [(0.25, RATE)]
    assert (made.data["split"], made.held_out) == (split, held)
    assert made.data["data"] == "set"
    assert made.stepper == "stepper"
    assert len(made.test) == len(test or valid or (0, 0, 0))
    bare = sound_material.material_of(model("a"), tmp_path, 4, 1, (None, {}), {})
    assert not any(map(bare.has, ("unseen sounds", "new sounds")))


def test_data_without_sounds_is_refused_by_its_name(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(sound_material.sounds, "open_all", lambda *_: (clips(),) * 3)
    monkeypatch.setattr(sound_material, "kept_back", lambda *_: None)
    with pytest.raises(BadInput, match="rain holds no sounds"):
        sound_material.material_of(model(), tmp_path / "rain", 4, 1, (None, {}), {})
