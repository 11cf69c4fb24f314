"""Another set of tracks for a piece."""

from __future__ import annotations

from genstudio.core import instruments
from genstudio.media.notes import Piece, RowSound, Track, notes_of
from genstudio.ui.state import track_edits
from tests.helpers.pieces import chorale, groove


def test_a_track_is_called_by_its_name_else_its_instrument():
    piece = chorale().replaced(tracks=(Track("Air", 0), Track("", 40), Track(), Track()))
    assert [track_edits.track_name(piece, n) for n in (0, 1)] == ["Air", "Violin"]
    assert track_edits.instrument_of(groove().tracks[0]) == "Drums"


def test_one_more_track_plays_like_the_last_until_there_is_no_room():
    piece = track_edits.added(chorale(voices=2))
    assert [track.program for track in piece.tracks] == [48, 49, 49]
    assert track_edits.added(groove()).tracks[1] == Track("", 0), "a second kit is no use"
    full = Piece(notes_of(()), (Track(),) * 16)
    assert not track_edits.can_add(full)
    assert track_edits.can_add(piece)


def test_a_track_goes_with_its_notes():
    piece = chorale(voices=3)
    left = track_edits.removed(piece, 1)
    assert [track.name for track in left.tracks] == ["Soprano", "Tenor"]
    for before, after in ((0, 0), (2, 1)):
        pitches = [
            n["pitch"][n["track"] == t] for n, t in ((piece.notes, before), (left.notes, after))
        ]
        assert pitches[0].tolist() == pitches[1].tolist()


def test_name_and_instrument_change_alone():
    piece = track_edits.renamed(chorale(), 1, "Second")
    assert piece.tracks[1] == Track("Second", 49)
    assert track_edits.played_by(piece, 1, 73).tracks[1] == Track("Second", 73)
    drums = track_edits.played_by(piece, 1, instruments.DRUMS).tracks[1]
    assert (drums.drums, drums.program) == (True, 0)


def test_a_row_of_drums_gets_another_sound_and_loses_it():
    piece = groove()
    boom, snap = RowSound(38, "snap", "b" * 16), RowSound(36, "boom", "a" * 16)
    both = track_edits.with_sound(track_edits.with_sound(piece, 0, boom), 0, snap)
    assert both.tracks[0].sounds == (snap, boom), "in the order of their pitches"
    other = track_edits.with_sound(both, 0, RowSound(36, "other", "c" * 16))
    assert [one.name for one in other.tracks[0].sounds] == ["other", "snap"]
    assert track_edits.without_sound(both, 0, 36).tracks[0].sounds == (boom,)
    assert piece.tracks[0].sounds == ()


def test_recordings_survive_another_name():
    piece = track_edits.with_sound(groove(), 0, RowSound(36, "boom", "a" * 16))
    assert track_edits.renamed(piece, 0, "Kit").tracks[0].sounds == piece.tracks[0].sounds


def test_the_drums_that_are_meant():
    kit = Track("", 0, True)
    piece = Piece(notes_of(()), (Track(), kit, Track(), kit))
    assert track_edits.drums_of(piece) == 1
    assert track_edits.drums_of(piece, 3) == 3
    assert track_edits.drums_of(piece, 9) == 1
    assert track_edits.drums_of(chorale()) is None


def test_only_tracks_that_sound():
    piece = Piece(notes_of([(0, 10, 60, 80, 1), (5, 10, 61, 80, 3)]), tuple(map(Track, "abcd")))
    found = track_edits.sounding(piece)
    assert [track.name for track in found.tracks] == ["b", "d"]
    assert found.notes["track"].tolist() == [0, 1]
    empty = Piece(notes_of(()), (Track("a"), Track("b")))
    assert track_edits.sounding(empty).tracks == (Track("a"),)
