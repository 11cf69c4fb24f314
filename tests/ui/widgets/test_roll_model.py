"""What is edited: steps of undo, selection, region, loop, locks, what a model will replace."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.notes import notes_of
from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_model import KEPT, RollModel
from genstudio.ui.widgets.roll_names import KIT
from tests.helpers.rolls import BAR, NOTES, many, piece, tuples


@pytest.fixture
def model(qapp) -> RollModel:
    made = RollModel()
    made.set_piece(piece())
    return made


def move(model, ticks=120, steps=0, what="Move") -> None:
    model.apply(roll_rows.moved(model.rows(), ticks, steps), what)


def test_an_edit_is_told_and_can_be_taken_back(model, heard):
    told = heard(model.edited)
    before = model.piece()
    model.select(np.array([0]))
    move(model, 0, 1)
    assert tuples(model.piece().notes)[0] == (0, 480, 73, 100, 0)
    model.undo_stack.undo()
    assert tuples(model.piece().notes) == tuples(before.notes)
    model.undo_stack.redo()
    assert tuples(model.piece().notes)[0][2] == 73
    assert told == ["Move", "Undo: Move", "Move"]


def test_every_state_comes_back_in_turn(model):
    states = [tuples(model.piece().notes)]
    model.select(np.array([2]))
    for step in range(5):
        move(model, 60, step % 2)
        states.append(tuples(model.piece().notes))
    for state in states[-2::-1]:
        model.undo_stack.undo()
        assert tuples(model.piece().notes) == state
    assert not model.undo_stack.canUndo()


def test_what_changes_nothing_is_no_step(model, heard):
    told = heard(model.edited)
    model.select(np.array([0]))
    move(model, 0, 0)
    model.apply(model.rows(), "Nothing")
    assert told == []
    assert not model.undo_stack.canUndo()


def test_only_so_many_steps_are_kept(model):
    model.select(np.array([0]))
    for _ in range(KEPT + 5):
        move(model, 1)
    assert model.undo_stack.count() == KEPT


def test_another_piece_forgets_everything(model, heard):
    model.select(np.array([0]))
    move(model)
    model.set_region((0, BAR, frozenset()))
    model.set_locked_tracks({1})
    model.set_ghosts(piece().notes)
    shown = heard(model.reset)
    model.set_piece(many(8))
    assert len(shown) == 1
    assert not model.undo_stack.canUndo()
    assert model.region is None
    assert not model.locked_tracks
    assert not len(model.ghosts)
    assert not len(model.chosen())


def test_a_kept_draft_is_a_step_that_keeps_locks_and_probabilities(model, heard):
    rows = model.rows().copy()
    rows["locked"][0], rows["p"][2] = True, 0.25
    model.put_marks(rows)
    told = heard(model.edited)
    wanted = [note for note in NOTES if note != NOTES[3]] + [(3840, 480, 70, 80, 0)]
    model.replace_piece(piece(wanted), "Keep the draft")
    assert told == ["Keep the draft"]
    after = model.rows()
    assert after["locked"].tolist() == [True] + [False] * (len(wanted) - 1)
    assert np.flatnonzero(after["p"] >= 0).tolist() == [2]
    model.undo_stack.undo()
    assert tuples(model.piece().notes) == list(NOTES)


def test_a_preview_is_seen_and_not_taken(model, heard):
    looks = heard(model.looked)
    later = roll_rows.moved(roll_rows.alone(model.rows(), 0), 50, 0)
    model.preview(later)
    assert model.shown() is later
    assert tuples(model.piece().notes) == list(NOTES)
    model.preview(None)
    assert model.shown() is model.rows()
    assert len(looks) == 2


def test_rows_are_not_written_to_from_outside(model):
    with pytest.raises(ValueError, match="read-only"):
        model.rows()["pitch"][0] = 1


def test_selecting_is_told_once(model, heard):
    told = heard(model.selected)
    model.select(np.array([1, 2]))
    model.select(np.array([1, 2]))
    assert len(told) == 1
    assert model.chosen().tolist() == [1, 2]


# ---- drums


def test_the_track_in_hand_decides_what_is_shown(model, heard):
    tracks = heard(model.track_changed)
    assert np.flatnonzero(model.seen()).tolist() == [0, 1, 2, 3, 4, 5]
    model.set_track(2)
    model.set_track(2)
    assert tracks == [2]
    assert model.drums()
    assert set(model.rows()["track"][model.seen()].tolist()) == {2}
    model.set_track(99)
    assert model.track == 2


def test_a_kit_holds_what_is_used_beside_the_usual(model):
    assert len(model.ladder()) == 128
    model.set_track(2)
    assert model.ladder().tolist() == sorted(set(KIT) | {36, 38})
    rows = roll_rows.added(model.rows(), roll_rows.one(0, 10, 81, 80, 2))
    model.apply(rows, "Draw")
    assert model.ladder()[-1] == 81


# ---- region, loop, locks


def test_region_and_loop_are_told_when_they_change(model, heard):
    regions, loops = heard(model.region_changed), heard(model.loop_changed)
    for _ in range(2):
        model.set_region((0, BAR, frozenset({1})))
        model.set_loop((0, BAR))
    model.set_region(None)
    model.set_loop(None)
    assert regions == [(0, BAR, frozenset({1})), (0, 0, frozenset())]
    assert loops == [(0, BAR), (0, 0)]


def test_a_loop_behind_the_end_gives_room_for_it(model):
    model.set_loop((40 * BAR, 42 * BAR))
    model.select(np.array([0]))
    move(model)
    assert model.grid.end >= 42 * BAR


def going(model) -> list[tuple]:
    return tuples(roll_rows.notes_of(model.rows()[model.going()]))


def test_what_a_model_will_replace(model):
    assert going(model) == []
    model.set_region((0, BAR, frozenset({0})))
    assert going(model) == [NOTES[0], NOTES[2], NOTES[3]]
    rows = model.rows().copy()
    rows["locked"] = (rows["start"] == 480) & (rows["track"] == 0)
    model.put_marks(rows)
    assert (480, 480, 74, 90, 0) not in going(model)
    model.set_region((0, BAR, frozenset()))
    model.set_locked_tracks({0})
    assert {note[4] for note in going(model)} == {1}
    model.set_region((5 * BAR, 6 * BAR, frozenset()))
    assert going(model) == []


def test_locks_are_steps_and_move_with_their_notes(model):
    rows = roll_rows.alone(model.rows(), 0)
    rows["locked"][0] = True
    model.apply(rows, "Lock")
    move(model, 480 * 9)
    assert model.rows()["locked"][-1]
    model.undo_stack.undo()
    model.undo_stack.undo()
    assert not model.rows()["locked"].any()


@pytest.mark.parametrize(("wanted", "snap"), [("1/8", "1/8"), ("1/7", "1/16"), ("", "1/16")])
def test_only_rasters_that_exist(model, wanted, snap):
    model.set_snap(wanted)
    assert model.snap == snap


def test_views_are_told_of_what_they_show(model, heard):
    looks = heard(model.looked)
    model.set_quiet_tracks({1})
    model.set_ghosts(notes_of([(0, 10, 60, 80, 0)]))
    model.set_coloured(True)
    model.set_locked_tracks({0})
    assert len(looks) == 4
