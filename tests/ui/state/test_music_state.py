"""Asking a model of music: requests, drafts that grow, keeping one, coming back."""

from __future__ import annotations

import pytest

from genstudio.core import composing
from genstudio.core.errors import DiskFull, Problem
from genstudio.core.events import Cancelled, Failed, Result
from genstudio.core.request import Request
from genstudio.media.notes import Piece, notes_of
from genstudio.studio.pieces import of_piece
from genstudio.ui.state.music_asking import Question, region_of
from genstudio.ui.state.music_state import MusicState
from tests.helpers.composers import add_composers, done, finished, frame, notes
from tests.helpers.fake_studio import FakeModel
from tests.helpers.pieces import chorale, same

PIECE = chorale(bars=2, voices=2)
BAR = (0, 1920)


def question(piece: Piece = PIECE, locks=()) -> Question:
    tracks = range(len(piece.tracks))
    return Question(piece, region_of(piece, *BAR, tracks), frozenset(locks))


@pytest.fixture
def music(studio):
    add_composers(studio)
    made = MusicState(studio)
    made.ask.set_model("voices")
    yield made
    made.close()


@pytest.fixture
def filling(music):
    """A job that fills the first bar, two drafts."""
    music.ask.set_task("fill")
    music.ask.set_values({"count": 2})
    assert music.compose(question())
    return music.job


def settle(music, qapp) -> None:
    """Let files be read."""
    music._results.wait()
    music.opening.wait()
    qapp.processEvents()


# ---- asking


def test_only_tasks_that_make_music_are_offered(music):
    names = [task.name for task in music.tasks]
    assert "fill" in names
    assert "score" not in names
    music.ask.set_task("score")
    assert music.task.name == "sample"


def test_another_model_settles_on_a_task_it_has(music):
    music.ask.set_task("fill")
    music.ask.set_model("tunes")
    assert music.task.name == "sample"


def test_a_question_becomes_a_job_with_drafts(music, studio, filling, heard):
    request = studio.queue.last.request
    assert (request.task, request.values["from_bar"], request.values["to_bar"]) == ("fill", 1, 1)
    assert [draft.index for draft in music.drafts] == [0, 1]
    assert music.running
    assert music.title == "Voices"
    assert same(music.drafts[0].base, PIECE), "all is in sight until something is made anew"


def test_what_cannot_be_asked_is_told(music, studio, heard):
    problems = heard(music.problem)
    music.ask.set_task("continue")
    assert not music.compose(question(Piece(notes_of(()))))
    studio.queue.refuse = DiskFull("The disk is full")
    assert not music.compose(question())
    assert ["needs a piece" in p.what or p.what for p in problems] == [True, "The disk is full"]
    assert music.drafts == []


def test_without_a_model_nothing_is_asked(studio, heard):
    music = MusicState(studio)
    problems = heard(music.problem)
    assert not music.compose(question())
    assert "No model" in problems[0].what
    assert not music.scores.ask(PIECE)
    music.close()


# ---- drafts


def test_the_place_is_emptied_and_notes_grow_in_it(music, filling, heard):
    grew = heard(music.grew)
    music.on_event(frame(filling, PIECE, BAR, (0, 1), index=1))
    assert (music.drafts[1].base.notes["start"] >= 1920).all()
    music.on_event(notes(filling, (0, 480, 67, 0), (480, 480, 69, 0), index=1))
    assert music.drafts[1].new_notes()["pitch"].tolist() == [67, 69]
    assert music.drafts[0].empty
    assert set(grew) == {1}


def test_locked_notes_are_not_emptied(music, studio):
    row = PIECE.notes[0].item()
    lock = (row[0], row[2], row[4])
    music.ask.set_task("fill")
    music.compose(question(locks=[lock]))
    music.on_event(frame(music.job, PIECE, BAR, (0, 1)))
    kept = [tuple(n) for n in music.drafts[0].base.notes.tolist() if n[0] < 1920]
    assert kept == [row]


def test_a_new_piece_has_tracks_of_its_own(music):
    music.ask.set_task("sample")
    music.compose(question())
    assert music.whole
    assert len(music.drafts[0].base.notes) == 0
    music.on_event(frame(music.job, chorale(voices=3)))
    assert len(music.drafts[0].base.tracks) == 3


def test_results_are_read_from_the_gallery(music, studio, filling, qapp):
    music.on_event(frame(filling, PIECE, BAR, (0, 1)))
    music.on_event(finished(studio, filling, music.request, chorale(bars=3, voices=2)))
    music.on_event(done(filling))
    settle(music, qapp)
    assert same(music.drafts[0].piece, chorale(bars=3, voices=2))
    assert [draft.state for draft in music.drafts] == ["done", "done"]
    assert not music.running


def test_a_result_that_is_gone_meanwhile_leaves_what_was_told(music, filling):
    music.on_event(notes(filling, (0, 480, 67, 0)))
    data = {"artifact": "a99"}
    music.on_event(Result(job=filling, path="x", index=0, output="music", data=data))
    assert music.drafts[0].finished is None
    assert not music.drafts[0].empty


def test_a_damaged_result_is_told(music, studio, filling, qapp, heard):
    problems = heard(music.problem)
    event = finished(studio, filling, music.request, PIECE)
    studio.gallery.path(studio.gallery.get("a0")).write_bytes(b"MThd")
    music.on_event(event)
    settle(music, qapp)
    assert "damaged" in problems[0].what


def test_stop_keeps_what_is_there_and_late_results_too(music, studio, filling, qapp):
    music.on_event(notes(filling, (0, 480, 67, 0)))
    assert music.stop()
    assert studio.queue.cancelled == [filling]
    assert [draft.state for draft in music.drafts] == ["stopped", "stopped"]
    assert not music.stop()
    music.on_event(finished(studio, filling, music.request, PIECE))
    settle(music, qapp)
    assert same(music.drafts[0].piece, PIECE)
    assert music.drafts[0].state == "stopped"


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_other_ends_are_noted(music, filling, heard, end):
    problems, ended = heard(music.problem), heard(music.ended)
    failed = Failed(job=filling, problem=Problem(what="No memory"))
    music.on_event(failed if end == "failed" else Cancelled(job=filling))
    assert music.drafts[0].state == ("failed" if end == "failed" else "stopped")
    assert len(ended) == 1
    assert len(problems) == (end == "failed")


def test_events_of_other_jobs_change_nothing(music, filling):
    music.on_event(notes("other", (0, 480, 67, 0)))
    music.on_event(notes(filling, (0, 480, 67, 0), index=7))
    assert all(draft.empty for draft in music.drafts)


def test_drafts_are_walked_round_and_round(music, filling, heard):
    chosen = heard(music.chosen_changed)
    for by in (1, 1, -1):
        music.step(by)
    music.choose(9)
    assert chosen == [1, 0, 1]


# ---- deciding


def test_keeping_gives_the_piece_and_where_it_comes_from(music, filling, heard):
    cleared = heard(music.cleared)
    music.on_event(frame(filling, PIECE, BAR, (0, 1), index=1))
    music.on_event(notes(filling, (0, 480, 67, 0), index=1))
    music.choose(1)
    piece, made = music.keep()
    assert 67 in piece.notes["pitch"]
    assert (made.model, made.task, made.index, made.bars) == ("voices", "fill", 1, (1, 1))
    assert "locked" not in made.values
    assert music.drafts == []
    assert len(cleared) == 1
    assert music.keep() is None


def test_a_draft_is_kept_onto_later_edits(music, filling):
    music.on_event(frame(filling, PIECE, BAR, (0, 1)))
    music.on_event(notes(filling, (0, 480, 67, 0)))
    later = PIECE.replaced(notes=notes_of([*PIECE.notes.tolist(), (9600, 480, 40, 80, 1)]))
    piece, _made = music.keep(onto=later)
    assert {67, 40} <= set(piece.notes["pitch"].tolist())


def test_dropping_forgets_all(music, filling, studio):
    music.drop()
    assert (music.drafts, music.request, music.running) == ([], None, False)
    assert studio.queue.cancelled == [filling]


# ---- how likely


def test_scores_answer_by_the_places_of_notes(music, studio, heard):
    scored = heard(music.scores.scored)
    assert music.scores.ask(PIECE)
    request = studio.queue.last.request
    assert (request.task, request.live) == ("score", True)
    assert music.scores.busy
    job = studio.queue.last.job
    data = {"notes": [[0, 480, 60, 80, 0, 0.25, [[62, 0.5]]]]}
    music.on_event(Result(job=job, path="", output="report", data=data))
    music.on_event(done(job))
    assert scored[0][(0, 60, 0)].p == 0.25
    assert not music.scores.busy


def test_a_failed_look_is_told(music, studio, heard):
    problems = heard(music.problem)
    music.scores.ask(PIECE)
    music.on_event(Failed(job=studio.queue.last.job, problem=Problem(what="No memory")))
    assert problems[0].what == "No memory"


# ---- again


def test_settings_of_a_saved_request_come_back_without_its_place(music, heard):
    said = heard(music.said)
    values = {"from_bar": 9, "to_bar": 9, "tracks": "1", "locked": "[]", "temperature": 1.5}
    music.use_request(Request(model="voices", task="fill", values=values, seed=4))
    assert music.task.name == "fill"
    assert music.ask.values["temperature"] == 1.5
    assert music.ask.values["from_bar"] == 1
    assert (music.ask.seed, music.ask.seed_locked, said) == (4, True, [])


def test_settings_of_old_drums_say_nothing_of_the_key_that_nobody_chose(studio, music, heard):
    tasks = composing.tasks({"tokenizer": "notes", "instruments": [-1]})
    studio.library.models.append(FakeModel("kit", "Kit", tasks, modality="music"))
    music.ask.reload_models()
    said = heard(music.said)
    values = {"key": "any", "metre": "any", "tempo": 90}
    music.use_request(Request(model="kit", task="sample", values=values, seed=4))
    assert music.ask.model_id == "kit"
    assert (music.ask.values["tempo"], music.ask.values["metre"], said) == (90, "any", [])
    music.use_request(Request(model="kit", task="sample", values={"key": "C major"}, seed=4))
    assert [text for text, *_rest in said] == ["key was left out: it no longer fits."]


def test_a_first_start_offers_to_fill_and_to_compare(music):
    music.restore({})
    assert music.task.name == "fill"
    assert music.ask.values["count"] == 3
    assert music.pieces.current.notes


def test_piece_form_and_drafts_come_back(music, studio, filling, qapp, heard):
    kept = of_piece(PIECE, studio.pieces.new("Mine"))
    studio.pieces.put(kept)
    music.pieces.open(kept.id)
    music.on_event(finished(studio, filling, music.request, chorale(bars=3, voices=2), 0))
    assert "drafts" not in music.snapshot(), "while it composes they are not settled"
    music.on_event(done(filling))
    music.choose(1)
    saved = music.snapshot()
    other = MusicState(studio)
    other.restore(saved)
    settle(other, qapp)
    assert (other.ask.model_id, other.task.name, other.chosen) == ("voices", "fill", 1)
    assert other.pieces.current.id == kept.id
    assert same(other.drafts[0].piece, chorale(bars=3, voices=2))
    assert other.question.region == music.question.region
    other.close()


def test_a_session_of_another_version_loses_only_its_drafts(music, studio):
    other = MusicState(studio)
    other.restore({"ask": {}, "piece": 7, "drafts": {"request": {}, "kept": 3}})
    assert other.drafts == []
    assert other.pieces.current.notes
    other.close()


def test_a_midi_file_becomes_a_new_piece(music, studio, tmp_path, qapp, heard):
    from genstudio.media import midi

    path, problems = tmp_path / "air.mid", heard(music.problem)
    path.write_bytes(midi.write(PIECE.replaced(title="")))
    music.opening.open(path)
    settle(music, qapp)
    assert (music.pieces.current.title, len(music.pieces.current.notes)) == (
        "air",
        len(PIECE.notes),
    )
    path.write_bytes(b"no music")
    music.opening.open(path)
    settle(music, qapp)
    assert "neither a MIDI nor" in problems[0].what
