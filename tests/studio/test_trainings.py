"""Trainings from the window's side: jobs, wishes, remedies, and what follows of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import Problem, UsageError
from genstudio.core.events import Cancelled, Done, Failed, Log, Remedy, Result
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import KEEP_FILE, RUN_FILE, STOP_FILE, TRY_FILE, Run
from genstudio.studio import recipes
from tests.helpers import packages
from tests.studio.test_studio import opened, wait_for

RECIPE = Recipe(
    family="vae", model="toy", title="Toy", data="shapes", settings=TrainerSettings(steps=9)
)
NAME = "0003-toy"
AMEND = Remedy(title="Free bits", action="amend", options={"free_bits": 0.5})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def put(home: Home, state: str, name: str = NAME, **fields: object) -> Path:
    pid = os.getpid() if state == "running" else 0
    run = Run(id=name, recipe=RECIPE, state=state, pid=pid, **fields)  # type: ignore[arg-type]
    files.write_bytes(home.runs / name / RUN_FILE, run.to_bytes())
    return home.runs / name


def packed(home: Home) -> Path:
    """A package called "toy" with its recipe on the shelf."""
    folder = packages.gan(home.models / "toy")
    files.write_bytes(folder / "recipe.json", RECIPE.to_bytes())
    packages.relist(folder)
    made = Manifest.read(folder / "model.json").model_copy(update={"id": "toy"})
    files.write_bytes(folder / "model.json", made.to_bytes())
    return folder


def begun(studio, home: Home) -> tuple[str, object]:  # type: ignore[no-untyped-def]
    """A training that runs: its job and its worker."""
    job = studio.trainings.start(RECIPE)
    worker = studio.crew.wait("train", "train")
    put(home, "running")
    worker.emit(Log(text=f"Run {NAME}"))
    wait_for(lambda: studio.trainings.job_of(NAME) == job)
    return job, worker


def idle(studio) -> None:  # type: ignore[no-untyped-def]
    wait_for(lambda: not studio.queue.busy("train"))


def test_a_start_is_a_job_with_the_recipe_and_a_free_name(home: Home, tmp_path: Path):
    packed(home)
    with opened(home) as studio:
        job = studio.queue.get(studio.trainings.start(RECIPE, base="/b", copy_of="0001-x"))
        assert (job.role, job.work, job.title) == ("train", "train", "Train Toy")
        recipe = Recipe.model_validate(job.body["recipe"])
        assert recipe == RECIPE.model_copy(update={"model": "toy-2"})
        assert (job.body["base"], job.body["copy_of"]) == ("/b", "0001-x")


def test_a_plan_is_a_job_that_moves_no_run(home: Home):
    heard = []
    with opened(home) as studio:
        studio.runs.on_change(lambda: heard.append(1))
        studio.trainings.plan(RECIPE)
        worker = studio.crew.wait("train", "plan")
        assert worker.message.body["recipe"] == recipes.to_body(RECIPE)
        worker.emit(Done(data={"sentence": "Fits."}))
        idle(studio)
    assert heard == []


def test_wishes_to_a_training_that_runs_are_files(home: Home):
    with opened(home) as studio:
        job, _ = begun(studio, home)
        studio.trainings.pause(NAME)
        assert studio.trainings.keep(NAME) == job
        assert studio.trainings.try_out(NAME) == job
        for wish in (STOP_FILE, KEEP_FILE, TRY_FILE):
            assert (home.runs / NAME / wish).is_file()


@pytest.mark.parametrize(("wish", "work"), [("keep", "finish"), ("try_out", "try")])
def test_wishes_to_a_paused_training_are_jobs(home: Home, wish: str, work: str):
    put(home, "stopped", step=5)
    with opened(home) as studio:
        job = getattr(studio.trainings, wish)("3")
        assert studio.crew.wait("train", work).message.body == {"run": NAME}
        assert studio.queue.get(job).work == work
        with pytest.raises(UsageError, match="waits to be trained"):
            getattr(studio.trainings, wish)("3")


def test_a_run_is_resumed_once(home: Home):
    put(home, "stopped")
    with opened(home) as studio:
        job = studio.trainings.resume("3")
        assert studio.trainings.resume("3") == job
        assert studio.crew.wait("train", "train").message.body == {"run": NAME}


def test_a_run_of_another_program_is_left_to_it(home: Home):
    put(home, "running")
    with opened(home) as studio:
        with pytest.raises(UsageError, match="another program"):
            studio.trainings.resume("3")
        with pytest.raises(UsageError, match="another program"):
            studio.trainings.apply("3", AMEND)


def test_a_training_that_was_running_at_the_last_close_is_resumed_in_its_place(home: Home):
    with opened(home) as studio:
        job, _ = begun(studio, home)
    put(home, "stopped")
    with opened(home) as studio:
        assert [found.state for found in studio.queue.jobs()] == ["paused"]
        again = studio.trainings.resume(NAME)
        assert again != job
        assert [found.id for found in studio.queue.jobs()] == [again]


def test_a_training_that_failed_does_not_stay_in_the_list_once_it_goes_on(home: Home):
    with opened(home) as studio:
        job, worker = begun(studio, home)
        worker.emit(Failed(problem=Problem(what="The power went")))
        wait_for(lambda: studio.queue.get(job).state == "failed")
        put(home, "stopped")
        again = studio.trainings.resume(NAME)
        assert [found.id for found in studio.queue.jobs()] == [again]


def test_a_training_that_waits_is_paused_by_taking_it_out(home: Home):
    put(home, "stopped")
    with opened(home) as studio:
        studio.queue.pause()
        job = studio.trainings.resume(NAME)
        studio.trainings.pause(NAME)
        wait_for(lambda: studio.queue.get(job).state == "cancelled")


def test_a_package_in_passing_is_installed_and_tried_but_not_evaluated(home: Home):
    with opened(home) as studio:
        _, worker = begun(studio, home)
        worker.emit(Result(path="/tried", output="package", data={"model": "toy"}))
        installer = studio.crew.wait("files", "import_model")
        assert installer.message.body == {"path": "/tried", "replace": True, "evaluate": False}
        model = packed(home).name
        installer.emit(Done(data={"model": model}))
        checker = studio.crew.wait("generate", "verify")
        checker.emit(Done(data={"ok": True}))
        wait_for(lambda: not studio.queue.busy("generate"))
        assert [j.work for j in studio.queue.jobs() if j.work == "evaluate"] == []
        assert studio.trainings.job_of(NAME), "the training goes on"


def test_a_finished_training_is_evaluated_in_the_end(home: Home):
    with opened(home) as studio:
        _, worker = begun(studio, home)
        worker.emit(Done(data={"run": NAME, "package": "/p", "model": "toy"}))
        installer = studio.crew.wait("files", "import_model")
        packed(home)
        installer.emit(Done(data={"model": "toy"}))
        studio.crew.wait("generate", "verify").emit(Done(data={"ok": True}))
        body = studio.crew.wait("generate", "evaluate").message.body
        assert body == {"model": "toy", "data": "shapes", "samples": 2000, "seed": 0}


def test_a_change_to_a_training_that_runs_pauses_it_and_goes_on(home: Home):
    with opened(home) as studio:
        job, worker = begun(studio, home)
        assert studio.trainings.apply(NAME, AMEND) == job
        assert (home.runs / NAME / STOP_FILE).is_file()
        second = Remedy(title="Clip", action="amend", settings={"clip": 2.0})
        studio.trainings.apply(NAME, second)
        assert studio.runs.get(NAME).changes == ()
        put(home, "stopped", step=4)
        worker.emit(Done(data={"run": NAME, "step": 4}))
        wait_for(lambda: studio.trainings.job_of(NAME) not in ("", job))
        (change,) = studio.runs.get(NAME).changes
        assert (change.step, change.what) == (4, "Free bits; Clip")
        assert studio.runs.get(NAME).recipe.options["free_bits"] == 0.5
        assert studio.runs.get(NAME).recipe.settings.clip == 2.0
        assert studio.crew.wait("train", "train").message.body == {"run": NAME}


def test_a_training_that_was_cancelled_meanwhile_does_not_go_on(home: Home):
    with opened(home) as studio:
        _, worker = begun(studio, home)
        studio.trainings.apply(NAME, AMEND)
        put(home, "stopped")
        worker.emit(Cancelled())
        idle(studio)
        assert studio.trainings.job_of(NAME) == ""
        assert studio.runs.get(NAME).changes == ()


def test_a_change_that_cannot_be_is_refused_before_anything_is_paused(home: Home):
    with opened(home) as studio:
        begun(studio, home)
        with pytest.raises(UsageError, match="latent cannot change"):
            studio.trainings.apply(
                NAME, Remedy(title="x", action="amend", options={"latent": 9})
            )  # fmt: skip
        assert not (home.runs / NAME / STOP_FILE).exists()


def test_a_paused_run_is_changed_at_once_and_stays_paused(home: Home):
    put(home, "stopped", step=4)
    with opened(home) as studio:
        assert studio.trainings.apply(NAME, AMEND) == ""
        assert studio.runs.get(NAME).changes[0].what == "Free bits"
        assert studio.queue.jobs() == []


def test_keeping_is_a_remedy(home: Home):
    with opened(home) as studio:
        job, _ = begun(studio, home)
        assert studio.trainings.apply(NAME, Remedy(title="Keep", action="keep")) == job
        assert (home.runs / NAME / KEEP_FILE).is_file()


def test_starting_again_makes_a_changed_copy_and_frees_the_device(home: Home):
    with opened(home) as studio:
        begun(studio, home)
        again = Remedy(title="Again", action="restart", options={"warm_up": 0.5})
        job = studio.queue.get(studio.trainings.apply(NAME, again))
        assert job.body["copy_of"] == NAME
        recipe = Recipe.model_validate(job.body["recipe"])
        assert recipe.options == {"warm_up": 0.5}
        assert recipe.model == "toy-2"
        assert (home.runs / NAME / STOP_FILE).is_file()
