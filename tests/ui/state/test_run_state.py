"""RunState: follows a run folder and the events of its training; asks for what can be done."""

from __future__ import annotations

import json
import os

import pytest

from genstudio.core import files
from genstudio.core.errors import Problem, UsageError
from genstudio.core.events import (
    Advice,
    Cancelled,
    Done,
    Failed,
    Heartbeat,
    Log,
    Metric,
    Progress,
    Remedy,
    Started,
)
from genstudio.core.job import Job
from genstudio.core.paths import Home
from genstudio.core.run import ADVICE_FILE, METRICS_FILE
from genstudio.ui.state import run_state
from genstudio.ui.state.run_state import RunState
from tests.helpers import fake_runs
from tests.helpers.fake_studio import FakeStudio


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Nothing waits for its turn."""
    monkeypatch.setattr(run_state, "SOON_MS", 0)
    monkeypatch.setattr(run_state, "POLL_MS", 20)


@pytest.fixture
def studio(tmp_path, qapp):
    made = FakeStudio(Home(tmp_path / "home"))
    made.trainings = fake_runs.FakeDesk()
    return made


@pytest.fixture
def state(studio):
    made = RunState(studio)
    yield made
    made.close()


@pytest.fixture
def follow(state, qtbot):
    def go(run):
        state.follow(run.id)
        qtbot.waitUntil(lambda: state.run is not None and state.run.id == run.id)
        return state

    return go


def begun(state, run, job="j9", step=10):
    """The events with which every training begins."""
    state.on_event(Log(job=job, text=f"Run {run.id}"))
    state.on_event(Started(job=job, device="CPU", threads=2, reason="no CUDA driver found"))
    state.on_event(Progress(job=job, done=step, total=100, text=f"step {step} of 100"))


# ---- reading


def test_nothing_to_show(state, qtbot, heard):
    changed = heard(state.changed)
    state.refresh()
    assert changed
    assert (state.run, state.phase, state.current) == (None, "none", "")
    assert (state.step, state.total, state.best_step) == (0, 0, 0)
    assert state.items_per_second() == 0
    assert state.seconds_left() is None


def test_a_run_after_a_restart(studio, follow, heard, state):
    run = fake_runs.keep(studio.home, advice=(fake_runs.warning(),))
    said = {name: heard(getattr(state, name)) for name in
            ("changed", "followed", "metric_added", "sample_added", "advice_changed",
             "log_added")}  # fmt: skip
    follow(run)
    assert said["followed"] == [run.id]
    assert all(said.values())
    assert state.phase == "paused"
    assert not state.active
    assert (state.step, state.total) == (80, 100)
    assert state.best_step == 60
    assert len(state.samples) == 4
    assert state.advice[0].name == "overfitting"
    assert state.items_per_second() == pytest.approx(80 / 40 * 16)
    assert state.device is None
    assert state.text == ""


def test_without_a_choice_the_newest_is_shown(studio, state, qtbot):
    fake_runs.keep(studio.home, 1)
    newest = fake_runs.keep(studio.home, 2)
    state.refresh()
    qtbot.waitUntil(lambda: state.run is not None)
    assert state.current == newest.id


def test_a_run_that_is_gone_is_let_go(studio, follow, state, qtbot):
    run = fake_runs.keep(studio.home)
    follow(run)
    studio.runs.remove(run.id)
    state.refresh()
    qtbot.waitUntil(lambda: state.current == "")
    assert state.run is None


def test_session_keeps_the_run(state, heard, follow, studio):
    edited = heard(state.edited)
    run = fake_runs.keep(studio.home)
    follow(run)
    assert edited
    assert state.snapshot() == {"current": run.id}
    other = RunState(studio)
    other.take(state.snapshot())
    assert other.current == run.id
    other.take({})
    assert other.current == ""
    other.close()


def test_it_follows_no_jobs(state, heard):
    followed = heard(state.followed)
    state.follow("a1b2c3d4e5f6")
    assert followed == []
    assert state.current == ""


def test_a_folder_that_grows_without_events(studio, follow, state, qtbot):
    # Trained by the command line, in another process (here: this one).
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid(), steps=40)
    follow(run)
    assert state.phase == "running"
    assert state.step == 40
    folder = studio.home.runs / run.id
    fake_runs.add_rows(folder / METRICS_FILE, [{"step": 41, "loss/bound": 1.0}])
    qtbot.waitUntil(lambda: state.step == 41)
    fake_runs.sheet(folder / "samples" / "step-000100.png", "#ffffff")
    qtbot.waitUntil(lambda: len(state.samples) == 5)
    fake_runs.change(studio.home, run, state="stopped", pid=0, step=41)
    qtbot.waitUntil(lambda: state.phase == "paused")


def test_only_what_is_new_is_told(studio, follow, state, qtbot, heard):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    follow(run)
    advice, samples = heard(state.advice_changed), heard(state.sample_added)
    metrics = heard(state.metric_added)
    folder = studio.home.runs / run.id
    fake_runs.add_rows(folder / METRICS_FILE, [{"step": 81, "loss/bound": 1.0}])
    qtbot.waitUntil(lambda: bool(metrics))
    assert (advice, samples) == ([], [])
    words = json.loads(fake_runs.warning().model_dump_json())
    fake_runs.add_rows(folder / ADVICE_FILE, [words])
    qtbot.waitUntil(lambda: bool(advice))
    assert state.advice[0].remedies


# ---- events


def test_a_training_begins_and_is_followed(studio, state, qtbot, heard):
    followed = heard(state.followed)
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid(), steps=5, sheets=0)
    studio.trainings.jobs[run.id] = "j9"
    begun(state, run)
    assert followed == [run.id]
    qtbot.waitUntil(lambda: state.run is not None)
    assert state.phase == "running"
    assert state.device.reason == "no CUDA driver found"
    assert state.step == 10


def test_a_run_whose_file_is_not_written_yet_is_waited_for(studio, state, qtbot, monkeypatch):
    monkeypatch.setattr(run_state, "SOON_MS", 20)
    folder = studio.home.runs / "0004-vae-shapes"
    folder.mkdir(parents=True)
    state.on_event(Log(job="j9", text="Run 0004-vae-shapes"))
    assert state.current == "0004-vae-shapes"
    fake_runs.keep(studio.home, 4, state="running", pid=os.getpid())
    qtbot.waitUntil(lambda: state.run is not None)
    assert state.run.id == "0004-vae-shapes"


def test_a_folder_that_never_becomes_a_run_is_let_go(studio, state, qtbot):
    (studio.home.runs / "0004-vae-shapes").mkdir(parents=True)
    state.on_event(Log(job="j9", text="Run 0004-vae-shapes"))
    qtbot.waitUntil(lambda: state.current == "")


def test_words_of_others_are_not_its_own(studio, follow, state):
    run = fake_runs.keep(studio.home)
    follow(run)
    state.on_event(Progress(job="other", done=5, total=10))
    state.on_event(Started(job="other", device="CUDA"))
    state.on_event(Log(job="other", text="Run for your lives"))
    state.on_event(Done(job="other"))
    assert state.phase == "paused"
    assert state.device is None
    assert state.current == run.id


def test_progress_counts_and_tells_the_time_left(studio, state, qtbot, monkeypatch):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j9"
    studio.queue.resident["train"] = 5000
    clock = [100.0]
    monkeypatch.setattr(run_state.time, "monotonic", lambda: clock[0])
    begun(state, run, step=20)
    qtbot.waitUntil(lambda: state.run is not None)
    assert state.seconds_left() is None
    clock[0] += 10
    state.on_event(Progress(job="j9", done=40, total=100, text="step 40 of 100"))
    state.on_event(Progress(job="j9", done=40, total=100, text="waiting for disk space"))
    assert state.items_per_second() == pytest.approx(2 * 16)
    assert state.seconds_left() == pytest.approx(30)
    assert state.text == "waiting for disk space"
    assert state.memory == 5000
    state.on_event(Heartbeat(job="j9", memory=7000))
    assert state.memory == 7000


def test_reading_its_data_again_is_no_step(studio, state, qtbot):
    run = fake_runs.keep(studio.home, state="stopped", step=80)
    studio.trainings.jobs[run.id] = "j9"
    state.follow(run.id)
    qtbot.waitUntil(lambda: state.run is not None)
    state.on_event(Log(job="j9", text=f"Run {run.id}"))
    state.on_event(Progress(job="j9", done=5000, total=9000, text="reading pictures"))
    assert (state.step, state.text, state.seconds_left()) == (80, "reading pictures", None)
    assert state.phase == "running"
    qtbot.wait(50)  # the readings it asked for


def test_metrics_make_it_read_soon(studio, state, qtbot, heard):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j9"
    begun(state, run)
    qtbot.waitUntil(lambda: state.run is not None)
    state._poll.stop()
    metrics = heard(state.metric_added)
    path = studio.home.runs / run.id / METRICS_FILE
    fake_runs.add_rows(path, [{"step": 90, "loss/bound": 1.0}])
    state.on_event(Metric(job="j9", step=90, values={"loss/bound": 1.0}))
    qtbot.waitUntil(lambda: bool(metrics))
    assert state.curves["loss/bound"][0][-1] == 90


def test_a_training_that_is_paused(studio, state, qtbot):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j9"
    begun(state, run)
    qtbot.waitUntil(lambda: state.run is not None)
    state.pause()
    assert studio.trainings.asked == [("pause", run.id)]
    assert state.phase == "pausing"
    assert state.active
    studio.trainings.jobs = {}
    fake_runs.change(studio.home, run, state="stopped", pid=0, step=33)
    state.on_event(Done(job="j9", data={"run": run.id, "step": 33}))
    qtbot.waitUntil(lambda: state.phase == "paused")
    assert state.step == 33
    assert state.memory == 0


@pytest.mark.parametrize("end", [Cancelled(job="j9"), Failed(job="j9", problem=Problem(what="x"))])
def test_every_end_is_an_end(studio, state, qtbot, end):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j9"
    begun(state, run)
    qtbot.waitUntil(lambda: state.run is not None)
    studio.trainings.jobs = {}
    failed = isinstance(end, Failed)
    problem = Problem(what="The loss exploded") if failed else None
    fake_runs.change(studio.home, run, state="failed" if failed else "stopped", problem=problem)
    state.on_event(end)
    qtbot.waitUntil(lambda: state.phase == ("failed" if failed else "paused"))


def test_a_finished_run_stays_finished(studio, state, qtbot):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j9"
    begun(state, run)
    qtbot.waitUntil(lambda: state.run is not None)
    fake_runs.change(studio.home, run, state="done", model="vae-shapes", step=100)
    state.refresh()
    qtbot.waitUntil(lambda: state.phase == "done")
    state.on_event(Done(job="j9", data={"run": run.id, "model": "vae-shapes"}))
    assert state.phase == "done"


# ---- acting


def test_resuming_waits_until_it_runs(studio, follow, state, qtbot):
    run = follow(fake_runs.keep(studio.home)).run
    state.resume()
    assert studio.trainings.asked == [("resume", run.id)]
    qtbot.waitUntil(lambda: state.phase == "waiting")
    fake_runs.change(studio.home, run, state="running", pid=os.getpid())
    begun(state, run, job=studio.trainings.jobs[run.id], step=81)
    assert state.phase == "running"


def test_stop_and_keep(studio, follow, state, heard):
    said = heard(state.said)
    run = follow(fake_runs.keep(studio.home)).run
    state.keep()
    assert studio.trainings.asked == [("keep", run.id)]
    assert "best state" in said[0][0]


def test_trying_a_paused_run(studio, follow, state, heard):
    ready = heard(state.model_ready)
    run = follow(fake_runs.keep(studio.home)).run
    state.try_out()
    assert studio.trainings.asked == [("try", run.id)]
    assert state.trying
    state.on_event(Done(job="import", data={"model": "another"}))
    assert ready == []
    state.on_event(Done(job="import", data={"model": run.recipe.model}))
    assert ready == [run.recipe.model]
    assert not state.trying


def test_packing_a_paused_run_does_not_make_it_run(studio, follow, state, qtbot, monkeypatch):
    run = follow(fake_runs.keep(studio.home)).run
    job = Job(id="j1", role="train", work="try", title="Try", body={"run": run.id})
    monkeypatch.setattr(studio.queue, "jobs", lambda: [job])
    studio.trainings.jobs[run.id] = "j1"
    fake_runs.change(studio.home, run, seconds=41.0)
    state.refresh()
    qtbot.waitUntil(lambda: state.run.seconds == 41)
    assert state.phase == "paused"


def test_the_end_of_the_training_is_not_the_model(studio, follow, state, heard):
    ready = heard(state.model_ready)
    run = follow(fake_runs.keep(studio.home)).run
    state.try_out()
    state.on_event(Done(job="j1", data={"model": run.recipe.model, "run": run.id}))
    assert ready == []
    assert state.trying


def test_trying_a_finished_run_needs_nothing_new(studio, follow, state, heard):
    ready = heard(state.model_ready)
    follow(fake_runs.keep(studio.home, state="done", model="installed"))
    state.try_out()
    assert ready == ["installed"]
    assert studio.trainings.asked == []


@pytest.mark.parametrize("action", ["keep", "amend", "restart"])
def test_remedies(studio, follow, state, heard, action):
    said = heard(state.said)
    run = follow(fake_runs.keep(studio.home)).run
    state.apply(Remedy(title="Do it", action=action, settings={"cutout": 0.2}))
    assert studio.trainings.asked == [("apply", run.id, action)]
    assert len(said) == (0 if action == "restart" else 1)


def test_a_copy_to_change(studio, follow, state):
    run = follow(fake_runs.keep(studio.home)).run
    copy = state.duplicate()
    assert copy.options == run.recipe.options
    assert copy.model != run.recipe.model
    other = fake_runs.keep(studio.home, 2, recipe={"options": {"latent": 99}})
    assert state.duplicate(other.id).options == {"latent": 99}


def test_refusals_are_told(studio, follow, state, heard):
    problems = heard(state.problem)
    follow(fake_runs.keep(studio.home))
    for act in (state.pause, state.resume, state.keep, state.try_out):
        studio.trainings.refuse = UsageError("Not now")
        act()
    assert [problem.what for problem in problems] == ["Not now"] * 4
    assert not state.trying
    assert state.phase == "paused"
    assert state.duplicate("9999-nowhere") is None
    assert len(problems) == 5


def test_without_a_run_nothing_is_asked(studio, state):
    for act in (state.pause, state.resume, state.keep, state.try_out):
        act()
    state.apply(Remedy(title="Do it", action="keep"))
    assert studio.trainings.asked == []


def test_a_damaged_run_is_not_shown(studio, follow, state, qtbot):
    run = follow(fake_runs.keep(studio.home)).run
    files.write_bytes(studio.home.runs / run.id / "run.json", b"{")
    state.refresh()
    qtbot.waitUntil(lambda: state.run is None)
    assert state.look.problem is not None


def test_advice_of_other_jobs_does_not_matter(studio, follow, state):
    follow(fake_runs.keep(studio.home))
    state.on_event(Advice(job="other", name="x", text="y"))
    assert state.advice == ()
