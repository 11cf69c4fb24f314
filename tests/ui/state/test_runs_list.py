"""The list of all runs: read beside the window, removed with undo, compared."""

from __future__ import annotations

import os
import threading

import pytest

from genstudio.core import files
from genstudio.core.errors import Problem
from genstudio.core.paths import Home
from genstudio.ui.state.runs_list import Beside, RunsList
from tests.helpers import fake_runs
from tests.helpers.fake_studio import FakeStudio


@pytest.fixture
def studio(tmp_path, qapp):
    return FakeStudio(Home(tmp_path / "home"))


@pytest.fixture
def shelf(studio):
    made = RunsList(studio)
    yield made
    made.wait()


def read(shelf, qtbot, count):
    shelf.refresh()
    qtbot.waitUntil(lambda: len(shelf.rows) == count)


# ---- beside


def test_work_is_done_in_another_thread(qtbot, heard):
    beside = Beside()
    done = heard(beside.done)
    beside.ask("who", threading.get_ident)
    qtbot.waitUntil(lambda: bool(done))
    assert done[0][0] == "who"
    assert done[0][1] != threading.get_ident()


def test_of_the_waiting_the_newest_is_done(qtbot, heard):
    beside, gate, ran = Beside(), threading.Event(), []
    done = heard(beside.done)
    beside.ask("a", lambda: gate.wait(20))
    for number in range(5):
        beside.ask("a", lambda number=number: ran.append(number))
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert ran == [4]


def test_failures_become_problems(qtbot, heard):
    beside = Beside()
    done = heard(beside.done)
    beside.ask("a", lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(done))
    assert isinstance(done[0][1], Problem)


def test_waiting_drops_what_has_not_begun(qtbot):
    beside, gate, ran = Beside(), threading.Event(), []
    beside.ask("a", lambda: gate.wait(20))
    beside.ask("a", lambda: ran.append(1))
    threading.Timer(0.05, gate.set).start()
    beside.wait()
    assert ran == []


# ---- rows


def test_rows_newest_first(studio, shelf, qtbot, heard):
    changed = heard(shelf.changed)
    fake_runs.keep(studio.home, 1, state="done")
    fake_runs.keep(studio.home, 2, sheets=0, steps=10)
    fake_runs.keep(studio.home, 3, state="running", pid=2**22 - 3)
    read(shelf, qtbot, 3)
    assert [row.id[:4] for row in shelf.rows] == ["0003", "0002", "0001"]
    assert [row.phase for row in shelf.rows] == ["interrupted", "paused", "done"]
    assert [row.best for row in shelf.rows] == ["best bound 3.67", "", "best bound 3.67"]
    assert shelf.rows[0].sheet.name == "step-000080.png"
    assert shelf.rows[1].sheet is None
    assert len(changed) == 1


def test_reading_again_says_nothing_when_nothing_changed(studio, shelf, qtbot, heard):
    run = fake_runs.keep(studio.home)
    read(shelf, qtbot, 1)
    changed = heard(shelf.changed)
    shelf.refresh()
    shelf.wait()
    qtbot.wait(20)
    assert changed == []
    fake_runs.change(studio.home, run, step=90)
    shelf.refresh()
    qtbot.waitUntil(lambda: bool(changed))
    assert shelf.rows[0].run.step == 90


def test_damaged_runs_are_problems_not_rows(studio, shelf, qtbot):
    fake_runs.keep(studio.home, 1)
    bad = fake_runs.keep(studio.home, 2)
    files.write_bytes(studio.home.runs / bad.id / "run.json", b"{")
    read(shelf, qtbot, 1)
    assert "run.json" in shelf.problems[0].sentence


def test_removing_can_be_undone(studio, shelf, qtbot, heard):
    said = heard(shelf.said)
    runs = [fake_runs.keep(studio.home, number) for number in (1, 2, 3)]
    read(shelf, qtbot, 3)
    shelf.remove([runs[0].id])
    qtbot.waitUntil(lambda: len(shelf.rows) == 2)
    assert said[0][0] == f"Run {runs[0].id} was removed"
    shelf.remove([run.id for run in runs[1:]])
    qtbot.waitUntil(lambda: shelf.rows == [])
    text, action, undo = said[1]
    assert (text, action) == ("2 runs removed", "Undo")
    undo()
    qtbot.waitUntil(lambda: len(shelf.rows) == 2)


def test_what_runs_is_not_removed(studio, shelf, qtbot, heard):
    problems, said = heard(shelf.problem), heard(shelf.said)
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    read(shelf, qtbot, 1)
    shelf.remove([run.id])
    assert "is running" in problems[0].what
    assert said == []


def test_an_undo_that_cannot_be_done_says_so(shelf, heard):
    problems = heard(shelf.problem)
    shelf.restore(["0001-nowhere"])
    assert len(problems) == 1


def test_comparing_reads_runs_whole(studio, shelf, qtbot, heard):
    compared = heard(shelf.compared)
    runs = [fake_runs.keep(studio.home, number) for number in (1, 2)]
    shelf.compare([runs[1].id, runs[0].id])
    qtbot.waitUntil(lambda: bool(compared))
    looks = compared[0]
    assert [look.id for look in looks] == [runs[1].id, runs[0].id]
    assert looks[0].curves["loss/bound"]


def test_comparing_what_is_gone_is_a_problem(shelf, qtbot, heard):
    problems = heard(shelf.problem)
    shelf.compare(["0001-nowhere"])
    qtbot.waitUntil(lambda: bool(problems))
    assert "0001-nowhere" in problems[0].what
