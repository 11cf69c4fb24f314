"""What a model thinks of notes: colours, the strip below the roll, branching."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.events import Result
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.ui.panels.music_notes import BRANCH, INSTEAD, UNKNOWN, MusicNotes, with_pitch
from genstudio.ui.state.music_drafts import Chance
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.note_strip import NoteStrip
from genstudio.ui.widgets.piano_roll import PianoRoll
from tests.helpers.composers import add_composers, done
from tests.helpers.fake_studio import FakeBridge

BAR = 1920
ROWS = tuple(
    (bar * BAR, 960, 60 + bar + 12 * voice, 80, voice) for bar in range(6) for voice in (0, 1)
)
PIECE = Piece(notes_of(ROWS), (Track("Low"), Track("High")))
PLACE = (BAR, 61, 0)
CHANCE = Chance(0.5, ((61, 0.5), (64, 0.3), (67, 0.1)))


@pytest.fixture
def state(studio):
    add_composers(studio)
    made = StudioState(studio, FakeBridge())
    made.music.ask.set_model("voices")
    made.music.pieces.new(PIECE, "Song")
    yield made
    made.close()


@pytest.fixture
def roll(shown) -> PianoRoll:
    made = shown(PianoRoll())
    made.set_piece(PIECE)
    return made


@pytest.fixture
def strip(shown) -> NoteStrip:
    return shown(NoteStrip())


@pytest.fixture
def likely(shown) -> Pill:
    return shown(Pill("How likely"))


@pytest.fixture
def notes(roll, strip, likely, state) -> MusicNotes:
    made = MusicNotes(roll, strip, likely, state.music, roll)
    made.open()
    return made


def index(roll: PianoRoll, place=PLACE) -> int:
    rows = [(row[0], row[2], row[4]) for row in roll.piece().notes.tolist()]
    return rows.index(place)


def press(roll: PianoRoll, place=PLACE) -> None:
    roll.note_clicked.emit(index(roll, place))


def told(strip: NoteStrip) -> list[str]:
    return [pill.text() for pill in strip.pills()]


# ---- the strip


def test_without_a_chosen_note_there_is_no_strip(notes, strip, roll):
    assert strip.isHidden()
    roll.note_clicked.emit(999)
    roll.note_clicked.emit(-1)
    assert strip.isHidden()


def test_an_unknown_note_is_named_and_says_what_to_do(notes, strip, roll):
    press(roll)
    assert strip.isVisible()
    assert strip.words.text() == f"C♯4 · {UNKNOWN}"
    assert told(strip) == []


def test_notes_of_another_piece_take_the_strip_away(notes, strip, roll):
    press(roll)
    assert strip.isVisible()
    roll.set_piece(PIECE)  # as a draft that stands there on its own: what was pressed is gone
    assert strip.isHidden()


def test_a_known_note_shows_its_chance_and_the_others_best_first(notes, strip, roll):
    notes.learn({PLACE: CHANCE})
    press(roll)
    assert told(strip) == ["C♯4 50 %", "E4 30 %", "G4 10 %"]
    assert strip.pills()[0].isChecked()
    assert strip.words.text() == BRANCH
    assert strip.pills()[1].accessibleName() == "Branch with E4 30 %"


def test_a_drum_is_called_by_its_name(notes, strip, roll):
    kit = Piece(notes_of([(0, 60, 36, 80, 0), (0, 60, 38, 80, 0)]), (Track("Kit", 0, True),))
    roll.set_piece(kit)
    notes.open()
    notes.learn({(0, 38, 0): Chance(0.6, ((38, 0.6), (36, 0.4)))})
    press(roll, (0, 38, 0))
    assert all("4" not in words.split(" ")[0] for words in told(strip))
    assert "snare" in told(strip)[0].lower()


def test_the_strip_leaves_with_its_note(notes, strip, roll):
    notes.learn({PLACE: CHANCE})
    press(roll)
    roll.select([index(roll)])
    roll.commands.erase()
    assert strip.isHidden()
    assert strip.pills() == []
    roll.undo()
    assert strip.isHidden(), "it is not chosen any more"


def test_another_piece_forgets_everything(notes, strip, roll):
    notes.learn({PLACE: CHANCE})
    press(roll)
    notes.open()
    assert notes.chances == {}
    assert strip.isHidden()


# ---- colours


def test_only_known_notes_are_coloured(notes, roll):
    before = roll.model.rows()["p"].tolist()
    notes.refresh()
    assert str(roll.model.rows()["p"].tolist()) == str(before)
    notes.learn({PLACE: CHANCE})
    p = roll.model.rows()["p"]
    assert p[index(roll)] == 0.5
    assert int((~np.isnan(p)).sum()) == 1


def test_more_is_learned_and_newer_counts(notes):
    notes.learn({PLACE: CHANCE})
    notes.learn({PLACE: Chance(0.9), (0, 60, 0): Chance(0.2)})
    assert {place: one.p for place, one in notes.chances.items()} == {PLACE: 0.9, (0, 60, 0): 0.2}


def test_the_pill_asks_once_and_colours(notes, roll, likely, studio, state):
    likely.click()
    assert roll.model.coloured
    assert studio.queue.last.request.task == "score"
    job = studio.queue.last.job
    rows = [[*row, 0.75, []] for row in PIECE.notes.tolist()]
    state.music.scores.on_event(Result(job=job, path="", output="report", data={"notes": rows}))
    state.music.scores.on_event(done(job))
    assert set(roll.model.rows()["p"].tolist()) == {0.75}
    likely.click()
    assert not roll.model.coloured
    likely.click()
    assert studio.queue.count == 1


def test_an_answer_about_the_piece_before_is_not_taken_for_this_one(notes, likely, studio, state):
    likely.click()
    notes.open()
    rows = [[*row, 0.75, []] for row in PIECE.notes.tolist()]
    asked = studio.queue.last.job
    state.music.scores.on_event(Result(job=asked, path="", output="report", data={"notes": rows}))
    assert notes.chances == {}


def test_an_edit_has_the_model_asked_again(notes, roll, likely, studio):
    notes.learn({(row[0], row[2], row[4]): Chance(0.5) for row in PIECE.notes.tolist()})
    likely.click()
    assert studio.queue.count == 0, "all is known"
    likely.click()
    roll.replace_piece(with_pitch(PIECE, PLACE, 66), "Edit")
    likely.click()
    assert studio.queue.last.request.task == "score"


def test_an_empty_piece_is_nothing_to_ask_about(notes, roll, likely, studio):
    roll.set_piece(Piece(notes_of(())))
    likely.click()
    assert studio.queue.count == 0


def test_the_pill_follows_the_key_of_the_roll(notes, roll, likely):
    roll.set_coloured(True)
    assert likely.isChecked()
    roll.set_coloured(False)
    assert not likely.isChecked()


def test_the_pill_is_only_there_for_models_that_can_say(notes, likely, state, studio):
    assert likely.isEnabled()
    tunes = next(one for one in studio.library.models if one.id == "tunes")
    tunes.tasks = tuple(task for task in tunes.tasks if task.name != "score")
    state.music.ask.set_model("tunes")
    assert not likely.isEnabled()
    state.music.ask.set_model("voices")
    assert likely.isEnabled()


# ---- branching


def branch(notes, roll, heard, place=PLACE, pitch: int = 64):
    wanted = heard(notes.branch_wanted)
    notes.learn({place: CHANCE})
    press(roll, place)
    notes.take(pitch)
    return wanted


def test_another_pitch_is_taken_and_what_follows_asked_anew(notes, roll, strip, heard):
    (question,) = branch(notes, roll, heard)
    assert [row[2] for row in roll.piece().notes.tolist() if row[0] == BAR] == [73, 64] or [
        row[2] for row in roll.piece().notes.tolist() if row[0] == BAR
    ] == [64, 73]
    region = question.region
    assert (region.first, region.last, region.tracks) == (1, 2, (0,))
    assert question.locks == {(BAR, 64, 0)}
    assert strip.words.text().startswith("E4"), "the strip stays at the note"
    roll.undo()
    assert PLACE in {(row[0], row[2], row[4]) for row in roll.piece().notes.tolist()}


def test_the_last_bar_ends_what_is_asked(notes, roll, heard):
    (question,) = branch(notes, roll, heard, (5 * BAR, 65, 0))
    assert (question.region.first, question.region.last) == (5, 5)


def test_marked_bars_say_how_far_and_in_which_tracks(notes, roll, heard):
    roll.set_region(BAR, 5 * BAR, (0, 1))
    (question,) = branch(notes, roll, heard)
    assert (question.region.first, question.region.last) == (1, 4)
    assert question.region.tracks == (0, 1)
    assert (BAR, 73, 1) in question.locks, "what sounds together with the note stays"


def test_marked_bars_elsewhere_do_not_count(notes, roll, heard):
    roll.set_region(4 * BAR, 5 * BAR)
    (question,) = branch(notes, roll, heard)
    assert (question.region.first, question.region.last, question.region.tracks) == (1, 2, (0,))


def test_locked_tracks_stay_but_the_one_of_the_note(notes, roll, heard, state):
    state.music.pieces.set_track(0, locked=True)
    state.music.pieces.set_track(1, locked=True)
    roll.set_region(BAR, 3 * BAR)
    (question,) = branch(notes, roll, heard)
    assert question.region.tracks == (0,)


def test_locked_notes_stay_locked(notes, roll, heard, state):
    lock = (2 * BAR, 62, 0)
    state.music.pieces.set_locks(frozenset({lock}))
    (question,) = branch(notes, roll, heard)
    assert lock in question.locks


def test_a_model_that_cannot_fill_only_changes_the_note(notes, roll, strip, heard, state):
    state.music.ask.set_model("tunes")
    notes.learn({PLACE: CHANCE})
    press(roll)
    assert strip.words.text() == INSTEAD
    assert branch(notes, roll, heard) == []
    assert (BAR, 64, 0) in {(row[0], row[2], row[4]) for row in roll.piece().notes.tolist()}


def test_a_note_that_is_gone_is_not_changed(notes, roll, heard):
    notes.learn({PLACE: CHANCE})
    press(roll)
    roll.set_piece(Piece(notes_of(ROWS[:1]), PIECE.tracks))
    wanted = heard(notes.branch_wanted)
    notes.take(64)
    assert wanted == []
    assert len(roll.piece().notes) == 1


def test_only_the_note_at_the_place_gets_the_pitch():
    changed = with_pitch(PIECE, PLACE, 70)
    assert (changed.notes["pitch"] == 70).sum() == 1 + (PIECE.notes["pitch"] == 70).sum()
    assert len(changed.notes) == len(PIECE.notes)
    assert with_pitch(PIECE, (BAR, 61, 1), 70).notes.tolist() == PIECE.notes.tolist()
    assert PLACE in {(row[0], row[2], row[4]) for row in PIECE.notes.tolist()}, "not in place"
