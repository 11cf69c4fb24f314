"""From a recipe to everything a Trainer needs."""

import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import torch

from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.events import Event, Log
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training import setup, sources
from genstudio.training.setup import prepare, resolve
from tests.training import toys
from tests.training.test_package import build, networks


def finish(work: Generator[Event, None, Any]) -> tuple[list[Event], Any]:
    """The events of a generator and what it returns."""
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            return events, end.value


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shapes_folder: Path) -> Home:
    """A data folder with the dataset "shapes"."""
    home = Home(tmp_path_factory.mktemp("home"))
    finish(sources.open_dataset(home, "shapes", shapes_folder.parent))
    return home


def toy(**fields: Any) -> Recipe:
    return toys.recipe().model_copy(update={"data": "shapes", **fields})


def test_a_recipe_becomes_ready(home: Home):
    _, ready = finish(prepare(home, toy(), toys.part, None, "cpu"))
    assert ready.config["class_names"] == ["cross", "disc", "square"]
    assert ready.recipe.options == {"fun": 3}
    assert ready.data.images.shape[1:] == (4, 4, 1)
    assert len(ready.held.images) > 0
    assert ready.device.threads == 1
    assert ready.trainer(home.root / "x").folder == home.root / "x"


def test_nothing_held_out_means_no_validation(home: Home):
    recipe = toy(settings=TrainerSettings(holdout=0.0))
    assert finish(prepare(home, recipe, toys.part, None, "cpu"))[1].held is None


def test_own_values_come_before_the_presets_and_these_before_the_defaults():
    recipe = Recipe(
        family="toy", model="m", data="d", preset="tiny", settings=TrainerSettings(batch=6)
    )
    found = resolve(toys.FAMILY, recipe)
    assert (found.settings.steps, found.settings.batch) == (4, 6)
    assert found.settings.ema == TrainerSettings().ema
    assert found.options == {"fun": 3}


@pytest.mark.parametrize(
    "fields", [{"options": {"fun": 9}}, {"options": {"joy": 1}}, {"preset": "huge"}]
)
def test_values_that_do_not_fit_are_refused(home: Home, fields: dict[str, Any]):
    with pytest.raises(UsageError):
        finish(prepare(home, toy(**fields), toys.part, None, "cpu"))


def test_data_of_another_kind_are_refused(home: Home, monkeypatch: pytest.MonkeyPatch):
    real = setup.open_dataset

    def songs(*args: Any) -> Generator[Event, None, sources.Source]:
        found = yield from real(*args)
        return sources.Source(found.dataset.model_copy(update={"kind": "music"}), found.folder)

    monkeypatch.setattr(setup, "open_dataset", songs)
    with pytest.raises(UsageError, match="image data"):
        finish(prepare(home, toy(), toys.part, None, "cpu"))


def test_a_path_beside_the_recipe_is_read_in_once(tmp_path: Path, shapes_folder: Path):
    home = Home(tmp_path / "home")
    relative = f"../{shapes_folder.parent.name}/shapes"
    events, source = finish(sources.open_dataset(home, relative, shapes_folder.parent))
    assert any("Reading" in event.text for event in events if isinstance(event, Log))
    assert source.dataset.name == "shapes"
    events, again = finish(sources.open_dataset(home, relative, shapes_folder.parent))
    assert events == []
    assert again.dataset == source.dataset


def test_data_that_are_not_there(tmp_path: Path):
    with pytest.raises(NotFound, match="no dataset called 'nothing'"):
        finish(sources.open_dataset(Home(tmp_path), "nothing", tmp_path))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package `toy`; not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


def parent(folder: Path) -> sources.Parent:
    """A package to start from."""
    return sources.Parent(Manifest.read(folder / "model.json"), folder)


def started(start_from: str, family: str = "toy") -> Recipe:
    """A recipe that goes on from a package."""
    return toys.recipe().model_copy(update={"start_from": start_from, "family": family})


def test_weights_of_a_package_are_taken(built: Path):
    fresh = networks()
    with torch.no_grad():
        fresh["net"].big.weight.zero_()
    said = sources.start_from(fresh, parent(built / "toy"), {})
    assert len(said) == 1
    assert torch.allclose(fresh["net"].big.weight, networks()["net"].big.weight, atol=1e-3)


def test_what_does_not_fit_starts_anew_and_is_named(built: Path):
    fresh = networks()
    fresh["net"].big = torch.nn.Linear(3, 3)
    said = sources.start_from(fresh, parent(built / "toy"), {})
    assert "2 of 15 tensors start anew: net.big.weight" in said[1].text


def test_what_cannot_be_continued_is_refused(built: Path, tmp_path: Path):
    shutil.copytree(built / "toy", tmp_path / "toy")
    with pytest.raises(UsageError, match="cannot continue"):
        sources.parent_of(Home(tmp_path), started("toy", family="other"), tmp_path)
    with pytest.raises(UsageError, match="Nothing in Toy fits"):
        sources.start_from({"new": torch.nn.Linear(9, 9)}, parent(tmp_path / "toy"), {})
    (tmp_path / "toy" / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(BadInput):
        sources.start_from(networks(), parent(tmp_path / "toy"), {})


def test_packages_are_found_by_id_or_folder(built: Path, tmp_path: Path):
    home = Home(tmp_path)
    shutil.copytree(built / "toy", home.models / "toy")
    assert sources.package_folder(home, "toy", None) == home.models / "toy"
    assert sources.package_folder(Home(tmp_path / "x"), "toy", home.models) == home.models / "toy"
    with pytest.raises(NotFound):
        sources.package_folder(home, "other", None)


def test_training_continues_from_a_package(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from genstudio.training import package
    from tests.training.test_package import describe

    torch.manual_seed(99)
    parent = toys.Toy()
    with torch.no_grad():
        parent.networks["maker"].last.weight.fill_(0.25)
    package.build(
        tmp_path / "parent",
        parent.networks,
        lambda nets: toys.graphs(nets, {}),
        describe,
        toys.recipe(),
        b"",
    )
    recipe = toy(start_from="parent")
    seen = []
    monkeypatch.setattr(
        toys.Toy, "begun", lambda self, was: seen.append(was) or ["So be it."], raising=False
    )
    events, ready = finish(prepare(home, recipe, toys.part, tmp_path, "cpu"))
    said = [e.text for e in events if isinstance(e, Log)]
    assert any("Starts from the weights" in text for text in said)
    assert said[-1] == "So be it."
    assert seen == [Manifest.read(tmp_path / "parent" / "model.json").config]
    assert torch.all(ready.objective.networks["maker"].last.weight == 0.25)
