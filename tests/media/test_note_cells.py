"""A piece cut into bars and voices on the grid: what is kept, moved, joined and refused."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.media import note_tokens
from genstudio.media.note_cells import Cells, cut, fitting
from genstudio.media.note_grammar import Event
from genstudio.media.note_table import LONGEST_BAR
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers import players
from tests.helpers.pieces import PPQ, chorale

BAR = 4 * PPQ


def tokens(**options: object) -> NoteTokens:
    return note_tokens.make((), **{"grid": 4, "voices": 4, **options})  # type: ignore[arg-type]


TABLE = tokens().table


def piece(rows, tracks: int = 1, **more) -> Piece:
    """Notes (start in quarters, length in quarters, pitch, track)."""
    ticks = [(round(s * PPQ), round(n * PPQ), pitch, 80, track) for s, n, pitch, track in rows]
    return Piece(notes_of(ticks), (Track(),) * tracks, PPQ, **more)


def kinds(ids: list[int], table=TABLE) -> list[str]:
    return [table.kind_of(token) for token in ids]


def check(cells: Cells) -> None:
    """What holds of all cells, whatever the piece."""
    count = cells.bars * len(cells.tracks)
    assert len(cells.edges) == len(cells.token_edges) == count + 1
    assert (cells.edges[0], cells.edges[-1]) == (0, len(cells.events))
    assert (cells.token_edges[0], cells.token_edges[-1]) == (0, len(cells.ids))
    assert len(cells.starts) == cells.bars + 1
    assert np.all(np.diff(cells.starts) > 0)
    assert np.all(np.diff(cells.edges) >= 0)
    for bar in range(cells.bars):
        for voice in range(len(cells.tracks)):
            events = cells.cell(bar, voice)
            assert all((event.bar, event.voice) == (bar, voice) for event in events)
            places = [(event.pos, event.pitch) for event in events]
            assert places == sorted(set(places))
            assert bool(cells.tokens(bar, voice)) == bool(events)


# ---- bars ------------------------------------------------------------------------------------


def test_every_bar_and_voice_is_a_cell() -> None:
    cells = cut(players.quartet(3), TABLE)
    check(cells)
    assert (cells.bars, cells.tracks) == (3, (0, 1, 2, 3))
    assert cells.starts.tolist() == [0, BAR, 2 * BAR, 3 * BAR]
    assert [track.name for track in cells.voices] == ["Violin 1", "Violin 2", "Viola", "Cello"]
    (lasts,) = {event.duration for event in cells.cell(0, 0)}
    assert cells.cell(1, 2) == [Event(1, 2, 4 * n, 61, lasts, -1, -1) for n in range(4)]
    assert TABLE.durations[lasts] == 4  # parts of a quarter


def test_lengths_count_bar_signs_and_changes_of_metre() -> None:
    waltz = piece([(0, 1, 60, 0), (4, 1, 60, 0), (7, 1, 60, 0)], metres=((0, 4, 4), (BAR, 3, 4)))
    cells = cut(waltz, TABLE)
    assert cells.starts.tolist() == [0, BAR, BAR + 3 * PPQ, BAR + 6 * PPQ]
    one = len(cells.tokens(0, 0))
    assert cells.lengths().tolist() == [one + 1, one + 2, one + 1]


def test_bars_that_are_too_long_become_several() -> None:
    cells = cut(piece([(0, 1, 60, 0), (11, 1, 62, 0)], metres=((0, 12, 4),)), TABLE)
    check(cells)
    assert cells.starts.tolist() == [0, 4 * PPQ, 8 * PPQ, 12 * PPQ]
    assert [event.pitch for event in cells.cell(2, 0)] == [62]
    whole = cut(piece([(0, 1, 60, 0)], metres=((0, LONGEST_BAR, 4),)), TABLE)
    assert whole.starts.tolist() == [0, LONGEST_BAR * PPQ]


def test_bars_go_on_until_a_tick() -> None:
    short = piece([(0, 1, 60, 0)])
    assert cut(short, TABLE, until=BAR).bars == 1
    cells = cut(short, TABLE, until=3 * BAR + 1)
    check(cells)
    assert cells.bars == 4
    assert cells.lengths().tolist()[1:] == [1, 1, 1]


def test_where_a_tick_lies() -> None:
    cells = cut(players.quartet(2), TABLE)
    places = [cells.bar_at(tick) for tick in (-5, 0, BAR - 1, BAR, 10 * BAR)]
    assert places == [0, 0, 0, 1, 1]


def test_what_comes_just_before_a_bar_that_is_not_there_makes_one() -> None:
    cells = cut(piece([(0, 1, 60, 0), (4 - 0.05, 0.01, 62, 0)]), TABLE)
    check(cells)
    assert cells.bars == 2
    assert cells.starts[-1] == 2 * BAR
    assert cells.cell(1, 0)[0][2:4] == (0, 62)


# ---- notes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "pos"), [(0, 0), (0.12, 0), (0.13, 1), (0.25, 1), (0.37, 1), (0.38, 2)]
)
def test_notes_go_to_the_nearest_place(late: float, pos: int) -> None:
    (event,) = cut(piece([(1 + late, 1, 60, 0)]), TABLE).cell(0, 0)
    assert event.pos == 4 + pos


def test_of_one_pitch_at_one_place_the_longest_stays() -> None:
    cells = cut(piece([(0, 1, 60, 0), (0.05, 3, 60, 0), (0.02, 2, 60, 0)]), TABLE)
    (event,) = cells.cell(0, 0)
    assert TABLE.durations[event.duration] == 12


def test_chords_share_their_place_and_notes_their_voice() -> None:
    cells = cut(piece([(0, 1, 67, 0), (0, 1, 60, 0), (2, 1, 64, 0)]), TABLE)
    ids = cells.tokens(0, 0)
    assert kinds(ids) == ["Track", "Pos", "Pitch", "Dur", "Pitch", "Dur", "Pos", "Pitch", "Dur"]
    pitches = [TABLE.value_of(token) for token in ids if TABLE.kind_of(token) == "Pitch"]
    assert pitches == [60, 67, 64]


def test_loudness_and_timing_are_told_where_the_model_knows_them() -> None:
    table = tokens(velocities=8, timing=3, drums="only", voices=1).table
    cells = cut(players.beat(1), table)
    check(cells)
    assert kinds(cells.tokens(0, 0), table)[:5] == ["Track", "Pos", "Hit", "Vel", "Shift"]
    early = {event.shift for event in cells.cell(0, 0) if event.pos % 4 == 0}
    late = {event.shift for event in cells.cell(0, 0) if event.pos % 4}
    assert early == {3}  # none of three steps early or late
    assert all(shift >= 3 for shift in late)
    assert {event.duration for event in cells.cell(0, 0)} == {-1}


@pytest.mark.parametrize("seed", range(5))
def test_anything_becomes_cells_and_comes_back_on_the_grid(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = [
        (int(random.integers(0, 20 * PPQ)), int(random.integers(1, 3000)),
         int(random.integers(128)), int(random.integers(1, 128)), int(random.integers(3)))
        for _ in range(80)
    ]  # fmt: skip
    metres = ((0, 7, 8), (7 * PPQ, 11, 4), (18 * PPQ, 3, 4))
    given = Piece(notes_of(rows), (Track(),) * 3, PPQ, metres=metres)
    made = tokens(grid=12)
    cells = cut(given, made.table)
    check(cells)
    again = made.decode_piece(made.encode_piece(given))
    assert len(again.notes) == len(cells.events)
    second = made.decode_piece(made.encode_piece(again))
    for name in ("start", "pitch", "track"):  # lengths cut by a repeat may be between two tokens
        assert np.array_equal(second.notes[name], again.notes[name])


# ---- voices ----------------------------------------------------------------------------------


def test_the_fullest_tracks_become_voices_in_their_order() -> None:
    counts = (2, 5, 0, 3, 4)
    rows = [(n, 1, 60, track) for track, count in enumerate(counts) for n in range(count)]
    found = fitting(piece(rows, 5), tokens(voices=3).table)
    assert found == (1, 3, 4)
    assert fitting(piece(rows, 5), tokens(voices=4).table) == (0, 1, 3, 4)


def test_a_silent_piece_has_its_tracks_as_voices() -> None:
    assert fitting(piece([], 2), TABLE) == (0, 1)
    cells = cut(piece([], 2), TABLE)
    check(cells)
    assert len(cells.events) == 0
    assert set(cells.lengths().tolist()) == {1}


@pytest.mark.parametrize(("drums", "voices"), [("none", (0,)), ("only", (1,)), ("with", (0, 1))])
def test_drums_are_voices_of_those_that_know_them(drums: str, voices: tuple[int, ...]) -> None:
    rows = notes_of([(0, 480, 60, 80, 0), (0, 480, 36, 80, 1)])
    both = Piece(rows, (Track(), Track("", 0, True)), PPQ)
    table = tokens(drums=drums).table
    assert fitting(both, table) == voices
    cells = cut(both, table)
    check(cells)
    names = {kind for bar in range(cells.bars) for voice in range(len(voices))
             for kind in kinds(cells.tokens(bar, voice), table)}  # fmt: skip
    assert ("Hit" in names, "Pitch" in names) == (1 in voices, 0 in voices)


def test_tracks_in_the_order_they_are_named() -> None:
    cells = cut(chorale(2), TABLE, (2, 0))
    check(cells)
    assert [track.name for track in cells.voices] == ["Tenor", "Soprano"]
    assert cells.cell(0, 0)[0].pitch < cells.cell(0, 1)[0].pitch


@pytest.mark.parametrize(
    ("chosen", "drums", "reason"),
    [
        ((), "none", "1 to 4 voices, not 0"),
        ((0, 0, 0, 0, 0), "none", "not 5"),
        ((1,), "none", "knows no drums"),
        ((0, 1), "only", "knows only drums"),
    ],
)
def test_what_the_model_cannot_write_is_refused(chosen, drums: str, reason: str) -> None:
    both = Piece(notes_of([(0, 480, 60, 80, 0)]), (Track(), Track("", 0, True)), PPQ)
    with pytest.raises(UsageError, match=reason):
        cut(both, tokens(drums=drums).table, chosen)
