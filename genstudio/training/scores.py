"""Pieces of music of a dataset as a family of token models learns from them.

Of the recipe's options these are read here, each only where the family has it: `grid`, `levels`,
`timing` and `voices` make the tokenizer (0: what fits the pieces), `drop` hides the class of that
share of the windows, `fim` takes cells out of half of them. `context` of the config says how long
the windows are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family
from genstudio.core.manifest import TOKENIZER
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json, read_limited
from genstudio.datasets.scores import Scores, open_all
from genstudio.media import tokens
from genstudio.media.note_cells import fitting
from genstudio.media.note_table import Drums, Options
from genstudio.media.note_tokens import NoteTokens
from genstudio.training import texts
from genstudio.training.feeding import Material
from genstudio.training.sheet_batches import Sheets
from genstudio.training.sources import Parent, Source
from genstudio.training.token_batches import Windows

GRID = 12
"""Parts of a quarter: eighths, sixteenths and triplets all lie on it."""
MOST_VOICES = 8
USUAL = 0.95
"""So many of the pieces have no more voices than are learnt, where their number is left open."""
HUMAN = 0.2  # share of notes beside the grid from which on timing is learnt
LEVELS, STEPS = 8, 8
"""Loudnesses, and places between two parts of the grid, where people played."""
MOST_METRES = 12
"""Metres that a model's card and form name, the frequent ones."""


def read(
    family: Family, recipe: Recipe, source: Source, parent: Parent | None, run: Path | None
) -> Generator[Event, None, Material]:
    """The tokenizer and config that the pieces make, those to learn from and those held out.

    The tokenizer is that of the run that goes on, else of the parent, else made here. A model
    that goes on from a parent knows the parent's classes and no others. Raises GenStudioError.
    """
    train, held, _ = open_all(source.folder, recipe.settings.holdout)
    if train.skipped:
        yield Log(level="warning", text=_left_out(train.skipped))
    if not len(train):
        raise UsageError(f"{source.dataset.name} has no music to learn from")
    classes = _classes(train, parent) if recipe.options.get("conditional", True) else ()
    tokenizer = _kept(parent, run) or learn(recipe.options, train, classes)
    facts: dict[str, Json] = {
        **source.dataset.facts.model_dump(),
        **({"parent": dict(parent.manifest.config)} if parent is not None else {}),
        "classes": list(classes),
        "tokenizer": {
            "kind": tokenizer.kind, "size": tokenizer.size, "specials": list(tokenizer.specials),
        },
    }  # fmt: skip
    config = family.config(recipe.options, facts)
    names = config["class_names"]
    classes = tuple(str(name) for name in names) if isinstance(names, list) else ()
    windows = texts.windows(config, recipe.options)
    data = encode(train, tokenizer, windows, classes)
    if not data.total:
        raise UsageError(
            f"The model that it goes on from can write no voice of {source.dataset.name}",
            next_step="Choose a model that learnt from such music, or train a new one.",
        )
    config |= described(data)
    yield Log(text=f"Notes as tokens: {tokenizer.size:,} of them, {_words(tokenizer)}.")
    yield Log(
        text=f"{len(train):,} pieces with {train.notes:,} notes, {data.total:,} tokens to learn "
        "from."
    )
    kept = encode(held, tokenizer, windows, classes) if len(held) else None
    return Material(config, data, kept, lambda: {TOKENIZER: tokenizer.to_bytes()})


def learn(options: Mapping[str, Json], scores: Scores, classes: tuple[str, ...]) -> NoteTokens:
    """The tokenizer that the recipe's options ask for; what they leave open fits the pieces."""

    def asked(name: str, fitting: int) -> int:
        value = str(options.get(name, "auto"))
        return int(value) if value.isdecimal() else fitting

    grid = asked("grid", GRID)
    human = _off_grid(scores, grid) > HUMAN
    chosen = Options(
        grid=grid,
        velocities=asked("levels", LEVELS if human else 1),
        timing=asked("timing", STEPS if human else 0),
        voices=asked("voices", 0) or _usual_voices(scores),
        drums=_drums(scores),
    )
    return NoteTokens(chosen, classes)


def encode(
    scores: Scores, tokenizer: NoteTokens, windows: Windows, classes: tuple[str, ...]
) -> Sheets:
    """The pieces as cells; a class that is not among `classes` is none. Pieces of which the
    tokenizer can write no voice are left out."""
    places = {name: place for place, name in enumerate(classes)}
    names = [scores.class_names[s.label] if s.label >= 0 else "" for s in scores.scores]
    found = [(score.piece, name) for score, name in zip(scores.scores, names, strict=True)]
    kept = [
        (tokenizer.cells(piece), name) for piece, name in found if fitting(piece, tokenizer.table)
    ]
    labels = tuple(places.get(name, -1) for _, name in kept)
    return Sheets(tuple(cells for cells, _ in kept), tokenizer, windows, labels, classes)


def described(data: Sheets) -> dict[str, Json]:
    """What a form needs to know of the pieces: see `core.composing`."""
    options, pieces = data.tokenizer.options, [cells.piece for cells in data.pieces]
    bands = Counter(
        tuple(-1 if track.drums else track.program for track in cells.voices)
        for cells in data.pieces
    )
    metres = Counter(f"{upper}/{lower}" for p in pieces for _, upper, lower in p.metres)
    each = data.total / max(1, sum(cells.bars for cells in data.pieces))  # tokens of a bar
    return {
        "voices": options.voices,
        "velocities": options.velocities,
        "timing": options.timing,
        "drums": options.drums != "none",
        "pitches": options.drums != "only",
        "instruments": list(bands.most_common(1)[0][0]),
        "tempo": round(float(np.median([piece.tempos[0][1] for piece in pieces]))),
        "metres": [name for name, _ in metres.most_common(MOST_METRES)],
        "bars": max(1, int(data.windows.context / max(1.0, each))),
    }


def _drums(scores: Scores) -> Drums:
    """Whether notes are drums: none, some or all."""
    kinds = {
        score.piece.tracks[number].drums
        for score in scores.scores
        for number in np.unique(score.piece.notes["track"]).tolist()
    }
    return "with" if len(kinds) > 1 else "only" if True in kinds else "none"


def _usual_voices(scores: Scores) -> int:
    """Voices that nearly all of the pieces make do with, at most MOST_VOICES."""
    counts = [len(np.unique(score.piece.notes["track"])) for score in scores.scores]
    return int(min(MOST_VOICES, np.quantile(counts, USUAL, method="higher")))


def _off_grid(scores: Scores, grid: int) -> float:
    """Share of the notes that begin more than a 24th of a part of the grid beside it."""
    beside = total = 0
    for score in scores.scores:
        places = score.piece.notes["start"] * (grid / score.piece.ppq)
        beside += int((np.abs(places - np.rint(places)) > 1 / 24).sum())
        total += len(places)
    return beside / max(1, total)


def _classes(scores: Scores, parent: Parent | None) -> tuple[str, ...]:
    if parent is None:
        return scores.class_names
    known = parent.manifest.config.get("class_names")
    return tuple(str(name) for name in known) if isinstance(known, list) else ()


def _kept(parent: Parent | None, run: Path | None) -> NoteTokens | None:
    """The tokenizer of a run that goes on, or of the parent; raises UsageError where the parent
    reads no music."""
    for folder in (run, parent.folder if parent is not None else None):
        if folder is not None and (folder / TOKENIZER).is_file():
            found = tokens.read(read_limited(folder / TOKENIZER, tokens.MAX_BYTES))
            if not isinstance(found, NoteTokens):
                title = parent.manifest.title if parent is not None else folder.name
                raise UsageError(f"{title} reads no music and cannot learn from it")
            return found
    return None


def _left_out(names: Sequence[str]) -> str:
    """Which pieces are missing, for the log."""
    some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    count = f"{len(names)} piece{'s' if len(names) > 1 else ''}"
    return f"{count} gone, changed since they were added, or damaged: skipped ({some})."


def _words(tokenizer: NoteTokens) -> str:
    """Such as "up to 4 voices on a grid of 12 parts of a quarter"."""
    options = tokenizer.options
    said = f"up to {options.voices} voice{'s' if options.voices > 1 else ''} on a grid of "
    said += f"{options.grid} parts of a quarter"
    if options.velocities > 1:
        said += f", {options.velocities} loudnesses"
    return said + (", human timing" if options.timing else "")
