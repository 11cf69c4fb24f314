"""Runs shelf: wishes, advice, log, changes, copies, trash and back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import NotFound, UsageError
from genstudio.core.events import Advice, to_line
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import ADVICE_FILE, KEEP_FILE, LOG_FILE, RUN_FILE, STOP_FILE, TRY_FILE, Run
from genstudio.studio import amending
from genstudio.studio.runs import Runs

RECIPE = Recipe(
    family="vae",
    model="toy",
    data="shapes",
    options={"beta": 1.0, "latent": 8},
    settings=TrainerSettings(steps=100, holdout=0.05),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    facts = DataFacts(count=50, size=28, channels=1, classes=("a", "b"))
    data = Dataset(name="shapes", title="Shapes", facts=facts)
    files.write_bytes(home.datasets / "shapes" / "dataset.json", data.to_bytes())
    return home


def add(home: Home, name: str = "0001-toy", **fields: object) -> Path:
    folder = home.runs / name
    state = Run(id=name, recipe=RECIPE, **fields)  # type: ignore[arg-type]
    files.write_bytes(folder / RUN_FILE, state.to_bytes())
    return folder


@pytest.mark.parametrize(
    ("wish", "file"), [("pause", STOP_FILE), ("keep", KEEP_FILE), ("try_out", TRY_FILE)]
)
def test_a_wish_is_a_file_in_the_folder_of_a_living_run(home: Home, wish: str, file: str):
    shelf, heard = Runs(home), []
    folder = add(home, state="running", pid=os.getpid())
    shelf.on_change(lambda: heard.append(wish))
    getattr(shelf, wish)("1")
    assert [path.name for path in folder.iterdir() if path.name != RUN_FILE] == [file]
    assert heard == [wish]
    add(home, "0002-toy", state="stopped")
    with pytest.raises(UsageError, match=r"0002-toy is not running \(stopped\)"):
        getattr(shelf, wish)("2")


def test_advice_is_the_newest_of_each_detector_in_the_order_they_spoke(home: Home):
    shelf, folder = Runs(home), add(home)
    assert shelf.advice("1") == []
    said = [
        Advice(name="a", text="first", step=1),
        Advice(name="b", text="other", step=2, level="warning"),
        Advice(name="a", text="second", step=3),
    ]
    lines = "".join(to_line(advice) + "\n" for advice in said)
    (folder / ADVICE_FILE).write_text(lines + '{"no": "advice"}\n[1]\n{"torn', encoding="utf-8")
    assert [advice.text for advice in shelf.advice("1")] == ["second", "other"]
    assert shelf.advice("1", history=True) == said


def test_the_log_of_a_run(home: Home):
    shelf, folder = Runs(home), add(home)
    assert shelf.log("1") == []
    row = {"step": 3, "level": "info", "text": "Hm.", "at": "2026"}
    files.append_line(folder / LOG_FILE, '{"step":3,"level":"info","text":"Hm.","at":"2026"}')
    assert shelf.log("1") == [row]


def test_a_resting_run_goes_on_with_other_values_and_it_is_noted(home: Home):
    shelf, heard = Runs(home), []
    add(home, state="stopped", step=40)
    shelf.on_change(lambda: heard.append(1))
    found = shelf.amend("1", {"beta": 2, "free_bits": 0.5}, {"learning_rate": 1e-4})
    assert heard == [1]
    assert found == shelf.get("1")
    assert found.recipe.options == {"beta": 2.0, "latent": 8, "free_bits": 0.5}
    assert found.recipe.settings.learning_rate == 1e-4
    assert found.recipe.settings.steps == 100
    (change,) = found.changes
    assert (change.step, change.options["free_bits"]) == (40, 0.5)
    assert change.what == "beta = 2, free_bits = 0.5, learning_rate = 0.0001"
    assert shelf.amend("1", settings={"clip": 1.0}, what="Calm down").changes[1].what == "Calm down"


@pytest.mark.parametrize(
    ("options", "settings", "words"),
    [
        ({"latent": 9}, {}, "latent cannot change"),
        ({"conditional": False}, {}, "conditional cannot change"),
        ({}, {"holdout": 0.2}, "held-out pictures would be trained on"),
        ({}, {"weight_decay": 0.1}, "weight_decay cannot be turned on"),
        ({"wings": 2}, {}, "there is no setting 'wings'"),
        ({"beta": 900}, {}, "from 0 to 20"),
    ],
)
def test_what_cannot_change_is_refused_and_nothing_is_written(
    home: Home, options: dict, settings: dict, words: str
):
    shelf = Runs(home)
    add(home, state="stopped")
    before = shelf.get("1")
    with pytest.raises(UsageError, match=words) as error:
        shelf.amend("1", options, settings)
    if "cannot" in words:
        assert "Start a new run" in error.value.problem.next_step
    assert shelf.get("1") == before


def test_what_shapes_no_network_may_change(home: Home):
    shelf = Runs(home)
    add(home, state="failed")
    assert shelf.amend("1", {"likelihood": "laplace"}).recipe.options["likelihood"] == "laplace"


def test_a_running_run_is_not_changed(home: Home):
    add(home, state="running", pid=os.getpid())
    with pytest.raises(UsageError, match="0001-toy is running"):
        Runs(home).amend("1", {"beta": 2.0})


def test_the_data_of_a_run_may_be_gone(home: Home):
    files.remove(home.datasets / "shapes")
    run = Runs(home).get(add(home, state="stopped").name)
    assert amending.check(home, run, {"beta": 2.0}, {}).options["beta"] == 2.0
    with pytest.raises(UsageError, match="size cannot change"):
        amending.check(home, run, {"size": "64"}, {})


def test_a_copy_has_a_model_of_its_own(home: Home):
    shelf = Runs(home)
    add(home)
    copy = shelf.duplicate("1")
    assert copy.model == "toy-2"
    assert copy.options == RECIPE.options
    assert copy.settings == RECIPE.settings


def test_a_removed_run_comes_back(home: Home):
    shelf = Runs(home)
    add(home, state="done", step=7)
    shelf.remove("1")
    assert shelf.list() == []
    assert shelf.restore("0001-toy").step == 7
    with pytest.raises(NotFound, match="no removed run"):
        shelf.restore("0001-toy")
    with pytest.raises(NotFound):
        shelf.restore("../0001-toy")


def test_a_removed_run_does_not_take_the_place_of_another(home: Home):
    shelf = Runs(home)
    add(home)
    shelf.remove("1")
    add(home, step=5)
    with pytest.raises(UsageError, match="a run 0001-toy already"):
        shelf.restore("0001-toy")


def test_which_runs_there_are(home: Home):
    shelf = Runs(home)
    add(home)
    assert shelf.has("0001-toy")
    assert not shelf.has("")
    assert not shelf.has("../home")
