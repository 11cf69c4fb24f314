"""One process of a training by several; real groups are in tests/cli/test_spreading.py."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from genstudio import __main__ as program
from genstudio.core import run as runs
from genstudio.core.events import Done, Log
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.workers import inline, rank, torchrun

ROOT = Path(__file__).parents[2]


def prepared(home: Home) -> str:
    """The name of a fresh short run."""
    settings = TrainerSettings(steps=4, batch=8, threads=1, checkpoint_seconds=60)
    recipe = Recipe(
        family="classifier", model="one", data="shapes", preset="tiny", settings=settings
    )
    body = {"recipe": recipe.model_dump(mode="json", exclude_unset=True)}
    *_, done = inline.run("train", "begin", body, home)
    return str(done.data["run"])


def test_alone_it_trains_the_run_and_says_events(tiny_copy: Home):
    run = prepared(tiny_copy)
    words = ["-m", "genstudio", "worker", "rank", run, "--home", str(tiny_copy.root)]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, timeout=200, text=True
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert said[0] == {**said[0], "kind": "log", "text": f"Run {run}"}
    assert said[-1]["kind"] == "done"
    assert Path(said[-1]["data"]["package"]).is_dir()


def collected(monkeypatch, work) -> tuple[int, list[dict]]:
    """Exit code and lines of a rank whose events are `work`, in this process."""
    read, write = os.pipe()
    monkeypatch.setattr(rank, "_events", lambda run, home: work)
    code = rank._train("0001-x", Path("home"), write)
    os.close(write)
    with os.fdopen(read) as handle:
        return code, [json.loads(line) for line in handle]


def test_the_first_process_tells_what_failed(monkeypatch, capfd):
    def work():
        yield Log(text="begins")
        raise ValueError("shapes differ")

    code, said = collected(monkeypatch, work())
    assert code == 1
    assert [line["kind"] for line in said] == ["log", "failed"]
    assert "shapes differ" in said[-1]["problem"]["what"]
    assert "shapes differ" in capfd.readouterr().err


def test_the_others_say_nothing_on_stdout(monkeypatch, capfd):
    monkeypatch.setenv("RANK", "1")

    def work():
        yield Done()
        raise ValueError("shapes differ")

    code, said = collected(monkeypatch, work())
    assert (code, said) == (1, [])
    assert "shapes differ" in capfd.readouterr().err


@pytest.fixture
def handlers():
    """Signal handlers are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_sigterm_asks_all_for_a_stop(tmp_path, handlers):
    rank._stop_politely(tmp_path)
    os.kill(os.getpid(), signal.SIGTERM)
    assert (tmp_path / runs.STOP_FILE).exists()
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def test_where_nobody_listens_training_is_to_stop(tmp_path, handlers):
    rank._stop_politely(tmp_path)
    read, write = os.pipe()
    os.close(read)
    rank.say(write, "{}")
    os.close(write)
    assert (tmp_path / runs.STOP_FILE).exists()


def test_the_words_for_torchrun(tmp_path):
    asked = torchrun._parse(["0001-x", "--devices=2", "--nodes=3", "--rendezvous=a:1"])
    assert (asked.run, asked.devices, asked.nodes, asked.max_restarts) == ("0001-x", 2, 3, 0)
    assert asked.rendezvous == "a:1"
    words = torchrun.rank_command("0001-x", tmp_path)
    assert words[-5:] == ["worker", "rank", "0001-x", "--home", str(tmp_path)]


def test_a_frozen_program_starts_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    words = torchrun.rank_command("0001-x", tmp_path)
    assert words == [sys.executable, "worker", "rank", "0001-x", "--home", str(tmp_path)]


@pytest.mark.parametrize("name", ["rank", "torchrun"])
def test_the_hidden_words_lead_here(monkeypatch, name):
    called = []
    module = {"rank": rank, "torchrun": torchrun}[name]
    monkeypatch.setattr(module, "main", lambda words, home: called.append((words, home)) or 7)
    assert program.main(["worker", name, "0001-x", "--devices=2", "--home", "/h"]) == 7
    assert called == [(["0001-x", "--devices=2"], Path("/h"))]
