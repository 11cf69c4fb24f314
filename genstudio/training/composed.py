"""Live samples of models that compose: a MIDI file each, and a sheet of their rolls."""

from __future__ import annotations

import numpy as np

from genstudio.media import image, midi, roll_picture
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece
from genstudio.training.feeding import Feed
from genstudio.training.objective import Networks, Objective

COUNT, ACROSS = 4, 2
"""Pieces made at each look, and how many stand beside each other on a sheet."""
WIDTH, HEIGHT, GAP = 480, 240, 8  # pixels of a roll on a sheet
SIDE = 512  # pixels of a cover
_PAPER = 255


def makes(objective: Objective) -> bool:
    """True for models that compose."""
    return isinstance(getattr(objective, "tokenizer", None), NoteTokens)


def compose(objective: Objective, networks: Networks, batches: Feed, seed: int) -> list[Piece]:
    """What the networks compose now behind fixed heads from fixed noise."""
    found = objective.composes(networks, batches.shown(COUNT), COUNT, seed)  # type: ignore[attr-defined]
    return list(found)


def samples(
    objective: Objective, networks: Networks, batches: Feed, seed: int
) -> tuple[bytes, dict[str, bytes]]:
    """A PNG of the rolls, and the pieces as MIDI files by the end of their names."""
    pieces = compose(objective, networks, batches, seed)
    found = {
        f"-{number}.mid": midi.write(piece, source_type="trained")
        for number, piece in enumerate(pieces, 1)
    }
    return sheet(pieces), found


def sheet(pieces: list[Piece]) -> bytes:
    """A PNG of rolls in rows of ACROSS."""
    rows = -(-len(pieces) // ACROSS)
    shape = rows * (HEIGHT + GAP) - GAP, ACROSS * (WIDTH + GAP) - GAP, 3
    found = np.full(shape, _PAPER, np.uint8)
    for place, piece in enumerate(pieces):
        row, column = divmod(place, ACROSS)
        top, left = row * (HEIGHT + GAP), column * (WIDTH + GAP)
        roll = roll_picture.pixels(piece, WIDTH, HEIGHT)
        found[top : top + HEIGHT, left : left + WIDTH] = roll
    return image.png(found)


def cover(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes:
    """A PNG of the roll of the sample with the most notes."""
    pieces = compose(objective, networks, batches, seed)
    return roll_picture.png(max(pieces, key=lambda piece: len(piece.notes)), SIDE, SIDE)
