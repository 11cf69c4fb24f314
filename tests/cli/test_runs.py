"""`runs`: list, show, stop."""

from __future__ import annotations

import os

from genstudio.core.run import RUN_FILE, STOP_FILE, Run


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
        "genstudio.cli.runs.train_and_install", lambda *words: seen.append(words[2])
    )
    assert cli("models", "remove", "tiny-classifier").code == 0
    assert cli("runs", "resume", "1").code == 0
    assert seen == [{"run": "0001-tiny-classifier"}]
