"""Drafts that go on bar by bar: a new piece from its head, bars behind a piece, a piece played."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core import instruments
from genstudio.core.errors import UsageError
from genstudio.engine import composing_scene as scene
from genstudio.engine.composing_drafts import Draft, loudness
from genstudio.media.note_cells import Cells
from genstudio.media.note_grammar import Event
from genstudio.media.note_table import key_of, key_value, tempo_of, tempo_value
from genstudio.media.note_tokens import PPQ, NoteTokens
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.media.special_tokens import class_token

_LEAST_ROOM = 8
_NO_VALUE = -1


@dataclass(frozen=True)
class Wish:
    """What the head of a new piece has to say; None is for the model to choose.

    `tempo` in quarters a minute, `key` (fifths, minor), `metre` (numerator, denominator),
    `voices` programmes or `instruments.DRUMS`.
    """

    tempo: float | None = None
    key: tuple[int, bool] | None = None
    metre: tuple[int, int] | None = None
    voices: tuple[int, ...] | None = None


class Open(Draft):
    """`count` bars behind those of `piece` (its tracks `voices`), or a new piece by a wish."""

    def __init__(
        self,
        tokens: NoteTokens,
        index: int,
        label: str,
        count: int,
        *,
        wish: Wish | None = None,
        piece: Piece | None = None,
        voices: Sequence[int] = (),
    ) -> None:
        super().__init__(tokens, index, label)
        self.total, self._wish = count, wish or Wish()
        self._voices = tuple(voices)
        self._given, self._offset = 0, 0
        self._current: list[int] = []
        self._loud: dict[int, int] = {}
        self._starts: list[int] = [0]
        self._metre = 0
        if piece is not None:
            self._take_over(piece)

    def prompt(self, context: int) -> list[int] | None:
        """The head, and as many bars before the place as leave room for new ones."""
        if self._current and self.mask() is None:
            self._finish()
            return None
        ids = self._read(context) if self.frame is not None else self._begun()
        written = len(ids) - len(self._cell()) if self.frame is not None else len(ids)
        self._again(ids[:written], context)
        self._limit(self._given + self.total - self._offset)
        for token in ids[written:]:  # under the limits: notes that must come may be left in it
            self._grammar.feed(token)
        return [*ids, *self._forced()]

    def _take_over(self, piece: Piece) -> None:
        """All bars of the piece are given."""
        cells = self.tokens.cells(piece, self._voices)
        self.frame, self.tracks, self._loud = piece, self._voices, loudness(piece)
        self._given = cells.bars
        self._starts = [int(cells.starts[-1])]
        last = int(cells.starts[-1] - cells.starts[-2])
        self.region = (self._starts[0], self._starts[0] + last * self.total)

    def _limit(self, bars: int) -> None:
        """What holds for the new bars: how many there are when all is there."""
        self._grammar.limit(bars=bars)

    def _begun(self) -> list[int]:
        if not self.label:
            return scene.lead(self.tokens, "")
        return [self.tokens.special(class_token(self.label)) or 0]

    def _read(self, context: int) -> list[int]:
        """Head, whole bars and the bar that is being written; room for what is still to come, or
        for half a context where that is more."""
        now = self._given + len(self._starts) - 1
        cells = self.tokens.cells(self.piece, self._voices, until=self._starts[-1] + 1)
        lengths = cells.lengths()[:now]
        usual = float(lengths[lengths > 1].mean()) if (lengths > 1).any() else context / 4
        wanted = int(usual * 1.25 * (self.total - len(self._starts) + 1))
        room = context - min(max(wanted, _LEAST_ROOM), context // 2)
        head = len(self._window(cells, now, now))
        current = self._current
        if head + len(current) > context - _LEAST_ROOM:
            current = [*current[:1], *self._cell()]
        if head + len(current) >= context:
            raise UsageError("A bar of this piece holds more notes than the model can read")
        before = np.cumsum(lengths[::-1])
        first = now - int(np.searchsorted(before, room - head - len(current), "right"))
        self._offset = first
        return self._window(cells, first, now) + current

    def _window(self, cells: Cells, first: int, last: int) -> list[int]:
        ids = self.tokens.window(cells, first, last, label=self.label, end=False)
        return scene.lead(self.tokens, self.label) + ids

    def _cell(self) -> list[int]:
        """The last voice of the bar that is being written, as far as it is there."""
        kinds = [self._table.kind_of(token) for token in self._current]
        return (
            self._current[len(kinds) - kinds[::-1].index("Track") - 1 :] if "Track" in kinds else []
        )

    # What comes in.

    def _seen(self, token: int, kind: str) -> None:
        if kind == "Metre" and self.frame is None:
            self._metre = self._table.value_of(token)
        elif kind == "Bar":
            if self.frame is None:
                self._compose()
            elif self._current:
                self._close_bar()
            self._current = [token]
        elif self._current:
            self._current.append(token)
            if kind == "Metre":
                self._change_metre(self._table.value_of(token))

    def _finish(self) -> None:
        self.done, self.finished = self.total, True
        end = self._starts[-1] + self._length(self._grammar.metres[-1])
        self.region = (self.region[0], end)
        for row in self.rows:  # a last chord may have been meant longer than what was asked for
            row[1] = min(row[1], end - row[0])

    def _compose(self) -> None:
        """The head is written: the piece is there, without notes."""
        grammar = self._grammar
        metre = self._table.metres[self._metre]
        voices = tuple(
            Track(_name(program), max(program, 0), program < 0) for program in grammar.programs
        )
        key = key_of(grammar.key) if grammar.key >= 0 else None
        tempo = tempo_of(grammar.tempo) if grammar.tempo >= 0 else 120.0
        self.frame = Piece(
            notes=notes_of([]),
            tracks=voices,
            ppq=PPQ,
            tempos=((0, self._wish.tempo or tempo),),
            metres=((0, *metre),),
            keys=((0, *key),) if key else (),
        )
        self._voices = self.tracks = tuple(range(len(voices)))
        self.region = (0, self.total * self._length(self._metre))

    def _close_bar(self) -> None:
        """A further bar begins behind the one that is being written."""
        self._starts.append(self._starts[-1] + self._length(self._grammar.metres[-1]))
        self.done = len(self._starts) - 1

    def _length(self, metre: int) -> int:
        assert self.frame is not None
        return self._table.bar_lengths[metre] * self.frame.ppq // self.tokens.options.grid

    def _change_metre(self, value: int) -> None:
        assert self.frame is not None
        at = self._starts[-1]
        earlier = tuple(metre for metre in self.frame.metres if metre[0] < at)
        changed = (*earlier, (at, *self._table.metres[value]))
        self.frame = self.frame.replaced(metres=changed)

    def _note(self, event: Event) -> None:
        start = self._starts[event.bar + self._offset - self._given]
        self.rows.append(self._row(event, start, self._voices[event.voice], self._loud))

    # What may come.

    def _narrow(self, mask: np.ndarray) -> np.ndarray:
        wish, grammar = self._wish, self._grammar
        if self._current and wish.metre is not None:
            mask[self._block("Metre")] = False
        if self.frame is not None:
            if not self._current:  # the last bar of what is given is closed
                self._only(mask, "Bar", 0)
            return mask
        self._only(mask, "Tempo", None if wish.tempo is None else tempo_value(wish.tempo))
        if wish.key is not None:
            self._only(mask, "Key", key_value(*wish.key))
        if wish.metre is not None:
            self._keep(mask, "Metre", self._metre_value(*wish.metre))
        if wish.voices is not None:
            self._narrow_voices(mask, wish.voices, len(grammar.programs))
        return mask

    def _narrow_voices(self, mask: np.ndarray, voices: Sequence[int], written: int) -> None:
        if mask[self._block("Track")].any() and written < len(voices):
            mask[self._block("Bar")] = False
        elif mask[self._block("Bar")].any():
            mask[self._block("Track")] = False
        elif mask[self._block("Program")].any() or mask[self._block("Drums")].any():
            wanted = voices[written]
            if wanted == instruments.DRUMS:
                self._only(mask, "Drums", 0)
            else:
                self._only(mask, "Program", wanted)

    def _only(self, mask: np.ndarray, kind: str, value: int | None) -> None:
        """Where tokens of a kind may come, only they may, of them only one where `value` says."""
        block = self._block(kind)
        if mask[block].any():
            kept = mask[block].copy()
            mask[:] = False
            if value is None:
                mask[block] = kept
            else:
                mask[block.start + value] = True

    def _keep(self, mask: np.ndarray, kind: str, value: int) -> None:
        """Of the tokens of a kind that may come only this one may; others as they are."""
        block = self._block(kind)
        if mask[block].any():
            mask[block] = False
            mask[block.start + value] = True

    def _metre_value(self, upper: int, lower: int) -> int:
        parts = self.tokens.options.grid * 4 * upper // lower
        return self._table.metre_value(upper, lower, parts)


class Groove(Open):
    """A piece played: every note of its `voices` stays where it is, loudness and timing are the
    model's but for notes that are `locked` (start, pitch, track)."""

    def __init__(
        self,
        tokens: NoteTokens,
        index: int,
        label: str,
        piece: Piece,
        voices: Sequence[int],
        locked: Collection[tuple[int, int, int]] = (),
    ) -> None:
        self._cells = tokens.cells(piece, voices)
        super().__init__(tokens, index, label, self._cells.bars)
        self._origins = scene.origins(tokens, self._cells)
        self._notes, self._locked = piece.notes, frozenset(locked)
        others = piece.notes[~np.isin(piece.notes["track"], voices)]
        self.frame, self.tracks = piece.replaced(notes=others), tuple(voices)
        self._voices = self.tracks
        self.region = (0, int(self._cells.starts[-1]))

    def _limit(self, bars: int) -> None:
        cells, first = self._cells, self._offset
        locks = {
            (bar - first, voice): [self._free(event) for event in cells.cell(bar, voice)]
            for bar in range(first, cells.bars)
            for voice in range(len(cells.tracks))
        }
        self._grammar.limit(bars=bars, locks=locks, frozen=range(len(cells.tracks)))

    def _free(self, event: Event) -> Event:
        return event._replace(bar=event.bar - self._offset, velocity=_NO_VALUE, shift=_NO_VALUE)

    def _finish(self) -> None:
        self.done, self.finished = self.total, True

    def _close_bar(self) -> None:
        self._starts.append(int(self._cells.starts[len(self._starts)]))
        self.done = len(self._starts) - 1

    def _change_metre(self, value: int) -> None:
        """The metres of the piece stay."""

    def _narrow(self, mask: np.ndarray) -> np.ndarray:
        """Metres change where they do in the piece."""
        metres, bar = self._cells.metres, len(self._starts) - 1
        if bar > self._offset and metres[bar] != metres[bar - 1]:
            self._only(mask, "Metre", int(metres[bar]))
        else:
            mask[self._block("Metre")] = False
        return mask

    def _note(self, event: Event) -> None:
        whole = event._replace(bar=event.bar + self._offset)
        row = self._row(whole, self._starts[whole.bar], self._voices[event.voice], {})
        start, length, pitch, loud, track = self._notes[self._origins[scene.place_of(whole)]].item()
        row[1] = length
        if (start, pitch, track) in self._locked:
            row[0], row[3] = start, loud
        self.rows.append(row)


def _name(program: int) -> str:
    return instruments.name_of(instruments.DRUMS if program < 0 else program)
