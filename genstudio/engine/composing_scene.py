"""What a model of notes sees of a piece, and the way back from its tokens to notes of the piece."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from genstudio.core.composing import TOP
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json
from genstudio.engine import logits as logits_of
from genstudio.media.note_cells import Cells
from genstudio.media.note_grammar import Event
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece, notes_of

Place = tuple[int, int, int, int]
"""Bar, voice, position and pitch: what tells the notes of cells apart."""
PITCHES = ("Pitch", "Hit")


_EMPTY = "There is nothing in the piece for this model"
_NONE = {
    "only": (f"{_EMPTY}: it reads nothing but drums", "Add some drums, or choose another model."),
    "none": (f"{_EMPTY}: it reads no drums", "Choose a model of drums, or write other notes."),
    "with": (_EMPTY, "Write some notes."),
}


def visible(
    tokens: NoteTokens, piece: Piece, wanted: Collection[int] = (), kept: Collection[int] = ()
) -> tuple[int, ...]:
    """The tracks that become voices: all of `wanted`, and of the others but the `kept` ones those
    with most notes.

    Raises UsageError where the model cannot write what is wanted, or nothing of the piece.
    """
    drums, most, known = tokens.options.drums, tokens.options.voices, _known(tokens, piece)
    if not set(wanted) <= set(known):
        raise UsageError(
            "This model writes nothing but drums" if drums == "only" else "It writes no drums",
            next_step="Choose other tracks, or another model.",
        )
    if len(set(wanted)) > most:
        raise UsageError(
            f"This model writes {most} voices, not {len(set(wanted))} at once",
            next_step="Choose fewer tracks.",
        )
    counts = _counts(piece)
    sounding = [number for number in known if counts[number]]
    others = [number for number in sounding if number not in wanted and number not in kept]
    others.sort(key=lambda number: -counts[number])
    found = tuple(sorted([*set(wanted), *others[: most - len(set(wanted))]]))
    if not found and sounding:
        raise UsageError("All tracks that this model knows are to stay", next_step="Unlock one.")
    if not found:
        raise _nothing(tokens)
    return found


def writable(tokens: NoteTokens, piece: Piece) -> tuple[int, ...]:
    """The tracks that a model writes where nobody names any: those of its kind with most notes,
    then silent ones, as many as it has voices. Raises UsageError where there are none."""
    known, counts = _known(tokens, piece), _counts(piece)
    if not known:
        raise _nothing(tokens)
    known.sort(key=lambda number: -counts[number])
    return tuple(sorted(known[: tokens.options.voices]))


def _known(tokens: NoteTokens, piece: Piece) -> list[int]:
    """The tracks of drums, or those of pitches, or all: what the model learnt."""
    drums = tokens.options.drums
    kinds = [track.drums == (drums == "only") for track in piece.tracks]
    return [number for number, fits in enumerate(kinds) if fits or drums == "with"]


def _counts(piece: Piece) -> np.ndarray:
    return np.bincount(piece.notes["track"], minlength=len(piece.tracks))


def _nothing(tokens: NoteTokens) -> UsageError:
    what, next_step = _NONE[tokens.options.drums]
    return UsageError(what, next_step=next_step)


def lead(tokens: NoteTokens, label: str) -> list[int]:
    """What a row begins with before its head: END where no class is told."""
    return [] if label else [tokens.special(tokens.specials[0]) or 0]


def place_of(event: Event) -> Place:
    """What tells it apart."""
    return event[:4]


def origins(tokens: NoteTokens, cells: Cells) -> dict[Place, int]:
    """The note of the piece (its number) that each event of the cells stands for."""
    notes = cells.piece.notes
    known: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for number, note in enumerate(notes.tolist()):
        known[note[4], note[2]].append((note[0], number))  # in the order of their starts
    found = {}
    for row in cells.events.tolist():
        event = Event(*row)
        track = cells.tracks[event.voice]
        start = tokens.note(event, cells.starts[event.bar], cells.piece.ppq, track)[0]
        mine = known[track, event.pitch]
        at = bisect_left(mine, (start, -1))
        near = min(mine[max(0, at - 1) : at + 1], key=lambda one: abs(one[0] - start))
        found[place_of(event)] = near[1]
    return found


def bars_of(tokens: NoteTokens, cells: Cells, ticks: np.ndarray) -> np.ndarray:
    """The bar that a note which begins at each of `ticks` belongs to, as `cells` counts."""
    half = cells.piece.ppq / tokens.options.grid / 2
    return np.maximum(np.searchsorted(cells.starts, ticks + half, "right") - 1, 0)


def chances(tokens: NoteTokens, logits: np.ndarray, token: int) -> list[Json]:
    """[p, [[pitch, p], …]]: how likely a pitch was among all pitches, and the likeliest."""
    first = tokens.table.first[tokens.table.kind_of(token)]
    found = logits_of.softmax(logits[first : first + 128].astype(np.float64))
    best = (-found).argsort(kind="stable")[:TOP]
    pairs = zip(best.tolist(), found[best].tolist(), strict=True)
    top: list[Json] = [[pitch, round(p, 4)] for pitch, p in pairs]
    return [round(float(found[token - first]), 4), top]


def with_notes(piece: Piece, rows: Sequence[Sequence[Any]]) -> Piece:
    """The piece with further notes; where a pitch of a track sounds again, the earlier one ends."""
    new = [tuple(row[:5]) for row in rows]
    notes = notes_of([*piece.notes.tolist(), *new])
    notes = notes[np.lexsort((notes["start"], notes["pitch"], notes["track"]))]
    same = (notes["pitch"][1:] == notes["pitch"][:-1]) & (notes["track"][1:] == notes["track"][:-1])
    gap = notes["start"][1:] - notes["start"][:-1]
    cut = same & (gap > 0) & (notes["duration"][:-1] > gap)
    notes["duration"][:-1][cut] = gap[cut]
    return piece.replaced(notes=notes)
