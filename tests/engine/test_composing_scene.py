"""What a model sees of a piece, and the way back."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine import composing_scene as scene
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers import players

TOKENS = players.tokens(2)


def piece(*rows, tracks: int = 3, drums: tuple[int, ...] = ()) -> Piece:
    voices = tuple(Track(f"v{n}", 0, n in drums) for n in range(tracks))
    return Piece(notes_of(rows), voices)


def test_tracks_with_the_most_notes_are_seen():
    given = piece((0, 9, 60, 80, 0), (0, 9, 60, 80, 1), (9, 9, 60, 80, 1), (0, 9, 61, 80, 2),
                  (9, 9, 62, 80, 2))  # fmt: skip
    assert scene.visible(TOKENS, given) == (1, 2)
    assert scene.visible(TOKENS, given, [0]) == (0, 1)
    assert scene.visible(players.tokens(4), given) == (0, 1, 2)


def test_silent_tracks_are_seen_where_they_are_wanted():
    given = piece((0, 9, 60, 80, 0))
    assert scene.visible(TOKENS, given) == (0,)
    assert scene.visible(TOKENS, given, [2]) == (0, 2)


def test_drums_are_for_models_of_drums():
    given = piece((0, 9, 60, 80, 0), (0, 9, 36, 80, 1), drums=(1,))
    assert scene.visible(TOKENS, given) == (0,)
    assert scene.visible(players.tokens(2, drums="only"), given) == (1,)
    assert scene.visible(players.tokens(2, drums="with"), given) == (0, 1)
    with pytest.raises(UsageError, match="no drums"):
        scene.visible(TOKENS, given, [1])
    with pytest.raises(UsageError, match="nothing but drums"):
        scene.visible(players.tokens(2, drums="only"), given, [0])


def test_too_many_or_nothing_is_refused():
    with pytest.raises(UsageError, match="2 voices, not 3"):
        scene.visible(TOKENS, players.quartet(1), [0, 1, 2])
    with pytest.raises(UsageError, match="nothing in the piece"):
        scene.visible(TOKENS, piece())
    kit = players.tokens(1, drums="only")
    with pytest.raises(UsageError, match="nothing but drums") as refused:
        scene.visible(kit, players.quartet(1))
    assert "Add some drums" in refused.value.problem.sentence
    with pytest.raises(UsageError, match="reads no drums"):
        scene.visible(TOKENS, players.beat(1))


def test_what_is_written_where_no_track_is_named():
    given = piece((0, 9, 60, 80, 1), (9, 9, 60, 80, 1), (0, 9, 60, 80, 2), drums=(3,), tracks=4)
    assert scene.writable(players.tokens(1), given) == (1,)
    assert scene.writable(TOKENS, given) == (1, 2)
    assert scene.writable(players.tokens(4), given) == (0, 1, 2), "silent ones are to be filled"
    assert scene.writable(players.tokens(1, drums="only"), given) == (3,)
    with pytest.raises(UsageError, match="nothing but drums"):
        scene.writable(players.tokens(1, drums="only"), players.quartet(1))


def test_tracks_that_stay_are_no_voices_unless_they_are_wanted():
    given = piece((0, 9, 60, 80, 0), (9, 9, 60, 80, 0), (0, 9, 62, 80, 1), (0, 9, 64, 80, 2))
    assert scene.visible(TOKENS, given, kept=(0,)) == (1, 2)
    assert scene.visible(TOKENS, given, [0], (0, 1)) == (0, 2)
    with pytest.raises(UsageError, match="are to stay"):
        scene.visible(TOKENS, given, kept=(0, 1, 2))


def test_events_lead_back_to_their_notes():
    # Off the grid, and two of one pitch so near that only one event stands for them.
    given = piece((7, 400, 60, 80, 0), (474, 90, 60, 80, 0), (486, 480, 60, 80, 0),
                  (1915, 100, 72, 80, 1), (1925, 100, 40, 80, 1))  # fmt: skip
    cells = TOKENS.cells(given, (0, 1))
    found = scene.origins(TOKENS, cells)
    assert len(found) == len(cells.events) == 4
    notes = given.notes.tolist()
    for (bar, voice, pos, pitch), number in found.items():
        assert notes[number][2] == pitch
        assert notes[number][4] == voice
        assert abs(notes[number][0] - bar * 1920 - pos * 120) <= 60
    assert {place[0] for place in found if place[1] == 1} == {1}  # both are played into bar 1


def test_notes_belong_to_the_bar_of_their_event():
    given = piece((0, 10, 60, 80, 0), (1861, 10, 60, 80, 0), (1800, 10, 60, 80, 0))
    cells = TOKENS.cells(given, (0,))
    bars = scene.bars_of(TOKENS, cells, np.array([0, 1800, 1861, 1920]))
    assert bars.tolist() == [0, 0, 1, 1]


def test_chances_are_those_among_pitches():
    table = TOKENS.table
    logits = np.full(TOKENS.size, 9.0, np.float32)
    first = table.first["Pitch"]
    logits[first : first + 128] = -5.0
    logits[first + 60], logits[first + 64] = 2.0, 1.0
    p, top = scene.chances(TOKENS, logits, first + 64)
    weights = np.exp([2.0, 1.0, *[-5.0] * 126])
    assert p == pytest.approx(weights[1] / weights.sum(), abs=1e-4)
    assert [pitch for pitch, _ in top[:2]] == [60, 64]
    assert len(top) == 6


def test_a_pitch_that_sounds_again_ends_the_earlier_note():
    given = piece((0, 960, 60, 80, 0), (0, 960, 60, 80, 1))
    found = scene.with_notes(given, [[480, 240, 60, 90, 0, 0.5, []], [0, 50, 61, 90, 0, 1, []]])
    assert set(found.notes.tolist()) == {
        (0, 480, 60, 80, 0), (480, 240, 60, 90, 0), (0, 50, 61, 90, 0), (0, 960, 60, 80, 1),
    }  # fmt: skip


def test_rows_without_a_class_begin_with_the_end_of_another():
    assert scene.lead(TOKENS, "") == [0]
    assert scene.lead(TOKENS, "minuet") == []
