"""Pieces cut for measuring: nothing twice, nothing empty, the same by seed."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.evaluation.music_pieces import LEAST, Work, row, rows, told, windows
from genstudio.media import note_tokens
from genstudio.media.notes import Piece, Track
from genstudio.media.tokens import class_token
from tests.evaluation.musical import PPQ, beat, tune, works


def test_windows_cover_a_piece_without_overlap() -> None:
    (work,) = works(1, bars=16)
    found = windows([work], 4, 99, 1)
    assert len(found) == 4
    assert sum(len(one.piece.notes) for one in found) == len(work.piece.notes)
    assert {len(one.piece.bars()) - 1 for one in found} == {4}
    assert {one.name for one in found} == {work.name}
    whole = sorted(one.piece.notes["pitch"].tolist() for one in found)
    parts = [work.piece.within(4 * PPQ * b, 4 * PPQ * (b + 4)) for b in range(0, 16, 4)]
    assert whole == sorted(part.notes["pitch"].tolist() for part in parts)


def test_a_short_piece_is_a_window_and_a_silent_one_is_none() -> None:
    short, silent = tune(1, bars=2), Piece(notes=tune(1).notes[: LEAST - 1], tracks=(Track(),) * 2)
    found = windows([Work(short), Work(silent)], 8, 99, 1)
    assert [len(one.piece.notes) for one in found] == [len(short.notes)]
    assert windows([], 8, 99, 1) == []


def test_windows_are_drawn_by_the_seed() -> None:
    some = works(6, bars=8)
    names = [[one.name for one in windows(some, 4, 5, seed)] for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]
    assert len(names[0]) == 5


def test_told_pieces_are_on_the_grid_with_as_many_voices_as_there_are_tokens_for() -> None:
    tokenizer = note_tokens.make(grid=4, voices=1)
    found = told(tokenizer, tune(1))
    assert told(tokenizer, beat(1)) is None
    assert found is not None
    assert len(found.tracks) == 1
    assert (found.notes["start"] % (found.ppq // 4) == 0).all()
    assert len(found.notes) == 32


def test_a_row_has_the_tokens_of_its_bars_and_its_kind_in_front() -> None:
    tokenizer = note_tokens.make(("calm", "wild"), voices=2)
    made = row(tokenizer, Work(tune(1), "wild"))
    assert made.lead == tokenizer.special(class_token("wild"))
    assert row(tokenizer, Work(tune(1))).lead == 0
    assert row(tokenizer, Work(tune(1), "unknown")).lead == 0
    whole = tokenizer.window(made.cells, end=False)
    head = tokenizer.head(tokenizer.head_of(made.cells))
    assert int(made.lengths.sum()) == len(whole) - len(head)
    assert made.notes == 64
    assert made.quarters == 32


def test_pieces_that_the_tokens_cannot_say_are_left_out() -> None:
    tokenizer = note_tokens.make(voices=2)
    mixed = [Work(tune(1)), Work(beat(1)), Work(tune(2))]
    assert len(rows(mixed, tokenizer, 1000, 1)) == 2


def test_notes_without_tokens_are_not_counted() -> None:
    tokenizer = note_tokens.make(voices=1)
    assert row(tokenizer, Work(tune(1))).notes == 32
    drums = note_tokens.make(voices=1, drums="only")
    assert row(drums, Work(beat(1))).notes == len(beat(1).notes)


@pytest.mark.parametrize("most", [1, 64, 65, 1000])
def test_rows_stop_where_there_are_enough_notes(most: int) -> None:
    tokenizer = note_tokens.make(voices=2)
    found = rows(works(5), tokenizer, most, 1)
    assert len(found) == min(5, -(-most // 64))
    again = rows(works(5), tokenizer, most, 1)
    assert all(np.array_equal(a.cells.ids, b.cells.ids) for a, b in zip(found, again))
