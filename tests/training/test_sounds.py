"""From a dataset of sounds to what a family learns; live samples as files."""

from __future__ import annotations

import io
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from genstudio import families
from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.core.events import Log
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets import store
from genstudio.media import companding, image, sound_reading
from genstudio.training import heard
from genstudio.training import sounds as material
from genstudio.training.sources import Parent, Source
from genstudio.workers import inline
from tests.helpers import sounds

FAMILY = families.family("wavenet")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Source:
    root = tmp_path_factory.mktemp("sounds")
    home = Home(root / "home")
    folder = sounds.write(root / "heard")
    list(inline.run("files", "add_dataset", {"path": str(folder), "name": "heard"}, home))
    return Source(store.load(home, "heard"), home.datasets / "heard")


def read(source: Source, parent: Parent | None = None, holdout: float = 0.25, **options):
    """(what was said, the material)."""
    chosen = check_values(FAMILY.options, {"width": 8, "layers": 3, "window": 256, **options})
    settings = TrainerSettings(holdout=holdout)
    recipe = Recipe(family="wavenet", model="m", data="heard", options=chosen, settings=settings)
    work: Generator[Any, None, Any] = material.read(FAMILY, recipe, source, parent, None)
    said = []
    while True:
        try:
            said.append(next(work))
        except StopIteration as end:
            return said, end.value


def parent(**config) -> Parent:
    usual = FAMILY.config({"width": 8, "layers": 3, "window": 256}, {"rate": 1000, "seconds": 1.0})
    manifest = Manifest.model_construct(title="Old", config={**usual, **config})
    return Parent(manifest)


def test_config_codes_and_classes_come_of_the_data(source):
    said, found = read(source)
    assert found.config["rate"] == sounds.RATE
    assert found.config["class_names"] == list(sounds.KINDS)
    assert 0.1 < found.config["seconds"] < 0.14
    assert (len(found.data.codes), len(found.held.codes)) == (18, 6)
    assert set(found.data.labels) == {0, 1}
    assert found.data.reach == found.config["reach"] == 27
    assert found.data.codes[0].dtype == np.uint8
    assert "18 sounds" in " ".join(event.text for event in said if isinstance(event, Log))


def test_another_rate_and_no_classes_are_as_the_recipe_says(source):
    _, found = read(source, rate="4000", conditional=False)
    assert found.data.rate == found.config["rate"] == 4000
    assert found.config["class_names"] == []
    assert found.data.labels == ()
    _, all_of_them = read(source, holdout=0.0)
    assert all_of_them.held is None


def test_a_window_is_never_shorter_than_what_the_network_remembers(source):
    _, found = read(source, layers=6, window=64)
    assert found.data.window == found.data.reach + 1


def test_going_on_keeps_the_rate_of_the_parent(source):
    _, found = read(source, parent(class_names=["beep", "bang"]))
    assert found.data.rate == 1000
    assert found.config["class_names"] == list(sounds.KINDS)
    _, plain = read(source, parent(class_names=[]))
    assert plain.config["class_names"] == []


def test_no_sounds_are_no_training(source, monkeypatch):
    monkeypatch.setattr(material, "open_all", lambda *_: (EMPTY, EMPTY, EMPTY))
    with pytest.raises(UsageError, match="no sounds"):
        read(source)


EMPTY = material.Sounds((), 8000, (), "", ("gone.wav",))


class Playing:
    """An objective that plays two tones."""

    def sounds(self, networks, batch, count, seed):
        made = [np.full(100 * (n + 1), 0.5, np.float32) for n in range(count)]
        made[0][50:] = 0
        return made, 4000

    def asked(self, batch, count):
        return ["a", "b"] * (count // 2)


class Feed:
    def shown(self, count):
        return None


def test_live_samples_are_a_sheet_and_a_file_each():
    objective = Playing()
    assert heard.makes(objective)
    assert not heard.makes(object())
    png, files, asked = heard.samples(objective, {}, Feed(), 0)
    assert image.read(io.BytesIO(png).getvalue()).ndim == 3
    assert sorted(files) == [f"-{n}.wav" for n in range(1, heard.COUNT + 1)]
    assert asked[:2] == ["a", "b"]
    first = sound_reading.read(files["-1.wav"])
    assert (first.rate, len(first.samples)) == (4000, 50), "without the silence at its end"
    assert heard.cover(objective, {}, Feed(), 0) == png


def test_silence_is_a_sound_of_one_sample():
    assert len(heard.trimmed(np.zeros(100, np.float32))) == 1
    quiet = np.full(10, companding.LEVELS[companding.SILENCE + 1], np.float32)
    assert len(heard.trimmed(quiet)) == 1
