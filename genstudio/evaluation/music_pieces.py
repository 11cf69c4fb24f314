"""Pieces cut for measuring: windows of some bars, and tokens of whole pieces that are foretold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genstudio.media.note_cells import Cells, fitting
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece
from genstudio.media.tokens import class_token

LEAST = 8
"""Notes that a window has at least: rests say nothing about music."""
END_TOKEN = 0


@dataclass(frozen=True)
class Work:
    """A piece or some bars of one: its kind ("" where none is told), its name."""

    piece: Piece
    label: str = ""
    name: str = ""


@dataclass(frozen=True)
class Row:
    """A piece as a model reads it: `lead` (what kind it is, or END) stands before all else.

    `lengths` (bars,) are tokens of each bar.
    """

    lead: int
    cells: Cells
    lengths: np.ndarray

    @property
    def notes(self) -> int:
        """Notes that are foretold: those that tokens leave out cost nothing and do not count."""
        return len(self.cells.events)

    @property
    def quarters(self) -> float:
        """How long it is."""
        return float(self.cells.starts[-1]) / self.cells.piece.ppq


def windows(works: Sequence[Work], bars: int, most: int, seed: int) -> list[Work]:
    """Up to `most` stretches of `bars` bars, drawn by the seed, none overlapping.

    A shorter piece is one of its own; those with hardly any notes are left out.
    """
    found = []
    for number, work in enumerate(works):
        ticks = work.piece.bars()
        count = len(ticks) - 1
        starts = range(0, max(1, count - bars + 1), bars)
        found += [(number, int(ticks[s]), int(ticks[min(s + bars, count)])) for s in starts]
    chosen: list[Work] = []
    for place in np.random.default_rng([seed, len(found)]).permutation(len(found)).tolist():
        if len(chosen) == most:
            break
        number, start, end = found[place]
        part = works[number].piece.within(start, end)
        if len(part.notes) >= LEAST:
            chosen.append(replace(works[number], piece=part))
    return chosen


def told(tokenizer: NoteTokens, piece: Piece) -> Piece | None:
    """The piece as its tokens say it: rounded to the grid, with as many voices as they have; None
    where there is nothing that they can say, such as drums."""
    if not fitting(piece, tokenizer.table):
        return None
    cells = tokenizer.cells(piece)
    return tokenizer.decode_piece(tokenizer.window(cells)) if len(cells.events) else None


def row(tokenizer: NoteTokens, work: Work) -> Row:
    """A piece as tokens, behind its kind where the model knows it."""
    cells = tokenizer.cells(work.piece)
    kind = tokenizer.special(class_token(work.label)) if work.label else None
    return Row(END_TOKEN if kind is None else kind, cells, cells.lengths())


def rows(works: Sequence[Work], tokenizer: NoteTokens, most: int, seed: int) -> list[Row]:
    """Pieces as tokens, drawn by the seed until there are `most` notes; none without notes that
    the tokens can say."""
    found: list[Row] = []
    works = [work for work in works if fitting(work.piece, tokenizer.table)]
    for place in np.random.default_rng([seed, len(works)]).permutation(len(works)).tolist():
        room = most - sum(one.notes for one in found)
        if room <= 0:
            break
        made = row(tokenizer, works[place])
        found += [made] if made.notes else []
    return found
