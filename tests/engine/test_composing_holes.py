"""Holes in a piece: what is read around them, what stays, how they go on when it was too much."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.engine.composing_holes import Holes
from tests.engine.composed import rows, starts
from tests.helpers import players

TOKENS = players.tokens()
TABLE = TOKENS.table


def draft(piece, holes, locked=(), tracks=(0, 1, 2, 3)) -> Holes:
    return Holes(TOKENS, 0, "", TOKENS.cells(piece, tracks), holes, locked)


def play(made: Holes, context: int = 2048, seed: int = 0) -> list[list[int]]:
    """Bring it to its end by pure chance; the prompts it asked for."""
    rng, prompts = np.random.default_rng(seed), []
    while (prompt := made.prompt(context)) is not None:
        assert len(prompt) < context
        prompts.append(prompt)
        for _ in range(context - len(prompt)):
            mask = made.mask()
            if mask is None:
                break
            made.take(int(rng.choice(np.flatnonzero(mask))), np.zeros(TOKENS.size, np.float32))
    return prompts


def kinds(row) -> list[str]:
    return [TABLE.kind_of(token) for token in row]


def test_the_frame_has_no_notes_in_holes():
    given = players.quartet(3)
    made = draft(given, [(1, 0), (1, 2)])
    gone = rows(given) - rows(made.frame)
    assert {(note[0] // 1920, note[4]) for note in gone} == {(1, 0), (1, 2)}
    assert made.region == (1920, 3840)
    assert made.tracks == (0, 2)
    assert made.total == 2


def test_the_prompt_ends_where_the_first_answer_begins():
    made = draft(players.quartet(3), [(1, 0), (1, 2)])
    prompt = made.prompt(2048)
    found = kinds(prompt)
    assert prompt[0] == 0
    assert found[-2:] == ["Hole", "Track"]
    assert [TABLE.value_of(t) for t in prompt[-2:]] == [0, 0]
    assert found.count("Hole") == 3
    assert not made.finished


def test_every_hole_is_filled_in_order():
    made = draft(players.quartet(3), [(2, 1), (0, 3), (1, 0)])
    prompts = play(made)
    assert len(prompts) == 1
    assert (made.done, made.total, made.finished) == (3, 3, True)
    order = [(row[0] // 1920, row[4]) for row in made.rows]
    assert order == sorted(order)
    assert set(order) <= {(2, 1), (0, 3), (1, 0)}


def test_no_note_leaves_the_piece():
    made = draft(players.quartet(2), [(1, voice) for voice in range(4)])
    play(made)
    assert made.piece.length <= 2 * 1920


def test_a_small_context_goes_on_where_it_was():
    given = players.quartet(6)
    holes = [(bar, voice) for bar in range(1, 5) for voice in (0, 2)]
    made = draft(given, holes)
    prompts = play(made, context=150)
    assert len(prompts) > 2
    assert made.finished
    outside = {n for n in rows(given) if (n[0] // 1920, n[4]) not in set(holes)}
    assert outside <= rows(made.piece)
    # What was begun before the context was full is read again, and not written twice.
    assert len(starts(made.piece)) == len(made.piece.notes)
    resumed = [row for row in prompts if kinds(row)[-1] not in ("Track", "Next")]
    assert resumed, "no hole was cut by the context; the test shows nothing"


def test_locked_notes_come_by_themselves():
    given = players.quartet(3)
    locked = {(1920, 73, 0), (1920 + 1440, 73, 0)}
    made = draft(given, [(1, 0)], locked)
    play(made, seed=3)
    assert locked <= starts(made.frame)
    assert not locked & {(row[0], row[2], row[4]) for row in made.rows}
    assert len(starts(made.piece)) == len(made.piece.notes)


def test_locks_outside_of_holes_mean_nothing():
    given = players.quartet(2)
    made = draft(given, [(1, 0)], {(0, 72, 0), (5, 5, 0)})
    assert rows(given) - rows(made.frame) == {n for n in rows(given) if n[0] >= 1920 and n[4] == 0}


def test_locks_survive_a_full_context():
    given = players.quartet(6)
    locked = {(bar * 1920 + 1440, 60 + bar % 3, 2) for bar in range(1, 5)}
    made = draft(given, [(bar, voice) for bar in range(1, 5) for voice in (0, 2)], locked)
    prompts = play(made, context=180, seed=5)
    assert len(prompts) > 2
    assert locked <= starts(made.piece)
    assert len(starts(made.piece)) == len(made.piece.notes)


def test_a_voice_that_was_silent_gets_the_usual_loudness_of_its_track():
    given = players.quartet(2)
    made = draft(given, [(1, 0)])
    play(made)
    assert {row[3] for row in made.rows} == {90}


def test_a_bar_that_cannot_be_read_is_refused():
    made = draft(players.quartet(1), [(0, 0)])
    with pytest.raises(UsageError, match="more notes than the model can read"):
        made.prompt(48)


def test_what_stands_around_is_read_on_both_sides_as_far_as_it_fits():
    made = draft(players.quartet(20), [(10, 1)])
    prompt = made.prompt(400)
    bars = [place for place, kind in enumerate(kinds(prompt)) if kind == "Bar"]
    hole = kinds(prompt).index("Hole")
    before = sum(place < hole for place in bars) - 1
    assert before > 0
    assert len(bars) - before - 1 > 0
    assert len(prompt) > 250
