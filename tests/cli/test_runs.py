"""`runs`: list, show, stop, keep, try, amend, compare, remove, restore."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from genstudio.cli.session import Session
from genstudio.core import events
from genstudio.core.paths import Home
from genstudio.core.run import ADVICE_FILE, KEEP_FILE, RUN_FILE, STOP_FILE, TRY_FILE, Run


def test_list_and_show(cli):
    done = cli("runs", "list")
    assert done.code == 0
    assert "0001-tiny-classifier" in done.out
    shown = cli("runs", "show", "1")
    assert "done" in shown.out
    assert "shapes" in shown.out
    assert cli("runs", "show", "1", "--json").events[0]["data"]["run"]["state"] == "done"


def test_what_is_done_is_not_resumed_or_stopped(cli):
    resumed = cli("runs", "resume", "1")
    assert resumed.code == 1
    assert "--from tiny-classifier" in resumed.err
    stopped = cli("runs", "stop", "1")
    assert stopped.code in (1, 2)
    assert "not" in stopped.err


@pytest.mark.parametrize("words", [("keep", "1"), ("try", "1"), ("amend", "1", "--set", "clip=2")])
def test_a_finished_run_and_its_model_stay_as_they_are(cli, judge, words: tuple[str, ...]):
    before = (judge / RUN_FILE).read_bytes()
    done = cli("runs", *words)
    assert done.code == 1
    assert "done already" in done.err
    assert "--from tiny-classifier" in done.err
    assert (judge / RUN_FILE).read_bytes() == before


def test_unknown_run(cli):
    done = cli("runs", "show", "99")
    assert done.code == 1
    assert "0001-tiny-classifier" in done.err


def test_stop_writes_the_sign(cli, tiny_copy):
    folder = tiny_copy.runs / "0001-tiny-classifier"
    run = Run.read(folder / RUN_FILE)
    alive = run.model_copy(update={"state": "running", "pid": os.getpid()})
    (folder / RUN_FILE).write_bytes(alive.to_bytes())
    done = cli("runs", "stop", "1", "--json")
    assert done.code == 0, done.err
    assert done.events[-1]["data"]["run"] == folder.name
    assert (folder / STOP_FILE).exists()


def test_a_finished_run_whose_model_is_gone_may_go_on(cli, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "genstudio.cli.runs.train_and_install", lambda *words, **more: seen.append(words[2])
    )
    assert cli("models", "remove", "tiny-classifier").code == 0
    assert cli("runs", "resume", "1").code == 0
    assert seen == [{"run": "0001-tiny-classifier"}]


def change(folder: Path, **fields: object) -> None:
    """Another state of a run."""
    run = Run.read(folder / RUN_FILE).model_copy(update=fields)
    (folder / RUN_FILE).write_bytes(run.to_bytes())


@pytest.fixture
def judge(tiny_copy: Home) -> Path:
    """The run of the tiny classifier."""
    return tiny_copy.runs / "0001-tiny-classifier"


@pytest.mark.parametrize(("command", "file"), [("keep", KEEP_FILE), ("try", TRY_FILE)])
def test_a_wish_to_a_training_elsewhere_is_a_sign(cli, judge, command: str, file: str):
    change(judge, state="running", pid=os.getpid())
    done = cli("runs", command, "1")
    assert done.code == 0, done.err
    assert judge.name in done.out
    assert (judge / file).is_file()


def test_a_stopped_run_is_kept_and_tried_out_by_the_train_worker(cli, judge, monkeypatch):
    change(judge, state="stopped")
    kept = []
    monkeypatch.setattr("genstudio.cli.runs.train_and_install", lambda *w: kept.append(w[2:]))
    assert cli("runs", "keep", "1").code == 0
    assert kept == [({"run": judge.name}, "finish")]
    asked, installed = [], []

    def work(session, role, name, body):  # type: ignore[no-untyped-def]
        asked.append((role, name, body))
        yield events.Log(text="packed")
        yield events.Result(path="/x/tried", output="package")
        yield events.Done(data={"run": body["run"]})

    monkeypatch.setattr(Session, "work", work)
    monkeypatch.setattr(
        "genstudio.cli.runs.install", lambda session, path: installed.append(path) or ID("toy")
    )
    done = cli("runs", "try", "1")
    assert done.code == 0, done.err
    assert asked == [("train", "try", {"run": judge.name})]
    assert installed == [Path("/x/tried")]
    assert "toy" in done.out


class ID:
    """As much of a model as is printed."""

    def __init__(self, name: str) -> None:
        self.id = name


def test_amend_changes_a_stopped_run(cli, judge):
    change(judge, state="stopped", step=20)
    done = cli("runs", "amend", "1", "--set", "smoothing=0.1", "--set", "clip=2")
    assert done.code == 0, done.err
    assert "smoothing = 0.1, clip = 2" in done.out
    assert "from step 20 on" in done.out
    run = Run.read(judge / RUN_FILE)
    assert run.recipe.options["smoothing"] == 0.1
    assert run.recipe.settings.clip == 2.0
    shown = cli("runs", "show", "1").out
    assert "step 20: smoothing = 0.1, clip = 2" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "say what shall change"),
        (("--set", "width=9"), "width cannot change"),
        (("--set", "wings=2"), "no setting 'wings'"),
    ],
)
def test_amend_refuses_in_words(cli, judge, words: tuple[str, ...], sentence: str):
    change(judge, state="stopped")
    done = cli("runs", "amend", "1", *words)
    assert done.code == 2
    assert sentence in done.err


def test_show_tells_what_the_doctor_says(cli, judge):
    advice = events.Advice(name="plateau", text="It stands still.", step=9)
    (judge / ADVICE_FILE).write_text(events.to_line(advice) + "\n")
    assert "doctor   note: It stands still." in cli("runs", "show", "1").out


def test_compare_shows_what_differs_and_the_last_numbers(cli, tiny_copy, judge):
    copy = tiny_copy.runs / "0009-other"
    shutil.copytree(judge, copy)
    recipe = Run.read(judge / RUN_FILE).recipe
    settings = recipe.settings.model_copy(update={"batch": 7})
    change(copy, id="0009-other", recipe=recipe.model_copy(update={"settings": settings}))
    done = cli("runs", "compare", "1", "9")
    assert done.code == 0, done.err
    lines = {line.split()[0]: line.split()[1:] for line in done.out.splitlines()}
    assert lines["batch"] == [str(recipe.settings.batch), "7"]
    assert lines["step"] == ["60", "60"]
    assert "learning_rate" not in lines
    assert len(lines["loss/classifier"]) == 2
    rows = cli("runs", "compare", "1", "9", "--json").events[-1]["data"]["rows"]
    assert ["batch", str(recipe.settings.batch), "7"] in rows
    assert cli("runs", "compare", "1").code == 2


def test_remove_puts_a_run_into_the_trash(cli, tiny_copy, judge):
    done = cli("runs", "remove", "1")
    assert done.code == 0
    assert f"runs restore {judge.name}" in done.out
    assert not judge.exists()
    assert (tiny_copy.trash / "runs" / judge.name / RUN_FILE).is_file()


def test_restore_brings_a_removed_run_back(cli, judge):
    before = (judge / RUN_FILE).read_bytes()
    assert cli("runs", "remove", "1").code == 0
    done = cli("runs", "restore", judge.name)
    assert done.code == 0, done.err
    assert (judge / RUN_FILE).read_bytes() == before
    assert cli("runs", "restore", "0099-none").code == 1
