"""What is asked of a model of music: a Request from the form, the piece and the chosen place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genstudio.core.controls import FileInput
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.media import midi
from genstudio.media.notes import Piece
from genstudio.studio.library import Model
from genstudio.studio.requests import make_request
from genstudio.ui.state.music_drafts import Place, Region

PIECE = "piece"
GIVEN = ("from_bar", "to_bar", "tracks", "locked", "melody", "kept")
"""Settings that come from the roll, not from the form."""


@dataclass(frozen=True)
class Question:
    """All that a press of the button asks about: the piece, a place in it, notes that must stay,
    which track is the melody, and which tracks are locked."""

    piece: Piece
    region: Region
    locks: frozenset[Place] = frozenset()
    melody: int = 0
    kept: frozenset[int] = frozenset()


def takes_piece(task: Task) -> bool:
    """Whether a task starts from a piece."""
    return any(control.name == PIECE for control in task.inputs())


def fills(task: Task) -> bool:
    """Whether a task makes a chosen place anew."""
    return any(control.name == "from_bar" for control in task.controls)


def region_of(
    piece: Piece, first_tick: int, end_tick: int, tracks: Iterable[int], locked: Iterable[int] = ()
) -> Region:
    """Whole bars around the ticks, the tracks without the locked ones; all bars where empty."""
    bars = piece.bars(end_tick)
    first, last = 0, len(bars) - 2
    if end_tick > first_tick:
        first = int(np.searchsorted(bars, first_tick, "right")) - 1
        last = int(np.searchsorted(bars, end_tick, "left")) - 1
    first, last = min(max(0, first), len(bars) - 2), min(max(0, last), len(bars) - 2)
    left = set(tracks) - set(locked)
    asked = tuple(sorted(number for number in left if number < len(piece.tracks)))
    return Region(first, max(first, last), int(bars[first]), int(bars[max(first, last) + 1]), asked)


def bars_of(piece: Piece, place: Region | None) -> tuple[int, int]:
    """The first and the last bar of a place, from 1; of all of the piece where there is none."""
    found = region_of(piece, place.start if place else 0, place.end if place else 0, ())
    return found.first + 1, found.last + 1


def request_of(
    model: Model,
    task: Task,
    values: dict[str, Json],
    question: Question,
    seed: int,
    inputs: dict[str, Path],
    keep: Callable[[bytes, str], Path],
) -> Request:
    """The checked Request; the piece becomes a file kept by `keep`. Raises UsageError."""
    known = {control.name for control in task.controls}
    asked = {name: value for name, value in values.items() if name in known}
    region, files = question.region, dict(inputs)
    if fills(task) and not region.tracks:
        raise UsageError(
            "All tracks are locked", next_step="Unlock one of those that are to be made anew."
        )
    if takes_piece(task):
        if not len(question.piece.notes):
            raise UsageError(
                f"{task.title} needs a piece, and there are no notes yet",
                next_step="Compose one, drop a MIDI file here, or draw some notes.",
            )
        files[PIECE] = keep(midi.write(question.piece), ".mid")
    places: dict[str, Json] = {
        "from_bar": region.first + 1,
        "to_bar": region.last + 1,
        "tracks": _numbers(region, question.piece),
        "locked": _locked(question, fills(task)),
        "melody": question.melody + 1,
        "kept": _counted(question.kept),
    }
    asked |= {name: value for name, value in places.items() if name in known}
    names = {c.name for c in task.controls if isinstance(c, FileInput)}
    given = {name: path for name, path in files.items() if name in names}
    return make_request(model, task.name, asked, seed=seed, inputs=given)


def _numbers(region: Region, piece: Piece) -> str:
    """The tracks counted from 1; nothing where it is all of them."""
    if len(region.tracks) == len(piece.tracks):
        return ""
    return _counted(region.tracks)


def _counted(tracks: Iterable[int]) -> str:
    return ",".join(str(number + 1) for number in sorted(tracks))


def _locked(question: Question, inside: bool) -> str:
    """The locked notes, or those `inside` the place, as JSON; nothing where there are none."""
    place, locks = question.region, question.locks
    here = sorted(lock for lock in locks if not inside or place.holds(lock[0], lock[2]))
    return json.dumps(here, separators=(",", ":")) if here else ""


def verb(task: Task, values: dict[str, Json], region: Region | None, melody: str) -> str:
    """What a press of the button would do, in words."""
    bars, count = values.get("bars"), values.get("count")
    words = task.verb
    if fills(task) and region is not None:
        words = f"{task.verb} {region.words}"
    elif "melody" in {control.name for control in task.controls} and melody:
        words = f"{task.verb} {melody}"
    elif isinstance(bars, int):
        between = "a " if bars == 1 else ""
        words = f"{task.verb} {between}{bars if bars > 1 else ''} bar{'s' if bars > 1 else ''}"
        words = " ".join(words.split())
    more = isinstance(count, int) and count > 1
    return f"{words} · {count} drafts" if more else words
