"""The shelf as a list, one dataset chosen, ways in and out, what the session keeps."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core.errors import BadInput, GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.core.paths import Home
from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.import_state import Fields
from tests.helpers.fake_data import keep, row
from tests.helpers.fake_studio import FakeStudio

STARTER = SimpleNamespace(name="emoji", title="Emoji")


@pytest.fixture
def data(tmp_path, qapp, monkeypatch):
    studio = FakeStudio(Home(tmp_path))
    monkeypatch.setattr(studio.datasets, "starters", lambda: [STARTER], raising=False)
    for name, count in (("apples", 20), ("pears", 5)):
        keep(studio.home, name, count)
        studio.data_looker.rows[name] = [row(n) for n in range(count)]
    state = DataState(studio)
    yield SimpleNamespace(state=state, studio=studio, queue=studio.queue, home=studio.home)
    state.close()


@pytest.fixture
def ready(data):
    data.state.refresh()
    return data


def idle(qtbot, data):
    qtbot.waitUntil(lambda: not data.state.looks.busy, timeout=10_000)


# ---- the shelf


def test_without_data_there_is_something_new_to_begin_with(tmp_path, qapp):
    state = DataState(FakeStudio(Home(tmp_path)))
    state.refresh()
    assert (state.mode, state.current, state.dataset) == ("new", "", None)
    state.close()


def test_the_first_dataset_is_chosen_and_shown(ready, heard):
    assert ready.state.names() == ["apples", "pears"]
    assert (ready.state.current, ready.state.mode) == ("apples", "browse")
    assert ready.state.dataset.title == "Apples"
    assert ready.state.find("gone") is None


def test_the_choice_of_the_last_session_comes_back_to_be_seen(data):
    data.state.take({"current": "pears"})
    data.state.refresh()
    assert (data.state.current, data.state.mode) == ("pears", "browse")
    assert data.state.browsing.name == "pears"


def test_a_choice_that_is_gone_falls_to_another(data):
    data.state.take({"current": "gone"})
    data.state.refresh()
    assert data.state.current == "apples"


def test_nothing_is_read_before_somebody_looks(ready, qtbot):
    assert ready.studio.data_looker.asked == []
    ready.state.browsing.watch(True)
    idle(qtbot, ready)
    assert len(ready.state.browsing.rows) == 20


def test_choosing_is_told_and_kept(ready, heard):
    chosen, edited = heard(ready.state.chosen), heard(ready.state.edited)
    ready.state.choose("pears")
    ready.state.choose("pears")
    ready.state.choose("gone")
    assert (chosen, len(edited)) == (["pears"], 1)
    assert ready.state.snapshot()["current"] == "pears"
    assert ready.state.browsing.name == "pears"


def test_pages_of_the_chosen_one_are_passed_on(ready, heard, qtbot):
    pages, pictures = heard(ready.state.page_ready), heard(ready.state.preview_ready)
    ready.state.browsing.watch(True)
    idle(qtbot, ready)
    assert pages == [0]
    assert len(pictures) == 20


def test_new_data_and_back(ready, heard):
    modes = heard(ready.state.mode_changed)
    ready.state.open_new()
    ready.state.refresh()
    assert ready.state.mode == "new", "what was asked for stays"
    ready.state.close_new()
    assert modes == ["new", "browse"]


def test_broken_datasets_are_named(ready):
    (ready.home.datasets / "apples" / "dataset.json").write_text("{")
    ready.state.refresh()
    assert ready.state.current == "pears"
    assert "dataset.json" in ready.state.problems()[0].sentence


# ---- removing


def test_removing_offers_the_way_back(ready, heard):
    said, changed = heard(ready.state.said), heard(ready.state.changed)
    ready.state.remove()
    assert ready.state.names() == ["pears"]
    assert ready.state.current == "pears"
    assert said[0][:2] == ("Apples was removed", "Undo")
    assert changed
    said[0][2]()
    assert ready.state.names() == ["apples", "pears"]
    assert ready.state.current == "apples"


def test_removing_the_last_one_leaves_something_new(ready):
    ready.state.remove("apples")
    ready.state.remove("pears")
    assert (ready.state.mode, ready.state.current) == ("new", "")
    ready.state.remove()
    assert ready.state.browsing.name == ""


def test_what_cannot_be_removed_or_restored_is_a_problem(ready, heard, monkeypatch):
    problems = heard(ready.state.problem)

    def refuse(name):
        raise GenStudioError(f"{name} cannot be moved")

    monkeypatch.setattr(ready.studio.datasets, "remove", refuse)
    ready.state.remove()
    ready.state.restore("never removed")
    assert [p.what for p in problems] == [
        "apples cannot be moved",
        "The dataset 'never removed' cannot be brought back",
    ]
    assert ready.state.names() == ["apples", "pears"]


# ---- importing


def add(ready, name: str = "plums") -> str:
    ready.state.look(["/x/plums"])
    report = {"count": 3, "suggested_title": "Plums"}
    ready.state.on_event(Done(job=ready.queue.last.job, data=report))
    ready.state.add(Fields(title=name.capitalize()))
    keep(ready.home, name, 3)
    return ready.queue.last.job


def test_an_import_is_shown_from_the_look_to_the_dataset(ready, heard):
    said, areas = heard(ready.state.said), heard(ready.state.area_wanted)
    reports = heard(ready.state.report_ready)
    job = add(ready)
    assert (ready.state.mode, areas) == ("import", ["train"])
    assert reports[0].title == "Plums"
    ready.state.on_event(Done(job=job, data={"dataset": "plums", "count": 3}))
    assert (ready.state.mode, ready.state.current) == ("browse", "plums")
    assert [words for words, *_ in said] == ["Plums was added: 3 pictures"]


def test_who_went_on_to_something_else_is_not_pulled_back(ready, heard):
    said = heard(ready.state.said)
    job = add(ready)
    ready.state.choose("pears")
    ready.state.on_event(Done(job=job, data={"dataset": "plums", "count": 3}))
    assert (ready.state.mode, ready.state.current) == ("browse", "pears")
    words, action, show = said[-1]
    assert (words, action) == ("Plums was added: 3 pictures", "Show")
    show()
    assert ready.state.current == "plums"


def test_an_adding_that_ends_behind_another_sheet_does_not_disturb_it(ready, heard):
    said = heard(ready.state.said)
    job = add(ready)
    ready.state.look(["/x/cherries"])
    ready.state.on_event(Done(job=job, data={"dataset": "plums", "count": 3}))
    assert ready.state.mode == "import"
    assert "plums" in ready.state.names()
    assert said[-1][:2] == ("Plums was added: 3 pictures", "Show")


def test_a_sheet_that_was_left_can_be_looked_at_again(ready, heard):
    said = heard(ready.state.said)
    ready.state.look(["/x/plums"])
    ready.state.on_event(Done(job=ready.queue.last.job, data={"count": 3}))
    ready.state.leave_import()
    assert said[-1][:2] == ("plums was not added", "Look again")
    said[-1][2]()
    assert ready.state.mode == "import"
    assert ready.queue.last.body == {"path": "/x/plums"}


def test_a_report_that_comes_later_can_be_shown(ready, heard):
    said = heard(ready.state.said)
    ready.state.look([Path("/x/plums")])
    ready.state.choose("pears")
    ready.state.on_event(Done(job=ready.queue.last.job, data={"count": 3}))
    assert ready.state.mode == "browse"
    assert said[-1][:2] == ("plums was looked at", "Show")
    said[-1][2]()
    assert ready.state.mode == "import"


def test_a_look_that_failed_is_told_to_who_does_not_see_the_sheet(ready, heard):
    problems = heard(ready.state.problem)
    failed = Problem(what="No usable pictures were found")
    ready.state.look(["/x/plums"])
    ready.state.on_event(Failed(job=ready.queue.last.job, problem=failed))
    assert problems == []
    ready.state.importing.again()
    ready.state.choose("pears")
    ready.state.on_event(Failed(job=ready.queue.last.job, problem=failed))
    assert problems == [failed]


def test_leaving_the_sheet_goes_back_to_the_dataset(ready):
    ready.state.look(["/x/plums"])
    ready.state.leave_import()
    assert ready.state.mode == "browse"
    assert ready.queue.cancelled == [ready.queue.last.job]
    ready.state.show_import()
    assert ready.state.mode == "browse", "there is no sheet any more"
    ready.state.look([])
    assert ready.state.mode == "browse"


# ---- starters


def test_a_starter_is_added_with_one_call_and_chosen(ready, heard):
    progress = heard(ready.state.starter_progressed)
    ready.state.add_starter("emoji")
    sent = ready.queue.last
    assert (sent.work, sent.body, sent.title) == ("add_starter", {"name": "emoji"}, "Add Emoji")
    assert ready.state.adding_starter("emoji")
    ready.state.add_starter("emoji")
    assert len(ready.queue.submitted) == 1, "it is on its way already"
    ready.state.on_event(Progress(job=sent.job, done=1, total=4))
    keep(ready.home, "emoji", 4)
    ready.state.on_event(Done(job=sent.job, data={"dataset": "emoji"}))
    assert progress == [("emoji", 1, 4)]
    assert ready.state.current == "emoji"
    assert not ready.state.adding_starter("emoji")


def test_a_starter_that_is_there_is_shown(ready):
    keep(ready.home, "emoji", 4)
    ready.state.refresh()
    ready.state.add_starter("emoji")
    assert ready.state.current == "emoji"
    assert ready.queue.submitted == []


@pytest.mark.parametrize("end", [Cancelled, lambda job: Failed(job=job, problem=Problem(what="x"))])
def test_a_starter_that_does_not_come_can_be_asked_again(ready, heard, end):
    problems = heard(ready.state.problem)
    ready.state.add_starter("emoji")
    ready.state.on_event(end(job=ready.queue.last.job))
    assert not ready.state.adding_starter("emoji")
    assert len(problems) == (0 if end is Cancelled else 1)


def test_a_queue_that_refuses_a_starter_is_a_problem(ready, heard):
    problems = heard(ready.state.problem)
    ready.queue.refuse = GenStudioError("GenStudio is closing")
    ready.state.add_starter("emoji")
    assert [p.what for p in problems] == ["GenStudio is closing"]


def test_starters_that_cannot_be_read_are_a_problem(ready, heard, monkeypatch):
    problems = heard(ready.state.problem)

    def broken():
        raise BadInput("starter.json is damaged")

    monkeypatch.setattr(ready.studio.datasets, "starters", broken)
    assert ready.state.starters() == []
    assert [p.what for p in problems] == ["starter.json is damaged"]


# ---- edits and augmentation


def test_an_edit_wakes_the_shelf(ready, qtbot):
    woken = []
    end = ready.studio.datasets.on_change(lambda: woken.append(1))
    ready.state.browsing.watch(True)
    idle(qtbot, ready)
    ready.state.browsing.set_excluded([0], True)
    idle(qtbot, ready)
    assert woken == [1]
    ready.state.refresh()
    assert ready.state.browsing.can_undo, "a refresh does not open the dataset anew"
    assert ready.state.browsing.rows[0].excluded
    end()


def test_augmentation_is_handed_over_in_words_too(ready, heard):
    chosen, said = heard(ready.state.augmentation_chosen), heard(ready.state.said)
    ready.state.augmenting.set_value("flip", True)
    ready.state.augmenting.choose()
    assert chosen[0]["flip"] is True
    assert said[0][0] == "Training will use this augmentation"
