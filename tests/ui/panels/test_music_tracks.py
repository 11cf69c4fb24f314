"""Tracks at the left, in the roll and in the file: one and the same."""

from __future__ import annotations

import pytest

from genstudio.media.notes import Piece, Track, notes_of
from genstudio.ui.panels.music_tracks import MusicTracks
from genstudio.ui.state.piece_state import PieceState
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.track_list import LOCK, MUTE, SOLO, TrackList
from tests.helpers.pieces import chorale

PIECE = chorale(bars=1, voices=3)


@pytest.fixture
def roll(shown) -> PianoRoll:
    return shown(PianoRoll())


@pytest.fixture
def pieces(studio, roll):
    made = PieceState(studio)
    made.bind(roll.piece)
    made.opened.connect(lambda _work: None)
    made.new(PIECE, "Song")
    roll.set_piece(PIECE)
    yield made
    made.close()


@pytest.fixture
def listed(shown) -> TrackList:
    return shown(TrackList())


@pytest.fixture
def add(shown) -> Button:
    return shown(Button("Add a track"))


@pytest.fixture
def tracks(listed, add, roll, pieces) -> MusicTracks:
    made = MusicTracks(listed, add, roll, pieces, roll)
    made.show()
    return made


def names(listed: TrackList) -> list[str]:
    return [line.name for line in listed.tracks()]


def states(listed: TrackList, what: str) -> list[bool]:
    return [getattr(line, what) for line in listed.tracks()]


def test_the_list_shows_the_tracks_of_the_roll(tracks, listed, roll):
    assert names(listed) == ["Soprano", "Alto", "Tenor"]
    assert listed.tracks()[1].program == 49
    roll.set_track(2)
    assert (listed.current(), tracks.current, tracks.name(2)) == (2, 2, "Tenor")


def test_choosing_in_the_list_is_choosing_in_the_roll(tracks, listed, roll, heard):
    chosen = heard(tracks.chosen)
    listed.head(1).click()
    assert (roll.track(), listed.current(), chosen) == (1, 1, [1])
    assert [listed.head(n).isChecked() for n in range(3)] == [False, True, False]
    listed.head(1).click()
    assert [listed.head(n).isChecked() for n in range(3)] == [False, True, False]


def test_a_smaller_piece_has_no_chosen_track_beyond_its_last(tracks, roll):
    roll.set_track(2)
    roll.replace_piece(chorale(bars=1, voices=1), "Fewer")
    assert tracks.current == 0


def test_switches_reach_the_file_and_only_sound_tells_the_ear(tracks, listed, pieces, heard):
    ears = heard(tracks.heard_changed)
    listed.switch(0, LOCK).click()
    assert ears == []
    assert pieces.locked_tracks() == {0}
    listed.switch(1, MUTE).click()
    listed.switch(2, SOLO).click()
    assert len(ears) == 2
    pieces.save()
    kept = pieces._shelf.get(pieces.current.id).tracks
    assert [(one.locked, one.muted, one.solo) for one in kept] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    listed.switch(0, LOCK).click()
    assert pieces.locked_tracks() == frozenset()


def test_solo_makes_the_others_pale_in_the_roll(tracks, listed, roll):
    listed.switch(1, SOLO).click()
    assert roll.model.quiet_tracks == {0, 2}
    listed.switch(1, MUTE).click()
    assert roll.model.quiet_tracks == {0, 1, 2}, "muted is muted"
    listed.switch(1, SOLO).click()
    assert roll.model.quiet_tracks == {1}


def test_locked_tracks_are_locked_in_the_roll(tracks, listed, roll):
    listed.switch(2, LOCK).click()
    assert roll.model.locked_tracks == {2}
    assert listed.head(2).accessibleName().endswith("locked")


def test_a_new_track_is_chosen_and_undone_in_one_step(tracks, listed, roll, add):
    add.click()
    assert len(listed.tracks()) == 4
    assert (roll.track(), listed.current()) == (3, 3)
    roll.undo()
    assert len(listed.tracks()) == 3
    assert listed.current() == 2


def test_there_are_never_more_than_sixteen(tracks, listed, add):
    for _ in range(20):
        add.click()
    assert len(listed.tracks()) == 16
    assert not add.isEnabled()
    listed.remove_wanted.emit(3)
    assert add.isEnabled()


def test_the_same_name_again_is_no_step(tracks, listed, roll):
    listed.renamed.emit(0, "Soprano")
    assert not roll.model.undo_stack.canUndo()
    listed.renamed.emit(0, "First")
    assert names(listed)[0] == "First"
    assert roll.model.undo_stack.undoText() == "Rename a track"
    roll.undo()
    assert names(listed)[0] == "Soprano"


def test_a_kit_and_back(tracks, listed, roll):
    listed.program_chosen.emit(1, -1)
    assert listed.tracks()[1].drums
    assert listed.tracks()[1].instrument == "Drums"
    listed.program_chosen.emit(1, 42)
    assert (listed.tracks()[1].drums, listed.tracks()[1].instrument) == (False, "Cello")
    roll.undo()
    roll.undo()
    assert listed.tracks()[1].program == 49


def test_a_track_goes_with_its_notes_and_what_was_said_of_it(tracks, listed, roll, pieces):
    listed.switch(0, LOCK).click()
    listed.switch(2, MUTE).click()
    listed.remove_wanted.emit(0)
    assert names(listed) == ["Alto", "Tenor"]
    assert states(listed, LOCK) == [False, False]
    assert states(listed, MUTE) == [False, True]
    assert len(roll.piece().notes) == int((PIECE.notes["track"] != 0).sum())


def test_what_was_said_of_tracks_comes_back_with_the_track(tracks, listed, roll, pieces):
    listed.switch(1, LOCK).click()
    listed.switch(0, MUTE).click()
    listed.remove_wanted.emit(0)
    assert (states(listed, LOCK), states(listed, MUTE)) == ([True, False], [False, False])
    roll.undo()
    assert names(listed) == ["Soprano", "Alto", "Tenor"]
    assert (states(listed, LOCK), states(listed, MUTE)) == (
        [False, True, False], [True, False, False],
    )  # fmt: skip
    assert pieces.locked_tracks() == {1}
    roll.redo()
    assert (states(listed, LOCK), states(listed, MUTE)) == ([True, False], [False, False])


def test_a_draft_of_its_own_is_shown_plainly_and_not_switched(tracks, listed, roll, add, pieces):
    listed.switch(0, LOCK).click()
    listed.switch(1, MUTE).click()
    tracks.plain = True
    tracks.show()
    assert states(listed, LOCK) == states(listed, MUTE) == [False] * 3
    assert (roll.model.locked_tracks, roll.model.quiet_tracks) == (frozenset(), frozenset())
    assert not listed.isEnabled()
    assert not add.isEnabled()
    tracks.plain = False
    tracks.show()
    assert states(listed, LOCK) == [True, False, False]
    assert listed.isEnabled()
    assert add.isEnabled()


def test_tracks_without_names_are_called_by_their_instruments(tracks, listed, roll):
    roll.replace_piece(Piece(notes_of(()), (Track("", 40), Track("", 0, True))), "Others")
    assert [tracks.name(n) for n in (0, 1)] == names(listed)
    assert "Violin" in names(listed)[0]
    assert "Drums" in names(listed)[1]
