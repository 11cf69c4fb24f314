"""How likely notes are: the question, the newest answer, and what is no answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.errors import Problem, UsageError
from genstudio.core.events import Cancelled, Failed, Progress, Result
from genstudio.media import midi
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.note_scores import NoteScores
from tests.helpers.composers import add_composers, done
from tests.helpers.pieces import chorale

PIECE = chorale(bars=1, voices=2)


@pytest.fixture
def ask(studio) -> AskState:
    add_composers(studio)
    made = AskState(studio, modalities=("music",))
    made.set_model("voices")
    return made


@pytest.fixture
def scores(studio, ask) -> NoteScores:
    return NoteScores(studio, ask)


def answer(job: str, p: float = 0.25) -> Result:
    told = [[*row, p, [[60, p], [62, 0.5]]] for row in PIECE.notes.tolist()]
    return Result(job=job, path="", output="report", data={"notes": told})


def test_the_whole_piece_is_sent_and_the_form_is_left_alone(scores, studio, ask):
    ask.set_values({"temperature": 0.3})
    assert scores.able
    assert scores.ask(PIECE)
    assert scores.busy
    asked = studio.queue.last
    assert (asked.request.model, asked.request.task) == ("voices", "score")
    assert asked.title == "Voices: How likely"
    with open(asked.request.inputs["piece"], "rb") as file:
        assert midi.read(file.read()).notes["pitch"].tolist() == PIECE.notes["pitch"].tolist()
    assert ask.values["temperature"] == 0.3
    assert ask.task_name != "score"


def test_the_answer_names_each_note_by_its_place(scores, studio, heard):
    told = heard(scores.scored)
    scores.ask(PIECE)
    scores.on_event(answer(studio.queue.last.job))
    (chances,) = told
    assert set(chances) == {(row[0], row[2], row[4]) for row in PIECE.notes.tolist()}
    assert {one.p for one in chances.values()} == {0.25}
    assert chances[next(iter(chances))].top == ((60, 0.25), (62, 0.5))
    scores.on_event(done(studio.queue.last.job))
    assert not scores.busy


def test_only_the_newest_question_is_answered(scores, studio, heard):
    told = heard(scores.scored)
    scores.ask(PIECE)
    first = studio.queue.last.job
    scores.ask(PIECE)
    scores.on_event(answer(first, 0.1))
    scores.on_event(done(first))
    assert told == []
    assert scores.busy, "the end of the older one is not the end of the newer"
    scores.on_event(answer(studio.queue.last.job, 0.9))
    assert [next(iter(chances.values())).p for chances in told] == [0.9]


def test_events_of_others_mean_nothing(scores, heard):
    told, problems = heard(scores.scored), heard(scores.problem)
    trouble = Problem(kind="fault", what="broken")
    for event in (answer(""), answer("j77"), Failed(job="", problem=trouble), done("j77")):
        scores.on_event(event)
    assert (told, problems, scores.busy) == ([], [], False)


def test_a_question_that_is_left_behind_is_not_answered(scores, studio, heard):
    told = heard(scores.scored)
    scores.ask(PIECE)
    scores.forget()
    assert not scores.busy
    scores.on_event(answer(studio.queue.last.job))
    assert told == []


@pytest.mark.parametrize("stopped", [True, False])
def test_an_end_without_an_answer_leaves_it_free(scores, studio, heard, stopped):
    problems = heard(scores.problem)
    scores.ask(PIECE)
    job = studio.queue.last.job
    scores.on_event(Progress(job=job, done=1, total=2))
    assert scores.busy
    trouble = Problem(kind="fault", what="The model is gone")
    scores.on_event(Cancelled(job=job) if stopped else Failed(job=job, problem=trouble))
    assert not scores.busy
    assert problems == ([] if stopped else [trouble])


def test_a_model_that_cannot_say_is_told_in_a_sentence(scores, ask, studio, heard):
    problems = heard(scores.problem)
    model = next(one for one in studio.library.models if one.id == "voices")
    model.tasks = tuple(task for task in model.tasks if task.name != "score")
    assert not scores.able
    assert not scores.ask(PIECE)
    (problem,) = problems
    assert "cannot say how likely" in problem.sentence
    assert studio.queue.count == 0


def test_without_a_model_nothing_can_be_asked(studio, heard):
    scores = NoteScores(studio, AskState(studio, modalities=("music",)))
    problems = heard(scores.problem)
    assert not scores.able
    assert not scores.ask(PIECE)
    assert len(problems) == 1


def test_a_refusal_of_the_queue_is_told(scores, studio, heard):
    problems = heard(scores.problem)
    studio.queue.refuse = UsageError("The queue is full")
    assert not scores.ask(PIECE)
    assert not scores.busy
    assert "The queue is full" in problems[0].sentence


def test_nonsense_in_an_answer_is_left_out(scores, studio, heard):
    told = heard(scores.scored)
    scores.ask(PIECE)
    data = SimpleNamespace(notes=[[0, 480, 60, 80, 0, 0.5], ["x"], [0, 480, 400, 80, 0, 1]])
    scores.on_event(Result(job=studio.queue.last.job, path="", output="report", data=vars(data)))
    assert list(told[0]) == [(0, 60, 0)]
