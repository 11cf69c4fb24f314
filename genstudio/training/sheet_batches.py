"""Batches of music by number: which bars, moved how far and with which holes, follows from the
seed.

A window is some bars of one piece behind the piece's head, as many as fit: bars are never cut but
at the end of a window, and windows never run from one piece into the next. All bars stand in one
row; an epoch cuts it from a place of its own on, as of texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from genstudio.core.errors import BadInput
from genstudio.core.recipe import TrainerSettings
from genstudio.media.note_cells import Cells
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.tokens import END, MIDDLE
from genstudio.numerics.mixing import mix
from genstudio.training import holes
from genstudio.training.feeding import Amount
from genstudio.training.objective import Sequences
from genstudio.training.randomness import uniform
from genstudio.training.shuffled import Shuffled
from genstudio.training.token_batches import Windows

_HIDDEN, _FILLS, _SHIFT, _BEGINS, _HOLES = 42, 43, 46, 47, 48
LOWEST, HIGHEST = -5, 6
"""Semitones that pieces are moved by: each key once."""
VALID_TOKENS = 2**16
"""So many held-out tokens are told at a validation, at most, evenly spread."""
VALID_BATCH = 4096  # tokens that are told at once
_BEGUN = 0.15  # share of the windows that are moved to the beginning of their piece
_CHANCES = 4096  # for the holes of one window


@dataclass(frozen=True)
class Sheets:
    """Pieces as cells. `labels` are places in `classes`, -1 for none."""

    pieces: Sequence[Cells]
    tokenizer: NoteTokens
    windows: Windows
    labels: Sequence[int] = ()
    classes: Sequence[str] = ()

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.pieces)

    @cached_property
    def sizes(self) -> tuple[np.ndarray, ...]:
        """Tokens of each bar of each piece."""
        return tuple(cells.lengths() for cells in self.pieces)

    @property
    def total(self) -> int:
        """Number of tokens of all pieces, their heads not counted."""
        return sum(int(sizes.sum()) for sizes in self.sizes)

    def amount(self) -> Amount:
        """How much there is to learn from."""
        windows = max(1, self.total // self.windows.context)
        return Amount(pieces=self.count, tokens=self.total, windows=windows)

    def feed(
        self, held: Sheets | None, settings: TrainerSettings, seed: int, device: str
    ) -> SheetBatches:
        """Batches of these, with what `held` holds for validation."""
        s = settings
        return SheetBatches(self, held, s.batch, seed, shards=s.shards, device=device)


class SheetBatches(Shuffled[Sequences]):
    """See `training.feeding.Feed`. Raises BadInput where there is no music."""

    def __init__(
        self,
        data: Sheets,
        held: Sheets | None,
        batch: int,
        seed: int,
        *,
        shards: int = 1,
        device: str = "cpu",
    ) -> None:
        if not data.total:
            raise BadInput("There is no music to train on")
        self.data, self.held = data, held if held is not None and held.total else None
        self.windows, self.device = data.windows, device
        self._roll = _Roll(data)
        self._held = _Roll(self.held) if self.held is not None else None
        super().__init__(seed, batch, shards, self._roll.windows)

    @property
    def held_count(self) -> int:
        """Windows that are held out; 0 where nothing is."""
        return len(self._held.cuts) if self._held is not None else 0

    def held_out(self) -> Iterator[Sequences]:
        """The held-out bars in order, whole, in their key and with their classes; where there are
        more than `VALID_TOKENS` tokens, some of the windows."""
        roll = self._held
        if roll is None:
            return
        cuts, rows = roll.cuts, max(1, VALID_BATCH // roll.context)
        most = min(len(cuts), max(1, VALID_TOKENS // roll.context))
        chosen = np.linspace(0, len(cuts) - 1, most).astype(np.int64)
        for first in range(0, most, rows):
            some = [cuts[place] for place in chosen[first : first + rows]]
            yield self._sequences(roll, [roll.row(bar, whole=True) for bar in some])

    def shown(self, count: int) -> Sequences:
        """The same few windows for every sample: held-out ones where there are any, each the
        beginning of a piece."""
        roll = self._held or self._roll
        pieces = len(roll.firsts)
        places = np.arange(count) * max(1, pieces // count) % pieces
        return self._sequences(roll, [roll.row(int(bar)) for bar in roll.firsts[places]])

    def _training(self, first: int, count: int) -> Sequences:
        positions = np.arange(first, first + count)
        bars = self._roll.bars_at(self._starts(positions, self._roll.context))
        begins = uniform(self.seed + _BEGINS, positions) < _BEGUN
        fills = uniform(self.seed + _FILLS, positions) < self.windows.fill
        hidden = uniform(self.seed + _HIDDEN, positions) < self.windows.drop
        moved = uniform(self.seed + _SHIFT, positions)
        rows = []
        for place, position in enumerate(positions.tolist()):
            bar = self._roll.first_of(bars[place]) if begins[place] else int(bars[place])
            chances = None
            if fills[place]:
                key = mix(self.seed, _HOLES, position) >> 1
                chances = uniform(key, np.arange(_CHANCES))
            row = self._roll.row(bar, chances, named=not hidden[place])
            rows.append(self._roll.moved(row, bar, moved[place]))
        return self._sequences(self._roll, rows)

    def _sequences(self, roll: _Roll, rows: list[np.ndarray]) -> Sequences:
        """Rows of up to context + 1 tokens as a batch, padded; what is given does not count."""
        tokens = np.zeros((len(rows), roll.context + 1), np.int64)
        weight = np.zeros((len(rows), roll.context), np.float32)
        for place, row in enumerate(rows):
            tokens[place, : len(row)] = row
            weight[place, : len(row) - 1] = roll.told(row)[1:]
        return Sequences(
            torch.from_numpy(tokens).to(self.device), torch.from_numpy(weight).to(self.device)
        )


class _Roll:
    """The bars of all pieces in one row; a bar is known by its place in it."""

    def __init__(self, data: Sheets) -> None:
        self._data, self._tokenizer = data, data.tokenizer
        self.context, table = data.windows.context, data.tokenizer.table
        self._holes = table.first["Hole"], table.first["Hole"] + table.count["Hole"]
        self._end = data.tokenizer.special(END) or 0
        self._middle = data.tokenizer.special(MIDDLE) or 0
        labels = data.labels or [-1] * data.count
        self._labels = ["" if place < 0 else data.classes[place] for place in labels]
        counts = [cells.bars for cells in data.pieces]
        self._piece = np.repeat(np.arange(len(counts)), counts)  # (bars,) whose a bar is
        self._stops = np.cumsum(counts)  # (pieces,) one behind the last bar of each
        self.firsts = self._stops - counts
        sizes = np.concatenate(data.sizes)
        self._ends = np.cumsum(sizes)  # (bars,) tokens until behind each bar
        self._before = self._ends - sizes
        self.windows = max(1, int(self._ends[-1]) // self.context)
        self._heads = [len(self._window(piece, 0, 0)) for piece in range(data.count)]
        self._latest = np.array([self._last_full(piece) for piece in range(data.count)])
        self._room = [_room(cells) for cells in data.pieces]

    def bars_at(self, tokens: np.ndarray) -> np.ndarray:
        """The bars (b,) in which the tokens at places (b,) lie; behind the last comes the first.
        Near the end of a piece it is the bar from which the rest fills a window."""
        bars = np.searchsorted(self._ends, tokens % self._ends[-1], side="right")
        return np.minimum(bars, self._latest[self._piece[bars]])

    def first_of(self, bar: int) -> int:
        """The first bar of the same piece."""
        return int(self.firsts[self._piece[bar]])

    @cached_property
    def cuts(self) -> list[int]:
        """First bars of windows that hold all bars, one after the other."""
        found = []
        for first, stop in zip(self.firsts.tolist(), self._stops.tolist(), strict=True):
            bar = first
            while bar < stop:
                found.append(bar)
                bar += max(1, self._fitting(bar))
        return found

    def row(
        self,
        bar: int,
        chances: np.ndarray | None = None,
        *,
        named: bool = True,
        whole: bool = False,
    ) -> np.ndarray:
        """The window from `bar` on, at most context + 1 tokens (n,) int64, with END where the
        piece ends. `chances`: cells are taken out and told at the end (`holes.choose`); `named`:
        with its class; `whole`: without the bar that is cut where the window ends."""
        piece = int(self._piece[bar])
        first = bar - int(self.firsts[piece])
        found = self._with_holes(piece, first, chances, named) if chances is not None else None
        if found is None:
            last = first + max(1, self._fitting(bar) + (not whole))
            last = min(last, self._data.pieces[piece].bars)
            found = self._window(piece, first, last, named=named)
        return np.array(found[: self.context + 1], np.int64)

    def moved(self, row: np.ndarray, bar: int, chance: float) -> np.ndarray:
        """`row` in another key, as far as all notes of the piece stay notes."""
        low, high = self._room[self._piece[bar]]
        return self._tokenizer.transposed(row, low + int(chance * (high - low + 1)))

    def told(self, row: np.ndarray) -> np.ndarray:
        """bool (n,): False for what a model is always given: `Track Hole` in place, and the
        `Hole Track` that an answer begins with."""
        hole = (row >= self._holes[0]) & (row < self._holes[1])
        behind = np.cumsum(row == self._middle) > 0
        before = np.append(hole[1:], False) & ~behind
        after = np.append(False, hole[:-1]) & behind
        return np.asarray(~(hole | before | after))

    def _window(
        self,
        piece: int,
        first: int,
        last: int,
        holes: Sequence[tuple[int, int]] = (),
        named: bool = True,
    ) -> list[int]:
        """A row of tokens: its class or END, then the head, then bars `first` to before `last`."""
        label = self._labels[piece] if named else ""
        cells = self._data.pieces[piece]
        row = self._tokenizer.window(cells, first, last, holes=holes, label=label)
        return row if label else [self._end, *row]

    def _with_holes(
        self, piece: int, first: int, chances: np.ndarray, named: bool
    ) -> list[int] | None:
        """As many bars as fit with some cells taken out; None where not even one does."""
        bar = int(self.firsts[piece]) + first
        voices = len(self._data.pieces[piece].tracks)
        for count in range(self._fitting(bar), 0, -1):
            cells = holes.choose(count, voices, chances)
            chosen = [(first + place, voice) for place, voice in np.argwhere(cells).tolist()]
            found = self._window(piece, first, first + count, chosen, named)
            if len(found) <= self.context + 1:
                return found
        return None

    def _fits(self, piece: int) -> int:
        """Tokens of bars that a window holds beside the head and END."""
        return self.context - self._heads[piece]

    def _fitting(self, bar: int) -> int:
        """How many whole bars from `bar` on fit into a window."""
        piece = int(self._piece[bar])
        until = self._before[bar] + self._fits(piece)
        behind = int(np.searchsorted(self._ends, until, side="right"))
        return min(behind, int(self._stops[piece])) - bar

    def _last_full(self, piece: int) -> int:
        """The first bar of a piece from which on all the rest fits into one window."""
        first, stop = int(self.firsts[piece]), int(self._stops[piece])
        until = self._ends[stop - 1] - self._fits(piece)
        found = np.searchsorted(self._before[first:stop], until, side="left")
        return min(first + int(found), stop - 1)


def _room(cells: Cells) -> tuple[int, int]:
    """By how many semitones a piece can go down (negative) and up; drums stay where they are."""
    drums = np.array([track.drums for track in cells.voices], bool)
    pitches = cells.events[~drums[cells.events[:, 1]], 3]
    if not len(pitches):
        return 0, 0
    return max(LOWEST, -int(pitches.min())), min(HIGHEST, 127 - int(pitches.max()))
