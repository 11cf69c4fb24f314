"""What is asked of a model of music becomes drafts: which, how many, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import composing
from genstudio.core.errors import BadInput, UsageError
from genstudio.engine import composing_asks
from genstudio.engine.ask import Ask
from genstudio.engine.composing_asks import DRAFTS, joined, piece_of
from genstudio.engine.composing_holes import Holes
from genstudio.engine.composing_open import Groove, Open
from genstudio.media.notes import MAX_TRACKS, Piece, Track, notes_of
from tests.helpers import players
from tests.helpers.pieces import PPQ

TOKENS = players.tokens()
BAR = 4 * PPQ


@pytest.fixture
def ask(tmp_path: Path):
    """An Ask; pieces among its values become files."""

    def made(seed: int = 3, first: int = 0, count: int = 1, **values) -> Ask:
        inputs = {
            name: players.file(tmp_path / f"{name}.mid", value)
            for name, value in values.items()
            if isinstance(value, Piece)
        }
        rest = {name: value for name, value in values.items() if name not in inputs}
        return Ask(rest, seed, first, count, inputs)

    return made


def drafts(task: str, asked: Ask, tokens=TOKENS) -> list:
    return list(DRAFTS[task](tokens, asked))


def cells_of(draft: Holes) -> set[tuple[int, int]]:
    """(bar, track) of each cell that is made anew."""
    return {(bar, draft._cells.tracks[voice]) for bar, voice in draft._holes}


def test_there_is_a_way_to_every_task_that_makes_pieces() -> None:
    config = {"fim": True, "velocities": 8, "timing": 3, "voices": 4, "drums": "only"}
    names = {task.name for task in composing.tasks(config)}
    assert set(DRAFTS) >= names - {"score"}


# ---- new pieces ------------------------------------------------------------------------------


def test_drafts_are_numbered_from_the_first_that_was_asked_for(ask) -> None:
    found = drafts("sample", ask(first=5, count=3, bars=2))
    assert [draft.index for draft in found] == [5, 6, 7]
    assert all(isinstance(draft, Open) and draft.total == 2 for draft in found)


def test_an_absurd_tempo_is_that_of_the_slowest_music(ask) -> None:
    said = {"key": "C major", "metre": "4/4", "instruments": "piano", "tempo": 1}
    (draft,) = drafts("sample", ask(**said))
    draft.prompt(512)
    assert draft.frame.tempos == ((0, 20.0),)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("violin, violin, viola, cello, cello", "writes 4 voices at most, not 5"),
        ("violin, drums", "does not write for"),
        ("kazoo", "no instrument 'kazoo'"),
        ("violin, 128", "no instrument 128"),
        ("-2", "no instrument -2"),
    ],
)
def test_instruments_that_cannot_be(ask, said: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        drafts("sample", ask(instruments=said))


def test_a_model_of_drums_writes_for_nothing_else(ask) -> None:
    kit = players.tokens(1, drums="only")
    assert len(drafts("sample", ask(instruments="drums"), kit)) == 1
    with pytest.raises(UsageError, match="does not write for Violin"):
        drafts("sample", ask(instruments="violin"), kit)


def test_any_class_is_no_class(ask) -> None:
    tokens = players.tokens(classes=("funk",))
    label = {name: drafts("sample", ask(**{"class": name}), tokens)[0].label
             for name in ("funk", composing.ANY)}  # fmt: skip
    assert label == {"funk": "funk", composing.ANY: ""}


# ---- parts of a piece ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "cells"),
    [
        ({"from_bar": 2, "to_bar": 3, "tracks": "1"}, {(1, 0), (2, 0)}),
        ({"from_bar": 4, "to_bar": 0, "tracks": "Viola, 4"}, {(3, 2), (3, 3)}),
        ({"from_bar": 1, "to_bar": 1, "tracks": " "}, {(0, 0), (0, 1), (0, 2), (0, 3)}),
        ({"from_bar": 5, "to_bar": 6, "tracks": "Cello"}, {(4, 3), (5, 3)}),
    ],
)
def test_chosen_bars_and_tracks_are_filled(ask, said, cells) -> None:
    (draft,) = drafts("fill", ask(piece=players.quartet(4), **said))
    assert cells_of(draft) == cells


def test_bars_are_those_of_the_piece_when_its_metre_changes(ask) -> None:
    given = players.quartet(3).replaced(metres=((0, 4, 4), (BAR, 3, 4)))
    (draft,) = drafts("fill", ask(piece=given, from_bar=2, to_bar=2, tracks="1"))
    assert draft.region == (BAR, BAR + 3 * PPQ)


@pytest.mark.parametrize(("first", "last"), [(3, 2), (5, 0), (1, 4 + composing.MOST_BARS + 1)])
def test_bars_that_are_not_there(ask, first: int, last: int) -> None:
    with pytest.raises(UsageError, match=r"no bars \d+ to \d+ in a piece of 4"):
        drafts("fill", ask(piece=players.quartet(4), from_bar=first, to_bar=last))


@pytest.mark.parametrize("locked", ["{", "[[0]]", '"a"', "[[0.5, 60, 0]]"])
def test_locks_that_are_none(ask, locked: str) -> None:
    with pytest.raises(UsageError):
        drafts("fill", ask(piece=players.quartet(2), locked=locked))


def test_only_locked_notes_stay_where_bars_are_made_anew(ask) -> None:
    locks = [[BAR, 73, 0], [BAR, 74, 0], [0, 60, -1]]  # the others are no notes of the piece
    said = {"from_bar": 2, "to_bar": 2, "tracks": "1", "locked": json.dumps(locks)}
    (draft,) = drafts("fill", ask(piece=players.quartet(2), **said))
    left = draft.frame.notes
    left = left[(left["track"] == 0) & (left["start"] >= BAR)]
    assert [(note["start"], note["pitch"]) for note in left] == [(BAR, 73)]
    assert len(draft.frame.notes) == 2 * 16 - 3


def test_a_piece_of_more_tracks_than_voices_is_filled_where_most_sounds(ask) -> None:
    rows = [(n * PPQ, PPQ, 60 + track, 80, track) for track in range(6) for n in range(track + 1)]
    given = Piece(notes_of(rows), (Track(),) * 6)
    (draft,) = drafts("fill", ask(piece=given))
    assert {track for _, track in cells_of(draft)} == {2, 3, 4, 5}
    with pytest.raises(UsageError, match="writes 4 voices, not 5"):
        drafts("fill", ask(piece=given, tracks="1,2,3,4,5"))


def test_drums_are_added_to_a_piece_and_the_rest_is_left_alone(ask) -> None:
    given = players.quartet(2)
    band = given.replaced(tracks=(*given.tracks, Track("Kit", 0, True)))
    kit = players.tokens(1, drums="only", velocities=8, timing=2)
    (draft,) = drafts("fill", ask(piece=band), kit)
    assert cells_of(draft) == {(0, 4), (1, 4)}
    assert len(draft.frame.notes) == len(given.notes)
    (draft,) = drafts("fill", ask(piece=band))
    assert {track for _, track in cells_of(draft)} == {0, 1, 2, 3}


# ---- variations ------------------------------------------------------------------------------


@pytest.mark.parametrize(("distance", "count"), [(0, 1), (0.01, 1), (0.25, 4), (0.5, 8), (1, 16)])
def test_distance_is_the_share_of_places_made_anew(ask, distance: float, count: int) -> None:
    (draft,) = drafts("vary", ask(piece=players.quartet(4), distance=distance))
    assert len(cells_of(draft)) == count


def test_variations_differ_by_number_and_seed_and_come_again(ask) -> None:
    def chosen(**more) -> list[frozenset]:
        asked = ask(piece=players.quartet(4), distance=0.25, **more)
        return [frozenset(cells_of(draft)) for draft in drafts("vary", asked)]

    many = chosen(count=6)
    assert len(set(many)) > 3
    assert chosen(first=4, count=1) == [many[4]]
    assert chosen(count=6) == many
    assert chosen(count=6, seed=4) != many


def test_places_where_nothing_sounds_are_not_varied(ask) -> None:
    given = Piece(notes_of([(0, PPQ, 60, 80, 0), (2 * BAR, PPQ, 60, 80, 1)]), (Track(), Track()))
    (draft,) = drafts("vary", ask(piece=given, distance=1.0))
    assert cells_of(draft) == {(0, 0), (2, 1)}


def test_tracks_that_stay_are_read_but_not_varied(ask) -> None:
    given = players.quartet(4)
    (draft,) = drafts("vary", ask(piece=given, distance=1.0, kept="1, 3"))
    assert {track for _, track in cells_of(draft)} == {1, 3}
    assert draft._cells.tracks == (0, 1, 2, 3)
    (draft,) = drafts("vary", ask(piece=given, distance=1.0, kept="1"), players.tokens(1))
    assert {track for _, track in cells_of(draft)} == {1}, "a model of one voice takes a free one"
    with pytest.raises(UsageError, match="are to stay"):
        drafts("vary", ask(piece=given, kept="1,2,3,4"))


def test_locked_notes_stay_in_variations_and_harmonies(ask) -> None:
    given = players.quartet(2)
    start, _length, pitch, _loud, track = given.notes[given.notes["track"] == 3][0].item()
    lock = json.dumps([[start, pitch, track]])
    for task in ("vary", "harmonise"):
        (draft,) = drafts(task, ask(piece=given, distance=1.0, locked=lock))
        left = draft.frame.notes[draft.frame.notes["track"] == 3]
        assert [(row[0], row[2]) for row in left.tolist()] == [(start, pitch)], task


# ---- bridges ---------------------------------------------------------------------------------


def test_a_bridge_lies_between_two_pieces(ask) -> None:
    asked = ask(piece=players.quartet(2), to=players.quartet(3), bars=2)
    (draft,) = drafts("bridge", asked)
    assert {bar for bar, _ in cells_of(draft)} == {2, 3}
    assert {track for _, track in cells_of(draft)} == {0, 1, 2, 3}
    assert draft.region == (2 * BAR, 4 * BAR)
    assert len(draft.frame.bars()) - 1 == 7


def test_a_second_piece_of_another_resolution_fits(ask) -> None:
    asked = ask(piece=players.quartet(1), to=players.quartet(1, beat=96), bars=1)
    (draft,) = drafts("bridge", asked)
    assert draft.frame.ppq == PPQ
    assert int(draft.frame.notes["start"].max()) == 2 * BAR + 3 * PPQ


def test_joined_pieces_keep_their_own_tempo_metre_and_key() -> None:
    one = players.quartet(1).replaced(tempos=((0, 90.0), (5000, 50.0)))
    two = players.quartet(1).replaced(tempos=((0, 60.0), (PPQ, 70.0)), metres=((0, 3, 4),),
                                      keys=((0, 2, True),))  # fmt: skip
    found = joined(one, two, BAR)
    assert found.tempos == ((0, 90.0), (BAR, 60.0), (BAR + PPQ, 70.0))
    assert found.metres == ((0, 4, 4), (BAR, 3, 4))
    assert found.keys == ((0, 0, False), (BAR, 2, True))
    assert np.array_equal(found.within(0, BAR).notes, one.notes)
    assert np.array_equal(found.notes["start"][-4:], two.notes["start"][-4:] + BAR)


def test_keys_that_only_one_of_two_pieces_has() -> None:
    plain = players.quartet(1).replaced(keys=())
    keyed = players.quartet(1).replaced(keys=((0, 2, True),))
    assert joined(plain, plain, BAR).keys == ()
    assert joined(keyed, plain, BAR).keys == ((0, 2, True),)
    assert joined(plain, keyed, BAR).key_at(BAR) == (2, True)


def test_further_tracks_of_the_second_piece_are_added() -> None:
    one = Piece(notes_of([(0, PPQ, 60, 80, 0)]), (Track("A"),))
    two = Piece(notes_of([(0, PPQ, 62, 80, 1)]), (Track("B"), Track("C")))
    found = joined(one, two, BAR)
    assert [track.name for track in found.tracks] == ["A", "C"]
    assert found.notes["track"].tolist() == [0, 1]


# ---- harmony ---------------------------------------------------------------------------------


def test_a_melody_alone_gets_voices_of_its_own_instrument(ask) -> None:
    tune = Piece(notes_of([(0, PPQ, 72, 80, 0)]), (Track("Air", 73),))
    (draft,) = drafts("harmonise", ask(piece=tune, melody=1))
    assert [track.program for track in draft.frame.tracks] == [73] * 4
    assert {track for _, track in cells_of(draft)} == {1, 2, 3}
    named = ask(piece=tune, melody=1, instruments="flute, viola, drums, cello")
    (draft,) = drafts("harmonise", named)
    assert [track.program for track in draft.frame.tracks] == [73, 41, 42]


def test_the_melody_stays_and_drums_are_left_alone(ask) -> None:
    given = players.quartet(2)
    given = given.replaced(tracks=(*given.tracks[:3], Track("Kit", 0, True)))
    (draft,) = drafts("harmonise", ask(piece=given, melody=2))
    assert {track for _, track in cells_of(draft)} == {0, 2}
    left = draft.frame.notes["track"]
    assert (np.count_nonzero(left == 1), np.count_nonzero(left == 3)) == (8, 8)


def test_voices_that_stay_are_heard_by_the_model_and_left_alone(ask) -> None:
    given = players.quartet(2)
    (draft,) = drafts("harmonise", ask(piece=given, melody=1, kept="1,4"))
    assert {track for _, track in cells_of(draft)} == {1, 2}
    assert draft._cells.tracks == (0, 1, 2, 3)
    assert np.count_nonzero(draft.frame.notes["track"] == 3) == 8
    (draft,) = drafts("harmonise", ask(piece=given, melody=1, kept="2,3,4"), players.tokens(2))
    assert len(draft.frame.tracks) == 5, "all others stay: a new voice comes"
    assert {track for _, track in cells_of(draft)} == {4}


@pytest.mark.parametrize("melody", [2, 3, 99])
def test_a_melody_that_is_not_there(ask, melody: int) -> None:
    given = Piece(notes_of([(0, PPQ, 72, 80, 0)]), (Track(), Track()))
    with pytest.raises(UsageError, match=f"no melody in track {melody}"):
        drafts("harmonise", ask(piece=given, melody=melody))


def test_voices_need_room(ask) -> None:
    tune = Piece(notes_of([(0, PPQ, 72, 80, 0)]), (Track(),))
    with pytest.raises(UsageError, match="no room for further voices"):
        drafts("harmonise", ask(piece=tune), players.tokens(1))
    kits = (Track(),) + (Track("", 0, True),) * (MAX_TRACKS - 1)
    with pytest.raises(UsageError, match="no room for further voices"):
        drafts("harmonise", ask(piece=tune.replaced(tracks=kits)))


# ---- files -----------------------------------------------------------------------------------


def test_grooves_and_continuations_need_something_to_read(ask) -> None:
    kit = players.tokens(1, drums="only", velocities=8, timing=2)
    (draft,) = drafts("groove", ask(piece=players.beat(2)), kit)
    assert isinstance(draft, Groove)
    for task in ("groove", "continue", "vary", "fill"):
        with pytest.raises(UsageError):
            drafts(task, ask(piece=players.quartet(1)), kit)


def test_pieces_that_are_none(ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="needs a file for 'piece'"):
        piece_of(ask(), "piece")
    with pytest.raises(UsageError, match=r"no notes in piece\.mid"):
        piece_of(ask(piece=Piece(notes_of([]))), "piece")
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd\x00")
    with pytest.raises(BadInput, match=r"broken\.mid"):
        piece_of(Ask({}, inputs={"piece": broken}), "piece")
    monkeypatch.setattr(composing_asks, "_MOST_BYTES", 4)
    with pytest.raises(BadInput, match=r"broken\.mid is larger"):
        piece_of(Ask({}, inputs={"piece": broken}), "piece")
