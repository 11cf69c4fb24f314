"""The grammar: whatever a model likes best, what it writes is music, and locks stay."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import note_grammar, note_tokens
from genstudio.media.note_grammar import Event, Grammar
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.special_tokens import END, MARKS
from tests.helpers.pieces import chorale, groove

PLAIN = note_tokens.make(("bach", "folk"))
HUMAN = note_tokens.make(velocities=4, timing=2, voices=2, drums="with")


def names(tokens: NoteTokens, grammar: Grammar) -> set[str]:
    """Kinds that may come now."""
    return {tokens.table.name(t).split(":")[0] for t in np.flatnonzero(grammar.allowed())}


def improvised(tokens: NoteTokens, grammar: Grammar, seed: int) -> tuple[list[int], list[Event]]:
    """Any row that the grammar allows to its end, rarely a long chord."""
    random = np.random.default_rng(seed)
    ids, events = [], []
    while not grammar.done:
        allowed = np.flatnonzero(grammar.allowed())
        assert len(allowed), tokens.decode(ids[-20:])
        ids.append(int(random.choice(allowed)))
        event = grammar.feed(ids[-1])
        events += [event] if event else []
    return ids, events


def fed(tokens: NoteTokens, ids: list[int]) -> Grammar:
    grammar = tokens.grammar()
    for token in ids:
        grammar.feed(token)
    return grammar


def test_a_bar_too_many_is_the_end() -> None:
    """A model that would go on is not made to fill the last bar instead."""
    table = PLAIN.table
    bar, end = table.first["Bar"], MARKS.index(END)
    grammar = PLAIN.grammar()
    grammar.limit(bars=2)
    for seen in (1, 2):
        rng = np.random.default_rng(seen)
        while len(grammar.metres) < seen or not grammar.allowed()[bar]:
            grammar.feed(int(rng.choice(grammar.allowed().nonzero()[0])))
        assert grammar.full == (seen == 2)
        assert grammar.allowed()[end] == (seen == 2), "no end before the bars are there"
    grammar.feed(bar)
    assert grammar.done
    assert len(grammar.metres) == 2


@pytest.mark.parametrize("tokens", [PLAIN, HUMAN])
@pytest.mark.parametrize("seed", range(6))
def test_any_allowed_row_is_music_of_so_many_bars(tokens: NoteTokens, seed: int) -> None:
    grammar = tokens.grammar()
    grammar.limit(bars=3)
    ids, events = improvised(tokens, grammar, seed)
    assert len(grammar.metres) == 3
    assert not grammar.holes
    assert events == sorted(events), "time only goes on"
    assert len({event[:4] for event in events}) == len(events)
    for event in events:
        assert event.pos < tokens.table.bar_lengths[grammar.metres[event.bar]]
        assert event.voice < len(grammar.programs)
        assert (event.duration < 0) == (grammar.programs[event.voice] < 0)
    # Every token counted: reading the row again gives the same.
    again = fed(tokens, ids[:-1])
    assert (again.metres, again.programs, again.done) == (grammar.metres, grammar.programs, False)
    again.limit(bars=3)
    again.feed(ids[-1])
    assert again.done
    assert len(again.metres) == 3


def test_a_head_has_its_order() -> None:
    grammar = PLAIN.grammar()
    assert names(PLAIN, grammar) == {"<|class", "Tempo", "Key", "Metre"}
    grammar.feed(PLAIN.table.token("Key", 3))
    assert names(PLAIN, grammar) == {"Metre"}
    grammar.feed(PLAIN.table.token("Metre", 3))
    assert names(PLAIN, grammar) == {"Track"}
    grammar.feed(PLAIN.table.token("Track", 0))
    assert names(PLAIN, grammar) == {"Program"}
    grammar.feed(PLAIN.table.token("Program", 7))
    assert names(PLAIN, grammar) == {"Track", "Bar"}
    assert (grammar.key, grammar.tempo, grammar.programs) == (3, -1, [7])


def test_tokens_that_do_not_fit_are_passed_over() -> None:
    piece = chorale(2, 2)
    ids = PLAIN.encode_piece(piece, "bach")
    rubbish = [PLAIN.table.token("Next"), PLAIN.table.token("Hole", 5), 1, 0]
    bar = PLAIN.table.token("Bar")
    mixed = [ids[0], bar, *rubbish[:3], *ids[1:-1], *rubbish[:2], ids[-1]]
    assert np.array_equal(PLAIN.decode_piece(mixed).notes, PLAIN.decode_piece(ids).notes)


def test_models_make_no_holes_but_read_them() -> None:
    cells = PLAIN.cells(chorale(2, 2))
    row = PLAIN.window(cells, holes=[(0, 1), (1, 0)], answers=False)
    grammar = PLAIN.grammar()
    for token in row:
        kinds = names(PLAIN, grammar)
        assert "Hole" not in kinds
        assert "<|middle|>" not in kinds
        grammar.feed(token)
    assert grammar.holes == [(0, 1), (1, 0)]
    assert grammar.filling
    ids, events = improvised(PLAIN, grammar, 3)
    assert {(event.bar, event.voice) for event in events} <= {(0, 1), (1, 0)}
    assert [PLAIN.table.name(i) for i in ids if PLAIN.table.kind_of(i) in ("Hole", "Next")] == [
        "Hole:0", "Next", "Hole:1", "Next",
    ]  # fmt: skip
    assert ids[-1] == 0


def test_more_holes_than_numbers() -> None:
    cells = PLAIN.cells(chorale(20, 4))
    holes = [(bar, voice) for bar in range(20) for voice in (1, 3)]
    grammar = fed(PLAIN, PLAIN.window(cells, holes=holes))
    assert grammar.done
    assert grammar.holes == holes


@pytest.mark.parametrize("seed", range(4))
def test_locked_notes_are_written_whatever_the_model_likes(seed: int) -> None:
    cells = PLAIN.cells(chorale(3, 3))
    holes = [(bar, voice) for bar in (1, 2) for voice in (0, 2)]
    locks = {cell: cells.cell(*cell)[::2] for cell in holes}
    grammar = fed(PLAIN, PLAIN.window(cells, holes=holes, answers=False))
    grammar.limit(locks=locks)
    _, events = improvised(PLAIN, grammar, seed)
    for locked in locks.values():
        assert set(locked) <= set(events)
    assert len(events) > sum(map(len, locks.values())), "there is more than the locks"


@pytest.mark.parametrize("seed", range(4))
def test_locks_hold_where_bars_are_written_one_by_one(seed: int) -> None:
    """Harmony without holes: the melody is frozen, what is below it is free."""
    cells = PLAIN.cells(chorale(3, 3))
    locks = {(bar, 0): cells.cell(bar, 0) for bar in range(3)}
    grammar = fed(PLAIN, PLAIN.head(PLAIN.head_of(cells)))
    for voice in range(3):
        assert grammar.programs[voice] == cells.voices[voice].program
    grammar.feed(PLAIN.table.token("Bar"))
    grammar.limit(bars=3, locks=locks, frozen=[0])
    _, events = improvised(PLAIN, grammar, seed)
    assert [event for event in events if event.voice == 0] == [
        event for bar in range(3) for event in locks[bar, 0]
    ]
    assert {event.voice for event in events} - {0}


def test_groove_keeps_hits_and_frees_how_they_are_played() -> None:
    cells = HUMAN.cells(groove())
    free = {
        (bar, 0): [e._replace(velocity=-1, shift=-1) for e in cells.cell(bar, 0)]
        for bar in range(cells.bars)
    }
    grammar = fed(HUMAN, HUMAN.head(HUMAN.head_of(cells)))
    grammar.feed(HUMAN.table.token("Bar"))
    grammar.limit(bars=cells.bars, locks=free, frozen=[0])
    _, events = improvised(HUMAN, grammar, 1)
    wanted = [event[:4] for cell in free.values() for event in cell]
    assert [event[:4] for event in events] == wanted
    assert len({event.velocity for event in events}) > 1
    assert len({event.shift for event in events}) > 1


def test_a_frozen_voice_without_locks_stays_silent() -> None:
    cells = PLAIN.cells(chorale(2, 2))
    grammar = fed(PLAIN, PLAIN.window(cells, holes=[(0, 1)], answers=False))
    grammar.limit(frozen=[1])
    grammar.feed(PLAIN.table.token("Hole", 0))
    grammar.feed(PLAIN.table.token("Track", 1))
    assert names(PLAIN, grammar) == {"Next"}


def test_locks_behind_the_end_of_a_bar_are_not_waited_for() -> None:
    grammar = fed(PLAIN, PLAIN.head(note_tokens.Head(chorale().tracks[:1], metre=(2, 4))))
    grammar.feed(PLAIN.table.token("Bar"))
    grammar.limit(bars=1, locks={(0, 0): [Event(0, 0, 30, 60, 3)]})
    assert improvised(PLAIN, grammar, 0)[0][-1] == 0


def test_copies_go_their_own_ways() -> None:
    cells = PLAIN.cells(chorale(2, 2))
    grammar = fed(PLAIN, PLAIN.window(cells, 0, 1))
    before = grammar.allowed()
    other = grammar.copy()
    other.limit(bars=4)
    improvised(PLAIN, other, 0)
    assert other.done
    assert not grammar.done
    assert len(grammar.metres) == 1
    assert np.array_equal(grammar.allowed(), before)


def test_copies_in_the_middle_of_a_note_are_apart() -> None:
    head = note_tokens.Head(groove().tracks)
    grammar = fed(HUMAN, [*HUMAN.head(head), *HUMAN.encode("Bar Track:0 Pos:0 Hit:36 Vel:1")])
    other = grammar.copy()
    assert other.feed(HUMAN.table.token("Shift", 2)) == Event(0, 0, 0, 36, -1, 1, 2)
    assert names(HUMAN, grammar) == {"Shift"}


def test_a_metre_is_only_told_where_it_changes() -> None:
    grammar = fed(PLAIN, PLAIN.head(note_tokens.Head(chorale().tracks)))
    grammar.feed(PLAIN.table.token("Bar"))
    four = PLAIN.table.token("Metre", PLAIN.table.metres.index((4, 4)))
    three = PLAIN.table.token("Metre", PLAIN.table.metres.index((3, 4)))
    allowed = grammar.allowed()
    assert not allowed[four]
    assert allowed[three]
    grammar.feed(three)
    grammar.feed(PLAIN.table.token("Track", 0))
    places = np.flatnonzero(grammar.allowed()) - PLAIN.table.first["Pos"]
    assert places.max() == 3 * 12 - 1


def test_masks_that_are_kept_are_those_that_would_be_made_anew(monkeypatch) -> None:
    """Also where they are written over, and where there is no room for all of them."""
    monkeypatch.setattr(note_grammar, "MOST_MASKS", 40)
    tokens = note_tokens.make(velocities=4, voices=3)
    random = np.random.default_rng(5)
    seen: list[int] = []
    for _ in range(3):
        grammar = tokens.grammar()
        grammar.limit(bars=3)
        while not grammar.done:
            allowed = grammar.allowed()
            assert np.array_equal(allowed, grammar._mask())
            token = int(random.choice(np.flatnonzero(allowed)))
            allowed[:] = True  # a draft may narrow what it was given
            seen.append(len(tokens.table.masks))
            grammar.feed(token)
    assert max(seen) == 40
    assert tokens.table.masks is not PLAIN.table.masks
