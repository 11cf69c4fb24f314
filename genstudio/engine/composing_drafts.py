"""What all drafts of music share: which tokens may come next, and which notes have come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from genstudio.core.composing import FRAME, REGION, TRACKS
from genstudio.core.stored import Json
from genstudio.engine.composing_scene import PITCHES, chances, with_notes
from genstudio.media.note_grammar import Event, Grammar
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece

Row = list[Any]
"""[start, duration, pitch, velocity, track, p, [[pitch, p], …]] (`core.composing.NOTES`)."""
MOST_NOTES = 96
"""Notes of a voice in a bar: more is no music, and would never end."""
_END = 0
_SURE: list[Json] = [1.0, []]


class Draft(ABC):
    """One result that grows; see `engine.composing_loop.Draft`.

    `frame` is the piece without what is made anew (None while its head is written), `rows` the
    new notes (`core.composing.NOTES`), `done` of `total` bars or cells are there, `finished` is
    true once all is.
    """

    def __init__(self, tokens: NoteTokens, index: int, label: str) -> None:
        self.tokens, self.index, self.label = tokens, index, label
        self.frame: Piece | None = None
        self.region = (0, 0)
        self.tracks: tuple[int, ...] = ()
        self.rows: list[Row] = []
        self.done, self.total = 0, 1
        self.finished = False
        self._table = tokens.table
        self._grammar = Grammar(self._table)
        self._said = _SURE
        self._count, self._most = 0, MOST_NOTES

    @abstractmethod
    def prompt(self, context: int) -> list[int] | None:
        """What is to be read now; None when all is there."""

    @property
    def piece(self) -> Piece:
        """All that is there."""
        assert self.frame is not None
        return with_notes(self.frame, self.rows)

    def mask(self) -> np.ndarray | None:
        """bool (v,): what may come next; None where nothing but the end may."""
        if self._grammar.done:
            return None
        mask = self._narrow(self._grammar.allowed())
        if self._count >= self._most:
            self._calm(mask)
        ends = 1 + int(self._grammar.full and mask[self._block("Bar")].any())
        if mask[_END] and np.count_nonzero(mask) == ends:
            return None
        return mask

    def take(self, token: int, logits: np.ndarray) -> None:
        """A token that was chosen by logits (v,)."""
        kind = self._table.kind_of(token)
        if kind in PITCHES:
            self._said = chances(self.tokens, logits, token)
        self._feed(token, kind)

    def told(self) -> dict[str, Json]:
        """What is to be said of the frame before any note."""
        assert self.frame is not None
        voices: list[Json] = [[t.name, t.program, t.drums] for t in self.frame.tracks]
        length = max(self.frame.length, self.region[1])
        frame: dict[str, Json] = {"ppq": self.frame.ppq, "length": length, "tracks": voices}
        return {FRAME: frame, REGION: [*self.region], TRACKS: [*self.tracks]}

    def _narrow(self, mask: np.ndarray) -> np.ndarray:
        """What of it may really come."""
        return mask

    @abstractmethod
    def _note(self, event: Event) -> None:
        """A note is complete."""

    @abstractmethod
    def _seen(self, token: int, kind: str) -> None:
        """A token goes by, before the grammar has it."""

    def _feed(self, token: int, kind: str) -> None:
        if kind == "Bar" and self._grammar.full:
            self._grammar.feed(token)
            return
        self._seen(token, kind)
        if kind in ("Track", "Bar", "Next"):
            self._count = 0
        event = self._grammar.feed(token)
        if event is not None:
            self._count += 1
            self._note(event)

    def _again(self, ids: Iterable[int], context: int) -> None:
        """Begin to follow a row that is given."""
        self._grammar = Grammar(self._table)
        self._most = min(MOST_NOTES, max(1, context // 8))
        for token in ids:
            self._grammar.feed(token)

    def _forced(self, most: int = 10_000) -> list[int]:
        """The tokens that have to come next because nothing else may."""
        found: list[int] = []
        while len(found) < most and (mask := self.mask()) is not None:
            if np.count_nonzero(mask) > 1:
                break
            token = int(mask.argmax())
            self._said = _SURE
            self._feed(token, self._table.kind_of(token))
            found.append(token)
        return found

    def _calm(self, mask: np.ndarray) -> None:
        """No more notes in this cell, where something else may come."""
        calm = mask.copy()
        for kind in ("Pos", *PITCHES):
            calm[self._block(kind)] = False
        if calm.any():
            mask[:] = calm

    def _block(self, kind: str) -> slice:
        """The tokens of a kind; an empty stretch where there are none."""
        first = self._table.first.get(kind, 0)
        return slice(first, first + self._table.count.get(kind, 0))

    def _row(self, event: Event, start: float, track: int, loud: Mapping[int, int]) -> Row:
        """What is told of a note in a bar that begins at tick `start`."""
        assert self.frame is not None
        note = list(self.tokens.note(event, start, self.frame.ppq, track))
        if event.velocity < 0:
            note[3] = loud.get(track, note[3])
        return [*map(int, note), *self._said]


def loudness(piece: Piece) -> dict[int, int]:
    """How loud the notes of each track that has some are as a rule."""
    notes = piece.notes
    played = np.unique(notes["track"]).tolist()
    return {n: int(np.median(notes["velocity"][notes["track"] == n])) for n in played}
