"""Going on from a package with other data: shapes are kept, classes follow, also after a pause."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genstudio import families
from genstudio.core import run as runs
from genstudio.core.controls import check_values
from genstudio.core.events import Event, Log, Progress
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.studio import recipes
from genstudio.studio.datasets import Datasets
from genstudio.studio.library import Library
from genstudio.training import jobs, sources, weights
from genstudio.training.setup import prepare
from genstudio.workers import inline
from tests.helpers import shapes, tiny

PICTURED = tuple(n for n in families.names() if families.family(n).data_kind == "image")
READERS = tuple(n for n in PICTURED if families.family(n).captions)
"""Kinds that learn from captions where there are any: their tiny models know words."""
CLASSED = tuple(n for n in PICTURED if not (n in READERS or families.family(n).needs_captions))
MAKERS = tuple(n for n in CLASSED if families.family(n).modality == "image")


@pytest.fixture(scope="module")
def home(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The tiny models; larger pictures without classes; and a set with one known class of two."""
    root = tiny.copy_of(tiny_home, tmp_path_factory.mktemp("home") / "home")
    flat, sorted_ = root / "flat", root / "sorted"
    for number in range(24):
        data = shapes.png(shapes.picture("square", number, 40))
        place = flat / f"{number:02d}.png"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
        kind = sorted_ / ("disc" if number % 2 else "ring")
        kind.mkdir(parents=True, exist_ok=True)
        (kind / place.name).write_bytes(data)
    home = Home(root)
    said = root / "said"
    said.mkdir()
    for number in range(24):
        place = said / f"{number:02d}.png"
        place.write_bytes(shapes.png(shapes.picture("disc", number, 40)))
        place.with_suffix(".txt").write_text(f"two {'bright' if number % 2 else 'red'} discs")
    for folder in (flat, sorted_, said):
        body = {"path": str(folder), "name": folder.name, "copy": True}
        list(inline.run("files", "add_dataset", body, home))
    return home


def ready(home: Home, recipe: Recipe) -> tuple[list[Event], Any]:
    """The recipe made ready, and what was said."""
    work: Generator[Event, None, Any] = prepare(home, recipe, families.part, None, "cpu")
    said = []
    while True:
        try:
            said.append(next(work))
        except StopIteration as end:
            return said, end.value


def continued(home: Home, family: str, data: str) -> Recipe:
    made = recipes.continued(Library(home).get(f"tiny-{family}"), Datasets(home).get(data))
    return recipes.changed(made, {}, {"steps": 4, "batch": 8, "threads": 1, "sample_every": 0})


def texts(said: list[Event]) -> str:
    return " ".join(event.text for event in said if isinstance(event, Log))


@pytest.mark.parametrize("family", MAKERS)
def test_data_without_classes_is_one_class_to_a_model_that_knows_some(home: Home, family: str):
    said, made = ready(home, continued(home, family, "flat"))
    parent = Library(home).get(f"tiny-{family}").manifest
    assert made.config["size"] == parent.config["size"] == 28
    assert made.config["class_names"] == ["flat"]
    assert made.data.images.shape[1:] == (28, 28, 1)
    assert not made.data.labels.any()
    assert made.recipe.options["size"] == "28"
    assert "start anew" not in texts(said)
    assert "all of them new" in texts(said)


@pytest.mark.parametrize("family", CLASSED)
def test_a_class_of_the_same_name_goes_on_from_its_row(home: Home, family: str):
    said, made = ready(home, continued(home, family, "sorted"))
    assert made.config["class_names"] == ["disc", "ring"]
    assert "1 of 2 known from before" in texts(said)
    assert "start anew" not in texts(said)
    package = Library(home).get(f"tiny-{family}")
    old = package.manifest.config["class_names"]
    stored = weights.read(package.folder / "weights.safetensors")
    tables = 0
    for network, module in made.objective.networks.items():
        for name, value in module.state_dict().items():
            before = stored[f"{network}.{name}"].float()
            unlike = [a for a in range(value.ndim) if value.shape[a] != before.shape[a]]
            if not unlike or not value.is_floating_point():
                continue
            tables += 1
            (axis,) = unlike
            rows = before.narrow(axis, before.shape[axis] - len(old), len(old))
            ours = value.narrow(axis, value.shape[axis] - 2, 2)
            known = rows.select(axis, old.index("disc"))
            assert torch.equal(ours.select(axis, 0), known), name
            assert torch.allclose(ours.select(axis, 1), rows.mean(dim=axis), atol=1e-6), name
    assert tables > 0


@pytest.mark.parametrize("family", READERS)
def test_known_words_keep_their_rows_and_new_ones_are_added(home: Home, family: str):
    """ "discs" is a form of a known word and starts from it, "two" and "red" from the mean."""
    said, made = ready(home, continued(home, family, "said"))
    package = Library(home).get(f"tiny-{family}")
    old = package.manifest.config["words"]
    words = made.config["words"]
    assert words[: len(old)] == old
    assert sorted(words[len(old) :]) == ["discs", "red", "two"]
    assert "start anew" not in texts(said)
    assert f"Words: 3 new to the model (discs, two, red), {len(old)} known" in texts(said)
    assert made.data.captions[0][0].endswith("discs")
    stored = weights.read(package.folder / "weights.safetensors")
    unlike = {
        name: (value, stored[name].float())
        for network, module in made.objective.networks.items()
        for key, value in module.state_dict().items()
        if (name := f"{network}.{key}") in stored and value.shape != stored[name].shape
    }
    ((table, before),) = unlike.values()
    assert torch.equal(table[: len(before)], before)
    rows = before[len(before) - len(old) :]
    new = {word: table[len(before) + place] for place, word in enumerate(words[len(old) :])}
    assert torch.equal(new["discs"], rows[old.index("disc")])
    assert torch.allclose(new["red"], rows.mean(dim=0), atol=1e-6)


@pytest.mark.parametrize("family", READERS)
@pytest.mark.parametrize(("data", "names"), [("flat", {"flat"}), ("sorted", {"disc", "ring"})])
def test_data_without_captions_is_named_to_a_model_that_knows_words(
    home: Home, family: str, data: str, names: set[str]
):
    said, made = ready(home, continued(home, family, data))
    assert {one for (one,) in made.data.captions} == names
    assert names <= set(made.config["words"])
    assert made.config["class_names"] == []
    assert "start anew" not in texts(said)


@pytest.mark.parametrize("family", READERS)
def test_a_model_that_knows_no_words_does_not_look_at_captions(home: Home, family: str):
    facts = Datasets(home).get("said").facts
    plain = Manifest.model_construct(config={"words": [], "class_names": [], "condition": "none"})
    found = sources.inherited(facts, "said", plain, reads=True)
    recipe = sources.pinned(continued(home, family, "said"), plain)
    kind = families.family(family)
    config = kind.config(check_values(kind.options, recipe.options), found)
    assert (config["words"], config["class_names"]) == ([], [])


@pytest.mark.parametrize("family", MAKERS)
def test_a_model_without_classes_does_not_look_at_those_of_the_data(home: Home, family: str):
    plain = recipes.from_scratch(family, Datasets(home).get("flat"), "tiny")
    settings = {"steps": 2, "batch": 8, "threads": 1, "sample_every": 0, "holdout": 0.0}
    plain = recipes.changed(plain, {"size": "28"}, settings)
    plain = plain.model_copy(update={"model": f"plain-{family}"})
    *_, done = jobs.run_training(home, plain, families.part, device="cpu")
    Library(home).install(Path(str(done.data["package"])))
    made = recipes.continued(Library(home).get(f"plain-{family}"), Datasets(home).get("shapes"))
    said, found = ready(home, made)
    assert found.config["class_names"] == []
    assert "start anew" not in texts(said)


def test_a_run_goes_on_when_its_parent_was_removed(home: Home):
    recipe = continued(home, "vae", "flat").model_copy(update={"model": "orphan"})
    copy = Library(home).get("tiny-vae").folder
    parent = home.models / "parent"
    shutil.copytree(copy, parent)
    recipe = recipe.model_copy(update={"start_from": "parent"})
    work = jobs.run_training(home, recipe, families.part, device="cpu")
    name = ""
    for event in work:
        if isinstance(event, Log) and event.text.startswith("Run "):
            name = event.text[4:]
        if isinstance(event, Progress) and event.done:
            (home.runs / name / runs.STOP_FILE).write_bytes(b"")
    shutil.rmtree(parent)
    *_, done = jobs.resume(home, name, families.part, device="cpu")
    made = Manifest.read(Path(str(done.data["package"])) / "model.json")
    assert made.config["class_names"] == ["flat"]
    assert made.training.parent == "parent"


def test_pictures_of_one_class_are_those_of_the_set(home: Home):
    _, made = ready(home, continued(home, "gan", "flat"))
    assert len(made.data.labels) == len(made.data.images)
    assert made.data.images.dtype == np.uint8
