"""Drafts that go on: heads by wish, bars of their own length, grooves."""

import numpy as np
import pytest

from genstudio.engine.composing_drafts import MOST_NOTES
from genstudio.engine.composing_open import Groove, Open, Wish
from genstudio.media.note_grammar import Event
from tests.engine.composed import starts
from tests.helpers import players

TOKENS = players.tokens()
TABLE = TOKENS.table
NOTHING = np.zeros(TOKENS.size, np.float32)


def play(draft: Open, context: int = 1024, choose=None, size: int = TOKENS.size) -> list[list[int]]:
    """Bring it to its end by `choose` (chance without); the prompts it asked for."""
    rng, prompts = np.random.default_rng(4), []
    while (prompt := draft.prompt(context)) is not None:
        prompts.append(prompt)
        for _ in range(context - len(prompt)):
            mask = draft.mask()
            if mask is None:
                break
            may = np.flatnonzero(mask)
            draft.take(int(choose(may) if choose else rng.choice(may)), np.zeros(size, np.float32))
    return prompts


def kinds(row, tokens=TOKENS) -> list[str]:
    return [tokens.table.kind_of(token) for token in row]


def test_a_head_that_is_all_said_is_read_at_once():
    wish = Wish(tempo=90, key=(1, True), metre=(3, 4), voices=(40, 42))
    draft = Open(TOKENS, 0, "", 2, wish=wish)
    prompt = draft.prompt(512)
    assert kinds(prompt) == [
        "", "Tempo", "Key", "Metre", "Track", "Program", "Track", "Program", "Bar",
    ]  # fmt: skip
    assert [TABLE.value_of(t) for t in prompt if TABLE.kind_of(t) == "Program"] == [40, 42]
    assert draft.frame is not None
    assert draft.frame.keys == ((0, 1, True),)


def test_a_head_of_which_nothing_is_said_is_the_models():
    draft = Open(TOKENS, 0, "", 1)
    assert kinds(draft.prompt(512)) == [""]
    mask = draft.mask()
    assert {TABLE.kind_of(t) for t in np.flatnonzero(mask)} == {"Tempo"}
    draft.take(TABLE.token("Tempo", 20), NOTHING)
    assert {TABLE.kind_of(t) for t in np.flatnonzero(draft.mask())} == {"Key", "Metre"}


def test_a_metre_alone_leaves_the_key_to_the_model():
    draft = Open(TOKENS, 0, "", 1, wish=Wish(metre=(3, 4)))
    draft.prompt(512)
    draft.take(TABLE.token("Tempo", 20), NOTHING)
    left = np.flatnonzero(draft.mask())
    metres = [TABLE.metres[TABLE.value_of(t)] for t in left if TABLE.kind_of(t) == "Metre"]
    assert metres == [(3, 4)]
    assert sum(TABLE.kind_of(t) == "Key" for t in left) == 24


def test_a_tempo_between_two_tokens_is_kept_as_it_was_said():
    draft = Open(TOKENS, 0, "", 1, wish=Wish(101.5, (0, False), (4, 4), (0,)))
    draft.prompt(512)
    assert draft.frame is not None
    assert draft.frame.tempos == ((0, 101.5),)


def test_there_are_as_many_bars_as_were_asked_for():
    draft = Open(TOKENS, 0, "", 5, wish=Wish(metre=(2, 4), voices=(0,)))
    play(draft)
    assert (draft.done, draft.finished) == (5, True)
    assert draft.region == (0, 5 * 960)
    assert all(row[0] < 5 * 960 and row[0] + row[1] <= 5 * 960 for row in draft.rows)


def test_a_model_that_would_go_on_is_not_made_to_fill_the_last_bar():
    bar, end = TABLE.token("Bar", 0), 0

    def choose(may):
        return bar if bar in may else next(t for t in may if t != end)

    wish = Wish(tempo=90, key=(0, False), metre=(4, 4), voices=(40,))
    draft = Open(TOKENS, 0, "", 3, wish=wish)
    play(draft, choose=choose)
    assert draft.finished
    assert draft.done == 3
    assert len(draft.rows) <= 3
    assert draft.region[1] == 3 * 4 * draft.piece.ppq


def test_a_metre_that_changes_moves_the_bars_behind_it():
    draft = Open(TOKENS, 0, "", 3, wish=Wish(voices=(0,)))

    def choose(may: np.ndarray) -> int:
        metres = [t for t in may if TABLE.kind_of(int(t)) == "Metre"]
        three = [t for t in metres if TABLE.metres[TABLE.value_of(int(t))] == (3, 4)]
        return int((three or may[-1:])[0]) if metres else int(may[0])

    draft.prompt(512)
    play(draft, choose=choose)
    assert draft.frame is not None
    assert draft.frame.metres[0][1:] == (3, 4)
    assert draft.region[1] % 1440 == 0


def test_a_cell_cannot_go_on_for_ever():
    draft = Open(TOKENS, 0, "", 1, wish=Wish(metre=(4, 4), voices=(0,)))
    notes = ("Pos", "Pitch", "Dur", "Track")

    def greedy(may: np.ndarray) -> int:
        return int(min(may, key=lambda t: (TABLE.kind_of(int(t)) not in notes, t)))

    play(draft, context=4096, choose=greedy)
    assert draft.finished
    assert len(draft.rows) == MOST_NOTES


def test_bars_behind_a_piece_begin_where_it_ends():
    given = players.quartet(2)
    draft = Open(TOKENS, 0, "", 2, piece=given, voices=(0, 1, 2, 3))
    prompts = play(draft)
    assert kinds(prompts[0]).count("Bar") == 3
    assert min(row[0] for row in draft.rows) >= 2 * 1920
    assert draft.region[0] == 2 * 1920
    assert {row[3] for row in draft.rows} == {90}  # as loud as the piece


def test_voices_that_are_not_seen_stay():
    given = players.quartet(2)
    draft = Open(TOKENS, 0, "", 1, piece=given, voices=(1, 3))
    play(draft)
    assert {row[4] for row in draft.rows} <= {1, 3}
    assert starts(given) <= starts(draft.piece)


def test_a_bar_that_is_too_much_is_read_from_its_last_voice_on():
    draft = Open(TOKENS, 0, "", 2, wish=Wish(metre=(4, 4), voices=(0, 1, 2)))

    def dense(may: np.ndarray) -> int:
        order = ("Pitch", "Dur", "Pos", "Track")
        known = [TABLE.kind_of(int(t)) for t in may]
        return int(min(zip(known, may, strict=True), key=lambda one: (
            order.index(one[0]) if one[0] in order else 9, one[1]))[1])  # fmt: skip

    prompts = play(draft, context=96, choose=dense)
    assert draft.finished
    assert len(prompts) > 1
    assert all(len(prompt) < 96 for prompt in prompts)
    assert len(starts(draft.piece)) == len(draft.piece.notes)


@pytest.fixture
def kit():
    return players.tokens(1, drums="only", velocities=8, timing=3)


def test_a_groove_leaves_nothing_to_choose_but_how_it_is_played(kit):
    given = players.beat(2)
    draft = Groove(kit, 0, "", given, (0,))
    seen = set()

    def choose(may: np.ndarray) -> int:
        if len(may) > 1:
            seen.update(kit.table.kind_of(int(token)) for token in may)
        return int(may[len(may) // 2])

    play(draft, choose=choose, size=kit.size)
    assert seen == {"Vel", "Shift"}
    assert draft.finished
    assert len(draft.rows) == len(given.notes)
    assert {row[1] for row in draft.rows} == {60}  # as long as they were
    assert {row[3] for row in draft.rows} == {kit.table.velocity(4)}


def test_a_groove_of_bars_of_different_lengths(kit):
    given = players.beat(2).replaced(metres=((0, 4, 4), (1920, 3, 4), (3360, 2, 4)))
    draft = Groove(kit, 0, "", given, (0,))
    prompts = play(draft, size=kit.size)
    assert len(prompts) == 1
    assert draft.frame is not None
    assert draft.frame.metres == given.metres
    assert len(draft.rows) == len(given.notes)
    cells = kit.cells(draft.piece, (0,))
    assert cells.bars == 3
    assert isinstance(cells.cell(1, 0)[0], Event)
