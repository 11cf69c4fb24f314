"""All runs as a list, and runs compared."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from genstudio.core.errors import Problem
from genstudio.core.events import Log, Progress
from genstudio.core.recipe import TrainerSettings
from genstudio.ui.panels.compare_page import MOST
from genstudio.ui.panels.runs_page import RunsPage
from genstudio.ui.state import run_state
from tests.helpers import a11y, fake_runs
from tests.helpers.drive import rest, until


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(run_state, "SOON_MS", 0)
    monkeypatch.setattr(run_state, "POLL_MS", 20)


@pytest.fixture
def studio(studio):
    studio.trainings = fake_runs.FakeDesk()
    return studio


@pytest.fixture
def heard_training(state):
    heard: list = []
    real, state.training = state.training, fake_runs.quiet_training(heard)
    yield heard
    state.training = real


@pytest.fixture
def page(state, shown, heard_training):
    made = RunsPage(state)
    made.compare.chart.build()
    return shown(made, 900, 700)


@pytest.fixture
def listed(studio, page, state):
    """Three runs in the list."""
    other = TrainerSettings(steps=100, batch=16, cutout=0.3)
    fake_runs.keep(studio.home, 1, state="done", model="shapes")
    fake_runs.keep(studio.home, 2, recipe={"settings": other}, copy_of="0001-vae-shapes")
    problem = Problem(what="It exploded")
    gan = {"family": "gan", "model": "gan-shapes", "title": ""}
    fake_runs.keep(studio.home, 3, state="failed", problem=problem, sheets=0, recipe=gan)
    state.run.refresh()
    until(lambda: len(page.rows.rows()) == 3, "three rows")
    until(lambda: state.run.run is not None, "the newest run")
    return page


def keys(page):
    return [row.key for row in page.rows.rows()]


# ---- the list


def test_nothing_yet(page):
    assert page.page == "empty"
    for name in ("show", "resume", "compare", "duplicate", "remove"):
        assert not page.actions.able(name)
        page.run(name)
    assert not page.cancel()


def test_rows_tell_how_runs_stand(listed):
    rows = {row.key[:4]: row for row in listed.rows.rows()}
    assert list(rows) == ["0003", "0002", "0001"]
    assert rows["0001"].title == "0001 · VAE · Shapes"
    assert (rows["0001"].state, rows["0002"].state, rows["0003"].state) == (
        "finished", "paused", "failed",
    )  # fmt: skip
    assert rows["0001"].facts == ("step 80 of 100", "best bound 3.67", "40 s")
    assert rows["0002"].text.startswith("on shapes · started")
    assert rows["0002"].text.endswith("from 0001")
    assert rows["0003"].tip == "It exploded."
    assert rows["0003"].title == "0003 · GAN · gan-shapes"
    assert listed.count.text() == "3 runs"


def test_rows_have_the_newest_samples(listed):
    until(lambda: "0001-vae-shapes" in listed.rows._pictures, "a picture")
    picture = listed.rows._pictures["0001-vae-shapes"]
    assert picture.size().toTuple() == (16, 16)
    assert picture.pixelColor(3, 3).name() == "#786699"
    assert picture.pixelColor(8, 8).name() == "#ffffff"  # the first pixel of the fourth sample


def test_what_can_be_done_follows_the_choice(listed):
    page = listed
    page.rows.select(["0002-vae-shapes"])
    able = {name: page.actions.able(name) for name in ("show", "resume", "compare", "remove")}
    assert able == {"show": True, "resume": True, "compare": False, "remove": True}
    assert "two or more" in page.actions.button("compare").toolTip()
    page.rows.select(["0001-vae-shapes"])
    assert not page.actions.able("resume")  # finished
    page.rows.select(["0001-vae-shapes", "0002-vae-shapes"])
    assert page.actions.able("compare")
    assert not page.actions.able("show")
    assert not page.actions.able("duplicate")


def test_showing_a_run(listed, state, heard_training):
    listed.rows.setFocus()
    listed.rows.select(["0001-vae-shapes"])
    QTest.keyClick(listed.rows, Qt.Key.Key_Return)
    assert state.run.current == "0001-vae-shapes"
    assert heard_training == [("page", "run")]
    listed.run("show")
    assert heard_training[-1] == ("page", "run")


def test_resuming_shows_the_run(listed, state, studio, heard_training):
    listed.rows.select(["0002-vae-shapes"])
    listed.run("resume")
    assert studio.trainings.asked == [("resume", "0002-vae-shapes")]
    assert heard_training == [("page", "run")]


def test_a_copy_goes_to_the_asking_column(listed, heard_training):
    listed.rows.select(["0002-vae-shapes"])
    listed.run("duplicate")
    assert heard_training == [("recipe", "vae-shapes-2")]


def test_removing_by_key_and_undo(listed, state, heard):
    said = heard(state.said)
    listed.activateWindow()
    until(listed.isActiveWindow, "the window")
    listed.rows.setFocus()
    listed.rows.select(["0001-vae-shapes"])
    QTest.keyClick(listed.rows, Qt.Key.Key_Delete)
    until(lambda: len(listed.rows.rows()) == 2, "two rows")
    said[0][2]()
    until(lambda: len(listed.rows.rows()) == 3, "three rows")


def test_what_runs_cannot_be_removed(studio, page, state):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    state.run.refresh()
    until(lambda: keys(page) == [run.id], "the row")
    page.rows.select([run.id])
    assert not page.actions.able("remove")
    page.run("remove")
    assert (studio.home.runs / run.id).is_dir()


def test_the_running_row_counts(studio, page, state):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j1"
    state.run.on_event(Log(job="j1", text=f"Run {run.id}"))
    until(lambda: keys(page) == [run.id] and state.run.run is not None, "the row")
    state.run.on_event(Progress(job="j1", done=93, total=100, text="step 93 of 100"))
    row = page.rows.rows()[0]
    assert (row.state, row.facts[0]) == ("training", "step 93 of 100")


def test_the_last_run_removed_leaves_an_empty_page(studio, page, state):
    run = fake_runs.keep(studio.home)
    state.run.refresh()
    until(lambda: page.page == "list", "the list")
    page.rows.select([run.id])
    page.run("remove")
    until(lambda: page.page == "empty", "the empty page")
    assert page.count.text() == ""


def test_runs_that_cannot_be_read_are_told(listed, studio, state):
    assert not listed.broken.isVisible()
    (studio.home.runs / "0002-vae-shapes" / "run.json").write_bytes(b"{")
    state.run.refresh()
    until(lambda: len(listed.rows.rows()) == 2, "two rows")
    assert listed.broken.isVisible()
    assert "run.json is not valid JSON" in listed.broken.text()


# ---- comparing


@pytest.fixture
def compared(listed):
    listed.rows.select(["0001-vae-shapes", "0002-vae-shapes"])
    listed.run("compare")
    until(lambda: listed.page == "compare", "the comparison")
    return listed


def test_curves_lie_over_each_other(compared):
    page = compared.compare
    assert [look.id[:4] for look in page.looks()] == ["0002", "0001"]
    curves = page.chart.curves()
    assert [curve.name for curve in curves] == ["0002 · VAE", "0001 · VAE"]
    assert len({curve.token for curve in curves}) == 2
    assert page.which.currentText() == "Loss: training"
    assert compared.title.text() == "Compare runs"


def test_another_number(compared, heard):
    page = compared.compare
    chosen = heard(page.metric_chosen)
    titles = [page.which.itemText(n) for n in range(page.which.count())]
    assert titles[:2] == ["Loss: training", "Loss: validation"]
    assert "Diversity of samples" in titles
    page.which.set_value("valid/bound")
    page.which.chosen.emit("valid/bound")
    assert chosen == ["valid/bound"]
    assert all(curve.sparse for curve in page.chart.curves())
    # The choice stays for the next comparison.
    page.show_looks(page.looks())
    assert page.which.value() == "valid/bound"


def cells(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_what_differs_stands_in_a_table(compared):
    table = compared.compare.table
    headers = [table.horizontalHeaderItem(n).text() for n in range(3)]
    assert headers == ["", "0002 · VAE · Shapes", "0001 · VAE · Shapes"]
    rows = cells(table)
    assert rows[0] == ["State", "paused", "finished"]
    assert rows[1] == ["Steps", "80 of 100", "80 of 100"]
    assert rows[2][1] == "bound 3.67 at step 60"
    assert rows[3][0] == "Time"
    assert rows[4:] == [["Cutout", "0.3", "0"]]
    assert not compared.compare.same.isVisible()


def test_equal_recipes_are_said_to_be_equal(studio, page, state):
    for number in (1, 2):
        fake_runs.keep(studio.home, number, steps=10)
    state.run.all.compare(["0001-vae-shapes", "0002-vae-shapes"])
    until(lambda: page.page == "compare", "the comparison")
    assert page.compare.same.isVisible()
    assert cells(page.compare.table)[2][1:] == ["—", "—"]


def test_newest_samples_side_by_side(compared):
    tiles = compared.compare._tiles
    assert set(tiles) == {"0001-vae-shapes", "0002-vae-shapes"}
    until(lambda: all(not one.sheet().isNull() for one in tiles.values()), "the sheets")
    assert tiles["0001-vae-shapes"].accessibleName() == "Samples of 0001-vae-shapes"


def test_unlike_runs_can_be_compared_too(listed):
    listed.rows.select(["0003-gan-shapes", "0001-vae-shapes"])
    listed.run("compare")
    until(lambda: listed.page == "compare", "the comparison")
    rows = {row[0]: row[1:] for row in cells(listed.compare.table)}
    assert rows["Kind of model"] == ["GAN", "VAE"]
    assert rows["State"] == ["failed", "finished"]
    assert set(listed.compare._tiles) == {"0001-vae-shapes"}


def test_a_single_run_is_no_comparison(listed, state):
    state.run.all.compare(["0001-vae-shapes"])
    state.run.all.wait()
    rest(0.05)
    assert listed.page == "list"


def test_no_more_runs_than_colours(listed):
    looks = listed.compare
    listed.run("compare")
    listed.rows.select(["0001-vae-shapes", "0002-vae-shapes"])
    listed.run("compare")
    until(lambda: listed.page == "compare", "the comparison")
    looks.show_looks(looks.looks() * 5)
    assert len(looks.looks()) == MOST == len(looks.chart.curves())


def test_esc_goes_back_to_the_list(compared):
    assert compared.cancel()
    assert compared.page == "list"
    assert compared.title.text() == "All runs"
    assert compared.rows.hasFocus()
    assert compared.actions.able("compare")
    assert not compared.cancel()


def test_the_comparison_stays_while_runs_go_on(compared, studio, state):
    fake_runs.keep(studio.home, 4)
    state.run.refresh()
    until(lambda: len(compared.rows.rows()) == 4, "four rows")
    assert compared.page == "compare"
    compared.back.click()
    assert compared.page == "list"


@pytest.mark.parametrize("which", ["list", "compare"])
def test_without_mouse_and_eyes(listed, qtbot, which):
    page = listed
    page.rows.select(["0001-vae-shapes", "0002-vae-shapes"])
    if which == "compare":
        page.run("compare")
        until(lambda: page.page == "compare", "the comparison")
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(page.size())
    window.setCentralWidget(page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
        assert "; ".join(a11y.silent_focus(window)) == ""
    finally:
        window.takeCentralWidget()
