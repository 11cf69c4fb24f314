"""Asking a model to go on, its drafts as they grow, what is kept of them."""

from __future__ import annotations

import pytest

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Failed
from genstudio.core.recipe import Recipe
from genstudio.ui.state.beginnings import PLAIN, beginnings
from genstudio.ui.state.writing_presets import MANNERS, OWN, manner_of, values_of
from genstudio.ui.state.writing_state import LEAST_LETTERS, WritingState
from genstudio.ui.state.written import Draft, token_of, unpacked
from tests.helpers.writing import add_writers, done, finished, words


@pytest.fixture
def writing(studio):
    add_writers(studio)
    made = WritingState(studio)
    made.documents.bind(lambda: ("", []))
    yield made
    made.close()


def ask(writing, text: str = "Once", **values) -> str:
    """The job of a question at the end of `text`."""
    writing.ask.set_values(values)
    assert writing.write(text, (len(text), len(text)), text, "")
    return writing.job


# ---- asking


def test_only_models_of_text_and_tasks_that_write(writing):
    assert {m.id for m in writing.ask.models} == {"stories", "letters"}
    writing.ask.set_model("stories")
    assert [task.name for task in writing.tasks] == ["sample", "fill"]
    assert writing.continuing().name == "sample"
    assert writing.filling().name == "fill"
    writing.ask.set_model("letters")
    assert writing.filling() is None
    assert not writing.fills


def test_a_chosen_task_that_only_looks_is_not_kept(writing):
    writing.ask.set_model("stories")
    writing.ask.set_task("score")
    assert writing.task.name == "sample"
    writing.ask.set_model("letters")
    assert writing.ask.task_name == "sample"


def test_the_text_before_the_cursor_is_the_prompt(writing, studio, heard):
    begun, running = heard(writing.begun), heard(writing.running_changed)
    job = ask(writing, "Once upon", count=2, temperature=0.3)
    request = studio.queue.last.request
    assert (job, request.values["prompt"], request.values["count"]) == ("j0", "Once upon", 2)
    assert request.values["temperature"] == 0.3
    assert writing.running
    assert [draft.state for draft in writing.drafts] == ["waiting", "waiting"]
    assert (len(begun), len(running)) == (1, 1)


def test_a_gap_is_given_what_stands_around_it(writing, studio):
    writing.ask.set_model("stories")
    assert writing.write("One  end", (4, 4), "One ", " end", "fill")
    values = studio.queue.last.request.values
    assert (values["before"], values["after"]) == ("One ", " end")
    writing.ask.set_task("fill")
    assert writing.fills
    assert writing.write("One  end", (4, 4), "One ", " end")
    assert studio.queue.last.request.task == "fill"


def test_a_model_is_given_what_it_can_see_and_no_more(writing, studio):
    long = "abcdefghij" * 10_000
    writing.ask.set_model("stories")
    assert writing.reach == LEAST_LETTERS
    writing.write(long, (5, 5), long, long, "fill")
    values = studio.queue.last.request.values
    assert values["before"] == long[-LEAST_LETTERS:]
    assert values["after"] == long[:LEAST_LETTERS]
    writing.ask.set_model("letters")
    assert LEAST_LETTERS < writing.reach < 50_000


def test_a_refused_question_changes_nothing(writing, studio, heard):
    problems = heard(writing.problem)
    studio.queue.refuse = GenStudioError("GenStudio is closing")
    assert not writing.write("a", (1, 1), "a", "")
    assert problems[0].what == "GenStudio is closing"
    assert not writing.running
    studio.queue.refuse = None
    studio.library.models = []
    writing.ask.reload_models()
    assert writing.task is None
    assert not writing.write("a", (1, 1), "a", "")
    assert "No model" in problems[1].what


def test_each_press_draws_a_seed_unless_it_is_locked(writing, studio):
    ask(writing)
    first = studio.queue.last.request.seed
    writing.ask.set_seed(7, locked=True)
    writing.stop()
    ask(writing)
    assert studio.queue.last.request.seed == 7 != first


# ---- streaming


def test_drafts_grow_by_what_is_said(writing, heard):
    grew, changed = heard(writing.grew), heard(writing.draft_changed)
    job = ask(writing, count=2)
    writing.on_event(words(job, " upon a", 0))
    writing.on_event(words(job, " more", 1))
    writing.on_event(words(job, " time", 0))
    writing.on_event(words("other", " time", 0))
    writing.on_event(words(job, " time", 9))
    assert [draft.text for draft in writing.drafts] == [" upon a time", " more"]
    assert grew == [(0, " upon a"), (1, " more"), (0, " time")]
    assert changed == [0, 1]
    assert [token.t for token in writing.drafts[0].tokens] == [" upon", " a", " time"]
    assert writing.drafts[0].tokens[0].top == ((" upon", 0.5), (" the", 0.25))


def test_what_was_said_can_become_void(writing, heard):
    void = heard(writing.void)
    job = ask(writing)
    writing.on_event(words(job, " wrong"))
    writing.on_event(words(job, "", again=True))
    writing.on_event(words(job, " right"))
    assert void == [0]
    assert writing.drafts[0].text == " right"


def test_the_end_is_told_with_reason_speed_and_place_in_the_gallery(writing, heard):
    ended = heard(writing.ended)
    job = ask(writing)
    writing.on_event(words(job, " upon"))
    writing.on_event(finished(job))
    writing.on_event(done(job))
    draft = writing.drafts[0]
    assert (draft.state, draft.ended, draft.rate, draft.artifact) == ("done", "length", 50.0, "a0")
    assert len(ended) == 1
    assert not writing.running


def test_a_failure_is_told_and_what_was_written_stays(writing, heard):
    problems = heard(writing.problem)
    job = ask(writing)
    writing.on_event(words(job, " upon"))
    writing.on_event(Failed(job=job, problem=Problem(what="No memory")))
    assert problems[0].what == "No memory"
    assert (writing.drafts[0].state, writing.drafts[0].text) == ("failed", " upon")


def test_stopping_stops_at_once(writing, studio, heard):
    job = ask(writing)
    writing.on_event(words(job, " upon"))
    assert writing.stop()
    assert studio.queue.cancelled == [job]
    grew = heard(writing.grew)
    writing.on_event(words(job, " late"))
    writing.on_event(finished(job, unfinished="stopped"))
    writing.on_event(Cancelled(job=job))
    draft = writing.drafts[0]
    assert (draft.text, draft.state, draft.artifact, grew) == (" upon", "stopped", "a0", [])
    assert not writing.stop()


def test_one_walks_round_the_drafts(writing, heard):
    chosen = heard(writing.chosen_changed)
    ask(writing, count=3)
    for by in (1, 1, 1, -1):
        writing.step(by)
    writing.choose(2)
    writing.choose(5)
    assert chosen == [1, 2, 0, 2]
    assert writing.draft is writing.drafts[2]


def test_a_kept_draft_becomes_a_passage_of_the_document(writing, heard):
    kept, cleared = heard(writing.kept), heard(writing.cleared)
    writing.ask.set_seed(7, locked=True)
    job = ask(writing, count=2, stop="x" * 300)
    writing.on_event(words(job, " upon", 0))
    writing.on_event(words(job, " more", 1))
    writing.on_event(finished(job, 1))
    writing.step(1)
    passage = writing.keep("Once more")
    assert (passage.number, passage.text, passage.index, passage.seed) == (1, " more", 1, 7)
    assert (passage.model, passage.task, passage.artifact) == (writing.ask.model_id, "sample", "a1")
    assert "prompt" not in passage.values
    assert "stop" not in passage.values
    assert passage.values["count"] == 2
    assert writing.documents.passages[1] is passage
    assert kept == [(passage, "Once", "Once more")]
    assert len(cleared) == 1
    assert writing.drafts == []
    assert not writing.running
    assert writing.keep("x") is None


def test_dropped_drafts_are_forgotten(writing, studio):
    job = ask(writing)
    writing.drop()
    assert writing.drafts == []
    assert studio.queue.cancelled == [job]


# ---- drafts


def test_the_speed_of_a_draft():
    draft = Draft(0)
    draft.take_words(words("j", "one", 0), now=10.0)
    assert draft.rate == 0.0
    draft.take_words(words("j", " two three", 0), now=10.5)
    draft.take_words(words("j", " four five", 0), now=11.0)
    assert draft.rate == pytest.approx(4.0)


def test_a_passage_whose_tokens_do_not_make_its_text(writing):
    job = ask(writing)
    draft = Draft(0, text="other words")
    draft.tokens = [token_of({"t": "word", "p": 0.5})]
    passage = draft.passage(1, writing.request, "Stories")
    assert [token.t for token in passage.tokens] == ["other words"]
    assert job


@pytest.mark.parametrize(
    ("entry", "text", "chance"),
    [
        ({"t": "a", "p": 0.123456, "top": [["b", 0.9], "odd", ["c"]]}, "a", 0.1235),
        ({"t": 3, "p": None, "top": None}, "3", 0.0),
        ("nonsense", "", 1.0),
    ],
)
def test_tokens_as_the_worker_tells_them(entry, text, chance):
    token = token_of(entry)
    assert (token.t, token.p) == (text, chance)


# ---- manners


def test_manners_are_settings_under_one_word(writing):
    writing.ask.set_model("stories")
    assert writing.manner == "balanced"
    writing.set_manner("careful")
    assert writing.ask.values["temperature"] == 0.5
    assert writing.manner == "careful"
    writing.ask.set_value("temperature", 0.55)
    assert writing.manner == OWN
    writing.set_manner("wild")
    assert writing.manner == "wild"
    assert writing.ask.values["length"] == 120
    writing.set_manner("balanced")
    assert writing.ask.values["temperature"] == 0.8


def test_manners_keep_to_the_ranges_of_a_model(writing):
    from genstudio.core.controls import Float

    narrow = (Float(name="temperature", label="T", default=0.9, low=0.8, high=1.0),)
    assert values_of("wild", narrow) == {"temperature": 1.0}
    assert values_of("careful", narrow) == {"temperature": 0.8}
    assert values_of("none", narrow) == {}
    assert manner_of({"temperature": 0.85}, narrow) == OWN
    assert [m.name for m in MANNERS] == ["careful", "balanced", "wild"]


# ---- beginnings


def test_beginnings_come_from_the_recipe(writing, tmp_path):
    model = writing.ask.model
    assert beginnings(model) == PLAIN
    assert beginnings(None) == ()
    options = {"prompts": "def f():\\n    \n\nIt was\nThree\nFour"}
    recipe = Recipe(family="lstm", model="m", data="d", options=options)
    (tmp_path / "recipe.json").write_bytes(recipe.to_bytes())
    model.folder = tmp_path
    assert beginnings(model) == ("def f():", "It was", "Three")


# ---- session


def test_drafts_that_wait_for_a_decision_come_back(writing, studio):
    job = ask(writing, "Once", count=2)
    writing.on_event(words(job, " upon", 0))
    writing.on_event(words(job, " more", 1))
    writing.on_event(done(job))
    writing.step(1)
    saved = writing.snapshot()
    studio.queue.remove(job)
    again = WritingState(studio)
    again.documents.bind(lambda: ("", []))
    again.restore(saved)
    assert [draft.text for draft in again.drafts] == [" upon", " more"]
    assert (again.chosen, again.place, again.running) == (1, (4, 4), False)
    assert again.keep("Once more").text == " more"
    again.close()


def test_a_job_that_is_done_again_writes_its_drafts_anew(writing, studio):
    job = ask(writing)
    writing.on_event(words(job, " upon"))
    again = WritingState(studio)
    again.restore(writing.snapshot())
    assert again.running
    assert again.drafts[0].text == ""
    again.on_event(words(job, " upon a time"))
    assert again.drafts[0].text == " upon a time"
    again.close()


@pytest.mark.parametrize("drafts", [{}, {"request": 3}, {"request": {}, "place": [1]}, "odd"])
def test_drafts_of_another_version_are_left_out(writing, studio, drafts):
    again = WritingState(studio)
    again.restore({"drafts": drafts, "ask": 7, "document": "x"})
    assert again.drafts == []
    assert not again.running
    again.close()


def test_drafts_that_are_no_drafts_are_left_out(writing, studio):
    ask(writing)
    saved = writing.snapshot()
    saved["drafts"]["texts"] = ["odd", 3]
    again = WritingState(studio)
    again.restore(saved)
    assert (again.drafts, again.running) == ([], False)
    again.close()


def test_a_draft_packed_and_unpacked():
    draft = Draft(2, text=" a b")
    draft.tokens = [token_of({"t": " a", "p": 0.5, "top": [["x", 0.1]]})]
    draft.state = "writing"
    again = unpacked(draft.packed())
    assert (again.index, again.text, again.state) == (2, " a b", "stopped")
    assert again.tokens == draft.tokens
