"""The Train panel: what is asked, what it will take, the foot, the pages."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from genstudio.core.budget import BUDGETS
from genstudio.core.errors import Problem
from genstudio.core.events import Done, Failed, Log, Progress
from genstudio.core.family import Family
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.studio import kinds
from genstudio.ui.panels.train import TrainPanel
from genstudio.ui.panels.train_data import skipped
from genstudio.ui.state import plan_state
from tests.helpers.fake_data import keep, row

PLAN = {
    "seconds_per_step": 0.1, "memory_bytes": 2.1e9, "memory_total": 24e9, "disk_bytes": 310e6,
    "free_bytes": 50e9, "verdict": "fits", "knob": None, "budgets": {}, "little_data": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Choices rest at once."""
    monkeypatch.setattr(plan_state, "REST_MS", 0)


@pytest.fixture
def cars(studio):
    studio.data_looker.rows["cars"] = [row(n) for n in range(12)]
    found = [
        {"level": "skipped", "why": why, "what": why} for why in ("broken", "broken", "duplicate")
    ]
    return keep(studio.home, "cars", 90, title="Cars", sha256="2", skipped=3, findings=found)


@pytest.fixture
def panel(cars, everything):
    everything.state.data.refresh()
    made = everything.shown(TrainPanel(everything.state))
    yield made
    made.close_panel()
    everything.state.run.wait()


@pytest.fixture
def tell(state, studio):
    """`tell(event)` arrives as from a worker."""

    def say(event) -> None:
        for entry in studio.queue.submitted:
            if entry.job == event.job and event.kind in ("done", "failed", "cancelled"):
                entry.state = event.kind
        state._on_event(event)
        state._on_changed("queue")

    return say


@pytest.fixture
def measured(panel, state, studio, tell, qtbot):
    """`measured(**changes)` answers the measurement under way."""

    def answer(**changes) -> None:
        qtbot.waitUntil(lambda: state.training.plan.status == "measuring", timeout=3000)
        tell(Done(job=studio.queue.last.job, data={**PLAN, **changes}))

    return answer


@pytest.fixture
def with_run(panel, state, studio, qtbot):
    """`with_run("stopped")` has a run of that state on the shelf and in sight."""

    def make(how: str = "running"):
        folder = studio.home.runs / "0001-cars"
        folder.mkdir(parents=True, exist_ok=True)
        recipe = Recipe(family=makers()[0], model="cars", title="Cars", data="cars")
        pid = os.getpid() if how == "running" else 0
        run = Run(id=folder.name, recipe=recipe, state=how, step=5, pid=pid)
        (folder / "run.json").write_bytes(run.to_bytes())
        state.run.follow(folder.name)
        qtbot.waitUntil(lambda: state.run.run is not None and state.run.run.state == how)
        return run

    return make


@pytest.fixture
def asked(studio, monkeypatch):
    """What was asked of the trainings, as (verb, run)."""
    calls: list[tuple[str, str]] = []
    for verb in ("pause", "resume", "keep"):
        monkeypatch.setattr(
            studio.trainings,
            verb,
            lambda run, verb=verb: calls.append((verb, run)) or "",
            raising=False,
        )
    return calls


def makers() -> list[str]:
    """Kinds that learn from any pictures."""
    return [f.name for f in pictured() if not f.needs_classes and not f.needs_captions]


def pictured() -> list[Family]:
    """Kinds that learn from pictures."""
    return [f for f in kinds.every() if f.data_kind == "image"]


# ---- what is asked


def test_the_column_asks_in_the_order_in_which_one_decides(panel, state):
    asking = panel.asking
    assert asking.data.card.text() == "Cars"
    assert asking.data.card.lines() == ("90 pictures", "3 skipped: 2 broken, 1 double")
    assert asking.kinds.ids() == makers()
    assert asking.times.value() == BUDGETS[0].name
    assert asking.name.placeholderText() == state.training.recipe().title
    assert not asking.continue_row.isVisible()
    tops = [
        widget.mapTo(panel, widget.rect().topLeft()).y()
        for widget in (asking.data.card, asking.kinds, asking.times, asking.plan, asking.name)
    ]
    assert tops == sorted(tops)


def test_the_card_shows_some_of_the_pictures(panel, qtbot):
    qtbot.waitUntil(panel.asking.data.card.has_pictures, timeout=5000)


def test_another_dataset_is_chosen_in_the_menu(panel, state, studio):
    keep(studio.home, "birds", 400, title="Birds", sha256="1", facts={"classes": ("jay", "owl")})
    state._on_changed("datasets")
    menu = panel.asking.data.open_menu()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[:2] == ["Birds\t400 pictures", "Cars\t90 pictures"]
    menu.actions()[0].trigger()
    menu.close()
    assert panel.asking.data.card.text() == "Birds"
    assert panel.asking.data.card.lines()[0].startswith("400 pictures · 2 classes")
    wanted = {f.name for f in pictured() if not f.needs_captions}
    assert set(panel.asking.kinds.ids()) == wanted


def test_more_data_is_one_choice_away(panel, state):
    menu = panel.asking.data.open_menu()
    menu.actions()[-1].trigger()
    menu.close()
    assert state.data.mode == "new"
    assert panel.page == "data"


def test_without_data_there_is_a_place_to_drop_it(everything, state, heard):
    panel = everything.shown(TrainPanel(state))
    assert panel.asking.data.drop.isVisible()
    assert not panel.asking.plan.isVisible()
    assert not panel.foot.train.isEnabled()
    assert panel.foot.hint.text() == "Add data, or take a starter set."
    panel.asking.data.drop.dropped.emit(["/x/pictures"])
    assert state.data.mode == "import"
    panel.close_panel()


def test_data_that_nothing_learns_from_is_said(panel, state, studio, monkeypatch):
    deaf = [family for family in kinds.every() if not family.learns("sound")]
    monkeypatch.setattr(kinds, "every", lambda: deaf)
    keep(studio.home, "voices", 20, kind="sound")
    state._on_changed("datasets")
    state.data.choose("voices")
    assert panel.asking.nothing.text() == "No kind of model here learns from sound yet."
    assert not panel.asking.kinds.isVisible()
    assert not panel.foot.train.isEnabled()


def test_choices_go_to_the_state(panel, state):
    asking, training = panel.asking, state.training
    asking.kinds.chosen.emit(makers()[1])
    assert training.family.name == makers()[1]
    asking.times.pill(BUDGETS[2].name).click()
    assert training.choices.budget == BUDGETS[2].name
    asking.name.setFocus()
    QTest.keyClicks(asking.name, "My wheels")
    assert training.recipe().model == "my-wheels"
    assert asking.name.text() == "My wheels"


def test_models_to_go_on_from_are_offered(panel, state, studio, monkeypatch):
    model = studio.library.models[1]
    monkeypatch.setattr(kinds, "parents", lambda models, found, data=None: [model])
    monkeypatch.setattr(type(model.family), "name", makers()[0], raising=False) if False else None
    state._on_changed("library")
    assert panel.asking.continue_row.isVisible()
    assert panel.asking.parents.count() == 2
    panel.asking.parents.chosen.emit("")
    assert state.training.choices.start_from == ""
    assert not panel.asking.going_on.isVisible()


def test_it_is_said_how_training_goes_on(panel, state, monkeypatch):
    monkeypatch.setattr(state.training, "going_on", lambda: "Learning rate 0.001, gently.")
    state.training.changed.emit()
    assert panel.asking.going_on.isVisible()
    assert panel.asking.going_on.text() == "Learning rate 0.001, gently."


# ---- the plan


def test_the_plan_is_measured_as_soon_as_it_is_seen(panel, state, studio, measured, tell, qtbot):
    qtbot.waitUntil(lambda: state.training.plan.status == "measuring", timeout=3000)
    box = panel.asking.plan
    assert box.bar.isVisible()
    tell(Progress(job=studio.queue.last.job, done=1, total=2, text="Reading 40 of 90"))
    assert box.text() == "Reading 40 of 90"
    measured(little_data="90 pictures are few.")
    assert box.text().startswith("Fits. About 10 min, 2.1 GB memory, 310 MB disk. Measured just")
    assert box.advice.text() == "90 pictures are few."
    assert not box.bar.isVisible()
    assert "Fits." in box.accessibleDescription()


@pytest.mark.parametrize(("verdict", "head"), [("tight", "Tight."), ("no", "Will not fit.")])
def test_a_knob_is_offered_where_it_does_not_fit(panel, state, measured, verdict, head):
    knob = {"title": "Half the batch", "options": {}, "settings": {"batch": 16}}
    measured(verdict=verdict, knob=knob)
    box = panel.asking.plan
    assert box.text().startswith(head)
    assert box.knob.text() == "Half the batch"
    assert (panel.foot.train.text() == "Train anyway") == (verdict == "no")
    box.knob.click()
    assert state.training.settings().batch == 16
    assert not box.knob.isVisible()


def test_a_failed_measurement_can_be_tried_again(panel, state, studio, tell, qtbot):
    qtbot.waitUntil(lambda: state.training.plan.status == "measuring", timeout=3000)
    tell(Failed(job=studio.queue.last.job, problem=Problem(what="Two pictures are <few>")))
    box = panel.asking.plan
    assert "Two pictures are <few>" in box.text()
    assert "&lt;few&gt;" in box.words.text()
    box.again.click()
    qtbot.waitUntil(lambda: state.training.plan.status == "measuring", timeout=3000)
    assert not box.again.isVisible()


def test_while_another_training_runs_the_plan_says_so(panel, state, studio, measured, tell):
    measured()
    studio.trainings.start(state.training.recipe())
    state._on_changed("queue")
    state.training.set_setting("batch", 8)
    assert "By an earlier measurement." in panel.asking.plan.text()
    state.training.plan.speeds.clear()
    state.training.set_setting("batch", 9)
    assert "cannot be measured while another training runs" in panel.asking.plan.text()
    assert panel.foot.train.text() == "Train when it is free"
    assert "will wait in the queue" in panel.foot.hint.text()


def test_a_hidden_panel_measures_nothing(panel, state, studio, measured, qtbot):
    measured()
    panel.hide()
    count = len(studio.queue.submitted)
    state.training.set_setting("batch", 8)
    qtbot.wait(20)
    assert len(studio.queue.submitted) == count
    panel.show()
    qtbot.waitUntil(lambda: state.training.plan.status == "measuring", timeout=3000)


# ---- advanced


def test_advanced_shows_what_would_be_trained_with(panel, state, measured):
    measured()
    advanced = panel.asking.advanced
    advanced.set_open(True)
    training = state.training
    assert advanced.options.values()["width"] == training.options()["width"]
    assert advanced.trainer.values()["steps"] == training.settings().steps
    assert not advanced.reset.isVisible()
    advanced.options.changed.emit("width", 12, False)
    advanced.augmentation.changed.emit("flip", True, False)
    advanced.trainer.changed.emit("steps", 50, False)
    assert training.recipe().options["width"] == 12
    assert (training.settings().flip, training.settings().steps) == (True, 50)
    assert panel.asking.own_steps.text() == "50 steps, as set under Advanced."
    assert advanced.reset.isVisible()
    advanced.reset.click()
    assert not training.changed_by_hand()
    assert not panel.asking.own_steps.isVisible()


def test_data_with_captions_can_be_asked_by_words(panel, state, studio):
    asking = panel.asking
    asking.advanced.set_open(True)
    assert not asking.advanced.held.isVisible()
    keep(studio.home, "cars", 90, title="Cars", sha256="2", facts={"captions": True})
    state.data.refresh()
    (card,) = [c for c in asking.kinds._cards.values() if c.card.subtitle == "text to image"]
    assert card.accessibleName().endswith("text to image")
    assert card.isChecked()
    area = asking.advanced.held.findChild(QPlainTextEdit)
    assert area.isVisible()
    QTest.keyClicks(area, "red + blue")
    assert area.toPlainText() == "red + blue", "the cursor stays while one types"
    assert state.training.recipe().hold_out == ("red + blue",)
    asking.advanced.reset.click()
    assert area.toPlainText() == ""


def test_presets_are_named_shortly(panel, state):
    advanced = panel.asking.advanced
    advanced.set_open(True)
    family = state.training.family
    words = [advanced.preset.itemText(i) for i in range(advanced.preset.count())]
    assert words == [preset.title.partition(" (")[0] for preset in family.presets]
    advanced.preset.chosen.emit(family.presets[0].name)
    assert state.training.recipe().preset == family.presets[0].name


def test_another_kind_has_another_form(panel, state):
    advanced = panel.asking.advanced
    advanced.set_open(True)
    for name in makers():
        panel.asking.kinds.chosen.emit(name)
        wanted = {control.name for control in kinds.known(name).options}
        assert {control.name for control in advanced.options.controls()} == wanted


def test_folded_forms_are_not_built(panel, qtbot):
    advanced = panel.asking.advanced
    assert not hasattr(advanced, "options")
    advanced.set_open(True)
    qtbot.waitUntil(lambda: advanced.options.isVisible(), timeout=3000)


# ---- foot


def test_pressing_train_starts_and_shows_the_run(panel, state, studio, measured, tell, qtbot):
    measured()
    QTest.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert studio.queue.last.work == "train"
    assert panel.foot.hint.text() == "Preparing…"
    assert panel.foot.train.text() == "Starting…"
    panel.foot.train.click()
    assert len(studio.queue.submitted) == 1, "once is enough"
    job = studio.queue.last.job
    run = Run(id="0001-cars", recipe=state.training.recipe(), state="running", pid=os.getpid())
    folder = studio.home.runs / run.id
    folder.mkdir(parents=True)
    (folder / "run.json").write_bytes(run.to_bytes())
    tell(Log(job=job, text=f"Run {run.id}"))
    assert panel.page == "run"
    assert state.run.current == run.id
    qtbot.waitUntil(lambda: panel.foot.mode() == "runs", timeout=5000)
    assert not panel.foot.another.isVisible()


def test_a_running_training_can_be_paused_and_kept(panel, with_run, asked):
    with_run("running")
    foot = panel.foot
    assert foot.mode() == "runs"
    assert (foot.pause.isVisible(), foot.keep.isVisible(), foot.train.isVisible()) == (
        True, True, False,
    )  # fmt: skip
    foot.act()
    assert asked == [], "Ctrl+Enter ends nothing"
    foot.keep.click()
    foot.pause.click()
    assert asked == [("keep", "0001-cars"), ("pause", "0001-cars")]
    assert not foot.pause.isEnabled()
    assert "checkpoint" in foot.hint.text()


def test_a_paused_training_goes_on_by_the_same_key(panel, with_run, asked):
    with_run("stopped")
    assert panel.foot.mode() == "paused"
    assert panel.foot.resume.isVisible()
    panel.foot.act()
    panel.foot.keep_paused.click()
    assert asked == [("resume", "0001-cars"), ("keep", "0001-cars")]


def test_a_finished_training_makes_room_for_the_next(panel, with_run):
    with_run("done")
    assert panel.page == "run"
    assert panel.foot.train.isVisible()


def test_the_focus_stays_with_the_foot(panel, with_run, asked, qtbot):
    panel.window().activateWindow()
    with_run("stopped")
    panel.foot.resume.setFocus()
    qtbot.waitUntil(panel.foot.resume.hasFocus, timeout=3000)
    with_run("done")
    qtbot.waitUntil(panel.foot.train.hasFocus, timeout=3000)


def test_choices_beside_a_running_training_can_be_queued(panel, state, studio, with_run, measured):
    measured()
    with_run("running")
    foot = panel.foot
    assert not foot.another.isVisible()
    state.training.choose_budget(BUDGETS[1].name)
    assert foot.another.isVisible()
    foot.act()
    assert studio.queue.last.work == "train"
    assert not foot.another.isVisible()
    panel.pages.pill("data").click()
    assert foot.mode() == "ask"


def test_escape_takes_back_a_start_that_waits_for_the_plan(panel, state):
    panel.foot.train.click()
    assert state.training.pressed
    assert "starts then" in panel.asking.plan.text()
    assert panel.foot.train.text() == "Do not start"
    assert panel.cancel()
    assert not state.training.pressed
    assert not panel.cancel()
    panel.foot.train.click()
    panel.foot.train.click()
    assert not state.training.pressed, "pressed again it is taken back"


# ---- pages


def test_pages_are_made_when_they_are_first_seen(panel, state):
    assert list(panel._made) == ["data"]
    panel.pages.pill("runs").click()
    assert panel.page == "runs"
    assert state.training.page == "runs"
    state.training.show_page("run")
    assert panel.pages.value() == "run"


def test_the_focus_does_not_fall_into_another_page(panel, state, qtbot):
    panel.window().activateWindow()
    inside = next(
        w for w in panel._made["data"].findChildren(QLineEdit) if w.isVisible() and w.isEnabled()
    )
    inside.setFocus()
    qtbot.waitUntil(inside.hasFocus, timeout=3000)
    state.training.show_page("runs")
    assert panel.pages.pill("runs").hasFocus()


def test_a_training_that_waited_does_not_pull_the_page_away(
    panel, state, studio, measured, tell, heard
):
    measured()
    first = state.training.start()
    second = state.training.start()
    said = heard(state.said)
    tell(Log(job=first, text="Run 0001-cars"))
    assert panel.page == "run"
    state.training.show_page("data")
    tell(Log(job=second, text="Run 0002-cars"))
    assert panel.page == "data"
    assert said[-1][:2] == ("The training has begun", "Show")
    said[-1][2]()
    assert panel.page == "run"
    state.training.show_page("data")
    state.run.follow("0002-cars")
    assert panel.page == "run", "asked for by hand it is shown"


def test_whoever_follows_a_run_sees_it(panel, state, with_run):
    with_run("done")
    assert panel.page == "run"
    state.data.look(["/x/pictures"])
    assert panel.page == "data"
    state.run.follow("0001-cars")
    assert panel.page == "data", "an import is not interrupted"


def test_data_chosen_elsewhere_is_shown(panel, state, studio):
    keep(studio.home, "birds", 4)
    state._on_changed("datasets")
    panel.show_page("runs")
    state.data.choose("birds")
    assert panel.page == "data"
    panel.show_page("runs")
    state.data.open_new()
    assert panel.page == "data"


def test_the_page_of_last_time_comes_back(panel, state, everything):
    panel.show_page("runs")
    state.training.show_page("runs")
    panel.asking.advanced.set_open(True)
    panel.save_session()
    again = everything.shown(TrainPanel(state))
    assert again.asking.advanced.is_open()
    assert again.page == "runs"
    assert again.pages.value() == "runs"
    again.close_panel()


class _Page:
    """A page that writes down what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str):
        if name in ("activated", "cancel", "save_session", "close_page"):
            return lambda: self.asked.append(name) or True
        raise AttributeError(name)


def test_pages_hear_of_keys_and_closing(panel, state):
    page = _Page()
    panel._made["data"] = page
    panel.activated()
    assert panel.cancel()
    panel.save_session()
    state.closing.emit()
    panel._made.clear()
    assert page.asked == ["activated", "cancel", "save_session", "close_page"]


# ---- words of the card


def test_what_was_skipped_is_counted_by_its_reason(cars):
    assert skipped(cars) == "3 skipped: 2 broken, 1 double"
    assert skipped(cars.model_copy(update={"findings": ()})) == "3 skipped"
    assert skipped(cars.model_copy(update={"skipped": 0})) == "2 held out"
    assert skipped(cars.model_copy(update={"skipped": 0, "valid_count": 0})) == ""


def test_the_panel_looks_right_in_both_themes(panel, measured):
    from genstudio.ui.theme import theme

    measured()
    looks = []
    for name in ("dark", "light"):
        theme().choose(name)
        looks.append(panel.grab().toImage())
    assert all(isinstance(look, QImage) for look in looks)
    assert looks[0] != looks[1]
    words = panel.asking.plan.words.text()
    assert f"#{theme().tokens.good}" in words, "the verdict takes the colour of the theme"
