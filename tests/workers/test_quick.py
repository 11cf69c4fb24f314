"""Fast copies in the generate worker: made, measured, refused, used, and made again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genstudio import families
from genstudio.core import fast
from genstudio.core.controls import Text
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Log, Progress, Result
from genstudio.core.family import Task
from genstudio.core.manifest import MANIFEST, Manifest
from genstudio.core.paths import Home
from genstudio.engine import int8, steady
from genstudio.evaluation.judges import GENERAL
from genstudio.media import image
from genstudio.workers import inline, quick
from tests.helpers import convolving, packages

MODEL = "hand-gan"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with a model of convolutions and its fast copy; do not write into it."""
    home = Home(tmp_path_factory.mktemp("quick"))
    convolving.gan(home.models / MODEL)
    judge = packages.judge(home.models / GENERAL)
    found = Manifest.read(judge / MANIFEST).model_copy(update={"id": GENERAL})
    (judge / MANIFEST).write_bytes(found.to_bytes())
    with repeating():
        events = list(inline.run("generate", "make_fast", {"model": MODEL, "samples": 8}, home))
    return home, events


class repeating:
    """While inside, the family of the hand-made model runs its generator again and again."""

    def __enter__(self):
        self.patch = pytest.MonkeyPatch()
        real = families.family
        same = {"repeated": ("generator",)}
        self.patch.setattr(
            families, "family", lambda n: replace(real(n), **same) if n == "gan" else real(n)
        )
        return self

    def __exit__(self, *_):
        self.patch.undo()


@pytest.fixture
def switched(monkeypatch):
    """The sampling task has the switch."""
    real = families.family

    def family(name):
        found = real(name)
        tasks = tuple(
            t.model_copy(update={"controls": (*t.controls, fast.SWITCH)}) for t in found.tasks({})
        )
        return replace(found, tasks=lambda config: tasks, repeated=("generator",))

    monkeypatch.setattr(families, "family", family)


def manifest(home) -> Manifest:
    return Manifest.read(home.models / MODEL / MANIFEST)


def generated(home, spool, **values):
    request = {"model": MODEL, "task": "sample", "seed": 3, "values": {"count": 2, **values}}
    events = list(
        inline.run("generate", "generate", {"request": {"format": 1, **request}}, home, spool)
    )
    pictures = {e.index: image.read(spool / e.path) for e in events if isinstance(e, Result)}
    return events, pictures


def test_a_copy_is_made_measured_and_kept(made):
    home, events = made
    record = fast.read(home, manifest(home))
    assert isinstance(events[-1], Done)
    assert events[-1].data["fast"] == record.model_dump(mode="json")
    assert record.psnr > 30
    assert record.judge == GENERAL
    assert abs(record.change) < 0.5
    assert record.samples == 8
    assert record.times > 0
    steps = [event for event in events if isinstance(event, Progress)]
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total
    assert any("Fast copy: picture 8 of 8" in step.text for step in steps)


@pytest.fixture
def offered(made, tmp_path):
    """A data folder whose copy is offered, whatever this machine measured."""
    home, _ = made
    mine = manifest(home)
    from genstudio.engine.device import choose
    from genstudio.engine.loaded_model import LoadedModel
    from genstudio.workers.keeping import _entries

    calls = [{"z": np.ones((2, packages.LATENT), np.float32)}]
    with LoadedModel.open(home.models / MODEL, choose("cpu", 1)) as model:
        copies = {"generator": int8.quantised(model, "generator", calls)}
    place = Home(tmp_path / "home")
    convolving.gan(place.models / MODEL)
    record = fast.read(home, mine).model_copy(update={"refused": "", "files": _entries(copies)})
    fast.keep(place, mine, record, copies)
    return place


def test_the_switch_takes_the_copy(offered, switched, tmp_path):
    _, full = generated(offered, tmp_path / "a")
    events, quickly = generated(offered, tmp_path / "b", fast=True)
    assert not [event for event in events if isinstance(event, Log)]
    for index in full:
        gap = np.abs(full[index].astype(int) - quickly[index].astype(int))
        assert 0 < gap.max() < 60


def test_without_a_copy_it_works_in_full_precision_and_says_so(made, switched, tmp_path):
    home = Home(tmp_path / "home")
    convolving.gan(home.models / MODEL)
    _, full = generated(home, tmp_path / "a")
    events, same = generated(home, tmp_path / "b", fast=True)
    (log,) = [event for event in events if isinstance(event, Log)]
    assert "no fast copy" in log.text
    assert all(np.array_equal(full[index], same[index]) for index in full)


def test_a_damaged_copy_is_not_run(offered, switched, tmp_path):
    path = fast.folder(offered, manifest(offered)) / "generator.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    events, pictures = generated(offered, tmp_path / "a", fast=True)
    (log,) = [event for event in events if isinstance(event, Log)]
    assert log.level == "warning"
    assert "cannot be used" in log.text
    assert len(pictures) == 2


def test_undefined_numbers_of_the_copy_are_made_again(offered, switched, tmp_path, monkeypatch):
    _, full = generated(offered, tmp_path / "a")
    real = quick.LoadedModel.run

    def broken(self, graph, feeds):
        found = real(self, graph, feeds)
        return {k: v * np.nan for k, v in found.items()} if self._copies else found

    monkeypatch.setattr(quick.LoadedModel, "run", broken)
    events, again = generated(offered, tmp_path / "b", fast=True)
    assert all(np.array_equal(full[index], again[index]) for index in full)
    results = [event for event in events if isinstance(event, Result)]
    assert all("undefined numbers" in event.data[steady.AGAIN] for event in results)
    (log,) = [event for event in events if isinstance(event, Log)]
    assert log.level == "warning"
    assert "full precision" in log.text


def test_a_copy_with_undefined_numbers_is_refused(tmp_path, monkeypatch):
    home = Home(tmp_path)
    convolving.gan(home.models / MODEL)
    real = quick.LoadedModel.run

    def broken(self, graph, feeds):
        found = real(self, graph, feeds)
        return {k: v * np.nan for k, v in found.items()} if self._copies else found

    monkeypatch.setattr(quick.LoadedModel, "run", broken)
    with repeating():
        *_, done = inline.run("generate", "make_fast", {"model": MODEL, "samples": 8}, home)
    assert done.data["text"] == "Not kept: its pictures hold undefined numbers"
    assert fast.read(home, manifest(home)).refused
    assert fast.offered(home, manifest(home)) is None
    assert [p.name for p in fast.folder(home, manifest(home)).iterdir()] == [fast.FAST_FILE]


def test_models_that_gain_nothing_are_refused(made):
    home, _ = made
    with pytest.raises(UsageError, match="once a picture: a fast copy gains nothing"):
        list(inline.run("generate", "make_fast", {"model": MODEL}, home))


PROMPT = Text(name="prompt", label="Prompt", role="prompt", max_length=60)
TASK = Task(name="sample", title="New", verb="Make", controls=(PROMPT,))


def test_prompts_for_measuring_come_from_examples_else_from_words():
    assert quick._prompts(TASK, {"examples": ["a {cat}", "a dog|bird"]}) == {
        "prompt": "{a cat|a dogbird}"
    }
    assert quick._prompts(TASK, {"examples": ["only one"], "words": ["a"]}) == {
        "prompt": "only one"
    }
    made = quick._prompts(TASK, {"words": ["red", "blue", "cat", "dog", "hat"]})["prompt"]
    assert made.startswith("{")
    assert made.endswith("}")
    assert len(made) <= PROMPT.max_length
    assert {word for part in made[1:-1].split("|") for word in part.split()} <= {
        "red", "blue", "cat", "dog", "hat",
    }  # fmt: skip
    assert quick._prompts(TASK, {}) == {"prompt": ""}


def test_tasks_without_a_prompt_are_asked_nothing():
    assert quick._prompts(TASK.model_copy(update={"controls": ()}), {"words": ["a"]}) == {}
