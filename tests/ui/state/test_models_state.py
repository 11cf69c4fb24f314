"""The library: verify, import, export, remove with undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.ui.state.models_state import ModelsState, Origin
from tests.helpers.fake_data import keep


@pytest.fixture
def models(studio) -> ModelsState:
    studio.library.models[1].bundled = False
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


# ---- another title


def test_a_model_is_renamed_by_the_files_worker_and_back(models, studio, heard):
    said = heard(models.said)
    models.rename("redoer", "  Old   shapes ")
    job = studio.queue.last
    assert (job.role, job.work) == ("files", "rename_model")
    assert job.body == {"model": "redoer", "title": "Old shapes"}
    models.find("redoer").title = "Old shapes"
    models.on_event(Done(job=job.job, data={"model": "redoer", "title": "Old shapes"}))
    text, action, undo = said[0]
    assert (text, action) == ("Renamed to Old shapes", "Undo")
    undo()
    assert studio.queue.last.body == {"model": "redoer", "title": "Redoer"}


@pytest.mark.parametrize(("name", "title"), [("redoer", "Redoer"), ("redoer", " "), ("x", "New")])
def test_a_title_that_changes_nothing_is_no_work(models, studio, name, title):
    models.rename(name, title)
    assert studio.queue.submitted == []


# ---- where models came from


def keep_run(studio, name: str, model: str, data: str = "toys", **more) -> None:
    recipe = Recipe(family="shapes", model=model, data=data)
    run = Run(id=name, recipe=recipe, state="done", **more)
    files.write_bytes(studio.home.runs / name / "run.json", run.to_bytes())


def test_the_newest_run_of_a_model_and_its_data_are_found(models, studio):
    keep(studio.home, "toys")
    keep_run(studio, "0001-redoer", "redoer", data="gone")
    keep_run(studio, "0002-redoer", "redoer")
    keep_run(studio, "0003-other", "other")
    origin = models.origin(models.find("redoer"))
    assert origin == Origin(run="0002-redoer", data="toys", data_title="Toys")


def test_a_model_of_the_program_has_no_run_but_may_have_a_parent(models, studio):
    keep_run(studio, "0001-shapes", "shapes")
    model = models.find("shapes")
    assert models.origin(model) == Origin()
    model.parent = "redoer"
    assert models.origin(model) == Origin(parent="redoer", parent_title="Redoer")
    model.parent = "shapes"
    assert models.origin(model).parent == ""
    model.parent = "long gone"
    assert models.origin(model).parent == ""
