"""Music on its way: many notes become few `Words`, and a stop keeps those that are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from genstudio.core.artifact import UNFINISHED
from genstudio.core.composing import AGAIN, BARS, ENDED, FRAME, NOTES, RATE, REGION, SECONDS, TRACKS
from genstudio.core.events import Progress, Words
from genstudio.core.stored import Json
from genstudio.engine.outputs import Music
from genstudio.media.notes import Piece, notes_of
from genstudio.workers.streaming import STOPPED

SPACING = 0.05
"""Seconds: notes of one piece come at most so often; a roll is not drawn more often either."""


@dataclass
class _Growing:
    """One piece so far: all but what is made anew (`frame`), and the new notes."""

    seed: int
    frame: Piece
    facts: dict[str, Json]
    began: float
    rows: list[Any] = field(default_factory=list)
    told: int = 0
    last: float | None = None


class MusicStreams:
    """The pieces of one request; places are counted from `first`. `clock` gives seconds."""

    def __init__(self, first: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._clock = clock
        self._pieces: dict[int, _Growing] = {}
        self._moved: float | None = None

    def heard(self, output: Music) -> Iterator[Words]:
        """The events that an output calls for; of a finished piece, whatever was left to tell."""
        now = self._clock()
        if not output.passing:
            yield from self._tell(output.index, now, all_of_it=True)
            return
        if FRAME in output.data:
            old = self._pieces.get(output.index)
            again: dict[str, Json] = {AGAIN: True} if old is not None and old.told else {}
            facts = {key: output.data[key] for key in (REGION, TRACKS) if key in output.data}
            self._pieces[output.index] = _Growing(output.seed, output.piece, facts, now)
            yield self._words(output.index, {**again, FRAME: output.data[FRAME], **facts})
        growing, rows = self._pieces[output.index], output.data.get(NOTES)
        growing.frame = output.piece  # a metre may have changed on the way
        if isinstance(rows, list):
            growing.rows += rows
        yield from self._tell(output.index, now)

    def hurried(self, event: Progress) -> bool:
        """True for news of progress that came too soon after the last."""
        now = self._clock()
        last = event.total > 0 and event.done >= event.total
        if self._pieces and not last and self._moved is not None and now - self._moved < SPACING:
            return True
        self._moved = now
        return False

    def rate(self, output: Music) -> dict[str, Json]:
        """{RATE: how many times faster the new part was made than it plays}."""
        found, region = self._pieces.get(output.index), output.data.get(REGION)
        gone = self._clock() - found.began if found else 0.0
        if gone <= 0 or not isinstance(region, list):
            return {}
        start, end = output.piece.seconds(region)
        return {RATE: round((end - start) / gone, 2)}

    def done(self, index: int) -> None:
        """This piece is finished and kept; nothing more is known of it."""
        self._pieces.pop(index, None)

    def unfinished(self) -> list[Music]:
        """What was made of pieces that did not come to their end, as results that say so."""
        made = [_stopped(i, piece) for i, piece in sorted(self._pieces.items()) if piece.rows]
        self._pieces.clear()
        return made

    def _tell(self, index: int, now: float, all_of_it: bool = False) -> Iterator[Words]:
        found = self._pieces.get(index)
        if found is None or len(found.rows) == found.told:
            return
        if found.last is not None and now - found.last < SPACING and not all_of_it:
            return
        yield self._words(index, {NOTES: found.rows[found.told :]})
        found.told, found.last = len(found.rows), now

    def _words(self, index: int, data: dict[str, Json]) -> Words:
        return Words(index=index - self._first, text="", data=data)


def _stopped(index: int, growing: _Growing) -> Music:
    new = [tuple(row[:5]) for row in growing.rows]
    piece = growing.frame.replaced(notes=notes_of([*growing.frame.notes.tolist(), *new]))
    count = f"{len(new)} note{'' if len(new) == 1 else 's'}"
    facts: dict[str, Json] = {
        **growing.facts,
        NOTES: len(new),
        BARS: len(piece.bars()) - 1,
        SECONDS: round(piece.seconds(piece.length), 3),
        ENDED: STOPPED,
        UNFINISHED: f"stopped after {count}",
    }
    return Music(index, growing.seed, piece, facts)
