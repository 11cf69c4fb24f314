"""What is asked for in the Train panel, what is measured of it, and its start."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.budget import BUDGETS
from genstudio.core.errors import DiskFull, GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Log, Progress
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.studio import kinds
from genstudio.ui.state import plan_state
from genstudio.ui.state.plan_words import Knob
from genstudio.ui.state.studio_state import StudioState
from tests.helpers.fake_data import keep
from tests.helpers.fake_studio import FakeBridge, FakeModel

PLAN = {
    "seconds_per_step": 0.1,
    "seconds": 500.0,
    "memory_bytes": 2.1e9,
    "memory_total": 24e9,
    "disk_bytes": 310e6,
    "free_bytes": 50e9,
    "verdict": "fits",
    "knob": None,
    "budgets": {},
    "little_data": "",
}


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Choices rest at once."""
    monkeypatch.setattr(plan_state, "REST_MS", 0)


@pytest.fixture
def data(studio):
    keep(studio.home, "birds", 400, title="Birds", sha256="1", facts={"classes": ("jay", "owl")})
    return keep(studio.home, "cars", 90, title="Cars", sha256="2", licence="CC0")


@pytest.fixture
def training(data, state):
    state.state.data.choose("cars")
    return state.state.training


@pytest.fixture
def events(state):
    """`events(event)` arrives as if from a worker; the queue knows of it first."""

    def tell(event) -> None:
        queue = state.studio.queue
        ends = {"done": "done", "failed": "failed", "cancelled": "cancelled"}
        for entry in queue.submitted:
            if entry.job == event.job and event.kind in ends:
                entry.state = ends[event.kind]
        state.bridge.event.emit(event)

    return tell


@pytest.fixture
def measured(training, state, events, qtbot):
    """`measured(**changes)` answers the measurement that the choices ask for."""

    def answer(**changes) -> None:
        training.plan.look(True)
        qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
        events(Done(job=state.studio.queue.last.job, data={**PLAN, **changes}))

    return answer


def makers() -> list[str]:
    """Kinds that learn from any pictures."""
    pictured = [f for f in kinds.every() if f.data_kind == "image"]
    return [f.name for f in pictured if not f.needs_classes and not f.needs_captions]


def judges() -> list[str]:
    return [f.name for f in kinds.every() if f.needs_classes]


def parent_of(family: str, **changes) -> FakeModel:
    """A model that training can go on from, with its recipe in its folder."""
    made = FakeModel(changes.pop("id", "parent"), changes.pop("title", "Parent"), ())
    facts = SimpleNamespace(
        **{**vars(made.manifest), "family": family, "trainable": True, **changes}
    )
    model = SimpleNamespace(manifest=facts, id=made.id, title=made.title, modality="image")
    model.task, model.tasks, model.preview, model.bundled = made.task, (), made.preview, True
    return model


@pytest.fixture
def with_parent(state, tmp_path):
    """`with_parent(family)` puts a trainable model of the family into the library."""

    def add(family: str, **changes):
        model = parent_of(family, **changes)
        model.folder = tmp_path / model.id
        model.folder.mkdir()
        recipe = Recipe(
            family=family, model=model.id, data="old", settings={"batch": 8, "steps": 77}
        )
        (model.folder / "recipe.json").write_bytes(recipe.to_bytes())
        state.studio.library.models.append(model)
        state.bridge.changed.emit("library")
        return model

    return add


# ---- what there is to choose from


def test_without_data_the_start_says_what_is_missing(state, heard):
    problems = heard(state.state.problem)
    training = state.state.training
    assert training.start() == ""
    assert "data" in problems[0].what
    assert training.plan.status == "none"
    assert len(training.families) == len(kinds.every())


def test_kinds_that_need_classes_are_offered_where_there_are_some(training, state):
    assert [f.name for f in training.families] == makers()
    state.state.data.choose("birds")
    assert [f.name for f in training.families] == makers() + judges()


def test_data_that_nothing_learns_from_is_said(training, state, heard, monkeypatch):
    deaf = [family for family in kinds.every() if not family.learns("sound")]
    monkeypatch.setattr(kinds, "every", lambda: deaf)
    keep(state.studio.home, "voices", kind="sound")
    state.bridge.changed.emit("datasets")
    state.state.data.choose("voices")
    problems = heard(training.problem)
    assert (training.families, training.family) == ([], None)
    assert training.start() == ""
    assert problems[0].what == "No kind of model here learns from sound yet"
    assert training.options() == {}
    training.reset()
    training.take_augmentation({"flip": True})


def test_only_trainable_models_of_fitting_kinds_can_be_gone_on_from(training, with_parent):
    with_parent(makers()[0])
    with_parent(makers()[0], id="closed", trainable=False)
    with_parent(judges()[0], id="judge")
    assert [m.id for m in training.parents] == ["parent"]


# ---- the recipe


def test_a_recipe_has_a_name_of_its_own(training):
    made = training.recipe()
    family = kinds.known(made.family)
    assert made.data == "cars"
    assert made.title == f"Cars ({family.title})"
    assert made.licence == "CC0"
    assert made.preset == family.presets[1].name
    training.set_title("  My wheels  ")
    made = training.recipe()
    assert (made.title, made.model) == ("My wheels", "my-wheels")


def test_names_that_are_taken_get_a_number(training, state):
    first = training.recipe()
    state.studio.library.models.append(FakeModel(first.model, first.title, ()))
    state.bridge.changed.emit("library")
    second = training.recipe()
    assert second.title == f"{first.title} 2"
    training.set_title(first.title)
    assert training.recipe().model not in (first.model, "")
    assert training.recipe().title == first.title


def test_names_of_open_runs_and_waiting_jobs_are_taken(training, state):
    first = training.recipe()
    folder = state.studio.home.runs / "0001-cars"
    folder.mkdir(parents=True)
    run = Run(id="0001-cars", recipe=first, state="stopped")
    (folder / "run.json").write_bytes(run.to_bytes())
    state.bridge.changed.emit("runs")
    second = training.recipe()
    assert second.title == f"{first.title} 2"
    state.studio.trainings.start(second)
    state.bridge.changed.emit("queue")
    assert training.recipe().title == f"{first.title} 3"


def test_every_kind_keeps_its_own_changes(training):
    one, two = makers()[:2]
    training.choose_family(one)
    training.set_option("width", 16)
    training.set_setting("batch", 32)
    training.choose_family(two)
    assert training.recipe().settings.batch != 32 or not training.changed_by_hand()
    training.choose_family(one)
    assert training.recipe().options["width"] == 16
    assert training.settings().batch == 32
    assert training.changed_by_hand()
    training.reset()
    assert not training.changed_by_hand()
    assert training.options()["width"] != 16


def test_values_out_of_range_are_refused_at_the_start(training, heard):
    problems = heard(training.problem)
    training.set_setting("batch", -1)
    assert training.start() == ""
    assert "trainer" in problems[0].what
    assert training.settings().batch > 0


def test_another_preset_changes_size_and_settings(training):
    family = training.family
    training.choose_preset("tiny")
    assert training.recipe().options == family.preset("tiny").options
    assert training.changed_by_hand()
    training.choose_preset("gone")
    assert training.recipe().preset == family.presets[1].name


def test_going_on_from_a_model_takes_its_recipe(training, with_parent):
    other = makers()[1]
    with_parent(other)
    training.choose_family(makers()[0])
    training.continue_from("parent")
    made = training.recipe()
    assert (made.family, made.start_from, made.data) == (other, "parent", "cars")
    assert training.settings().batch == 8
    assert training.going_on().startswith("Learning rate ")
    assert f"{training.settings().steps:,} steps" in training.going_on()
    training.set_setting("batch", 9)
    training.continue_from("")
    assert training.recipe().start_from == ""
    assert training.going_on() == ""
    assert training.settings().batch != 9
    training.continue_from("parent")
    assert training.settings().batch == 9
    training.choose_family(makers()[0])
    assert training.recipe().start_from == ""
    training.continue_from("unknown")
    assert training.recipe().start_from == ""


def test_a_model_that_cannot_learn_from_the_data_is_not_taken(training, with_parent, heard):
    with_parent(judges()[0], title="Judge")
    said = heard(training.said)
    training.continue_from("parent")
    assert training.recipe().start_from == ""
    assert said[0][0] == "Judge cannot learn from this data"


def test_captions_are_no_reason_to_measure_again(training, state, measured, qtbot):
    measured()
    keep(state.studio.home, "cars", 90, title="Wheels", sha256="3", licence="CC0")
    state.bridge.changed.emit("datasets")
    assert training.plan.status == "ready"
    keep(state.studio.home, "cars", 91, title="Wheels", sha256="4", licence="CC0")
    state.bridge.changed.emit("datasets")
    assert training.plan.status == "resting"


def said_of(state, **changes):
    """The chosen data has captions."""
    facts = {"captions": True, "classes": ("jay", "owl")}
    keep(state.studio.home, "birds", 400, title="Birds", sha256="1", facts=facts, **changes)
    state.bridge.changed.emit("datasets")
    state.state.data.choose("birds")


def test_words_to_be_shown_are_no_reason_to_measure_again(training, state, measured):
    said_of(state)
    measured()
    assert training.plan.status == "ready"
    texts = [control.name for control in training.family.options if control.kind == "text"]
    assert texts, "a list of prompts"
    training.set_option(texts[0], "a red bird")
    training.set_hold_out("red bird + green tree")
    assert training.plan.status == "ready"
    assert training.recipe().options[texts[0]] == "a red bird"


def test_captions_bring_the_kinds_that_read_them_to_the_front(training, state):
    assert [f.name for f in training.families] == makers()
    said_of(state)
    assert len(training.families) == len([f for f in kinds.every() if f.data_kind == "image"])
    assert training.family.captions
    assert kinds.in_short(training.family, training.dataset) == "text to image"
    others = [family for family in training.families if not family.captions]
    assert all(kinds.in_short(f, training.dataset) == f.in_short for f in others)
    assert kinds.in_short(training.family, None) == training.family.in_short


def test_combinations_are_held_out_where_there_are_captions(training, state):
    training.set_hold_out(" red bird + tree \n\nblue + sky\n")
    assert training.recipe().hold_out == ()
    said_of(state)
    assert training.recipe().hold_out == ("red bird + tree", "blue + sky")
    assert training.changed_by_hand()
    training.take_recipe(training.recipe().model_copy(update={"hold_out": ("a + b",)}))
    assert training.choices.hold_out == "a + b"
    kept = training.snapshot()
    training.reset()
    assert training.recipe().hold_out == ()
    training.take(kept)
    assert training.recipe().hold_out == ("a + b",)


def test_an_older_recipe_fills_everything_in(training, state, heard):
    pages = heard(training.page_wanted)
    family = kinds.known(makers()[1])
    recipe = Recipe(
        family=family.name, model="old", title="Old wheels", data="birds", preset="tiny",
        options={"width": 8}, settings={"batch": 5, "steps": 40},
    )  # fmt: skip
    training.take_recipe(recipe)
    made = training.recipe()
    assert state.state.data.current == "birds"
    assert (made.family, made.title, made.preset) == (family.name, "Old wheels", "tiny")
    assert made.options["width"] == 8
    assert (made.settings.batch, made.settings.steps) == (5, 40)
    assert pages == ["data"]
    training.show_page("nowhere")
    assert pages == ["data"]


def test_a_recipe_whose_data_or_parent_is_gone_says_so(training, state, heard):
    said = heard(training.said)
    family = kinds.known(makers()[1]).name
    training.take_recipe(Recipe(family=family, model="a", data="lost", start_from="nobody"))
    words = " ".join(str(entry) for entry in said)
    assert "lost" in words
    assert "nobody" in words
    count = len(said)
    training.take_recipe(Recipe(family=family, model="a", data="birds"))
    assert len(said) == count


def test_the_augmentation_that_was_looked_at_is_used(training, state):
    values = {"flip": True, "shift": 0.1, "colour": 0.0, "cutout": 0.2, "policy": ""}
    state.state.data.augmentation_chosen.emit(values)
    used = training.recipe().settings
    assert (used.flip, used.shift, used.colour, used.cutout) == (True, 0.1, 0.0, 0.2)


# ---- what it takes


def test_nothing_is_measured_until_somebody_looks(training, state, qtbot):
    qtbot.wait(20)
    assert state.studio.queue.submitted == []
    training.plan.look(True)
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    assert state.studio.queue.last.work == "plan"


def test_a_measurement_gives_every_time_its_steps(training, measured):
    measured()
    assert training.forecast.verdict == "fits"
    for budget in BUDGETS:
        training.choose_budget(budget.name)
        made = training.settings()
        assert abs(made.steps * 0.1 * 1.1 - budget.seconds) < 0.2 * budget.seconds
        assert made.patience == budget.patience
    assert training.plan.status == "ready", "another time needs no other measurement"


def test_steps_set_by_hand_give_way_to_a_time(training, measured):
    measured()
    training.set_setting("steps", 123)
    assert training.settings().steps == 123
    training.choose_budget(training.choices.budget)
    assert training.settings().steps != 123


def test_the_plans_own_budgets_are_taken_as_they_are(training, measured):
    name = training.choices.budget
    measured(budgets={name: {"settings": {"steps": 4321, "patience": 2}, "seconds": 1.0}})
    assert (training.settings().steps, training.settings().patience) == (4321, 2)


def test_a_kind_without_samples_is_not_asked_for_any(training, state, measured):
    state.state.data.choose("birds")
    silent = [f.name for f in training.families if not f.presets[1].settings.get("sample_every", 1)]
    for name in silent:
        training.choose_family(name)
        measured()
        assert training.settings().sample_every == 0
        assert training.settings().validate_every > 0
    assert silent == judges()


def test_choices_that_cost_something_are_measured_again(training, state, measured, qtbot):
    measured()
    count = len(state.studio.queue.submitted)
    training.set_setting("learning_rate", 0.01)
    training.set_title("Other")
    assert training.plan.status == "ready"
    training.set_setting("batch", 16)
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    assert len(state.studio.queue.submitted) == count + 1
    training.plan.on_event(Done(job=state.studio.queue.last.job, data=PLAN))
    training.set_setting("batch", 16)
    assert training.plan.status == "ready", "what was measured is remembered"


def test_a_measurement_under_way_is_kept_and_the_next_follows(training, state, events, qtbot):
    training.plan.look(True)
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    first = state.studio.queue.last.job
    training.set_setting("batch", 16)
    assert training.plan.status == "resting"
    events(Done(job=first, data=PLAN))
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    assert state.studio.queue.last.job != first
    assert state.studio.queue.get(first) is None, "it does not stay in the queue's list"


def test_progress_and_failure_are_in_the_plan(training, state, events, qtbot, heard):
    training.plan.look(True)
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    job = state.studio.queue.last.job
    told = heard(training.planned)
    events(Progress(job=job, done=1, total=3, text="reading pictures"))
    assert training.plan.text == "reading pictures"
    assert len(told) == 1
    events(Failed(job=job, problem=Problem(what="Two pictures are too few")))
    assert training.plan.status == "failed"
    assert training.plan.problem.what == "Two pictures are too few"
    training.plan.again()
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    events(Cancelled(job=state.studio.queue.last.job))
    assert training.plan.status == "stopped"


def test_a_refused_measurement_is_a_failure(training, state, qtbot):
    state.studio.queue.refuse = DiskFull("The disk is full")
    training.plan.look(True)
    qtbot.waitUntil(lambda: training.plan.status == "failed", timeout=3000)
    assert training.plan.problem.what == "The disk is full"


def test_while_another_training_runs_an_older_speed_serves(training, state, measured, qtbot):
    measured()
    state.studio.trainings.start(training.recipe())
    state.bridge.changed.emit("queue")
    training.set_setting("batch", 16)
    assert training.plan.status == "busy"
    assert "is being trained" in training.launch.busy_text()
    assert training.forecast.source == "By an earlier measurement."
    assert training.forecast.verdict == "unknown"
    state.studio.queue.last.state = "done"
    state.bridge.changed.emit("queue")
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)


def test_a_knob_is_turned_and_measured_again(training, measured):
    measured(verdict="no", knob={"title": "Half the batch", "settings": {"batch": 32}})
    forecast = training.forecast
    assert (forecast.verdict, forecast.knob.title) == ("no", "Half the batch")
    training.use_knob(forecast.knob)
    assert training.settings().batch == 32
    training.use_knob(Knob("Narrower", {"width": 8}))
    assert training.options()["width"] == 8
    assert training.plan.status == "resting"


# ---- starting


def test_start_after_the_measurement(training, state, measured, events, heard):
    measured()
    started, said = heard(training.started), heard(training.planned)
    training.set_title("Wheels")
    job = training.start()
    asked = state.studio.queue.last
    assert (asked.job, asked.work) == (job, "train")
    assert asked.body["recipe"]["model"] == "wheels"
    assert asked.body["recipe"]["settings"]["steps"] > 1000
    assert training.launch.coming == "Preparing…"
    assert training.choices.title == ""
    events(Progress(job=job, done=1, total=2, text="reading"))
    assert training.launch.coming == "reading"
    events(Log(job=job, text="Run 0001-wheels"))
    assert started == ["0001-wheels"]
    state.studio.queue.last.body = {"run": "0001-wheels"}
    state.bridge.changed.emit("queue")
    training.set_title("Wheels")
    assert training.recipe().model == "wheels-2", "the first is on its way"
    assert training.launch.coming == ""
    events(Progress(job=job, done=1, total=2, text="step 1"))
    assert training.launch.coming == ""
    assert said


def test_pressed_while_it_is_measured_it_starts_by_itself(training, state, events, qtbot):
    training.plan.look(True)
    assert training.start() == ""
    assert training.pressed
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    events(Done(job=state.studio.queue.last.job, data=PLAN))
    assert state.studio.queue.last.work == "train"
    assert not training.pressed


def test_a_start_can_be_taken_back_before_it_happens(training, state, events, qtbot):
    training.plan.look(True)
    training.start()
    assert training.take_back()
    assert not training.take_back()
    training.start()
    training.set_setting("batch", 16)
    assert not training.pressed, "other choices are no order to start"
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    events(Done(job=state.studio.queue.last.job, data=PLAN))
    assert [e.work for e in state.studio.queue.submitted] == []


def test_a_failed_measurement_starts_nothing(training, state, events, qtbot):
    training.plan.look(True)
    training.start()
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    events(Failed(job=state.studio.queue.last.job, problem=Problem(what="No")))
    assert not training.pressed
    assert state.studio.queue.submitted == []


def test_a_second_training_waits_and_says_so(training, state, measured, events):
    measured()
    training.start()
    assert "wait in the queue" in training.launch.busy_text()
    second = training.start()
    assert training.launch.coming == ""
    assert state.studio.queue.last.job == second
    titles = [e.body["recipe"]["title"] for e in state.studio.queue.submitted]
    assert len(set(titles)) == 2


def test_a_training_that_fails_before_its_run_says_why(training, measured, events, heard):
    measured()
    problems = heard(training.problem)
    job = training.start()
    events(Failed(job=job, problem=Problem(what="The pictures are gone")))
    assert [p.what for p in problems] == ["The pictures are gone"]
    job = training.start()
    events(Cancelled(job=job))
    assert training.launch.coming == ""


def test_a_refused_start_is_a_problem(training, state, measured, heard):
    measured()
    problems = heard(training.problem)
    state.studio.queue.refuse = GenStudioError("GenStudio is closing")
    assert training.start() == ""
    assert problems[0].what == "GenStudio is closing"


def test_the_queue_may_be_paused_or_full(training, state):
    assert training.launch.busy_text() == ""
    state.studio.queue.paused = True
    assert "paused" in training.launch.busy_text()
    state.studio.trainings.start(training.recipe())
    state.studio.queue.last.state = "waiting"
    assert "wait in the queue" in training.launch.busy_text()


# ---- sessions


def test_a_restart_brings_back_every_choice(training, state, measured):
    one, two = makers()[:2]
    training.choose_family(one)
    training.set_option("width", 12)
    training.choose_family(two)
    training.choose_budget(BUDGETS[2].name)
    training.set_setting("holdout", 0.2)
    training.set_title("Later")
    training.show_page("runs")
    measured()
    state.state.close()

    again = StudioState(state.studio, FakeBridge())
    back = again.training
    assert (back.family.name, back.choices.budget, back.page) == (two, BUDGETS[2].name, "runs")
    assert back.recipe().title == "Later"
    assert back.settings().holdout == 0.2
    assert back.plan.status == "ready", "what was measured today counts"
    assert back.forecast.source.startswith("Measured just now")
    back.set_setting("batch", 7)
    assert back.forecast.source == "By an earlier measurement."
    back.choose_family(one)
    assert back.options()["width"] == 12
    again.close()


def test_nonsense_in_the_session_is_left_out(qapp, studio, data):
    family = makers()[0]
    studio.kept = {
        "training": {
            "family": "no-such", "budget": "forever", "page": "nowhere", "presets": 3,
            "options": {family: {"width": 10**9, "gone": 1}, "no-such": {"width": 1}, "x": 4},
            "settings": {family: {"batch": "many", "gone": 1, "flip": True}},
            "plan": {
                "speeds": {"a": -1, "b": "fast", "c": 2.0},
                "measured": [
                    3,
                    {"key": "k", "at": "yesterday", "data": {}},
                    {"key": "k", "at": 12.0, "data": {}},
                ],
            },
        }
    }  # fmt: skip
    state = StudioState(studio, FakeBridge())
    training = state.training
    assert training.page == "data"
    assert training.choices.budget == BUDGETS[0].name
    assert training.recipe().family == family
    assert training.recipe().settings.flip
    assert training.plan.speeds == {"c": 2.0}
    assert training.plan.snapshot()["measured"] == []
    state.close()


def test_measurements_of_an_earlier_session_are_swept_away(qapp, studio, data):
    studio.queue.submit_work("train", "plan", {}, "Measure")
    kept = studio.queue.submit_work("train", "train", {}, "Train")
    state = StudioState(studio, FakeBridge())
    assert [e.job for e in studio.queue.submitted] == [kept]
    state.close()


def test_closing_takes_the_measurement_out_of_the_queue(training, state, qtbot):
    training.plan.look(True)
    qtbot.waitUntil(lambda: training.plan.status == "measuring", timeout=3000)
    job = state.studio.queue.last.job
    state.state.close()
    assert job in state.studio.queue.cancelled
