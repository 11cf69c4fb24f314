"""A piece as cells: for each bar and voice the notes in it, on the grid of a tokenizer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media.note_grammar import Event
from genstudio.media.note_table import LONGEST_BAR, Table
from genstudio.media.notes import Piece, Track

_LONG_BAR = 4  # quarters of the parts that too long bars are cut into


@dataclass(frozen=True, eq=False)
class Cells:
    """`starts` (bars + 1,) int64 are ticks, `metres` (bars,) values of Metre tokens.

    `tracks` are the tracks of the piece that are voices, in order; `events` (n, 7) int32 are the
    fields of Event, in order; those of cell c = bar * voices + voice are `events[edges[c] :
    edges[c + 1]]`, its tokens (with Track in front, nothing where it is silent) are
    `ids[token_edges[c] : token_edges[c + 1]]`, int32.
    """

    piece: Piece
    tracks: tuple[int, ...]
    starts: np.ndarray
    metres: np.ndarray
    events: np.ndarray
    edges: np.ndarray
    ids: np.ndarray
    token_edges: np.ndarray

    @property
    def bars(self) -> int:
        """Number of bars, those that were too long counted as several."""
        return len(self.metres)

    @property
    def voices(self) -> tuple[Track, ...]:
        """Name and instrument of each voice."""
        return tuple(self.piece.tracks[number] for number in self.tracks)

    def cell(self, bar: int, voice: int) -> list[Event]:
        """The notes of one cell, by position and pitch."""
        at = bar * len(self.tracks) + voice
        return [Event(*row) for row in self.events[self.edges[at] : self.edges[at + 1]].tolist()]

    def tokens(self, bar: int, voice: int) -> list[int]:
        """The tokens of one cell, Track in front; [] where it is silent."""
        at = bar * len(self.tracks) + voice
        return self.ids[self.token_edges[at] : self.token_edges[at + 1]].tolist()

    def lengths(self) -> np.ndarray:
        """Tokens of each bar, its Bar and a change of metre counted: (bars,) int64."""
        ends = self.token_edges[:: max(1, len(self.tracks))]
        changed = np.diff(self.metres, prepend=self.metres[:1]) != 0
        return np.diff(ends) + 1 + changed

    def bar_at(self, tick: int) -> int:
        """The bar in which a tick lies."""
        return int(np.clip(np.searchsorted(self.starts, tick, "right") - 1, 0, self.bars - 1))


def cut(piece: Piece, table: Table, tracks: Sequence[int] | None = None, until: int = 0) -> Cells:
    """The cells of a piece; `tracks` are those that become voices (`fitting` without), bars go on
    until tick `until` at least. Of notes of one pitch at one place the longest stays. Raises
    UsageError for tracks that the tokenizer cannot write."""
    chosen = fitting(piece, table) if tracks is None else tuple(tracks)
    _check(piece, table, chosen)
    starts, metres = _bars(piece, table, until)
    voice_of = np.full(256, -1)
    voice_of[list(chosen)] = np.arange(len(chosen))
    notes = piece.notes[voice_of[piece.notes["track"]] >= 0]
    bar, pos, rest = _places(notes["start"].astype(np.int64), starts, piece.ppq, table)
    while len(bar) and bar.max() >= len(metres):
        # What is played a little before a bar that is not there yet makes it be there.
        starts = np.append(starts, 2 * starts[-1] - starts[-2])
        metres = np.append(metres, metres[-1])
    drums = np.array([piece.tracks[number].drums for number in chosen], bool)
    voice = voice_of[notes["track"]]
    events = np.empty((len(notes), 7), np.int32)
    events[:, 0], events[:, 1], events[:, 2], events[:, 3] = bar, voice, pos, notes["pitch"]
    parts = np.rint(notes["duration"] * table.options.grid / piece.ppq)
    events[:, 4] = np.where(drums[voice], -1, table.duration_values(parts))
    events[:, 5] = table.velocity_values(notes["velocity"]) if table.has("Vel") else -1
    events[:, 6] = rest if table.has("Shift") else -1
    events = _once(events)
    cell = events[:, 0].astype(np.int64) * len(chosen) + events[:, 1]
    edges = np.searchsorted(cell, np.arange(len(metres) * len(chosen) + 1))
    ids, until_here = _told(events, cell, drums, table)
    return Cells(piece, chosen, starts, metres, events, edges, ids, until_here[edges])


def _check(piece: Piece, table: Table, chosen: tuple[int, ...]) -> None:
    most = table.options.voices
    if not 1 <= len(chosen) <= most:
        raise UsageError(
            f"The model writes 1 to {most} voices, not {len(chosen)}",
            next_step="Choose the tracks that it should know.",
        )
    drums = {piece.tracks[number].drums for number in chosen}
    if True in drums and not table.has("Hit"):
        raise UsageError("The model knows no drums", next_step="Choose tracks of instruments.")
    if False in drums and not table.has("Pitch"):
        raise UsageError("The model knows only drums", next_step="Choose a track of drums.")


def fitting(piece: Piece, table: Table) -> tuple[int, ...]:
    """The tracks that a tokenizer can write: of drums or not, those with the most notes, in
    their order; tracks without notes only where nothing sounds at all."""
    drums = table.options.drums
    wanted = [
        number
        for number, track in enumerate(piece.tracks)
        if drums == "with" or track.drums == (drums == "only")
    ]
    counts = np.bincount(piece.notes["track"], minlength=len(piece.tracks))
    sounding = [number for number in wanted if counts[number]] or wanted
    most = sorted(sounding, key=lambda number: -counts[number])[: table.options.voices]
    return tuple(sorted(most))


def _bars(piece: Piece, table: Table, until: int) -> tuple[np.ndarray, np.ndarray]:
    """(starts in ticks, metre values); bars that are too long become several."""
    starts: list[int] = []
    metres: list[int] = []
    edges = piece.bars(until).tolist()
    grid = table.options.grid
    for start, end in itertools.pairwise(edges):
        upper, lower = piece.metre_at(start)
        longest = LONGEST_BAR * piece.ppq
        step = _LONG_BAR * piece.ppq if end - start > longest else end - start
        for begin in range(start, end, step):
            parts = max(1, round((min(begin + step, end) - begin) * grid / piece.ppq))
            starts.append(begin)
            metres.append(table.metre_value(upper, lower, parts))
    return np.array([*starts, edges[-1]], np.int64), np.array(metres, np.int64)


def _places(
    ticks: np.ndarray, starts: np.ndarray, ppq: int, table: Table
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(bar, position, value of Shift) of each tick, by the nearest place of the grid."""
    part = ppq / table.options.grid
    bar = np.maximum(np.searchsorted(starts, ticks + part / 2, "right") - 1, 0)
    since = (ticks - starts[bar]) / part
    pos = np.maximum(np.floor(since + 0.5).astype(np.int64), 0)
    pos = np.minimum(pos, LONGEST_BAR * table.options.grid - 1)
    steps = table.options.timing
    shift = np.rint((since - pos) * (2 * steps + 1)).astype(np.int64)
    return bar, pos, np.clip(shift, -steps, steps) + steps


def _once(events: np.ndarray) -> np.ndarray:
    """In order of bar, voice, position and pitch, each of them once, with the longest duration."""
    order = np.lexsort((-events[:, 4], *(events[:, column] for column in (3, 2, 1, 0))))
    events = events[order]
    new = np.ones(len(events), bool)
    new[1:] = (events[1:, :4] != events[:-1, :4]).any(axis=1)
    return events[new]


def _told(
    events: np.ndarray, cell: np.ndarray, drums: np.ndarray, table: Table
) -> tuple[np.ndarray, np.ndarray]:
    """(tokens of all events, how many of them come before each event and behind the last)."""
    count = len(events)
    new_cell = np.diff(cell, prepend=-1) != 0
    new_pos = new_cell | (np.diff(events[:, 2], prepend=-1) != 0)
    drum = drums[events[:, 1]]
    columns = np.full((count, 6), -1, np.int64)
    columns[:, 0] = np.where(new_cell, table.first["Track"] + events[:, 1], -1)
    columns[:, 1] = np.where(new_pos, table.first["Pos"] + events[:, 2], -1)
    pitch, hit = table.first.get("Pitch", 0), table.first.get("Hit", 0)
    columns[:, 2] = np.where(drum, hit, pitch) + events[:, 3]
    for column, kind in ((3, "Dur"), (4, "Vel"), (5, "Shift")):
        values = events[:, column + 1]
        columns[:, column] = np.where(values >= 0, table.first.get(kind, 0) + values, -1)
    before = np.concatenate([[0], np.cumsum((columns >= 0).sum(axis=1))])
    return columns[columns >= 0].astype(np.int32), before
