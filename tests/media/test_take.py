"""What was played becomes notes."""

from __future__ import annotations

import numpy as np

from genstudio.media.notes import NOTE, Piece
from genstudio.media.take import Take

PIECE = Piece(np.zeros(0, NOTE))


def test_keys_become_notes_in_ticks():
    take = Take()
    take.down(60, 90, 0.5)
    take.down(64, 70, 0.5)
    take.up(60, 1.0)
    take.up(64, 1.5)
    rows = take.notes(PIECE, 2, 2.0).tolist()
    assert rows == [(480, 480, 60, 90, 2), (480, 960, 64, 70, 2)]


def test_held_keys_end_with_the_take():
    take = Take()
    take.down(60, 90, 1.0)
    assert take.notes(PIECE, 0, 1.5).tolist() == [(960, 480, 60, 90, 0)]


def test_a_key_struck_twice_is_two_notes_and_a_stray_end_is_none():
    take = Take()
    take.up(60, 0.1)
    take.down(60, 90, 0.0)
    take.down(60, 80, 0.5)
    take.up(60, 0.75)
    assert [row[:2] for row in take.notes(PIECE, 0, 1.0).tolist()] == [(0, 480), (480, 240)]


def test_a_raster_moves_to_its_lines():
    take = Take()
    take.down(60, 90, 0.13)
    take.up(60, 0.2)
    assert take.notes(PIECE, 0, 1.0, raster=120).tolist() == [(120, 120, 60, 90, 0)]


def test_what_was_played_before_the_beginning_begins_there():
    take = Take()
    take.down(60, 90, -0.2)
    take.up(60, 0.0)
    assert take.notes(PIECE, 0, 1.0).tolist() == [(0, 1, 60, 90, 0)]
