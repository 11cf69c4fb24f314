"""A piece in plain words."""

from __future__ import annotations

from genstudio.media.notes import Piece, Track, notes_of
from genstudio.media.piece_facts import MOST_CHANGES, facts
from tests.helpers.pieces import chorale, groove


def test_a_chorale_is_told():
    piece = chorale(bars=4, voices=2)
    found = facts(piece)
    first = int((piece.notes["track"] == 0).sum())
    assert found["tracks"][0] == f"Soprano (String ensemble 1, {first} notes)"
    assert (found["title"], found["notes"]) == ("Chorale", len(piece.notes))
    assert found["bars"] == len(piece.bars()) - 1
    assert (found["key"], found["metre"]) == ("C major", "4/4")
    assert found["tempo"] == "96 quarters a minute"
    pitches = piece.notes["pitch"]
    assert found["range"] == f"{pitches.min()} to {pitches.max()} (60 is middle C)"


def test_drums_have_no_range_and_an_unnamed_track_is_its_instrument():
    drums = groove().replaced(tracks=(Track("", 0, True),))
    found = facts(drums)
    assert found["range"] == ""
    assert found["tracks"] == [f"Drums ({len(drums.notes)} notes)"]


def test_changes_are_told_in_their_order():
    piece = Piece(
        notes_of([(0, 1920, 60, 80, 0), (5760, 480, 60, 80, 0)]),
        (Track(),),
        tempos=((0, 60.0), (1920, 120.0)),
        metres=((0, 4, 4), (1920, 3, 4)),
        keys=((0, 2, False), (960, 2, False), (1920, -1, True)),
    )
    found = facts(piece)
    assert found["tempo"] == "60 to 120 quarters a minute"
    assert found["metre"] == "4/4, then 3/4"
    assert found["key"] == "D major, then D minor"
    assert found["tracks"] == ["Grand piano (2 notes)"]


def test_an_endless_row_of_changes_is_cut():
    metres = tuple((1920 * n, 4 + n % 2, 4) for n in range(30))
    piece = Piece(notes_of([(0, 480, 60, 80, 0)]), (Track(),), metres=metres)
    told = facts(piece)["metre"]
    assert told.endswith(" …")
    assert told.count("/") == MOST_CHANGES


def test_nothing_is_told_too():
    found = facts(Piece(notes_of([])))
    assert (found["notes"], found["key"], found["range"]) == (0, "", "")
    assert found["tracks"] == ["Grand piano (0 notes)"]
