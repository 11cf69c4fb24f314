"""What all drafts share: what may come next, forced tokens, how loud, what is told."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.composing import FRAME, REGION, TRACKS
from genstudio.engine import composing_drafts
from genstudio.engine.composing_drafts import MOST_NOTES, Draft, loudness
from genstudio.media.note_grammar import Event
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers import players
from tests.helpers.pieces import PPQ

TOKENS = players.tokens()
TABLE = TOKENS.table
NOTHING = np.zeros(TOKENS.size, np.float32)


class Plain(Draft):
    """A draft of one read: the head of a piece, all of it given, and bars behind it."""

    def __init__(self, tokens=TOKENS, bars: int = 1) -> None:
        super().__init__(tokens, 0, "")
        self.events: list[Event] = []
        self.kinds: list[str] = []
        self.bars = bars
        self.frame = players.quartet(1)

    def prompt(self, context: int) -> list[int]:
        cells = self.tokens.cells(players.quartet(1))
        ids = [0, *self.tokens.window(cells, 0, 0, end=False)]
        self._again(ids, context)
        self._grammar.limit(bars=self.bars)
        return ids

    def _note(self, event: Event) -> None:
        self.events.append(event)

    def _seen(self, token: int, kind: str) -> None:
        self.kinds.append(kind)


def kinds(mask: np.ndarray) -> set[str]:
    return {TABLE.kind_of(int(token)) for token in np.flatnonzero(mask)}


def take(draft: Draft, *told: tuple[str, int], logits: np.ndarray = NOTHING) -> None:
    for kind, value in told:
        draft.take(TABLE.token(kind, value), logits)


@pytest.fixture
def draft() -> Plain:
    made = Plain()
    made.prompt(1024)
    take(made, ("Bar", 0))
    return made


def note(pos: int, pitch: int) -> tuple[tuple[str, int], ...]:
    return ("Pos", pos), ("Pitch", pitch), ("Dur", 3)


def test_notes_are_seen_when_they_are_complete(draft) -> None:
    take(draft, ("Track", 0), ("Pos", 4), ("Pitch", 60))
    assert draft.events == []
    take(draft, ("Dur", 3))
    assert draft.events == [Event(0, 0, 4, 60, 3)]
    assert draft.kinds == ["Bar", "Track", "Pos", "Pitch", "Dur"]


def test_only_music_may_come(draft) -> None:
    assert kinds(draft.mask()) >= {"Track"}
    take(draft, ("Track", 1))
    assert kinds(draft.mask()) == {"Pos"}
    take(draft, ("Pos", 8))
    assert kinds(draft.mask()) == {"Pitch"}
    take(draft, ("Pitch", 60))
    assert kinds(draft.mask()) == {"Dur"}
    take(draft, ("Dur", 0))
    later = draft.mask()
    assert not later[TABLE.token("Pitch", 60)]
    assert later[TABLE.token("Pitch", 61)]
    assert not later[TABLE.token("Pos", 8)]
    assert not later[TABLE.token("Track", 1)]


def test_what_narrows_is_asked_each_time_and_the_grammar_is_not_harmed(draft, monkeypatch) -> None:
    whole = draft.mask().copy()
    monkeypatch.setattr(draft, "_narrow", lambda mask: np.logical_and(mask, False, out=mask))
    assert not draft.mask().any()
    monkeypatch.undo()
    np.testing.assert_array_equal(draft.mask(), whole)


def test_a_voice_that_has_too_many_notes_goes_on_to_something_else(draft, monkeypatch) -> None:
    draft._most = 2
    take(draft, ("Track", 0), *note(0, 60), ("Pitch", 64), ("Dur", 3))
    assert not kinds(draft.mask()) & {"Pitch", "Pos"}
    assert "Track" in kinds(draft.mask())
    take(draft, ("Track", 1))
    assert kinds(draft.mask()) == {"Pos"}  # the next voice counts from none


def test_too_many_notes_never_end_a_note_that_has_begun(draft) -> None:
    draft._most = 0
    take(draft, ("Track", 0))
    assert kinds(draft.mask()) == {"Pos"}
    take(draft, ("Pos", 0))
    assert kinds(draft.mask()) == {"Pitch"}


@pytest.mark.parametrize(("context", "most"), [(1, 1), (80, 10), (10_000, MOST_NOTES)])
def test_notes_of_a_voice_are_bounded_by_what_can_be_read(context: int, most: int) -> None:
    draft = Plain()
    draft.prompt(context)
    assert draft._most == most


def test_what_must_come_comes_by_itself(draft, monkeypatch) -> None:
    take(draft, ("Track", 3), ("Pos", 15), ("Pitch", 127))
    (only,) = {TABLE.token("Dur", 0)}
    narrow = np.zeros(TOKENS.size, bool)
    narrow[only] = True
    monkeypatch.setattr(draft, "_narrow", lambda mask: mask & narrow if mask[only] else mask)
    assert draft._forced(most=1) == [only]
    assert draft.events[-1].pitch == 127
    assert draft._forced(most=0) == []


def test_a_draft_whose_grammar_is_done_may_say_nothing_more() -> None:
    draft = Plain(bars=1)
    draft.prompt(1024)
    take(draft, ("Bar", 0), ("Track", 0), *note(0, 60))
    while (mask := draft.mask()) is not None:
        draft.take(int(np.flatnonzero(mask)[-1]), NOTHING)
    assert draft.mask() is None
    assert draft._forced() == []


def test_chances_of_a_pitch_are_those_among_pitches(draft) -> None:
    logits = np.full(TOKENS.size, 50.0, np.float32)  # other tokens have no say
    first = TABLE.first["Pitch"]
    logits[first : first + 128] = -1e9
    logits[[first + 60, first + 64]] = np.log([0.75, 0.25])
    take(draft, ("Track", 0), ("Pos", 0))
    draft.take(first + 64, logits)
    p, top = draft._said
    assert p == pytest.approx(0.25)
    assert top[:2] == [[60, 0.75], [64, 0.25]]
    take(draft, ("Dur", 1))
    assert draft._said[0] == pytest.approx(0.25)  # a length does not change it


def test_a_row_tells_ticks_and_a_loudness_that_fits(draft) -> None:
    row = draft._row(Event(0, 2, 4, 60, 3), 1920.0, 2, {2: 33})
    assert row[:5] == [1920 + PPQ, PPQ, 60, 33, 2]
    assert draft._row(Event(0, 2, 4, 60, 3), 0.0, 1, {2: 33})[3] == 80
    assert all(type(number) is int for number in row[:5])
    told = Event(0, 2, 4, 60, 3, velocity=0)
    assert draft._row(told, 0.0, 2, {2: 33})[3] != 33


def test_the_frame_is_told_up_to_the_end_of_what_is_made(draft) -> None:
    draft.region, draft.tracks = (1920, 5760), (1, 3)
    found = draft.told()
    assert (found[REGION], found[TRACKS]) == ([1920, 5760], [1, 3])
    assert found[FRAME]["length"] == 5760
    assert found[FRAME]["tracks"][3] == ["Cello", 42, False]
    draft.region = (0, 960)
    assert draft.told()[FRAME]["length"] == draft.frame.length


def test_the_piece_is_its_frame_and_the_new_notes(draft) -> None:
    draft.rows = [[1920, 480, 72, 80, 0, 0.5, []], [1920 - 240, 9, 72, 80, 0, 0.5, []]]
    made = draft.piece
    assert len(made.notes) == len(draft.frame.notes) + 2
    assert len(draft.frame.notes) == 16
    last = made.notes[(made.notes["pitch"] == 72) & (made.notes["start"] == 1440)]
    assert last["duration"].tolist() == [240]  # until the same pitch sounds again


def test_how_loud_tracks_are_as_a_rule() -> None:
    rows = [(n, 1, 60, velocity, 1) for n, velocity in enumerate((10, 90, 80, 85, 127))]
    assert loudness(Piece(notes_of(rows), (Track(), Track()))) == {1: 85}
    assert loudness(Piece(notes_of([]))) == {}


def test_the_end_alone_is_nothing_to_choose(draft, monkeypatch) -> None:
    def end(mask: np.ndarray) -> np.ndarray:
        mask[:] = False
        mask[composing_drafts._END] = True
        return mask

    monkeypatch.setattr(draft, "_narrow", end)
    assert draft.mask() is None
