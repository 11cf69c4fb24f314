"""How likely a model of music finds each note of a piece, and what it would rather expect."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from genstudio.core.composing import NOTES
from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import composing_scene as scene
from genstudio.engine.composing_scene import PITCHES, chances
from genstudio.engine.decoding import Stepper
from genstudio.media.note_cells import Cells
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece

MOST_READ = 1024
"""Tokens read at once at most, whatever the model can hold."""
MOST_NOTES = 40_000
MOST_TOLD = 10_000
"""Notes of a piece for which other pitches are told, too: all of it has to fit one line."""


def score(
    stepper: Stepper, tokens: NoteTokens, piece: Piece, label: str = ""
) -> Generator[Progress, None, dict[str, Json]]:
    """Data: "notes" as in `core.composing.NOTES`, "loss" in nats a note (its pitch alone), "seen"
    and "unseen", how many notes of the piece it is told of and how many the model cannot see.

    Raises UsageError for a piece of which nothing can be seen, or far too much.
    """
    if len(piece.notes) > MOST_NOTES:
        raise UsageError(
            f"At most {MOST_NOTES:,} notes can be looked at at once, not {len(piece.notes):,}",
            next_step="Look at a part of the piece.",
        )
    cells = tokens.cells(piece, scene.visible(tokens, piece))
    origins, notes = scene.origins(tokens, cells), piece.notes
    rows: list[Json] = []
    losses = []
    yield Progress(done=0, total=cells.bars)
    for first, fresh, last in _windows(tokens, cells, min(stepper.context, MOST_READ)):
        ids = scene.lead(tokens, label) + tokens.window(cells, first, last, label=label, end=False)
        logits = stepper.begin(np.array([ids], np.int64))[0]
        for place, said in _told(tokens, ids, logits):
            bar = place[0] + first
            if bar >= fresh:
                note = notes[origins[(bar, *place[1:])]].tolist()
                said = said if len(notes) <= MOST_TOLD else [said[0], []]
                rows.append([*note, *said])
                losses.append(-np.log(max(float(said[0]), 1e-9)))  # type: ignore[arg-type]
        yield Progress(done=last, total=cells.bars)
    return {
        NOTES: rows,
        "loss": float(np.mean(losses)) if losses else 0.0,
        "seen": len(rows),
        "unseen": len(notes) - len(rows),
    }


def _windows(tokens: NoteTokens, cells: Cells, size: int) -> Iterator[tuple[int, int, int]]:
    """(first bar, first bar that is new, end) of rows that fit; half of each was seen before."""
    lengths = cells.lengths()
    room = size - len(tokens.window(cells, 0, 0, end=False)) - 8
    fresh = 0
    while fresh < cells.bars:
        first, before = fresh, 0
        while first > 0 and before + lengths[first - 1] <= room // 2:
            first -= 1
            before += lengths[first]
        last, held = fresh + 1, before + lengths[fresh]
        while last < cells.bars and held + lengths[last] <= room:
            held += lengths[last]
            last += 1
        while held > room and first < fresh:
            held -= lengths[first]
            first += 1
        yield first, fresh, last
        fresh = last


def _told(
    tokens: NoteTokens, ids: list[int], logits: np.ndarray
) -> Iterator[tuple[scene.Place, list[Json]]]:
    """Each note of a row with its chances; `logits` (t, v) say what follows each token."""
    grammar, said = tokens.grammar(), list[Json]()
    for at, token in enumerate(ids[: len(logits) + 1]):
        if tokens.table.kind_of(token) in PITCHES:
            said = chances(tokens, logits[at - 1], token)
        event = grammar.feed(token)
        if event is not None:
            yield scene.place_of(event), said
