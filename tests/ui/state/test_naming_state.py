"""Titles and descriptions from a text model: asked as a job, taken by a click, undone by one."""

from __future__ import annotations

import pytest

from genstudio.core.errors import Problem
from genstudio.core.events import Cancelled, Failed
from genstudio.core.writing import AGAIN
from genstudio.media.notes import Piece, notes_of
from genstudio.studio.piece_words import beginning
from genstudio.ui.state.naming_state import NOTHING, NamingState
from genstudio.ui.state.piece_state import PieceState
from tests.helpers.composers import add_composers
from tests.helpers.pieces import chorale
from tests.helpers.writing import add_writers, done, words

PIECE = chorale(bars=2, voices=2)


@pytest.fixture
def pieces(studio):
    made = PieceState(studio)
    made.new(PIECE, "Before")
    made.bind(lambda: PIECE)
    yield made
    made.close()


@pytest.fixture
def naming(studio, pieces):
    add_composers(studio)
    add_writers(studio)
    return NamingState(studio, pieces)


def answer(naming, *texts: str) -> None:
    """The model's whole answer."""
    assert naming.suggest(PIECE)
    job = naming.job
    for index, text in enumerate(texts):
        for part in text.split(" "):
            naming.on_event(words(job, f" {part}", index))
    naming.on_event(done(job))


def test_models_that_write_can_be_asked_and_the_usual_one_first(naming):
    assert {model.id for model in naming.models} == {"stories", "letters"}
    assert naming.model.id == "stories"
    naming.set_model("letters")
    assert naming.model.id == "letters"
    naming.set_model("gone")
    assert naming.model.id == "stories"


def test_it_is_a_normal_job_about_the_piece(naming, studio, heard):
    changes = heard(naming.changed)
    assert naming.suggest(PIECE)
    asked = studio.queue.last.request
    assert (asked.model, asked.count) == ("stories", 3)
    assert asked.values["prompt"] == beginning(PIECE)
    assert naming.running
    assert len(changes) == 1


def test_suggestions_come_at_the_end_and_change_nothing(naming, pieces):
    assert naming.suggest(PIECE)
    naming.on_event(words(naming.job, " old king"))
    assert naming.suggestions == [], "half a word is no title"
    naming.on_event(done(naming.job))
    assert [one.title for one in naming.suggestions] == ["The old king"]
    assert not naming.running
    assert (pieces.current.title, pieces.current.description) == ("Before", "")


def test_what_came_twice_is_offered_once(naming, pieces):
    answer(naming, "old king", "old king", "sea")
    assert [one.title for one in naming.suggestions] == ["The old king", "The sea"]
    naming.take(1)
    assert (pieces.current.title, pieces.current.words_by.index) == ("The sea", 2)


def test_taking_one_names_the_piece_and_can_be_undone(naming, pieces, studio, heard):
    said = heard(naming.said)
    answer(naming, "old king. And", "old king who slept", "sea and the wind")
    assert [one.title for one in naming.suggestions] == ["The old king", "The sea and the wind"]
    naming.take(1)
    kept = studio.pieces.get(pieces.current.id)
    assert (kept.title, kept.named) == ("The sea and the wind", True)
    assert kept.description.endswith("It tells of the sea and the wind.")
    by = kept.words_by
    assert (by.model, by.seed, by.index) == ("stories", studio.queue.last.request.seed, 2)
    text, action, undo = said[0]
    assert "The sea and the wind" in text
    assert action == "Undo"
    undo()
    assert (pieces.current.title, pieces.current.description) == ("Before", "")
    assert pieces.current.words_by is None


def test_undo_leaves_another_piece_alone(naming, pieces, heard):
    said = heard(naming.said)
    answer(naming, "sea")
    naming.take(0)
    pieces.new(PIECE, "Another")
    said[0][2]()
    assert pieces.current.title == "Another"


def test_words_that_are_void_do_not_count(naming):
    naming.suggest(PIECE)
    naming.on_event(words(naming.job, " wrong"))
    naming.on_event(words(naming.job, " sea", **{AGAIN: True}))
    naming.on_event(words("other job", " mountain"))
    naming.on_event(done(naming.job))
    assert [one.title for one in naming.suggestions] == ["The sea"]


def test_nothing_that_could_be_a_title_is_said(naming):
    answer(naming, "", "that he", "123")
    assert naming.suggestions == []
    assert naming.hint == NOTHING
    answer(naming, "sea")
    assert naming.hint == ""


def test_a_failure_is_told_and_a_stop_is_quiet(naming, studio, heard):
    problems = heard(naming.problem)
    naming.suggest(PIECE)
    naming.on_event(Failed(job=naming.job, problem=Problem(what="It broke", kind="error")))
    assert [problem.what for problem in problems] == ["It broke"]
    assert not naming.running
    naming.suggest(PIECE)
    job = naming.job
    assert naming.stop()
    assert job in studio.queue.cancelled
    naming.on_event(Cancelled(job=job))
    assert (naming.running, naming.hint, naming.stop()) == (False, "", False)


def test_without_notes_or_models_nothing_is_asked(studio, pieces, naming, heard):
    problems = heard(naming.problem)
    assert not naming.suggest(Piece(notes_of([])))
    studio.library.models.clear()
    assert not naming.suggest(PIECE)
    assert "no notes" in problems[0].sentence
    assert "No model writes" in problems[1].sentence
    assert studio.queue.submitted == []


def test_another_piece_forgets_what_was_suggested(naming, pieces):
    answer(naming, "sea")
    pieces.new(PIECE, "Another")
    assert naming.suggestions == []


def test_a_description_by_hand_keeps_the_title(naming, pieces, studio):
    naming.describe("  For my mother. ")
    kept = studio.pieces.get(pieces.current.id)
    assert (kept.title, kept.description) == ("Before", "For my mother.")
    changed = kept.changed
    naming.describe("For my mother.")
    assert studio.pieces.get(kept.id).changed == changed
