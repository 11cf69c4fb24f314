"""The open piece: saved by itself, tracks and locks beside the notes, the list of all."""

from __future__ import annotations

import pytest

from genstudio.core.piece_file import MOST_MADE, Made
from genstudio.media.notes import Piece, notes_of
from genstudio.studio.pieces import mark_of, to_piece
from genstudio.ui.state.piece_state import PieceState
from genstudio.ui.state.track_edits import removed
from tests.helpers.pieces import chorale, same


class Roll:
    """Stands in for the roll: what it holds."""

    def __init__(self, state: PieceState) -> None:
        self.piece: Piece | None = None
        state.opened.connect(lambda kept: setattr(self, "piece", to_piece(kept)))
        state.bind(lambda: self.piece)


@pytest.fixture
def pieces(studio):
    made = PieceState(studio)
    yield made
    made.close()


@pytest.fixture
def roll(pieces) -> Roll:
    return Roll(pieces)


def draw(pieces, roll, piece: Piece) -> str:
    roll.piece = piece
    pieces.touch()
    pieces.save()
    return pieces.current.id


def test_what_stands_in_the_roll_is_saved(pieces, roll, studio):
    draw(pieces, roll, chorale())
    kept = studio.pieces.get(pieces.current.id)
    assert same(to_piece(kept).replaced(title="Chorale"), chorale())
    assert kept.changed


def test_nothing_is_saved_while_a_draft_stands_there(pieces, roll, studio):
    roll.piece = None
    pieces.touch()
    pieces.save()
    assert studio.pieces.list() == []


def test_the_first_piece_of_all_is_the_starter_and_is_not_kept_untouched(pieces, roll, studio):
    pieces.restore({})
    assert len(pieces.current.notes) > 50
    assert pieces.current.id != "starter"
    assert pieces.locked_tracks() == frozenset({0, 3})
    assert pieces.fresh
    assert studio.pieces.list() == []
    kept = pieces.saved_now()
    assert not pieces.fresh
    assert studio.pieces.get(kept.id).notes == kept.notes


def test_the_starter_can_be_opened_again(pieces, roll, studio):
    first = draw(pieces, roll, chorale())
    pieces.open_starter()
    pieces.save()
    assert {head.id for head in studio.pieces.list()} == {first, pieces.current.id}


def test_another_piece_comes_and_the_one_before_is_kept(pieces, roll, studio):
    first = draw(pieces, roll, chorale())
    made = Made(model="voices", seed=3)
    pieces.new(chorale(seed=1).replaced(title=""), "Second", (made,))
    assert (pieces.current.title, pieces.current.named) == ("Second", True)
    assert pieces.made == (made,)
    pieces.save()
    assert {head.id for head in studio.pieces.list()} == {first, pieces.current.id}
    assert pieces.open(first)
    assert pieces.made == ()


def test_what_models_wrote_alone_is_remembered_and_told_from_what_was_changed(pieces, roll):
    first, second = chorale(), chorale(seed=1)
    pieces.new(first, "Mine", (Made(model="voices"),), (mark_of(first),))
    assert pieces.of_models(first)
    assert pieces.of_models(Piece(notes_of(()))), "nothing there is a person's"
    assert not pieces.of_models(second)
    pieces.keep_made(Made(model="voices", seed=2), (mark_of(second),))
    kept = draw(pieces, roll, second)
    pieces.new(title="Other")
    assert not pieces.of_models(second)
    assert pieces.open(kept)
    assert pieces.of_models(second)
    assert pieces.of_models(first), "undo leads back there"


def test_an_empty_piece_is_used_again(pieces, roll):
    first = pieces.current.id
    pieces.new()
    assert pieces.current.id == first
    draw(pieces, roll, chorale())
    pieces.new()
    assert pieces.current.id != first


def test_mute_solo_and_lock_stay_with_the_piece(pieces, roll, studio, heard):
    changed = heard(pieces.tracks_changed)
    draw(pieces, roll, chorale())
    pieces.set_track(2, muted=True)
    pieces.set_track(0, locked=True)
    pieces.set_track(0, locked=True)
    assert len(changed) == 2, "the same again is no change"
    pieces.save()
    name = pieces.current.id
    pieces.new(chorale(seed=2))
    pieces.open(name)
    assert pieces.track(2).muted
    assert pieces.locked_tracks() == frozenset({0})
    assert not pieces.track(99).muted


def test_solo_silences_the_others(pieces):
    pieces.set_track(1, muted=True)
    assert pieces.silent_tracks(3) == frozenset({1})
    pieces.set_track(2, solo=True)
    assert pieces.silent_tracks(3) == frozenset({0, 1})


def test_locks_are_kept_as_far_as_their_notes_are_there(pieces, roll, studio, heard):
    changed = heard(pieces.locks_changed)
    piece = chorale()
    row = piece.notes[0].item()
    here = (row[0], row[2], row[4])
    pieces.set_locks(frozenset({here, (123, 4, 0)}))
    draw(pieces, roll, piece)
    assert studio.pieces.get(pieces.current.id).locks == (here,)
    assert len(changed) == 1


def test_a_removed_track_takes_its_lock_along(pieces, roll):
    draw(pieces, roll, chorale())
    pieces.set_track(3, muted=True)
    pieces.set_locks(frozenset({(0, 60, 1), (0, 48, 3)}))
    pieces.remove_track(1)
    assert pieces.track(2).muted
    assert pieces.locks == frozenset({(0, 48, 2)})
    draw(pieces, roll, removed(chorale(), 1))
    assert len(pieces.current.tracks) == 3


def test_of_what_models_made_the_newest_is_remembered(pieces):
    for number in range(MOST_MADE + 2):
        pieces.keep_made(Made(model="voices", seed=number))
    assert len(pieces.made) == MOST_MADE
    assert pieces.made[-1].seed == MOST_MADE + 1


def test_a_piece_can_be_thrown_away_and_brought_back(pieces, roll, studio, heard):
    said = heard(pieces.said)
    name = draw(pieces, roll, chorale())
    pieces.new(Piece(notes_of(())))
    pieces.remove(name)
    assert not studio.pieces.has(name)
    said[0][2]()
    assert pieces.current.id == name
