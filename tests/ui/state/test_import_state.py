"""From dropped files to a dataset, as events of two jobs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.core.paths import Home
from genstudio.ui.state.import_state import Fields, ImportState
from tests.helpers.fake_data import keep
from tests.helpers.fake_studio import FakeStudio, preview

REPORT = {
    "kind": "image",
    "count": 40,
    "test_count": 2,
    "suggested_name": "fruits",
    "suggested_title": "Fruits",
}


@pytest.fixture
def sheet(tmp_path, qapp, heard):
    studio = FakeStudio(Home(tmp_path))
    state = ImportState(studio)
    changes = heard(state.changed)
    return SimpleNamespace(state=state, studio=studio, changes=changes, queue=studio.queue)


def look(sheet, *names: str) -> str:
    sheet.state.look([Path("/x") / name for name in names or ("fruits",)])
    return sheet.queue.last.job


def checked(sheet, **facts) -> None:
    sheet.state.on_event(Done(job=look(sheet), data=REPORT | facts))


def test_a_look_is_a_job_and_nothing_is_added_yet(sheet):
    look(sheet)
    sent = sheet.queue.last
    assert (sent.role, sent.work, sent.body) == ("files", "check_dataset", {"path": "/x/fruits"})
    assert sent.title == "Look at fruits"
    assert sheet.state.phase == "checking"
    assert sheet.state.active


def test_several_files_are_one_look(sheet):
    look(sheet, "a.png", "b.png", "c.png")
    assert sheet.queue.last.body["paths"] == ["/x/a.png", "/x/b.png", "/x/c.png"]
    assert sheet.state.subject == "a.png and 2 more"


def test_nothing_is_no_look(sheet):
    sheet.state.look([])
    assert not sheet.state.active
    assert sheet.queue.submitted == []
    assert sheet.state.subject == ""


def test_progress_and_first_pictures_on_the_way(sheet, heard):
    progress, pictures = heard(sheet.state.progressed), heard(sheet.state.preview_ready)
    job = look(sheet)
    sheet.state.on_event(Progress(job=job, done=5, total=40, text="reading"))
    sheet.state.on_event(preview(job, 1))
    sheet.state.on_event(preview(job, 99))
    sheet.state.on_event(preview("other", 2))
    assert progress == [(5, 40, "reading")]
    assert [index for index, _ in pictures] == [1]
    assert set(sheet.state.pictures) == {1}


def test_the_report_makes_it_ready(sheet):
    checked(sheet)
    assert sheet.state.phase == "ready"
    assert sheet.state.report.total == 42
    assert sheet.state.report.title == "Fruits"


def test_a_look_that_finds_nothing_says_why_and_can_be_repeated(sheet, heard):
    problems = heard(sheet.state.problem)
    problem = Problem(what="No usable pictures were found", next_step="Add pictures.")
    sheet.state.on_event(Failed(job=look(sheet), problem=problem))
    assert (sheet.state.phase, sheet.state.trouble) == ("failed", problem)
    assert problems == [], "the sheet says it"
    sheet.state.again()
    assert sheet.state.phase == "checking"
    assert sheet.state.trouble is None
    assert len(sheet.queue.submitted) == 2


def test_a_stopped_look_closes_the_sheet(sheet):
    sheet.state.on_event(Cancelled(job=look(sheet)))
    assert not sheet.state.active


def test_leaving_stops_the_job(sheet):
    job = look(sheet)
    sheet.state.leave()
    assert sheet.queue.cancelled == [job]
    assert not sheet.state.active
    sheet.state.on_event(Done(job=job, data=REPORT))
    assert not sheet.state.active, "what comes late is not wanted any more"


def test_another_look_takes_the_place_of_the_first(sheet):
    first = look(sheet)
    second = look(sheet, "other")
    assert sheet.queue.cancelled == [first]
    sheet.state.on_event(Done(job=first, data=REPORT))
    assert sheet.state.phase == "checking"
    sheet.state.on_event(Done(job=second, data=REPORT))
    assert sheet.state.phase == "ready"


def test_a_column_is_looked_at_anew(sheet):
    checked(sheet, kind="text", columns=["title", "text"])
    sheet.state.choose_column("text")
    assert sheet.queue.last.body["column"] == "text"
    assert sheet.state.phase == "checking"
    sheet.state.on_event(Done(job=sheet.queue.last.job, data=REPORT))
    assert sheet.state.column == "text"
    sheet.state.choose_column("text")
    assert len(sheet.queue.submitted) == 2
    sheet.state.add(Fields())
    assert sheet.queue.last.body["column"] == "text"


def test_adding_hands_over_what_the_user_said(sheet):
    checked(sheet)
    sheet.state.add(
        Fields(
            title="My fruits!",
            copy=True,
            licence="CC0 1.0",
            attribution="me",
            consent="nobody",
            skip_near=True,
        )
    )
    sent = sheet.queue.last
    assert (sent.work, sent.title) == ("add_dataset", "Add My fruits!")
    assert sent.body == {
        "path": "/x/fruits",
        "name": "my-fruits",
        "title": "My fruits!",
        "copy": True,
        "licence": "CC0 1.0",
        "attribution": "me",
        "consent": "nobody",
        "near": "skip",
    }
    assert sheet.state.phase == "adding"


def test_without_words_the_data_name_themselves(sheet):
    checked(sheet)
    sheet.state.add(Fields())
    assert (sheet.queue.last.body["title"], sheet.queue.last.body["near"]) == ("Fruits", "note")


def test_names_are_never_taken_twice(sheet):
    home = sheet.studio.home
    for name in ("fruits", "fruits-2"):
        keep(home, name)
    assert sheet.state.free_name("Fruits") == "fruits-3"
    assert sheet.state.free_name("名前") == "data"


def test_done_tells_name_and_count(sheet, heard):
    added = heard(sheet.state.added)
    checked(sheet)
    sheet.state.add(Fields(title="Fruits"))
    data = {"dataset": "fruits", "count": 38, "test_count": 2}
    sheet.state.on_event(Done(job=sheet.queue.last.job, data=data))
    assert added == [("fruits", "Fruits was added: 40 pictures")]
    assert not sheet.state.active


def test_another_look_lets_an_adding_go_on(sheet, heard):
    behind, added = heard(sheet.state.added_behind), heard(sheet.state.added)
    checked(sheet)
    sheet.state.add(Fields(title="Fruits"))
    adding = sheet.queue.last.job
    look(sheet, "other")
    assert sheet.queue.cancelled == []
    sheet.state.on_event(Progress(job=adding, done=1))
    sheet.state.on_event(Done(job=adding, data={"dataset": "fruits", "count": 3}))
    assert (behind, added) == ([("fruits", "Fruits was added: 3 pictures")], [])
    assert sheet.state.phase == "checking"
    sheet.state.on_event(Done(job=adding, data={"dataset": "fruits"}))
    assert len(behind) == 1


def test_an_adding_behind_that_fails_is_told(sheet, heard):
    problems = heard(sheet.state.problem)
    checked(sheet)
    for end in (lambda job: Failed(job=job, problem=Problem(what="full")), Cancelled):
        sheet.state.add(Fields())
        adding = sheet.queue.last.job
        sheet.state.on_event(Done(job=look(sheet), data=REPORT))
        sheet.state.on_event(end(job=adding))
    assert [p.what for p in problems] == ["full"]
    assert sheet.state.phase == "ready"


def test_an_adding_that_fails_can_be_tried_again(sheet):
    checked(sheet)
    sheet.state.add(Fields())
    job = sheet.queue.last.job
    sheet.state.on_event(Failed(job=job, problem=Problem(what="The disk is full")))
    assert sheet.state.phase == "ready"
    assert sheet.state.trouble.what == "The disk is full"
    sheet.state.add(Fields())
    assert sheet.state.phase == "adding"
    sheet.state.on_event(Cancelled(job=sheet.queue.last.job))
    assert sheet.state.phase == "ready", "stopping an adding keeps the report"


def test_nothing_is_added_before_the_report(sheet):
    look(sheet)
    sheet.state.add(Fields())
    assert len(sheet.queue.submitted) == 1


def test_a_queue_that_refuses_is_a_problem(sheet, heard):
    problems = heard(sheet.state.problem)
    sheet.queue.refuse = GenStudioError("GenStudio is closing")
    sheet.state.look([Path("/x/fruits")])
    assert [p.what for p in problems] == ["GenStudio is closing"]
    assert not sheet.state.active
