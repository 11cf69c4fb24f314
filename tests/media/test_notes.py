"""A piece: its order, its clock, its bars, its parts, and what is no piece."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import notes
from genstudio.media.notes import NOTE, Piece, RowSound, Track, moved_key, notes_of
from tests.helpers.pieces import chorale, groove, same

NONE = notes_of([])


def test_notes_are_put_in_order_and_cannot_be_changed() -> None:
    given = notes_of(
        [(480, 10, 60, 80, 0), (0, 10, 64, 80, 1), (0, 10, 60, 80, 1), (0, 9, 70, 1, 0)]
    )
    piece = Piece(given, (Track(), Track()))
    assert [tuple(row)[:3] for row in piece.notes] == [
        (0, 9, 70), (0, 10, 60), (0, 10, 64), (480, 10, 60),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="read-only"):
        piece.notes["pitch"] = 1
    given["pitch"] = 3
    assert piece.notes["pitch"].max() == 70, "the piece keeps notes of its own"


def test_length() -> None:
    assert Piece(NONE).length == 0
    assert Piece(notes_of([(0, 1000, 60, 80, 0), (480, 10, 60, 80, 0)])).length == 1000


def test_clock_follows_the_tempos_there_and_back() -> None:
    piece = Piece(NONE, ppq=100, tempos=((0, 60.0), (200, 120.0), (400, 30.0)))
    assert piece.seconds(100) == pytest.approx(1.0)
    assert piece.seconds(400) == pytest.approx(2.0 + 1.0)
    assert piece.seconds(450) == pytest.approx(3.0 + 1.0)
    at = np.array([0, 50, 200, 399, 400, 12345])
    assert piece.ticks(piece.seconds(at)).tolist() == at.tolist()
    assert piece.ticks(3.5) == 425
    assert isinstance(piece.ticks(3.5), int)
    assert isinstance(piece.seconds(7), float)


@pytest.mark.parametrize(
    ("metres", "length", "bars"),
    [
        (((0, 4, 4),), 1, [0, 400]),
        (((0, 4, 4),), 400, [0, 400]),
        (((0, 4, 4),), 401, [0, 400, 800]),
        (((0, 6, 8),), 500, [0, 300, 600]),
        # A bar of one quarter before the first whole one, and a metre that changes later.
        (((0, 1, 4), (100, 3, 4), (700, 2, 4)), 800, [0, 100, 400, 700, 900]),
        # A change inside a bar cuts it short.
        (((0, 4, 4), (500, 4, 4)), 900, [0, 400, 500, 900]),
        (((0, 4, 4), (5000, 3, 4)), 700, [0, 400, 800]),
    ],
)
def test_bars(metres: tuple, length: int, bars: list[int]) -> None:
    piece = Piece(notes_of([(0, length, 60, 80, 0)]), ppq=100, metres=metres)
    assert piece.bars().tolist() == bars


def test_bars_go_on_as_long_as_wanted() -> None:
    assert Piece(NONE, ppq=100).bars(1000).tolist() == [0, 400, 800, 1200]
    assert Piece(NONE).bars().tolist() == [0, 1920]


def test_too_many_bars_are_no_music() -> None:
    piece = Piece(notes_of([(2**29, 1, 60, 80, 0)]), ppq=1, metres=((0, 1, 64),))
    with pytest.raises(ValueError, match="more than 100,000 bars"):
        piece.bars()


def test_what_holds_at_a_tick() -> None:
    piece = Piece(
        NONE, tempos=((0, 60.0), (10, 90.0)), metres=((0, 3, 4), (20, 6, 8)), keys=((0, -1, True),)
    )
    assert [piece.tempo_at(tick) for tick in (0, 9, 10, 99)] == [60, 60, 90, 90]
    assert piece.metre_at(19) == (3, 4)
    assert piece.metre_at(20) == (6, 8)
    assert piece.key_at(5) == (-1, True)
    assert Piece(NONE).key_at(5) is None


def test_within_cuts_and_moves() -> None:
    rows = [(0, 500, 60, 80, 0), (400, 300, 62, 80, 0), (700, 500, 64, 80, 0), (800, 10, 65, 80, 0)]
    piece = Piece(
        notes_of(rows), ppq=100, tempos=((0, 60.0), (300, 90.0), (500, 100.0), (900, 50.0)),
        metres=((0, 4, 4), (400, 3, 4)), keys=((0, 2, False),),
    )  # fmt: skip
    part = piece.within(400, 800)
    assert part.notes.tolist() == [(0, 300, 62, 80, 0), (300, 100, 64, 80, 0)]
    assert part.tempos == ((0, 90.0), (100, 100.0))
    assert part.metres == ((0, 3, 4),)
    assert part.keys == ((0, 2, False),)
    assert piece.within(50, 60).notes.tolist() == []


def test_transposed_moves_pitches_and_keys_but_no_drums() -> None:
    rows = [(0, 10, 60, 80, 0), (0, 10, 36, 80, 1)]
    piece = Piece(notes_of(rows), (Track(), Track(drums=True)), keys=((0, 0, False),))
    higher = piece.transposed(5)
    assert higher.notes["pitch"].tolist() == [65, 36]
    assert higher.keys == ((0, -1, False),)
    assert same(higher.transposed(-5), piece)


def test_transposed_stays_in_the_range_by_octaves() -> None:
    piece = Piece(notes_of([(0, 1, pitch, 80, 0) for pitch in (0, 5, 120, 127)]))
    assert piece.transposed(12).notes["pitch"].tolist() == [12, 17, 120, 127]
    assert piece.transposed(-7).notes["pitch"].tolist() == [5, 10, 113, 120]
    assert piece.transposed(30).notes["pitch"].max() <= 127


@pytest.mark.parametrize(
    ("fifths", "semitones", "moved"), [(0, 2, 2), (0, 1, -5), (-3, -2, -5), (7, 0, 7), (0, 6, 6)]
)
def test_keys_move_by_fifths(fifths: int, semitones: int, moved: int) -> None:
    assert moved_key(fifths, semitones) == moved


def test_all_moved_keys_can_be_written() -> None:
    found = {moved_key(fifths, step) for fifths in range(-7, 8) for step in range(-12, 13)}
    assert found <= set(range(-7, 8))


def test_another_resolution_is_the_same_music() -> None:
    piece = chorale()
    fine = piece.at_ppq(960)
    assert fine.seconds(fine.length) == pytest.approx(piece.seconds(piece.length))
    assert same(fine.at_ppq(480), piece)


def test_coarse_resolution_loses_no_note_and_merges_changes() -> None:
    piece = groove().replaced(tempos=((0, 60.0), (1, 70.0), (480, 80.0)))
    coarse = piece.at_ppq(2)
    assert len(coarse.notes) == len(piece.notes)
    assert coarse.notes["duration"].min() == 1
    assert coarse.tempos == ((0, 70.0), (2, 80.0))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"notes": np.zeros((2, 2), NOTE)}, "a row of NOTE"),
        ({"notes": notes_of([(-1, 1, 60, 80, 0)])}, "begin at 0"),
        ({"notes": notes_of([(2**30 + 1, 1, 60, 80, 0)])}, "begin at 0"),
        ({"notes": notes_of([(0, 0, 60, 80, 0)])}, "at least one tick"),
        ({"notes": notes_of([(0, 1, 128, 80, 0)])}, "pitches"),
        ({"notes": notes_of([(0, 1, 60, 0, 0)])}, "velocities"),
        ({"notes": notes_of([(0, 1, 60, 128, 0)])}, "velocities"),
        ({"notes": notes_of([(0, 1, 60, 80, 1)])}, "not there"),
        ({"tracks": ()}, "tracks"),
        ({"tracks": (Track(),) * 17}, "tracks"),
        ({"tracks": (Track(program=128),)}, "instruments"),
        ({"ppq": 0}, "quarter"),
        ({"tempos": ()}, "tempos"),
        ({"tempos": ((0, 0.0),)}, "tempos"),
        ({"tempos": ((0, float("nan")),)}, "tempos"),
        ({"tempos": ((5, 60.0),)}, "begin at 0"),
        ({"metres": ((0, 4, 3),)}, "metre"),
        ({"metres": ((0, 4, 4), (9, 4, 4), (8, 4, 4))}, "follow each other"),
        ({"keys": ((0, 8, False),)}, "sharps"),
    ],
)
def test_what_is_no_piece(fields: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Piece(**{"notes": NONE, **fields})


def test_as_many_tracks_as_midi_has_channels() -> None:
    assert len(Piece(NONE, (Track(),) * notes.MAX_TRACKS).tracks) == 16


def test_recordings_stay_with_drum_tracks_that_are_the_same():
    sounds = (RowSound(36, "boom", "abc"), RowSound(38, "snap", "def"))
    kit = Track("Kit", 0, True, sounds)
    assert kit.sound_of(38) == sounds[1]
    assert kit.sound_of(40) is None
    given = Piece(notes_of([(0, 10, 36, 90, 0)]), (kit, Track("Lead", 5)))
    bare = given.replaced(tracks=(Track("Kit", 0, True), Track("Lead", 7)))
    assert bare.sounding_like(given).tracks == (kit, Track("Lead", 7))
    other = given.replaced(tracks=(Track("Other kit", 0, True), Track("Lead", 7)))
    assert other.sounding_like(given).tracks == other.tracks
    assert bare.sounding_like(bare) is bare
