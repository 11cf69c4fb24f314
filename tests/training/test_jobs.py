"""A training from recipe to package, and the runs it leaves."""

import os
from pathlib import Path
from typing import Any

import pytest

from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.errors import DiskFull, GenStudioError, NotFound, UsageError
from genstudio.core.events import Done, Event, Log, Progress, Result
from genstudio.core.manifest import MANIFEST, PROBE, WEIGHTS, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.training import jobs, metrics, noting, packing, plan
from genstudio.training import trainer as module
from genstudio.training.setup import prepare
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
    finish(prepare(home, toy(), toys.part, None, "cpu"))  # the pictures are cached once
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


def named(events: list[Event]) -> str:
    """The run that the events tell of."""
    return next(e.text for e in events if isinstance(e, Log) and e.text.startswith("Run "))[4:]


def test_a_paused_run_is_finished_where_it_is(home: Home):  # noqa: F811
    name = named(until(jobs.run_training(home, toy(), toys.part, device="cpu"), 6))
    events = list(jobs.resume(home, name, toys.part, device="cpu", ends=True))
    assert events[-1].data["step"] == 6
    assert Manifest.read(Path(str(events[-1].data["package"])) / MANIFEST).training.steps in (4, 6)
    state = Run.read(home.runs / name / runs.RUN_FILE)
    assert (state.state, state.step, state.best_step > 0) == ("done", 6, True)


def test_a_run_that_learnt_nothing_is_neither_finished_nor_tried(home: Home):  # noqa: F811
    *_, done = jobs.begin(home, toy(), toys.part, device="cpu")
    name = str(done.data["run"])
    with pytest.raises(UsageError, match="not learnt anything yet"):
        list(jobs.resume(home, name, toys.part, device="cpu", ends=True))
    with pytest.raises(UsageError, match="not learnt anything yet"):
        list(jobs.try_out(home, name, toys.part, device="cpu"))


def test_a_training_hands_out_its_model_and_goes_on(home: Home):  # noqa: F811
    events: list[Event] = []
    for event in jobs.run_training(home, toy(), toys.part, device="cpu"):
        events.append(event)
        if isinstance(event, Progress) and event.done == 5:
            folder = home.runs / named(events)
            files.write_bytes(folder / runs.TRY_FILE, b"")
    (result,) = [event for event in events if isinstance(event, Result)]
    assert result.output == "package"
    assert result.data == {"model": "toy", "run": folder.name, "step": 5}
    tried = Manifest.read(Path(result.path) / MANIFEST)
    assert tried.title == "Toy shapes (step 5)"
    assert tried.training.steps == 5
    assert events[-1].data["step"] == 12
    assert Manifest.read(Path(str(events[-1].data["package"])) / MANIFEST).title == "Toy shapes"
    log = [row["text"] for row in metrics.read(folder / runs.LOG_FILE)]
    assert log.count("The model as it is at step 5 is packed.") == 1
    assert "Writing the model package." in log


def test_handing_out_the_model_changes_nothing_of_the_training(home: Home):  # noqa: F811
    found = []
    for tries in (False, True):
        events: list[Event] = []
        for event in jobs.run_training(home, toy(), toys.part, device="cpu"):
            events.append(event)
            if tries and isinstance(event, Progress) and event.done in (3, 8):
                files.write_bytes(home.runs / named(events) / runs.TRY_FILE, b"")
        folder = home.runs / named(events)
        assert len([e for e in events if isinstance(e, Result)]) == (2 if tries else 0)
        last = sorted((folder / runs.CHECKPOINTS).iterdir())[-1]
        parts = sorted(path for path in last.iterdir() if path.suffix == ".pt")
        found.append({path.name: files.sha256_of(path) for path in parts})
        found[-1]["log"] = files.sha256_of(folder / runs.METRICS_FILE)
    assert found[0] == found[1]


def test_a_paused_run_hands_out_its_model_and_stays_paused(home: Home):  # noqa: F811
    name = named(until(jobs.run_training(home, toy(), toys.part, device="cpu"), 6))
    events = list(jobs.try_out(home, name, toys.part, device="cpu"))
    (result,) = [event for event in events if isinstance(event, Result)]
    assert Manifest.read(Path(result.path) / MANIFEST).title == "Toy shapes (step 6)"
    assert events[-1].data == {"run": name, "step": 6}
    assert Run.read(home.runs / name / runs.RUN_FILE).state == "stopped"
    assert list(jobs.resume(home, name, toys.part, device="cpu"))[-1].data["step"] == 12


def test_a_model_that_cannot_be_packed_is_no_reason_to_end(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    def full(*_: object) -> None:
        raise DiskFull("The disk is full")

    monkeypatch.setattr(packing, "so_far", full)
    events: list[Event] = []
    for event in jobs.run_training(home, toy(), toys.part, device="cpu"):
        events.append(event)
        if isinstance(event, Progress) and event.done == 5:
            files.write_bytes(home.runs / named(events) / runs.TRY_FILE, b"")
    said = [e.text for e in events if isinstance(e, Log) and e.level == "warning"]
    assert "The model so far was not packed: The disk is full." in said
    assert events[-1].data["step"] == 12


def test_short_memory_is_a_change_of_the_recipe_and_the_package_shows_it(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    good = toys.Toy.loss

    def greedy(self: toys.Toy, phase: str, batch: Any, step: Any) -> Any:
        if step.step >= 4 and batch.size > 2:
            raise MemoryError
        return good(self, phase, batch, step)

    monkeypatch.setattr(toys.Toy, "loss", greedy)
    events = list(jobs.run_training(home, toy(batch=4), toys.part, device="cpu"))
    state = Run.read(home.runs / named(events) / runs.RUN_FILE)
    (change,) = state.changes
    assert change.settings == {"parts": 2}
    assert change.step == 5
    assert "Memory ran out" in change.what
    assert state.recipe.settings.parts == 2
    package = Path(str(events[-1].data["package"]))
    assert Recipe.read(package / "recipe.json").settings.parts == 2
    assert Recipe.read(home.runs / state.id / runs.RECIPE_FILE).settings.parts == 1


def test_a_return_to_a_checkpoint_is_a_change_too(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    good, hits = toys.Toy.loss, []

    def once(self: toys.Toy, phase: str, batch: Any, step: Any) -> Any:
        loss, more = good(self, phase, batch, step)
        if step.step == 6 and not hits:
            hits.append(1)
            return loss * float("nan"), more
        return loss, more

    monkeypatch.setattr(toys.Toy, "loss", once)
    events = list(jobs.run_training(home, toy(), toys.part, device="cpu"))
    state = Run.read(home.runs / named(events) / runs.RUN_FILE)
    assert [change.what for change in state.changes] == [
        "The loss ran away: half the learning rate (1 of 3)"
    ]


def test_the_copy_of_a_run_says_so(home: Home):  # noqa: F811
    work = jobs.run_training(home, toy(), toys.part, device="cpu", copy_of="0001-toy")
    name = named(until(work, 1))
    assert Run.read(home.runs / name / runs.RUN_FILE).copy_of == "0001-toy"
