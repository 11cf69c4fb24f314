"""What may follow in a row of music tokens, and the notes that come of it.

The grammar only forbids what is no music: positions and pitches rise, voices take turns, a bar
ends where its metre says. Everything else is up to the model. What is locked is forced: no token
is allowed that would pass by a locked note.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from genstudio.media.note_table import HOLES, Table
from genstudio.media.special_tokens import END, MARKS, MIDDLE

MOST_MASKS = 4096
"""Masks that a table keeps: a piece comes to the same places again and again."""
_HEAD = ("", "Tempo", "Key", "Metre")
_Range = tuple[str, int, int]
"""A kind of token and its first and last value; "" for special tokens."""


class Event(NamedTuple):
    """A note in a cell: bar and voice from 0, `pos` in parts of a quarter from the bar's start.

    `duration`, `velocity` and `shift` are values of tokens; -1 where there are none, in a lock
    where they are free.
    """

    bar: int
    voice: int
    pos: int
    pitch: int
    duration: int = -1
    velocity: int = -1
    shift: int = -1


class Grammar:
    """Follows one row of tokens from its beginning; tokens that do not fit are passed over.

    `label` is the special token of a class, `tempo` and `key` values of tokens, -1 where none is
    told; `programs` are the instruments of the voices, -1 for drums; `metres` are values, one a
    bar; `holes` the cells (bar, voice) that are left out, in order.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._bars: int | None = None
        self._locks: dict[tuple[int, int], list[Event]] = {}
        self._frozen: frozenset[int] = frozenset()
        self._want, self._stage = "head", 0
        self._filled = -1
        self._now: list[_Range] | None = None  # what may come, until the next token or limit
        self._waiting: list[Event] = []
        self._forced: Event | None = None
        self._rest: list[str] = []
        self._made: dict[str, int] = {}
        self.label, self.tempo, self.key = -1, -1, -1
        self.programs: list[int] = []
        self.metres: list[int] = []
        self.holes: list[tuple[int, int]] = []
        self.bar, self.voice, self.pos, self.pitch = -1, -1, -1, -1

    @property
    def done(self) -> bool:
        """Whether the row has ended."""
        return self._want == "done"

    @property
    def filling(self) -> bool:
        """Whether MIDDLE has come: holes are being filled."""
        return self._filled >= 0

    @property
    def full(self) -> bool:
        """Whether all bars are there: one more would be behind the end, and so says it."""
        return self._bars is not None and len(self.metres) >= self._bars

    def limit(
        self,
        bars: int | None = None,
        locks: Mapping[tuple[int, int], Sequence[Event]] | None = None,
        frozen: Iterable[int] = (),
    ) -> None:
        """What holds from here on, once the given tokens are fed.

        The row ends with `bars` bars (None: when the model wants); `locks` are notes that must be
        written, by (bar, voice); in `frozen` voices nothing else may be written.
        """
        self._bars, self._frozen = bars, frozenset(frozen)
        self._locks = {cell: list(events) for cell, events in (locks or {}).items()}
        self._now = None

    def copy(self) -> Grammar:
        """One that goes on from here on its own."""
        other = copy.copy(self)
        other._waiting, other._rest, other._made = [*self._waiting], [*self._rest], {**self._made}
        other.programs, other.metres = [*self.programs], [*self.metres]
        other.holes = [*self.holes]
        return other

    def allowed(self) -> np.ndarray:
        """Which tokens a model may write now: bool (size,), at least one while not `done`.

        Holes are never its own choice, they are told.
        """
        place = (self.filling, *self._ranges())
        masks = self._table.masks
        mask = masks.get(place)  # not asked for twice: another thread may clear them in between
        if mask is None:
            if len(masks) >= MOST_MASKS:
                masks.clear()
            mask = masks[place] = self._mask()
        return mask.copy()

    def _mask(self) -> np.ndarray:
        mask = np.zeros(self._table.size, bool)
        for kind, low, high in self._ranges():
            if (kind == "Hole" and not self.filling) or (kind == "" and low == high == _MIDDLE):
                continue
            first = self._table.first[kind] if kind else 0
            mask[first + low : first + high + 1] = True
        return mask

    def feed(self, token: int) -> Event | None:
        """Go on by one token; the note that it completes, if it does."""
        kind, value = self._table.kind_of(token), self._table.value_of(token)
        for known, low, high in self._ranges():
            if kind == known and low <= value <= high:
                break
        else:
            return None
        self._now = None
        if self._want == "head":
            self._head(kind, value)
        elif self._want == "instrument":
            self.programs.append(-1 if kind == "Drums" else value)
            self._want = "tracks"
        elif kind in self._rest:
            self._made[kind] = value
            self._rest.remove(kind)
            return self._completed()
        else:
            return self._step(kind, value)
        return None

    def _head(self, kind: str, value: int) -> None:
        self._stage = _HEAD.index(kind) + 1
        if kind == "":
            self.label = value
        elif kind == "Tempo":
            self.tempo = value
        elif kind == "Key":
            self.key = value
        else:
            self._metre, self._want = value, "tracks"

    def _step(self, kind: str, value: int) -> Event | None:
        """Tokens of bars, cells and holes."""
        if kind == "":
            self._want = "done" if value == _END else "hole"
            self._filled = self._filled if value == _END else 0
        elif kind == "Bar" and self.full:
            self._want = "done"
        elif kind == "Bar":
            self.metres.append(self._metre)
            self.bar, self.voice, self._want = len(self.metres) - 1, -1, "bar"
        elif kind == "Metre":
            self._metre = self.metres[-1] = value
            self._want = "metre"
        elif kind == "Track":
            self._track(value)
        elif kind == "Hole" and not self.filling:
            self.holes.append((self.bar, self.voice))
            self._want = "closed"
        elif kind == "Hole":
            self._want = "voice"
        elif kind == "Next":
            self._filled += 1
            self._want = "hole" if self._filled < len(self.holes) else "over"
        elif kind == "Pos":
            self.pos, self.pitch, self._want = value, -1, "pitch"
        else:
            return self._note(value)
        return None

    def _track(self, value: int) -> None:
        if self._want == "tracks":
            self._want = "instrument"
            return
        if self.filling:
            self.bar = self.holes[self._filled][0]
        self.voice, self.pos, self.pitch, self._want = value, -1, -1, "cell"
        self._waiting = self._locked(self.bar, value)

    def _locked(self, bar: int, voice: int) -> list[Event]:
        """What must be written in a cell, in order, each place once."""
        length = self._table.bar_lengths[self.metres[bar]]
        locks = self._locks.get((bar, voice), ())
        fitting = {(one.pos, one.pitch): one for one in locks if 0 <= one.pos < length}
        return [fitting[place] for place in sorted(fitting)]

    def _note(self, pitch: int) -> Event | None:
        self.pitch, self._want, self._forced = pitch, "note", None
        if self._waiting and self._waiting[0][2:4] == (self.pos, pitch):
            self._forced = self._waiting.pop(0)
        kinds = ("Vel", "Shift") if self._drums else ("Dur", "Vel", "Shift")
        self._rest = [kind for kind in kinds if self._table.has(kind)]
        self._made = {}
        return self._completed()

    def _completed(self) -> Event | None:
        if self._rest:
            return None
        self._want = "more"
        made = (self._made.get(kind, -1) for kind in ("Dur", "Vel", "Shift"))
        return Event(self.bar, self.voice, self.pos, self.pitch, *made)

    # What may come now.

    def _ranges(self) -> list[_Range]:
        if self._now is None:
            self._now = _NOW[self._want](self)
        return self._now

    def _in_head(self) -> list[_Range]:
        known = len(self._table.specials)
        found: list[_Range] = []
        for kind in _HEAD[self._stage :]:
            if kind == "" and known > len(MARKS):
                found.append(("", len(MARKS), known - 1))
            elif kind and self._table.has(kind):
                found.append(self._all(kind))
        return found

    def _in_tracks(self) -> list[_Range]:
        count = len(self.programs)
        found = [("Track", count, count)] if count < self._table.options.voices else []
        return [*found, ("Bar", 0, 0)] if count else found

    def _in_instrument(self) -> list[_Range]:
        return [self._all(kind) for kind in ("Program", "Drums") if self._table.has(kind)]

    def _after_bar(self) -> list[_Range]:
        """Another metre, if no locked note lies behind the end of its bar."""
        locks = [self._locked(self.bar, voice) for voice in range(len(self.programs))]
        needed = max((one.pos for events in locks for one in events), default=-1)
        metres: list[_Range] = [
            ("Metre", value, value)
            for value, length in enumerate(self._table.bar_lengths)
            if value != self._metre and length > needed
        ]
        return metres + self._closing()

    def _in_cell(self) -> list[_Range]:
        """Behind Track: a cell that is written has notes, one that is filled may stay silent."""
        if self.filling:
            return self._in_more()
        number = len(self.holes) % HOLES
        hole = [] if self._waiting else [("Hole", number, number)]
        return self._positions() + hole

    def _in_pitch(self) -> list[_Range]:
        low, high = self.pitch + 1, 127
        lock = self._waiting[0] if self._waiting else None
        if lock is not None and lock.pos == self.pos:
            high = lock.pitch
            low = high if self.voice in self._frozen else low
        elif self.voice in self._frozen:
            return []
        return [("Hit" if self._drums else "Pitch", low, high)] if low <= high else []

    def _in_note(self) -> list[_Range]:
        kind = self._rest[0]
        fields = {"Dur": 4, "Vel": 5, "Shift": 6}
        value = self._forced[fields[kind]] if self._forced else -1
        return [(kind, value, value)] if 0 <= value < self._table.count[kind] else [self._all(kind)]

    def _in_more(self) -> list[_Range]:
        found = self._in_pitch() if self.pitch >= 0 else []
        return found + self._positions() + ([] if self._waiting else self._closing())

    def _positions(self) -> list[_Range]:
        low, high = self.pos + 1, self._bar_length - 1
        if self._waiting:
            high = self._waiting[0].pos
            low = max(low, high) if self.voice in self._frozen else low
        elif self.voice in self._frozen:
            return []
        return [("Pos", low, high)] if low <= high else []

    def _closing(self) -> list[_Range]:
        """The end of a cell: the next voice or bar, or the end of all."""
        if self.filling:
            return [("Next", 0, 0)]
        later = range(self.voice + 1, len(self.programs))
        locked = [voice for voice in later if self._locked(self.bar, voice)] if self._locks else []
        found: list[_Range] = [
            ("Track", voice, voice)
            for voice in later
            if (not locked or voice <= locked[0]) and (voice not in self._frozen or voice in locked)
        ]
        if locked:
            return found
        # Behind the last bar the model would mostly go on with another: that ends the row, too.
        # Were it forbidden, it would fill the bar with notes that it never wanted.
        found.append(("Bar", 0, 0))
        if self._bars is None or self.full:
            found.append(("", _END, _END))
        return [*found, ("", _MIDDLE, _MIDDLE)] if self.holes else found

    def _in_hole(self) -> list[_Range]:
        number = self._filled % HOLES
        return [("Hole", number, number)]

    def _in_voice(self) -> list[_Range]:
        voice = self.holes[self._filled][1]
        return [("Track", voice, voice)]

    def _at_end(self) -> list[_Range]:
        return [("", _END, _END)]

    def _all(self, kind: str) -> _Range:
        return kind, 0, self._table.count[kind] - 1

    @property
    def _bar_length(self) -> int:
        return self._table.bar_lengths[self.metres[self.bar]]

    @property
    def _drums(self) -> bool:
        return self.programs[self.voice] < 0


_END, _MIDDLE = MARKS.index(END), MARKS.index(MIDDLE)
_NOW = {
    "head": Grammar._in_head,
    "tracks": Grammar._in_tracks,
    "instrument": Grammar._in_instrument,
    "bar": Grammar._after_bar,
    "metre": Grammar._closing,
    "cell": Grammar._in_cell,
    "closed": Grammar._closing,
    "pitch": Grammar._in_pitch,
    "note": Grammar._in_note,
    "more": Grammar._in_more,
    "hole": Grammar._in_hole,
    "voice": Grammar._in_voice,
    "over": Grammar._at_end,
    "done": Grammar._at_end,
}
