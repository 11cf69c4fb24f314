"""The page of a run: what it shows of a run folder, and what its buttons ask for."""

from __future__ import annotations

import os
import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from genstudio.core import evaluations
from genstudio.core.errors import Problem
from genstudio.core.events import Done, Log, Progress, Started
from genstudio.core.manifest import Score
from genstudio.core.recipe import Recipe
from genstudio.core.run import Change, Run
from genstudio.ui.panels import train_run
from genstudio.ui.panels.train_run import RunPage
from genstudio.ui.state import run_state
from tests.helpers import a11y, fake_runs
from tests.helpers.drive import until


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
    """What the page asked the asking column for."""
    heard: list = []
    real, state.training = state.training, fake_runs.quiet_training(heard)
    yield heard
    state.training = real


@pytest.fixture
def page(state, shown, heard_training):
    made = RunPage(state)
    made.curves.chart.build()
    return shown(made, 900, 700)


@pytest.fixture
def show(page, state, qtbot):
    def go(run):
        state.run.follow(run.id)
        qtbot.waitUntil(lambda: state.run.run is not None and state.run.run.id == run.id)
        return page

    return go


def in_window(page, qtbot):
    """The page in a window, which draws the focus."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(page.size())
    window.setCentralWidget(page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


# ---- what is shown


def test_before_the_first_training(page):
    assert page.page == "empty"
    assert not page.title.isVisible()
    page.run("compare")
    page.run("more")
    assert page.close_look() is False


def test_a_paused_run_after_a_restart(studio, show, qtbot):
    page = show(fake_runs.keep(studio.home, 7, advice=(fake_runs.warning(),)))
    assert page.page == "run"
    assert page.title.text() == "0007 · VAE · Shapes"
    assert page.step.text() == "paused · step 80 of 100"
    assert page.notice.isVisible()
    assert "Paused at step 80" in page.notice.text()
    assert [curve.name for curve in page.curves.chart.curves()] == ["training", "validation"]
    assert "Best state at step 60" in page.curves.chart.description()
    assert page.film.count() == 4
    qtbot.waitUntil(lambda: not page.film.tiles.sheet().isNull())
    assert page.film.tiles.sheet().pixelColor(1, 1).name() == "#786699"
    texts = page.facts.texts()
    assert "diversity 0.80 × real" in texts
    assert "best at step 60: bound 3.67" in texts
    assert "32 pictures/s" in texts
    assert "CPU" in texts
    assert "Memory ran out." in page.log.text()
    assert page.doctor.list.rows()[0].said.key == "overfitting"


def test_a_page_made_later_shows_the_same(studio, show, state, shown):
    show(fake_runs.keep(studio.home, advice=(fake_runs.warning(),)))
    other = shown(RunPage(state))
    assert other.title.text() == "0001 · VAE · Shapes"
    assert len(other.curves.chart.curves()) == 2
    assert other.film.count() == 4
    assert len(other.doctor.list.rows()) == 1
    other.close_page()


def test_a_running_training(studio, page, state, qtbot):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    studio.trainings.jobs[run.id] = "j1"
    state.run.on_event(Log(job="j1", text=f"Run {run.id}"))
    started = Started(job="j1", device="CPU", threads=2, reason="no CUDA driver found")
    state.run.on_event(started)
    state.run.on_event(Progress(job="j1", done=81, total=100, text="step 81 of 100"))
    qtbot.waitUntil(lambda: page.page == "run")
    assert page.step.text() == "step 81 of 100"
    assert not page.notice.isVisible()
    assert "CPU · 2 threads — no CUDA driver found" in page.facts.texts()
    state.run.on_event(Progress(job="j1", done=82, total=100, text="waiting for disk space"))
    assert page.step.text() == "waiting for disk space"
    state.run.pause()
    assert page.step.text() == "waiting for disk space"
    assert "checkpoint" in page.notice.text()
    assert not page.actions.able("try")


def test_an_interrupted_run_says_so(studio, show):
    page = show(fake_runs.keep(studio.home, state="running", pid=2**22 - 3))
    assert page.step.text().startswith("interrupted")
    assert "ended in the middle" in page.notice.text()


def test_a_failed_run_says_why_and_what_to_do(studio, show, heard_training, qtbot):
    problem = Problem(what="The loss exploded", next_step="Take a smaller rate.", details="…")
    page = show(fake_runs.keep(studio.home, state="failed", problem=problem))
    assert page.notice.text() == "The loss exploded. Take a smaller rate."
    row = page.notice.list.rows()[0]
    assert [button.text() for button in row.buttons] == [
        "Resume", "Duplicate with changes…", "Details",
    ]  # fmt: skip
    assert not page.actions.able("try")
    row.buttons[1].click()
    assert heard_training == [("recipe", "vae-shapes-2")]
    page.run("report")
    dialogs = [w for w in page.window().findChildren(object) if type(w).__name__ == "ErrorDialog"]
    assert dialogs
    dialogs[0].close()


def test_a_finished_run_can_be_used_or_trained_on(studio, show, state, heard, heard_training):
    areas = heard(state.area_wanted)
    page = show(fake_runs.keep(studio.home, state="done", model="shapes", steps=100))
    assert page.step.text() == "finished · 100 steps"
    page.run("use")
    assert areas == ["image"]
    assert state.generation.ask.model.id == "shapes"
    page.run("more")
    assert heard_training == [("continue", "shapes"), ("page", "data")]
    assert page.doctor.list.accessibleDescription() == "It had nothing to say."


def test_scores_of_a_finished_model_stand_first(studio, show, monkeypatch):
    scores = (Score(metric="frechet", value=6.0, floor=2.0, better="lower", samples=2000),)
    monkeypatch.setattr(evaluations, "scores", lambda home, manifest: scores)
    page = show(fake_runs.keep(studio.home, state="done", model="shapes"))
    assert page.facts.texts()[0] == "fréchet distance 3.0 × floor"


def test_runs_without_samples_have_no_film(studio, show):
    page = show(fake_runs.keep(studio.home, sheets=0))
    assert not page.samples.isVisible()


def test_empty_places_go_when_a_run_ends_without_samples(studio, show, state):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid(), sheets=0)
    page = show(run)
    until(page.samples.isVisible, "empty places")
    fake_runs.change(studio.home, run, state="done", pid=0)
    until(lambda: not page.samples.isVisible(), "no samples")


def test_new_samples_are_shown_as_they_come(studio, show, state, qtbot):
    run = fake_runs.keep(studio.home, state="running", pid=os.getpid())
    page = show(run)
    folder = studio.home.runs / run.id / "samples"
    fake_runs.sheet(folder / "step-000100.png", "#aa0000")
    qtbot.waitUntil(lambda: page.film.count() == 5)
    qtbot.waitUntil(lambda: page.film.tiles.sheet().pixelColor(1, 1).name() == "#aa0000")
    assert page.film.at.text() == "step 100 · newest"


def test_a_damaged_sheet_does_no_harm(studio, show, qtbot):
    run = fake_runs.keep(studio.home, sheets=2)
    path = studio.home.runs / run.id / "samples" / "step-000040.png"
    path.write_bytes(b"no picture")
    page = show(run)
    qtbot.waitUntil(lambda: 1 in page.film._sheets)
    assert page.film.tiles.sheet().isNull()
    page.film.set_frame(0)
    qtbot.waitUntil(lambda: not page.film.tiles.sheet().isNull())


def test_a_run_that_cannot_be_read_says_so(studio, show, state):
    run = fake_runs.keep(studio.home)
    page = show(run)
    (studio.home.runs / run.id / "run.json").write_bytes(b"{")
    state.run.refresh()
    until(lambda: page.page == "empty", "the empty page")
    assert page.empty._title.text() == "This run cannot be read"
    assert "run.json is not valid JSON" in page.empty._text.text()


def test_another_run_shows_nothing_of_the_last(studio, show):
    show(fake_runs.keep(studio.home, 1, advice=(fake_runs.warning(),)))
    page = show(fake_runs.keep(studio.home, 2, sheets=0, steps=10))
    assert page.title.text().startswith("0002")
    assert page.film.count() == 0
    assert page.doctor.list.rows() == []
    assert len(page.curves.chart.curves()[0].steps) == 10


def test_other_numbers_can_be_chosen(studio, show, heard):
    page = show(fake_runs.keep(studio.home))
    chosen = heard(page.curves.group_chosen)
    which = page.curves.which
    assert which.isVisible()
    titles = [which.itemText(n) for n in range(which.count())]
    assert titles[0] == "Loss"
    assert titles[-1] == "Size of gradients"
    which.set_value("watch/diversity")
    which.chosen.emit("watch/diversity")
    assert chosen == ["watch/diversity"]
    assert page.curves.chart.title.text() == "Diversity of samples"
    assert page.curves.chart.curves()[0].values == [0.8] * 4
    # It stays while numbers come.
    page.curves.show_curves(page._state.curves, 0)
    assert page.curves.chart.title.text() == "Diversity of samples"


def test_changes_stand_in_the_log(studio, show):
    change = Change(step=30, what="Memory ran out", settings={"parts": 2})
    page = show(fake_runs.keep(studio.home, changes=(change,)))
    assert page.log.text().splitlines()[0] == "step 30  Changed: Memory ran out (parts 2)"
    assert "Attention: Memory ran out." in page.log.text()


def test_the_log_grows_without_jumping(studio, show, state, qtbot):
    run = fake_runs.keep(studio.home)
    page = show(run)
    page.log.set_open(True)
    assert page.log._button.text() == "Log"
    before = page.log.view.toPlainText()
    path = studio.home.runs / run.id / "log.jsonl"
    fake_runs.add_rows(path, [{"step": 90, "level": "error", "text": "w" * 300}])
    state.run.refresh()
    qtbot.waitUntil(lambda: "Error: www" in page.log.text())
    assert page.log.view.toPlainText().startswith(before)
    page.log.set_open(False)
    assert len(page.log._button.text()) < 100


# ---- what is asked for


def test_remedies_are_one_click(studio, show):
    run = fake_runs.keep(studio.home, advice=(fake_runs.warning(),))
    page = show(run)
    buttons = page.doctor.list.rows()[0].buttons
    assert [button.text() for button in buttons] == [
        "Stop at best", "More augmentation", "Start smaller",
    ]  # fmt: skip
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert studio.trainings.asked == [("apply", run.id, "amend")]


def test_remedies_of_a_finished_run_rest(studio, show):
    advice = (fake_runs.warning(),)
    page = show(fake_runs.keep(studio.home, state="done", model="shapes", advice=advice))
    assert not any(button.isEnabled() for button in page.doctor.list.rows()[0].buttons)


def test_buttons_of_the_notice(studio, show):
    run = fake_runs.keep(studio.home)
    page = show(run)
    for button in page.notice.list.rows()[0].buttons:
        button.click()
    assert [words[0] for words in studio.trainings.asked] == ["resume", "keep", "try"]


def test_trying_goes_to_the_image_panel_when_the_model_is_there(studio, show, state, heard):
    areas = heard(state.area_wanted)
    run = fake_runs.keep(studio.home, recipe={"model": "redoer"})
    page = show(run)
    QTest.mouseClick(page.actions.button("try"), Qt.MouseButton.LeftButton)
    assert studio.trainings.asked == [("try", run.id)]
    assert not page.actions.able("try")
    state.run.on_event(Done(job="import", data={"model": "redoer"}))
    assert areas == ["image"]
    assert state.generation.ask.model.id == "redoer"
    assert page.actions.able("try")


def test_who_has_gone_elsewhere_is_told_and_not_carried_off(studio, show, state, heard):
    areas, said = heard(state.area_wanted), heard(state.said)
    page = show(fake_runs.keep(studio.home, recipe={"model": "redoer"}))
    page.run("try")
    page.hide()
    state.run.on_event(Done(job="import", data={"model": "redoer"}))
    assert areas == []
    text, action, go = said[-1]
    assert (text, action) == ("redoer can be tried", "Open")
    go()
    assert areas == ["image"]


def test_comparing_takes_the_newest_of_the_same_kind(studio, show, state, heard, heard_training):
    asked = heard(state.run.all.compared)
    fake_runs.keep(studio.home, 1)
    fake_runs.keep(studio.home, 2, recipe={"family": "gan", "model": "gan-shapes"})
    page = show(fake_runs.keep(studio.home, 3))
    state.run.all.refresh()
    state.run.wait()
    until(lambda: page.actions.able("compare"), "two runs")
    page.run("compare")
    until(lambda: asked, "the comparison")
    assert [look.id for look in asked[0]] == ["0003-vae-shapes", "0001-vae-shapes"]
    assert heard_training == [("page", "runs")]


def test_its_folder_can_be_opened(studio, show, monkeypatch, state, heard):
    opened = []
    monkeypatch.setattr(train_run.QDesktopServices, "openUrl", lambda url: opened.append(url))
    run = fake_runs.keep(studio.home)
    page = show(run)
    page.run("folder")
    assert opened[0].toLocalFile() == str(studio.home.runs / run.id)
    problems = heard(state.problem)
    shutil.rmtree(studio.home.runs / run.id)
    page.run("folder")
    assert len(problems) == 1


# ---- looking closely


def test_a_sheet_opens_large_and_esc_goes_back(studio, show, qtbot):
    page = show(fake_runs.keep(studio.home))
    qtbot.waitUntil(lambda: not page.film.tiles.sheet().isNull())
    QTest.mouseDClick(page.film.tiles, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(page.large, Qt.MouseButton.LeftButton)  # the film is hidden by then
    assert page.page == "large"
    assert page.large.accessibleName() == "step 80 · newest"
    QTest.keyClick(page.large, Qt.Key.Key_Left)
    assert page.film.frame() == 2
    qtbot.waitUntil(lambda: page.large.image().pixelColor(1, 1).name() == "#506699")
    QTest.keyClick(page.large, Qt.Key.Key_Escape)
    assert page.page == "run"
    assert not page.back.isVisible()
    page.open_sheet(0)
    assert page.cancel()
    assert not page.cancel()
    page.open_sheet(0)
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.page == "run"


def test_narrow_pages_put_the_doctor_below(studio, show, qtbot):
    page = show(fake_runs.keep(studio.home))
    top = page.curves.mapTo(page, page.curves.rect().topLeft()).y()
    assert page.doctor.mapTo(page, page.doctor.rect().topLeft()).y() == top
    page.resize(560, 700)
    qtbot.waitUntil(
        lambda: (
            page.doctor.mapTo(page, page.doctor.rect().topLeft()).y()
            > page.curves.mapTo(page, page.curves.rect().topLeft()).y()
        )
    )
    assert page.notice.width() < 560


def test_without_mouse_and_eyes(studio, show, qtbot):
    page = show(fake_runs.keep(studio.home, advice=(fake_runs.warning(),)))
    page.log.set_open(True)
    window = in_window(page, qtbot)
    qtbot.waitUntil(lambda: not page.film.tiles.sheet().isNull())
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
        assert "; ".join(a11y.silent_focus(window)) == ""
    finally:
        window.takeCentralWidget()


def test_a_real_run(tiny_home, state, studio, page, qtbot):
    for path in sorted((tiny_home / "runs").iterdir()):
        shutil.copytree(path, studio.home.runs / path.name)
        state.run.follow(path.name)
        qtbot.waitUntil(lambda path=path: state.run.look.id == path.name)
        assert page.step.text() == "finished · 60 steps"
        assert page.curves.chart.curves()
        assert "CPU" in page.facts.texts()


@pytest.mark.parametrize(
    ("makes", "area"), [("music", "music"), ("sound", "sound"), ("judge", "image"), ("", "image")]
)
def test_a_model_is_tried_where_it_is_used(makes, area):
    recipe = Recipe(family="nothing", model="own", data="mine")
    assert train_run._area(Run(id="0001-own", recipe=recipe, makes=makes)) == area
