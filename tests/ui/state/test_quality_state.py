"""Quality: what can be measured against what, evaluations in the queue, comparisons, cards."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from genstudio.core import evaluations
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Log, Progress
from genstudio.core.manifest import Score
from genstudio.ui.state.models_state import ModelsState
from genstudio.ui.state.quality_state import MOST_COMPARED, QualityState
from tests.helpers.fake_data import keep


def score(metric: str = "frechet", value: float = 0.81, **settings) -> Score:
    return Score(metric=metric, value=value, samples=100, better="lower", settings=settings)


@pytest.fixture
def models(studio) -> ModelsState:
    made = ModelsState(studio)
    made.refresh()
    made.choose("shapes")
    return made


@pytest.fixture
def quality(studio, models) -> QualityState:
    return QualityState(studio, models)


def model_of(models: ModelsState, name: str, *scores: Score):
    found = models.find(name)
    found.scores = scores
    return found


# ---- reading


def test_scores_measured_here_stand_over_those_of_the_card(quality, models, studio):
    model = model_of(models, "shapes", score(value=1.0), score("recall", 0.5))
    kept = evaluations.Evaluation(
        model="shapes", sha256=model.manifest.sha256, scores=(score(value=2.0),)
    )
    evaluations.keep(studio.home, model.manifest, kept)
    found = {s.metric: s.value for s in quality.scores(model)}
    assert found == {"frechet": 2.0, "recall": 0.5}


def test_scores_are_read_again_only_when_they_changed(quality, studio, monkeypatch):
    manifest = SimpleNamespace(id="m", sha256="1" * 64, scores=(score(value=1.0),))
    model = SimpleNamespace(id="m", manifest=manifest)
    assert [s.value for s in quality.scores(model)] == [1.0]
    kept = evaluations.Evaluation(model="m", sha256="1" * 64, scores=(score(value=2.0),))
    evaluations.keep(studio.home, manifest, kept)
    assert [s.value for s in quality.scores(model)] == [2.0]
    monkeypatch.setattr(evaluations, "scores", lambda *_: pytest.fail("was read again"))
    assert [s.value for s in quality.scores(model)] == [2.0]


def test_what_can_be_measured_follows_what_a_model_does(quality, models):
    made = SimpleNamespace(modality="image", tasks=[SimpleNamespace(name="sample", prompt="")])
    names = {measure.name for measure in quality.measures(made)}
    assert {"frechet", "recall", "copies", "speed"} <= names
    assert not {"reconstruction", "accuracy"} & names
    assert not {"prompt_following", "matching"} & names
    made.tasks = [SimpleNamespace(name="sample", prompt="prompt"), *made.tasks[1:]]
    assert {"prompt_following", "matching"} <= {found.name for found in quality.measures(made)}
    made.tasks.append(SimpleNamespace(name="reconstruct", prompt=""))
    assert "reconstruction" in {measure.name for measure in quality.measures(made)}
    for task, measure in (("classify", "accuracy"), ("read", "reading"), ("match", "pairing")):
        judge = SimpleNamespace(modality="judge", tasks=[SimpleNamespace(name=task, prompt="")])
        assert {found.name for found in quality.measures(judge)} == {measure}


def test_datasets_of_the_models_kind_are_offered_the_likeliest_first(quality, models, studio):
    keep(studio.home, "apples")
    keep(studio.home, "boots", sha256="b" * 64)
    keep(studio.home, "cats")
    keep(studio.home, "poems", kind="text")
    model = model_of(models, "shapes")
    assert [d.name for d in quality.datasets(model)] == ["apples", "boots", "cats"]
    model_of(models, "shapes", score(data="cats"))
    assert quality.datasets(model)[0].name == "cats"


def test_the_data_a_model_was_trained_on_comes_first(quality, studio):
    keep(studio.home, "apples")
    keep(studio.home, "boots", sha256="b" * 64)
    keep(studio.home, "toys", title="Old toys")
    trained = SimpleNamespace(name="x", sha256="b" * 64)
    manifest = SimpleNamespace(trained_on=(trained,), scores=(), sha256="", id="m")
    model = SimpleNamespace(id="m", modality="image", manifest=manifest, tasks=())
    assert quality.datasets(model)[0].name == "boots"
    manifest.trained_on = (SimpleNamespace(name="Old toys", sha256=""),)
    assert quality.datasets(model)[0].name == "toys"


def test_the_sheet_of_pairs_lies_beside_the_evaluation(quality, models, studio):
    model = model_of(models, "shapes")
    assert quality.pairs(model) is None
    kept = evaluations.Evaluation(model="shapes", sha256=model.manifest.sha256)
    evaluations.keep(studio.home, model.manifest, kept, sheet=b"png")
    assert quality.pairs(model).read_bytes() == b"png"


# ---- evaluating


def test_an_evaluation_is_a_job_of_the_generate_worker(quality, studio, heard):
    changed = heard(quality.changed)
    job = quality.evaluate("shapes", "toys", 2000, ["recall"], seed=3)
    asked = studio.queue.last
    assert (asked.role, asked.work, asked.title) == ("generate", "evaluate", "Evaluate Shapes")
    assert asked.body == {
        "model": "shapes",
        "data": "toys",
        "metrics": ["recall"],
        "samples": 2000,
        "seed": 3,
    }
    assert changed == ["shapes"]
    assert quality.measuring("shapes").job == job
    assert quality.measuring("redoer") is None


def test_progress_is_followed_and_the_end_is_said(quality, studio, heard, models):
    said, changed = heard(quality.said), heard(quality.changed)
    moved = heard(quality.progressed)
    job = quality.evaluate("shapes", "toys", 100)
    quality.on_event(Progress(job=job, done=3, total=10, text="Recall"))
    assert moved == ["shapes"]
    work = quality.measuring("shapes")
    assert (work.done, work.total, work.text, work.waiting) == (3, 10, "Recall", False)
    scores = [score("recall", 0.7).model_dump(mode="json")]
    quality.on_event(Done(job=job, data={"scores": scores, "nearest": ""}))
    assert quality.measuring("shapes") is None
    assert said[-1][0] == "Shapes was evaluated"
    assert changed == ["shapes"] * 2
    assert quality.scores(models.find("shapes"))[0].value == 0.7


def test_new_weights_under_the_same_name_have_no_scores_yet(quality):
    job = quality.evaluate("shapes", "toys", 100)
    found = [score("recall", 0.7).model_dump(mode="json")]
    quality.on_event(Done(job=job, data={"scores": found}))
    manifest = SimpleNamespace(id="shapes", sha256="7" * 64, scores=())
    assert quality.scores(SimpleNamespace(id="shapes", manifest=manifest)) == ()


def test_scores_on_other_pictures_are_not_mixed(quality, models):
    for pictures, metric in (("a" * 64, "recall"), ("b" * 64, "frechet")):
        job = quality.evaluate("shapes", "toys", 100)
        found = [score(metric, data_sha256=pictures).model_dump(mode="json")]
        quality.on_event(Done(job=job, data={"scores": found}))
    assert [s.metric for s in quality.scores(models.find("shapes"))] == ["frechet"]


def test_what_was_written_is_not_remembered_twice(quality, models, studio):
    model, found = models.find("shapes"), score("recall", 0.7)
    job = quality.evaluate("shapes", "toys", 100)
    kept = evaluations.Evaluation(model="shapes", sha256="5" * 64, scores=(found,))
    evaluations.keep(studio.home, model.manifest, kept)
    quality.on_event(Done(job=job, data={"scores": [found.model_dump(mode="json")]}))
    # Somebody else measures it later: the file counts, not what this window once heard.
    later = kept.model_copy(update={"scores": (score("recall", 0.9),)})
    evaluations.keep(studio.home, model.manifest, later)
    assert [s.value for s in quality.scores(model)] == [0.9]


def test_nonsense_in_an_end_gives_no_scores(quality, models):
    job = quality.evaluate("shapes", "toys", 100)
    quality.on_event(Done(job=job, data={"scores": [{"metric": 3}]}))
    assert quality.scores(models.find("shapes")) == ()


@pytest.mark.parametrize("end", [Cancelled(), Failed(problem=Problem(what="No judge"))])
def test_an_evaluation_that_did_not_end_well(quality, heard, end):
    said, problems = heard(quality.said), heard(quality.problem)
    job = quality.evaluate("shapes", "toys", 100)
    quality.on_event(end.model_copy(update={"job": job}))
    assert quality.measuring("shapes") is None
    assert said == []
    assert [p.what for p in problems] == (["No judge"] if isinstance(end, Failed) else [])


def test_warnings_on_the_way_are_said(quality, heard):
    said = heard(quality.said)
    job = quality.evaluate("shapes", "toys", 100)
    quality.on_event(Log(job=job, text="fine"))
    quality.on_event(Log(job=job, level="warning", text="Few pictures"))
    quality.on_event(Log(job="other", level="warning", text="not ours"))
    assert [words[0] for words in said] == ["Few pictures"]


def test_cancel_goes_to_the_queue(quality, studio):
    quality.cancel("shapes")
    job = quality.evaluate("shapes", "toys", 100)
    quality.cancel("shapes")
    assert studio.queue.cancelled == [job]


def test_a_refused_job_is_a_sentence(quality, studio, heard):
    problems = heard(quality.problem)
    studio.queue.refuse = GenStudioError("The disk is full")
    assert quality.evaluate("shapes", "toys", 100) == ""
    assert quality.export_card("shapes", Path("/x/card.html")) == ""
    assert [p.what for p in problems] == ["The disk is full"] * 2
    assert quality.measuring("shapes") is None


def test_evaluations_that_others_asked_for_are_found_in_the_queue(quality, studio, heard):
    changed = heard(quality.changed)
    body = {"model": "redoer", "data": "toys"}
    job = studio.queue.submit_work("generate", "evaluate", body, "Evaluate Redoer")
    studio.queue.submit_work("generate", "verify", {"model": "shapes"}, "Check")
    studio.queue.last.state = "done"
    quality.refresh()
    assert quality.measuring("redoer").job == job
    assert quality.measuring("redoer").data == "toys"
    assert not quality.measuring("redoer").waiting
    quality.refresh()
    assert changed == ["redoer"], "told once as new"
    studio.queue.submitted.clear()
    quality.refresh()
    assert quality.measuring("redoer") is None


def test_one_that_waits_is_shown_as_waiting(quality, studio, heard):
    job = quality.evaluate("shapes", "toys", 100)
    studio.queue.last.state = "waiting"
    quality.refresh()
    assert quality.measuring("shapes").waiting
    studio.queue.last.state = "running"
    moved = heard(quality.progressed)
    quality.refresh()
    assert not quality.measuring("shapes").waiting
    assert moved == ["shapes"]
    # Its end is told by an event, not by the look at the queue that may come before it.
    studio.queue.last.state = "done"
    quality.refresh()
    assert quality.measuring("shapes").job == job


# ---- comparing


def test_models_that_do_the_same_and_have_numbers_are_compared(quality, models):
    model_of(models, "shapes", score(value=1.0))
    assert [m.id for m in quality.comparable()] == ["shapes"]
    model_of(models, "redoer", score(value=2.0))
    model_of(models, "critic", score(value=3.0))
    assert [m.id for m in quality.compared()] == ["shapes", "redoer"], "the chosen one first"
    table = quality.table()
    assert table.titles == ("Shapes", "Redoer")
    assert [row[0].value for row in table.cells] == ["1", "2"]
    models.choose("critic")
    assert [m.id for m in quality.compared()] == ["critic"]


def test_models_are_picked_and_the_last_one_stays(quality, models, heard):
    told = heard(quality.compared_changed)
    model_of(models, "shapes", score())
    model_of(models, "redoer", score())
    quality.pick("shapes", False)
    assert [m.id for m in quality.compared()] == ["redoer"]
    quality.pick("redoer", False)
    assert [m.id for m in quality.compared()] == ["redoer"]
    quality.pick("shapes", True)
    assert [m.id for m in quality.compared()] == ["redoer", "shapes"]
    assert len(told) == 3


def test_no_more_than_a_few_are_compared(quality, models, studio):
    shape = model_of(models, "shapes", score())
    for number in range(8):
        more = type(shape)(f"m{number}", f"M {number}", shape.tasks, scores=(score(),))
        studio.library.models.append(more)
    models.refresh()
    assert len(quality.compared()) == MOST_COMPARED
    outside = {m.id for m in quality.comparable()} - {m.id for m in quality.compared()}
    quality.pick(outside.pop(), True)
    assert len(quality.compared()) == MOST_COMPARED


def test_without_a_model_nothing_is_compared(quality, models):
    models.current = ""
    assert quality.comparable() == []
    assert quality.compared() == []


# ---- cards


def test_a_card_is_written_by_the_files_worker(quality, studio, heard):
    said = heard(quality.said)
    job = quality.export_card("shapes", Path("/x/card.html"), pairs=True)
    asked = studio.queue.last
    assert (asked.role, asked.work) == ("files", "export_card")
    assert asked.body == {
        "model": "shapes",
        "target": "/x/card.html",
        "replace": True,
        "pairs": True,
    }
    quality.on_event(Progress(job=job, done=1, total=2))
    quality.on_event(Done(job=job, data={"path": "/x/card-1.html"}))
    assert said[-1][0] == "Written: /x/card-1.html"


def test_a_card_that_could_not_be_written(quality, heard):
    said, problems = heard(quality.said), heard(quality.problem)
    job = quality.export_card("shapes", Path("/x/card.md"))
    quality.on_event(Failed(job=job, problem=Problem(what="No such folder")))
    assert said == []
    assert problems[0].what == "No such folder"


def test_events_of_others_are_ignored(quality, heard):
    said, changed = heard(quality.said), heard(quality.changed)
    quality.on_event(Done(job="other"))
    quality.on_event(Progress(job="other", done=1))
    assert said == changed == []
