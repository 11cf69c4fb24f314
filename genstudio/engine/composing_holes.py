"""Drafts that fill holes: cells of a piece that are made anew, knowing what stands on all sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.engine import composing_scene as scene
from genstudio.engine.composing_drafts import Draft, loudness
from genstudio.media.note_cells import Cells
from genstudio.media.note_grammar import Event
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece

Hole = tuple[int, int]
"""Bar and voice."""
Lock = tuple[int, int, int]
"""Start in ticks, pitch and track of a note that stays."""
_LEAST_ROOM = 8
_MARKS = 4  # tokens that a hole costs besides its notes


class Holes(Draft):
    """`holes` (bar, voice) of a piece whose tracks `voices` the model sees; bars as in `cells`."""

    def __init__(
        self,
        tokens: NoteTokens,
        index: int,
        label: str,
        cells: Cells,
        holes: Collection[Hole],
        locked: Collection[Lock] = (),
    ) -> None:
        super().__init__(tokens, index, label)
        piece = cells.piece
        self._cells, self._left = cells, sorted(set(holes))
        self._holes, self.total = frozenset(holes), len(self._left)
        self._loud = loudness(piece)
        self._locks, stays = self._fixed(locked)
        self.frame = piece.replaced(notes=piece.notes[~self._inside(piece) | stays])
        bars, voices = zip(*self._left, strict=True)
        self.region = int(cells.starts[min(bars)]), int(cells.starts[max(bars) + 1])
        self.tracks = tuple(sorted({cells.tracks[voice] for voice in voices}))
        self._offset = 0
        self._answer: list[int] = []
        self._usual = self._mean(cells)

    def prompt(self, context: int) -> list[int] | None:
        """As many bars around the first holes as the context holds, up to MIDDLE."""
        if not self._left:
            self.finished = True
            return None
        cells = self.tokens.cells(self.piece, self._cells.tracks, until=int(self._cells.starts[-1]))
        first, last = self._stretch(cells, context)
        while True:
            ids = self._window(cells, first, last)
            if len(ids) + _LEAST_ROOM + len(self._answer) <= context:
                break
            if last - first == 1:
                raise UsageError(
                    "A bar of this piece holds more notes than the model can read at once",
                    next_step="Choose fewer tracks, or a model that reads more.",
                )
            first, last = self._narrower(first, last)
        self._offset = first
        answer, self._answer = self._answer, []
        self._again(ids, context)
        self._grammar.limit(locks=self._shifted())
        if answer:
            return ids + self._forced(most=2) + self._resume(answer)  # Hole and Track
        return ids + self._forced()

    def _window(self, cells: Cells, first: int, last: int) -> list[int]:
        ids = self.tokens.window(
            cells, first, last, holes=self._left, answers=False, label=self.label
        )
        return scene.lead(self.tokens, self.label) + ids

    def _resume(self, answer: list[int]) -> list[int]:
        """Go on in the middle of a hole whose notes are there as far as they were written."""
        for token in answer:
            self._grammar.feed(token)
        self._answer = answer
        return [*answer, *self._forced()]

    def _stretch(self, cells: Cells, context: int) -> tuple[int, int]:
        """Bars around the first hole that fit by their lengths, holes counted as usual ones."""
        size = cells.lengths().astype(np.float64)
        for bar, _ in self._left:
            size[bar] += self._usual + _MARKS
        first = self._left[0][0]
        last, room = first + 1, context - _LEAST_ROOM - len(self._answer)
        room -= len(self._window(cells, first, first)) + size[first]
        while True:
            right = last < cells.bars and size[last] <= room
            if right:
                room -= size[last]
                last += 1
            left = first > 0 and size[first - 1] <= room
            if left:
                room -= size[first - 1]
                first -= 1
            if not (left or right):
                return first, last

    def _narrower(self, first: int, last: int) -> tuple[int, int]:
        """The same bars but one: the first, or the last where the first has the next hole."""
        bar = self._left[0][0]
        return (first + 1, last) if bar - first > last - 1 - bar else (first, last - 1)

    def _mean(self, cells: Cells) -> float:
        """Tokens of the notes that a cell has as a rule."""
        full = cells.lengths()
        sounding = np.count_nonzero(np.diff(cells.edges))
        return float(full.sum() / max(1, sounding)) if sounding else 12.0

    # Notes that stay.

    def _inside(self, piece: Piece) -> np.ndarray:
        """bool (n,): notes that lie in holes."""
        bars = scene.bars_of(self.tokens, self._cells, piece.notes["start"].astype(np.int64))
        voice_of = {track: voice for voice, track in enumerate(self._cells.tracks)}
        voices = [voice_of.get(track, -1) for track in piece.notes["track"].tolist()]
        pairs = zip(bars.tolist(), voices, strict=True)
        return np.array([pair in self._holes for pair in pairs], bool)

    def _fixed(self, locked: Collection[Lock]) -> tuple[dict[Hole, list[Event]], np.ndarray]:
        """The events of locked notes by cell, and which notes of the piece they are."""
        notes, wanted = self._cells.piece.notes, set(locked)
        keys = zip(*(notes[name].tolist() for name in ("start", "pitch", "track")), strict=True)
        stays = np.array([key in wanted for key in keys], bool)
        found: dict[Hole, list[Event]] = defaultdict(list)
        origins = scene.origins(self.tokens, self._cells) if stays.any() else {}
        for place, number in origins.items():
            hole = place[:2]
            if stays[number] and hole in self._holes:
                event = next(e for e in self._cells.cell(*hole) if scene.place_of(e) == place)
                found[hole].append(event)
        return dict(found), stays

    def _shifted(self) -> dict[Hole, Sequence[Event]]:
        """The locks with bars counted in the row that is read."""
        first = self._offset
        return {
            (bar - first, voice): [event._replace(bar=bar - first) for event in events]
            for (bar, voice), events in self._locks.items()
        }

    # What comes in.

    def _seen(self, token: int, kind: str) -> None:
        if kind == "Next":
            self._left = self._left[1:]
            self._answer = []
            self.done += 1
        elif kind == "Track":
            self._answer = []
        elif kind != "Hole":
            self._answer.append(token)

    def _note(self, event: Event) -> None:
        bar = event.bar + self._offset
        place = (bar, event.voice, event.pos, event.pitch)
        kept = self._locks.get((bar, event.voice), ())
        if any(scene.place_of(one) == place for one in kept):
            return
        start, track = float(self._cells.starts[bar]), self._cells.tracks[event.voice]
        row = self._row(event, start, track, self._loud)
        row[1] = max(1, min(row[1], int(self._cells.starts[-1]) - row[0]))
        self.rows.append(row)
