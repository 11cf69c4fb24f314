"""A training from recipe to package, and the runs it leaves."""

import os
from pathlib import Path
from typing import Any

import pytest

from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.errors import DiskFull, GenStudioError, NotFound, UsageError
from genstudio.core.events import Done, Event, Log, Progress
from genstudio.core.manifest import MANIFEST, PROBE, WEIGHTS, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.training import jobs, metrics, noting, plan
from genstudio.training import trainer as module
from tests.training import toys
from tests.training.test_setup import finish, home  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def every_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAID_EVERY", 0.0)
    monkeypatch.setattr(noting, "NOTED_EVERY", 0.0)


def toy(**settings: Any) -> Recipe:
    return toys.recipe(**settings).model_copy(
        update={"data": "shapes", "title": "Toy shapes", "limits": "Only shapes."}
    )


def until(work: Any, step: int) -> list[Event]:
    """Events up to Progress `step`; then the generator is closed."""
    events = []
    for event in work:
        events.append(event)
        if isinstance(event, Progress) and event.done >= step:
            break
    work.close()
    return events


def test_a_run_leaves_a_package_and_says_where(home: Home):  # noqa: F811
    events = list(jobs.run_training(home, toy(), toys.part, device="cpu"))
    assert isinstance(events[-1], Done)
    assert len([event for event in events if isinstance(event, Done)]) == 1
    data = events[-1].data
    folder = home.runs / str(data["run"])
    state = Run.read(folder / runs.RUN_FILE)
    assert (state.state, state.step, state.model, state.pid) == ("done", 12, "toy", 0)
    assert Recipe.read(folder / runs.RECIPE_FILE).options == {"fun": 3}
    assert folder.name.endswith("-toy")
    package = Path(str(data["package"]))
    manifest = Manifest.read(package / MANIFEST)
    assert (manifest.title, manifest.limits) == ("Toy shapes", "Only shapes.")
    assert manifest.training.batch == 8
    assert manifest.trained_on[0].sha256
    assert manifest.trained_on[0].count > 80
    assert {e.name for e in manifest.files} >= {WEIGHTS, PROBE, "maker.onnx", "card.md"}
    assert manifest.training.steps in (4, 8, 12)  # what validation chose


def test_runs_are_numbered(home: Home):  # noqa: F811
    first = jobs.new_folder(home, "a")
    second = jobs.new_folder(home, "b" * 80)
    assert int(second.name[:4]) == int(first.name[:4]) + 1
    assert len(second.name) == 64


def test_a_stopped_run_goes_on_to_the_package(home: Home):  # noqa: F811
    events = until(jobs.run_training(home, toy(), toys.part, device="cpu"), 5)
    name = next(e.text for e in events if isinstance(e, Log) and e.text.startswith("Run "))[4:]
    state = Run.read(home.runs / name / runs.RUN_FILE)
    assert (state.state, state.step, state.pid) == ("stopped", 5, 0)
    number = name.split("-")[0].lstrip("0")
    events = list(jobs.resume(home, number, toys.part, device="cpu"))
    assert events[-1].data["run"] == name
    rows = metrics.read(home.runs / name / runs.METRICS_FILE)
    assert [row["step"] for row in rows] == sorted([*range(1, 13), 4, 8, 12])
    again = list(jobs.resume(home, name, toys.part, device="cpu"))
    assert again[-1].data["package"] == events[-1].data["package"]


def test_a_run_is_stopped_from_outside(home: Home):  # noqa: F811
    events = []
    for event in jobs.run_training(home, toy(), toys.part, device="cpu"):
        events.append(event)
        if isinstance(event, Progress) and event.done == 3:
            running = next(
                Run.read(p).id
                for p in home.runs.glob("*/run.json")
                if Run.read(p).state == "running"
            )
            stopped = list(jobs.stop(home, running))
            assert stopped[-1].data == {"run": running}
    assert [event.data for event in events if isinstance(event, Done)] == [
        {"run": running, "step": 3}
    ]
    assert Run.read(home.runs / running / runs.RUN_FILE).state == "stopped"
    with pytest.raises(UsageError, match="not running"):
        list(jobs.stop(home, running))


def test_a_failure_is_kept_in_words(home: Home, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    def broken(*_: object) -> None:
        raise GenStudioError("The loss stopped being a number")

    monkeypatch.setattr(toys.Toy, "loss", broken)
    with pytest.raises(GenStudioError):
        list(jobs.run_training(home, toy(), toys.part, device="cpu"))
    newest = sorted(home.runs.glob("*/run.json"))[-1]
    state = Run.read(newest)
    assert state.state == "failed"
    assert state.problem is not None
    assert "loss" in state.problem.what


def test_a_run_that_is_being_trained_is_not_trained_twice(home: Home):  # noqa: F811
    folder = jobs.new_folder(home, "busy")
    recipe = toy().model_copy(update={"options": {"fun": 3}})
    state = Run(id=folder.name, recipe=recipe, state="running", pid=os.getppid())
    files.write_bytes(folder / runs.RUN_FILE, state.to_bytes())
    with pytest.raises(UsageError, match="right now"):
        list(jobs.resume(home, folder.name, toys.part))
    dead = state.model_copy(update={"pid": 2**22 + 12345})
    files.write_bytes(folder / runs.RUN_FILE, dead.to_bytes())
    assert isinstance(list(jobs.resume(home, folder.name, toys.part, device="cpu"))[-1], Done)


def test_a_run_that_is_not_there(home: Home):  # noqa: F811
    with pytest.raises(NotFound, match="no run 'x'"):
        jobs.find(home, "x")


def test_too_little_disk_space_is_said_before_the_start(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    before = sorted(home.runs.glob("*")) if home.runs.is_dir() else []
    monkeypatch.setattr(files, "free_bytes", lambda path: 1000)
    with pytest.raises(DiskFull, match=r"needs .* MB"):
        list(jobs.run_training(home, toy(), toys.part, device="cpu"))
    assert (sorted(home.runs.glob("*")) if home.runs.is_dir() else []) == before


def test_a_plan_is_measured_and_leaves_nothing(home: Home):  # noqa: F811
    before = sorted(home.root.rglob("*"))
    events = list(jobs.plan(home, toy(steps=1000), toys.part, device="cpu"))
    data = events[-1].data
    assert data["seconds"] == pytest.approx(1000 * data["seconds_per_step"])
    assert data["steps"] == 1000
    assert data["disk_bytes"] > 0
    assert data["memory_bytes"] > 0
    assert data["parameters"] == sum(
        p.numel() for n in toys.Toy().networks.values() for p in n.parameters()
    )
    assert sorted(home.root.rglob("*")) == before


def test_the_plan_covers_what_is_really_written(tmp_path: Path):
    toy_run = toys.trainer(tmp_path)
    list(toy_run.run())
    used = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert used <= plan.disk_need(toy_run.objective, toys.recipe())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 seconds"), (60, "60 seconds"), (1800, "30 minutes"), (9000, "2.5 hours")],
)
def test_times_in_words(seconds: float, words: str):
    assert plan._words(seconds) == words


def test_a_run_can_be_begun_without_training(home: Home):  # noqa: F811
    events = list(jobs.begin(home, toy(shards=2), toys.part, device="cpu"))
    folder = home.runs / str(events[-1].data["run"])
    state = Run.read(folder / runs.RUN_FILE)
    assert (state.state, state.step, state.recipe.settings.shards) == ("new", 0, 2)
    assert Recipe.read(folder / runs.RECIPE_FILE).options == {"fun": 3}
    *_, done = jobs.resume(home, folder.name, toys.part, device="cpu")
    assert done.data["step"] == 12


def test_shards_that_do_not_fit_leave_no_run(home: Home):  # noqa: F811
    before = sorted(home.runs.glob("*"))
    with pytest.raises(UsageError, match="6 or 9"):
        list(jobs.begin(home, toy(shards=3), toys.part, device="cpu"))
    assert sorted(home.runs.glob("*")) == before
