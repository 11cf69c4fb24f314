"""Music as tokens and back: whole pieces, windows, holes, other keys; and the file of a model."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import note_tokens, tokens
from genstudio.media.note_tokens import Head, NoteTokens
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.pieces import chorale, groove

PLAIN = note_tokens.make(("bach",))
HUMAN = note_tokens.make(velocities=16, timing=5, voices=3, drums="with")


def words(ids: list[int]) -> str:
    return PLAIN.decode(ids).strip()


def test_a_small_piece_in_words() -> None:
    rows = [
        (0, 480, 60, 80, 0),
        (0, 480, 64, 80, 0),
        (240, 240, 48, 80, 1),
        (1920, 3840, 67, 80, 0),
    ]
    piece = Piece(notes_of(rows), (Track("", 4), Track("", 32)), keys=((0, 0, False),))
    ids = PLAIN.encode_piece(piece, "bach")
    assert ids[0] == PLAIN.special("<|class:bach|>")
    assert ids[-1] == PLAIN.special(tokens.END) == 0
    assert words(ids) == (
        "Tempo:21 Key:0 Metre:4/4 Track:0 Program:4 Track:1 Program:32 "
        "Bar Track:0 Pos:0 Pitch:60 Dur:11 Pitch:64 Dur:11 Track:1 Pos:6 Pitch:48 Dur:5 "
        "Bar Track:0 Pos:0 Pitch:67 Dur:39 Bar"
    )


@pytest.mark.parametrize("seed", range(3))
def test_music_on_the_grid_comes_back_whole(seed: int) -> None:
    piece = chorale(5, 4, seed)
    back = PLAIN.decode_piece(PLAIN.encode_piece(piece))
    assert np.array_equal(back.notes, piece.notes)
    assert [track.program for track in back.tracks] == [48, 49, 50, 51]
    assert back.keys == piece.keys
    assert back.metres == piece.metres
    assert abs(back.tempos[0][1] / 96 - 1) < 0.04


def test_human_playing_comes_back_nearly() -> None:
    piece = groove(4)
    back = HUMAN.decode_piece(HUMAN.encode_piece(piece))
    assert back.tracks[0].drums
    # What was played within a tick may change places: compare hit by hit.
    made, played = (np.sort(one.notes, order=("pitch", "start")) for one in (back, piece))
    assert np.array_equal(made["pitch"], played["pitch"])
    assert np.abs(made["start"] - played["start"]).max() <= 480 / 12 / 11 / 2 + 1
    assert np.abs(made["velocity"].astype(int) - played["velocity"]).max() <= 4
    again = HUMAN.encode_piece(back)
    assert again == HUMAN.encode_piece(piece), "what was rounded stays as it is"


def test_changes_of_metre_and_upbeats_keep_their_place() -> None:
    metres = ((0, 1, 4), (480, 4, 4), (2400, 6, 8))
    starts = (0, 480, 2400, 3840)
    piece = Piece(notes_of([(start, 480, 60, 80, 0) for start in starts]), metres=metres)
    back = PLAIN.decode_piece(PLAIN.encode_piece(piece))
    assert np.array_equal(back.notes, piece.notes)
    assert back.metres == metres


def test_a_window_repeats_the_head_as_it_holds_there() -> None:
    piece = chorale(4, 2).replaced(
        tempos=((0, 60.0), (3840, 120.0)), metres=((0, 4, 4), (3840, 2, 4)),
        keys=((0, 0, False), (3840, 2, True)),
    )  # fmt: skip
    cells = PLAIN.cells(piece)
    assert PLAIN.head_of(cells, 3) == Head(piece.tracks, 120.0, (2, 4), (2, True))
    row = PLAIN.window(cells, 3, 5)
    assert words(row).count("Bar") == 2
    assert "Metre:2/4 Track:0" in words(row)
    assert row[-1] != 0, "the piece goes on"
    assert PLAIN.window(cells, 3)[-1] == 0
    assert PLAIN.window(cells, 3, end=False)[-1] != 0
    assert PLAIN.window(cells, 0, 1, end=True)[-1] == 0


@pytest.mark.parametrize("seed", range(4))
def test_holes_and_their_answers_are_the_same_music(seed: int) -> None:
    random = np.random.default_rng(seed)
    cells = PLAIN.cells(chorale(6, 4, seed))
    holes = [(b, v) for b in range(1, 5) for v in range(4) if random.random() < 0.5]
    whole, holed = PLAIN.window(cells, 1, 5), PLAIN.window(cells, 1, 5, holes=holes)
    assert np.array_equal(PLAIN.decode_piece(holed).notes, PLAIN.decode_piece(whole).notes)
    prompt = PLAIN.window(cells, 1, 5, holes=holes, answers=False)
    assert holed[: len(prompt)] == prompt
    assert prompt[-1] == PLAIN.special(tokens.MIDDLE)
    given = PLAIN.decode_piece(prompt)
    assert len(given.notes) == len(PLAIN.decode_piece(whole).notes) - sum(
        len(cells.cell(*hole)) for hole in holes
    )


def test_a_silent_hole_and_one_outside() -> None:
    piece = Piece(notes_of([(0, 480, 60, 80, 0)]), (Track(), Track()))
    cells = PLAIN.cells(piece, [0, 1], until=3840)
    assert cells.bars == 2
    row = PLAIN.window(cells, 0, 1, holes=[(0, 1), (1, 0)])
    assert words(row).endswith("Track:1 Hole:0 Hole:0 Track:1 Next")


def test_lengths_are_those_of_the_window() -> None:
    piece = chorale(6, 3).replaced(metres=((0, 4, 4), (3840, 2, 4)))
    cells = PLAIN.cells(piece)
    head = len(PLAIN.head(PLAIN.head_of(cells)))
    for last in range(1, cells.bars + 1):
        row = PLAIN.window(cells, 0, last, end=False)
        assert len(row) == head + cells.lengths()[:last].sum()


def test_another_key() -> None:
    piece = chorale(2, 2).replaced(keys=((0, 0, True),))
    ids = np.array(PLAIN.encode_piece(piece))
    moved = PLAIN.transposed(ids, 3)
    assert moved.tolist() == PLAIN.encode_piece(piece.transposed(3))
    assert PLAIN.transposed(moved, -3).tolist() == ids.tolist()
    assert PLAIN.transposed(ids, 0) is ids
    with pytest.raises(ValueError, match="range"):
        PLAIN.transposed(ids, 70)
    drums = note_tokens.make(drums="only")
    beat = np.array(drums.encode_piece(groove()))
    assert drums.transposed(beat, 3) is beat


def test_voices_that_fit() -> None:
    rows = [(0, 10, 60, 80, track) for track in range(6) for _ in range(1 if track == 2 else 3)]
    rows += [(960 * n, 10, 61, 80, track) for n in range(4) for track in (0, 1, 3, 5)]
    tracks = tuple(Track("", number, number == 5) for number in range(6))
    piece = Piece(notes_of(rows), tracks)
    assert PLAIN.cells(piece).tracks == (0, 1, 3, 4)
    assert HUMAN.cells(piece).tracks == (0, 1, 3)
    assert note_tokens.make(drums="only").cells(piece).tracks == (5,)
    assert PLAIN.cells(piece, [4, 2]).voices == (tracks[4], tracks[2])


@pytest.mark.parametrize(
    ("tokenizer", "piece", "reason"),
    [
        (PLAIN, groove(), "voices"),
        (PLAIN, chorale(1, 5), None),
        (note_tokens.make(drums="only"), chorale(), "voices"),
    ],
)
def test_pieces_that_a_model_cannot_write(
    tokenizer: NoteTokens, piece: Piece, reason: str | None
) -> None:
    every = range(len(piece.tracks))
    with pytest.raises(UsageError):
        tokenizer.cells(piece, every)
    if reason is None:
        assert len(tokenizer.cells(piece).tracks) == 4
    else:
        with pytest.raises(UsageError, match=reason):
            tokenizer.cells(piece)


def test_long_bars_become_several() -> None:
    piece = Piece(notes_of([(0, 480, 60, 80, 0), (4800, 480, 62, 80, 0)]), metres=((0, 12, 4),))
    cells = PLAIN.cells(piece)
    assert cells.bars == 3
    assert PLAIN.decode_piece(PLAIN.window(cells)).notes["start"].tolist() == [0, 4800]
    assert [cells.bar_at(tick) for tick in (0, 1919, 1920, 99999)] == [0, 0, 1, 2]


def test_a_note_before_a_bar_that_is_not_there() -> None:
    piece = Piece(notes_of([(0, 60, 36, 80, 0), (1915, 4, 36, 80, 0)]), (Track(drums=True),))
    cells = HUMAN.cells(piece)
    assert cells.bars == 2
    assert cells.starts.tolist() == [0, 1920, 3840]
    assert cells.cell(1, 0)[0].pos == 0
    assert HUMAN.decode_piece(HUMAN.window(cells)).notes["start"][1] < 1920


def test_one_pitch_at_one_place_is_one_note_the_longest() -> None:
    piece = Piece(notes_of([(0, 100, 60, 80, 0), (0, 480, 60, 80, 0), (5, 200, 60, 80, 0)]))
    assert PLAIN.decode_piece(PLAIN.encode_piece(piece)).notes.tolist() == [(0, 480, 60, 80, 0)]


def test_notes_end_where_the_same_pitch_begins_again() -> None:
    ids = [*PLAIN.head(Head((Track(),))), *PLAIN.encode(
        "Bar Track:0 Pos:0 Pitch:60 Dur:23 Pos:6 Pitch:60 Dur:5 Pitch:64 Dur:5"
    )]  # fmt: skip
    assert PLAIN.decode_piece(ids).notes.tolist() == [
        (0, 240, 60, 80, 0), (240, 240, 60, 80, 0), (240, 240, 64, 80, 0),
    ]  # fmt: skip


def test_nothing_at_all_is_a_silent_piece() -> None:
    assert PLAIN.decode_piece([]).length == 0
    assert PLAIN.decode_piece(range(PLAIN.size)).tracks


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (Head(()), "voices"),
        (Head((Track(),) * 5), "voices"),
        (Head((Track(drums=True),)), "no drums"),
        (Head((Track(),), label="jazz"), "no class 'jazz'"),
    ],
)
def test_heads_that_a_model_cannot_read(head: Head, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        PLAIN.head(head)


def test_only_drums() -> None:
    with pytest.raises(UsageError, match="only drums"):
        note_tokens.make(drums="only").head(Head((Track(),)))


# As any tokenizer.


def test_names_there_and_back() -> None:
    row = PLAIN.encode_piece(chorale(1))
    text = PLAIN.decode(row)
    assert PLAIN.encode(text) == row[:-1]
    assert PLAIN.encode(f"Bar <|end|> rubbish {text}") == [PLAIN.table.token("Bar"), *row[:-1]]
    assert PLAIN.unknown("Bar what Bar what else") == ["what", "else"]
    assert PLAIN.piece(0) == b""
    assert PLAIN.special("Bar") is None
    assert PLAIN.special(tokens.PREFIX) == 1


@pytest.mark.parametrize("tokenizer", [PLAIN, HUMAN, note_tokens.make(drums="only")])
def test_files_of_tokenizers(tokenizer: NoteTokens) -> None:
    found = tokens.read(tokenizer.to_bytes())
    assert isinstance(found, NoteTokens)
    assert (found.options, found.classes) == (tokenizer.options, tokenizer.classes)
    assert found.size == tokenizer.size
    assert found.to_bytes() == tokenizer.to_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"grid": 7}, {"grid": "12"}, {"grid": True}, {"voices": 1000}, {"drums": 3}, {"drums": "x"},
        {"classes": "bach"}, {"classes": [1]}, {"classes": ["folk"]}, {"classes": ["x" * 400]},
        {"specials": []}, {"velocities": None}, {"timing": 10**9},
    ],
)  # fmt: skip
def test_files_that_are_none(change: dict) -> None:
    told = {**json.loads(PLAIN.to_bytes()), **change}
    with pytest.raises(BadInput, match="no tokenizer"):
        tokens.read(json.dumps(told).encode())
