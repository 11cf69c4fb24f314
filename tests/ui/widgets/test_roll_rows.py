"""Rows of notes: every change keeps to what a piece may hold, and changes nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genstudio.media.notes import LATEST, Piece, notes_of
from genstudio.ui.widgets import roll_rows as rows
from tests.helpers.rolls import NOTES, VOICES, many, piece, tuples


@pytest.fixture
def found() -> np.ndarray:
    return rows.rows_of(piece().notes)


def chosen(found, *which):
    return rows.alone(found, list(which))


def test_notes_come_back_as_they_were(found):
    assert np.array_equal(rows.notes_of(found), piece().notes)
    assert not found["selected"].any()
    assert not found["locked"].any()
    assert np.isnan(found["p"]).all()


def test_order_is_that_of_a_piece():
    mixed = np.random.default_rng(1).permutation(many(200).notes)
    again = rows.notes_of(rows.ordered(rows.rows_of(mixed)))
    assert np.array_equal(again, Piece(mixed, many(8).tracks).notes)


# ---- moving


def test_moving_takes_only_what_is_selected(found):
    after = rows.moved(chosen(found, 2), 240, 3)
    assert tuples(after)[2] == (720, 480, 77, 90, 0)
    assert tuples(np.delete(after, 2)) == tuples(np.delete(found, 2))


def test_a_chord_stops_together_at_the_beginning(found):
    after = rows.moved(chosen(found, 0, 2), -9999, 0)
    assert after["start"][[0, 2]].tolist() == [0, 480]
    after = rows.moved(chosen(found, 2, 3), -600, 0)
    assert after["start"][[2, 3]].tolist() == [0, 480]


@pytest.mark.parametrize(("steps", "pitches"), [(200, [122, 127]), (-200, [0, 5])])
def test_a_chord_stops_together_at_the_last_key(found, steps, pitches):
    few = rows.rows_of(notes_of([(0, 10, 60, 80, 0), (0, 10, 65, 80, 0)]))
    after = rows.moved(rows.alone(few, [0, 1]), 0, steps)
    assert after["pitch"].tolist() == pitches


def test_moving_never_leaves_the_longest_piece(found):
    after = rows.moved(chosen(found, 0), 2**31, 0)
    assert after["start"].max() == LATEST


def test_drums_move_along_their_kit(found):
    kit = np.array([36, 38, 42, 46])
    after = rows.moved(chosen(found, 6), 0, 2, kit)
    assert after["pitch"][6] == 42
    assert rows.moved(chosen(found, 6), 0, -1, kit)["pitch"][6] == 36


def test_who_moves_a_note_takes_its_probability(found):
    found["p"] = 0.5
    after = rows.moved(chosen(found, 1), 10, 0)
    assert np.isnan(after["p"][1])
    assert after["p"][0] == 0.5
    assert rows.moved(chosen(found, 1), 0, 0)["p"][1] == 0.5


def test_without_a_selection_nothing_changes(found):
    same = tuples(found)
    assert tuples(rows.moved(found, 10, 1)) == same
    assert tuples(rows.resized(found, 10, 1)) == same
    assert tuples(rows.begun(found, 10, 1)) == same
    assert tuples(rows.louder(found, 10)) == same
    assert tuples(rows.tidy(found)) == same


# ---- lengths and velocities


def test_lengths_change_together_but_none_is_too_short(found):
    after = rows.resized(chosen(found, 0, 1), -720, 120)
    assert after["duration"][[0, 1]].tolist() == [120, 240]


def test_a_note_that_was_short_is_not_lengthened_by_shortening(found):
    after = rows.resized(chosen(found, 6), -10, 120)
    assert after["duration"][6] == 60


def test_a_new_beginning_keeps_the_end(found):
    after = rows.begun(chosen(found, 3), -480, 60)
    assert (after["start"][3], after["duration"][3]) == (480, 1440)
    after = rows.begun(chosen(found, 3), 5000, 60)
    assert after["start"][3] + after["duration"][3] == 1920
    assert after["duration"][3] == 60
    after = rows.begun(chosen(found, 0), -100, 60)
    assert (after["start"][0], after["duration"][0]) == (0, 480)


def test_velocities_have_bounds(found):
    after = rows.louder(chosen(found, 0, 7), 50)
    assert after["velocity"][[0, 7]].tolist() == [127, 90]
    assert rows.louder(chosen(found, 7), -99)["velocity"][7] == 1


# ---- writing and erasing


def test_a_new_note_alone_is_selected(found):
    after = rows.added(chosen(found, 0), rows.one(500, 10, 60, 70, 1))
    assert len(after) == len(found) + 1
    assert tuples(after[after["selected"]]) == [(500, 10, 60, 70, 1)]
    assert np.all(np.diff(after["start"]) >= 0)


def test_erasing_by_mask_or_by_indexes(found):
    mask = np.zeros(len(found), bool)
    mask[[0, 3]] = True
    assert tuples(rows.without(found, mask)) == tuples(rows.without(found, np.array([0, 3])))
    assert len(rows.without(found, mask)) == len(found) - 2


def test_a_written_note_cuts_the_one_it_falls_into(found):
    after = rows.tidy(rows.added(found, rows.one(720, 100, 74, 80, 0)))
    assert (480, 240, 74, 90, 0) in tuples(after)


def test_a_written_note_ends_where_the_next_begins(found):
    after = rows.tidy(rows.added(found, rows.one(240, 900, 74, 80, 0)))
    assert (240, 240, 74, 80, 0) in tuples(after)


def test_of_two_that_begin_together_the_edited_one_stays(found):
    after = rows.tidy(rows.added(found, rows.one(480, 60, 74, 1, 0)))
    assert (480, 60, 74, 1, 0) in tuples(after)
    assert (480, 480, 74, 90, 0) not in tuples(after)


def test_other_voices_and_pitches_are_left(found):
    after = rows.tidy(rows.added(found, rows.one(720, 100, 74, 80, 1)))
    assert (480, 480, 74, 90, 0) in tuples(after)


def test_overlaps_that_nobody_touched_stay():
    overlapping = notes_of([(0, 900, 60, 80, 0), (100, 900, 60, 80, 0), (5000, 10, 70, 80, 0)])
    found = rows.alone(rows.rows_of(overlapping), [2])
    assert tuples(rows.tidy(found)) == tuples(overlapping)


def test_tidy_rows_hold_no_overlap_of_one_voice():
    found = rows.rows_of(many(400).notes)
    found["selected"] = True
    found["duration"] = 1000
    after = rows.tidy(found)
    for track in range(8):
        for pitch in np.unique(after["pitch"][after["track"] == track]):
            part = after[(after["track"] == track) & (after["pitch"] == pitch)]
            assert np.all(part["start"][1:] >= part["start"][:-1] + part["duration"][:-1])


# ---- clipboard


def test_copied_notes_come_back_at_another_place(found):
    data = rows.copied(chosen(found, 2, 4))
    new = rows.pasted(data, 3840, len(VOICES))
    assert tuples(new) == [(3840, 480, 74, 90, 0), (4320, 960, 50, 80, 1)]
    assert new["selected"].all()


def test_voices_that_are_not_there_become_the_last(found):
    data = rows.copied(chosen(found, 6))
    assert rows.pasted(data, 0, 2)["track"].tolist() == [1]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"nothing", b"{}", b"[1, 2]", b"[[1, 2]]", b"[[0, 0, 60, 80, 0]]",
        b"[[0, 10, 128, 80, 0]]", b"[[0, 10, 60, 0, 0]]", b"[[-1, 10, 60, 80, 0]]",
        b"[[0, 10, 60, 80, -1]]", b"[[1e99, 10, 60, 80, 0]]", b'[["a", 1, 1, 1, 1]]',
        b"[[99999999999999999999, 1, 1, 1, 1]]", b"\xff\xfe",
        json.dumps([[0, 1, 2, 3, 4], [1]]).encode(),
    ],
)  # fmt: skip
def test_what_is_no_music_pastes_nothing(data):
    assert len(rows.pasted(data, 0, 3)) == 0


def test_nothing_selected_copies_nothing(found):
    assert len(rows.pasted(rows.copied(found), 0, 3)) == 0


def test_notes_of_the_helpers_are_in_order():
    assert tuples(piece().notes) == list(NOTES)
