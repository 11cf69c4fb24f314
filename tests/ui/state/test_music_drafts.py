"""Drafts of music: notes on their way, what stays of a piece, what is told in nonsense."""

from __future__ import annotations

import pytest

from genstudio.core.events import Words
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.ui.state import music_drafts
from genstudio.ui.state.music_drafts import MusicDraft, Region, framed, rows_of, without
from tests.helpers.composers import finished, notes
from tests.helpers.fake_studio import FakeStudio
from tests.helpers.pieces import chorale, same

BAR = Region(0, 0, 0, 1920, (0,))


def two() -> Piece:
    rows = ((0, 480, 60, 80, 0), (0, 480, 48, 80, 1), (1920, 480, 62, 80, 0))
    return Piece(notes_of(rows), (Track("High"), Track("Low")))


def again(job: str = "j") -> Words:
    return Words(job=job, index=0, text="", data={"again": True})


@pytest.mark.parametrize(("last", "words"), [(3, "bar 4"), (4, "bars 4–5")])
def test_a_region_is_called_by_its_bars_from_one(last, words):
    assert Region(3, last, 0, 1, ()).words == words


def test_a_region_holds_what_begins_in_it():
    assert BAR.holds(0, 0)
    assert BAR.holds(1919, 0)
    assert not BAR.holds(1920, 0)
    assert not BAR.holds(0, 1)


def test_only_the_asked_place_is_emptied_and_locked_notes_stay():
    assert without(two(), BAR).notes["pitch"].tolist() == [48, 62]
    assert same(without(two(), BAR, [(0, 60, 0)]), two())


def test_notes_grow_over_what_stays():
    draft = MusicDraft(0, without(two(), BAR))
    assert (draft.empty, draft.open) == (True, True)
    draft.take_words(notes("j", (0, 240, 67, 0), (240, 240, 69, 0), p=0.4))
    assert draft.piece.notes["pitch"].tolist() == [67, 48, 69, 62]
    assert draft.new_notes()["pitch"].tolist() == [67, 69]
    assert draft.chances[(0, 67, 0)].p == 0.4
    assert draft.chances[(0, 67, 0)].top == ((67, 0.4), (69, 0.25))


def test_what_was_said_can_become_void():
    draft = MusicDraft(0, two())
    draft.take_words(notes("j", (0, 240, 67, 0)))
    draft.take_words(again())
    assert (draft.rows, draft.chances, draft.state) == ([], {}, "writing")


def test_the_finished_piece_replaces_what_was_told(tmp_path):
    from genstudio.core.paths import Home
    from genstudio.core.request import Request

    studio = FakeStudio(Home(tmp_path))
    draft = MusicDraft(0, without(two(), BAR))
    draft.take_words(notes("j", (0, 240, 67, 0)))
    result = finished(studio, "j", Request(model="voices", task="fill", seed=1), two())
    draft.take_result(result, two())
    assert (draft.state, draft.artifact) == ("done", "a0")
    assert same(draft.piece, two())
    assert draft.new_notes()["pitch"].tolist() == [60], "the others stood there before"
    assert not draft.open


def test_a_draft_goes_onto_a_piece_that_was_edited_since():
    draft = MusicDraft(0, without(two(), BAR), place=BAR)
    draft.take_words(notes("j", (0, 480, 67, 0)))
    edited = two().replaced(notes=notes_of([*two().notes.tolist(), (2400, 480, 50, 80, 1)]))
    assert sorted(draft.onto(edited, ()).notes["pitch"].tolist()) == [48, 50, 62, 67]


def test_tracks_beyond_the_piece_do_not_break_it():
    draft = MusicDraft(0, two())
    draft.take_words(notes("j", (0, 480, 67, 9)))
    assert same(draft.piece, two())


@pytest.mark.parametrize(
    "row",
    [
        "note",
        [0, 480, 60, 80],
        [0, 480, 128, 80, 0],
        [0, 0, 60, 80, 0],
        [-1, 480, 60, 80, 0],
        [0, 480, 60, 80, 16],
        [0.5, 480, 60, 80, 0],
        [True, 480, 60, 80, 0],
    ],
)
def test_nonsense_is_no_note(row):
    assert rows_of([row]) == []
    assert rows_of(row) == []


def test_odd_chances_are_numbers_from_0_to_1():
    told = [[0, 480, 60, 80, 0, float("nan"), [[60, 7], ["x", 1], [200, 1], 3]]]
    ((_row, chance),) = rows_of(told)
    assert (chance.p, chance.top) == (0.0, ((60, 1.0),))
    ((_row, plain),) = rows_of([[0, 480, 60, 80, 0]])
    assert (plain.p, plain.top) == (1.0, ())


def test_a_new_piece_grows_in_the_tracks_it_is_told():
    told = {"ppq": 240, "length": 0, "tracks": [["Flute", 73, False], ["Kit", 0, True]]}
    base = framed(two(), told, new=True)
    assert (base.ppq, len(base.notes)) == (240, 0)
    assert base.tracks == (Track("Flute", 73), Track("Kit", 0, True))


def test_an_open_piece_keeps_its_notes_and_may_get_tracks():
    told = {"ppq": 480, "tracks": [["High", 0, False], ["Low", 0, False], ["New", 42, False]]}
    base = framed(two(), told, new=False)
    assert [track.name for track in base.tracks] == ["High", "Low", "New"]
    assert len(base.notes) == 3
    fewer = framed(two(), {"tracks": [["High", 0, False]]}, new=False)
    assert fewer.tracks == two().tracks


@pytest.mark.parametrize("told", [None, 7, {}, {"ppq": 0, "tracks": "x"}, {"tracks": [[]] * 99}])
def test_a_nonsense_frame_changes_nothing(told):
    assert same(framed(two(), told, new=False), two())
    assert len(framed(two(), told, new=True).notes) == 0


def test_what_is_kept_for_the_session_comes_back():
    draft = MusicDraft(2, two(), state="done", artifact="a7")
    back = music_drafts.unpacked(draft.packed(), chorale())
    assert (back.index, back.state, back.artifact) == (2, "done", "a7")
    assert music_drafts.unpacked({"state": "writing"}, chorale()).state == "stopped"
    region = Region(1, 2, 1920, 5760, (0, 3))
    assert music_drafts.unpacked_region(music_drafts.packed_region(region)) == region


# ---- more of drafts


def finish(draft: MusicDraft, piece: Piece | None) -> None:
    from genstudio.core.events import Result

    draft.take_result(Result(job="j", path="", output="music", data={"artifact": "a3"}), piece)


def test_only_what_waits_or_writes_is_open():
    states = ("waiting", "writing", "done", "stopped", "failed")
    assert [MusicDraft(0, two(), state=state).open for state in states] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_stopped_draft_stays_stopped_when_its_file_comes():
    draft = MusicDraft(0, two(), state="stopped")
    finish(draft, two())
    assert (draft.state, draft.artifact, draft.empty) == ("stopped", "a3", False)


def test_a_result_whose_file_cannot_be_read_leaves_the_notes_that_were_told():
    draft = MusicDraft(0, without(two(), BAR))
    draft.take_words(notes("j", (0, 240, 67, 0)))
    finish(draft, None)
    assert draft.state == "done"
    assert draft.new_notes()["pitch"].tolist() == [67]
    assert draft.facts["artifact"] == "a3"


def test_a_waiting_draft_is_the_piece_as_it_stays():
    draft = MusicDraft(0, without(two(), BAR))
    assert same(draft.piece, without(two(), BAR))
    assert len(draft.new_notes()) == 0
    draft.take_words(notes("j"))
    assert (draft.state, draft.empty) == ("writing", True)


def test_words_after_what_became_void_begin_again():
    draft = MusicDraft(0, two())
    draft.take_words(notes("j", (0, 240, 67, 0)))
    again_with = notes("j", (0, 240, 71, 0)).model_copy()
    again_with.data["again"] = True
    draft.take_words(again_with)
    assert draft.new_notes()["pitch"].tolist() == [71]
    assert list(draft.chances) == [(0, 71, 0)]


def test_a_draft_without_a_place_replaces_the_piece():
    draft = MusicDraft(0, Piece(notes_of(())))
    draft.take_words(notes("j", (0, 480, 67, 0)))
    assert draft.onto(two(), ()).notes["pitch"].tolist() == [67]


def test_locked_notes_stay_when_a_draft_is_put_onto_the_piece():
    draft = MusicDraft(0, without(two(), BAR, [(0, 60, 0)]), place=BAR)
    draft.take_words(notes("j", (480, 480, 67, 0)))
    assert sorted(draft.onto(two(), [(0, 60, 0)]).notes["pitch"].tolist()) == [48, 60, 62, 67]
    assert sorted(draft.onto(two(), ()).notes["pitch"].tolist()) == [48, 62, 67]


def test_the_piece_that_was_given_is_never_changed():
    given = two()
    draft = MusicDraft(0, given, place=BAR)
    draft.take_words(notes("j", (0, 240, 67, 0)))
    draft.onto(given, ())
    without(given, BAR)
    assert same(given, two())


def test_at_most_so_many_others_are_kept():
    told = [[0, 480, 60, 80, 0, 0.5, [[pitch, 0.01] for pitch in range(60, 80)]]]
    ((_row, chance),) = rows_of(told)
    assert [pitch for pitch, _p in chance.top] == list(range(60, 60 + music_drafts.TOLD))


def test_chances_are_found_by_the_place_of_the_note():
    data = {"notes": [[960, 480, 60, 80, 1, 0.125, [[62, 0.5]]], "x"]}
    found = music_drafts.chances_of(data)
    assert list(found) == [(960, 60, 1)]
    assert (found[(960, 60, 1)].p, found[(960, 60, 1)].top) == (0.125, ((62, 0.5),))
    assert music_drafts.chances_of({}) == {}


def test_a_frame_in_other_ticks_moves_the_notes_along():
    base = framed(two(), {"ppq": 960, "tracks": [["High", 0, False], ["Low", 0, False]]}, False)
    assert base.ppq == 960
    assert base.notes["start"].tolist() == [0, 0, 3840]


@pytest.mark.parametrize("saved", [{}, {"first": 1}, {"tracks": 3, "first": 0}])
def test_a_region_of_nonsense_is_refused(saved):
    with pytest.raises((KeyError, TypeError)):
        music_drafts.unpacked_region(saved)


def test_a_draft_of_nonsense_is_one_that_was_stopped():
    draft = music_drafts.unpacked({"state": ["done"], "artifact": 7}, two())
    assert (draft.index, draft.state, draft.artifact) == (0, "stopped", "7")
