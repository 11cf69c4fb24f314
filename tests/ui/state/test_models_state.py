"""The library: verify, import, export, remove with undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.ui.state.models_state import ModelsState


@pytest.fixture
def models(studio) -> ModelsState:
    state = ModelsState(studio)
    state.refresh()
    return state


def test_models_stand_by_title_and_the_first_is_chosen(models):
    assert [m.id for m in models.models] == ["critic", "redoer", "shapes"]
    assert models.current == "critic"
    models.choose("shapes")
    assert models.model.title == "Shapes"


def test_choosing_is_told_once(models, heard):
    said = heard(models.chosen)
    models.choose("shapes")
    models.choose("shapes")
    assert said == ["shapes"]


@pytest.mark.parametrize(
    ("event", "verdict", "words"),
    [
        (Done(data={"ok": True, "text": "Agrees to 2e-7"}), "good", "Agrees to 2e-7"),
        (Done(data={}), "good", "All files and outputs agree."),
        (Done(data={"ok": False, "text": "Differs by 3 %"}), "bad", "Differs by 3 %"),
        (Failed(problem=Problem(what="weights are damaged")), "bad", "weights are damaged."),
        (Cancelled(), "unknown", "The check was cancelled."),
    ],
)
def test_a_check_ends_with_a_verdict(models, studio, event, verdict, words):
    models.verify("shapes")
    job = studio.queue.last.job
    assert studio.queue.last.body == {"model": "shapes"}
    assert models.check("shapes").verdict == "checking"
    models.on_event(Progress(job=job, done=1, total=2, text="file 1 of 2"))
    assert models.check("shapes").text == "file 1 of 2"
    models.on_event(event.model_copy(update={"job": job}))
    assert (models.check("shapes").verdict, models.check("shapes").text) == (verdict, words)


def test_an_import_runs_in_the_files_worker_and_shows_the_model(models, studio, heard):
    said, chosen = heard(models.said), heard(models.chosen)
    models.import_paths([Path("/x/boots.zip")])
    job = studio.queue.last
    assert (job.role, job.work, job.body) == ("files", "import_model", {"path": "/x/boots.zip"})
    models.on_event(Done(job=job.job, data={"model": "shapes"}))
    assert chosen == ["shapes"]
    assert said[0][0] == "boots.zip was imported"


def test_a_refused_import_says_why(models, studio, heard):
    problems = heard(models.problem)
    models.import_paths([Path("/x/boots.zip")])
    problem = Problem(what="boots.zip is no model package")
    models.on_event(Failed(job=studio.queue.last.job, problem=problem))
    assert problems == [problem]


def test_an_export_says_where_it_is(models, studio, heard):
    said = heard(models.said)
    models.export("shapes", Path("/x/shapes.zip"))
    assert studio.queue.last.body == {"model": "shapes", "target": "/x/shapes.zip"}
    models.on_event(Done(job=studio.queue.last.job))
    assert said[0][0] == "Written: /x/shapes.zip"


def test_removing_can_be_undone(models, studio, heard):
    said = heard(models.said)
    models.choose("redoer")
    models.remove("redoer")
    assert models.current == "critic"
    text, action, undo = said[0]
    assert (text, action) == ("Redoer was removed", "Undo")
    undo()
    assert models.current == "redoer"
    assert len(models.models) == 3


def test_bundled_models_stay(models, heard):
    problems = heard(models.problem)
    models.remove("shapes")
    assert problems[0].what == "Bundled models stay"
    assert len(models.models) == 3


def test_a_refused_job_is_a_sentence(models, studio, heard):
    problems = heard(models.problem)
    studio.queue.refuse = GenStudioError("No")
    models.verify("shapes")
    assert models.check("shapes").verdict == "unknown"
    assert len(problems) == 1


def test_cards_are_read_with_a_limit(models, studio, tmp_path):
    model = models.models[0]
    assert models.card_text(model) == ""
    model.folder = tmp_path
    (tmp_path / "card.md").write_bytes("# Schön\n".encode() + b"\xff")
    assert models.card_text(model) == "# Schön\n\ufffd"


def test_events_of_others_are_ignored(models, heard):
    said = heard(models.said)
    models.on_event(Done(job="other"))
    assert said == []
