"""A piece as a picture of its piano roll: gallery, previews of training, export.

Colours are arguments, named and told ("rrggbb") as tokens of the theme: covers have their own,
the window gives those of its theme.
"""

from __future__ import annotations

import re

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media import image
from genstudio.media.notes import Piece

VOICES = ("c92d70", "9a6400", "0c7d4c", "4a5be0", "0a72b8", "bf4a17", "8b3fcb", "5f7300")
COLOURS = {
    "roll_white": "ffffff",
    "roll_black": "f4f5f8",
    "roll_beat": "e9ebf0",
    "roll_bar": "c9cdd6",
    **{f"voice_{number}": colour for number, colour in enumerate(VOICES, 1)},
}
"""Those of the light theme, for pictures that belong to no window."""
MAX_SIDE = 16384
_BLACK_KEYS = (1, 3, 6, 8, 10)
_LEAST_ROWS = 24  # two octaves: a single line of notes is not blown up to bricks
_LEAST_LINE_GAP = 4  # pixels; lines that would stand closer are left out


def png(piece: Piece, width: int, height: int) -> bytes:
    """A small picture as a PNG without metadata."""
    return image.png(pixels(piece, width, height))


def pixels(piece: Piece, width: int = 1920, height: int = 1080, **colours: str) -> np.ndarray:
    """uint8 (height, width, 3): the whole piece in time, its pitches and a few around them.

    Rows of black keys are shaded, beats and bars are lines while there is room for them, each
    track has its colour, soft notes are paler. Raises UsageError for colours that are none.
    """
    paint = _paint(colours)
    width, height = (min(max(side, 8), MAX_SIDE) for side in (width, height))
    low, rows = _rows(piece)
    edges = height - np.rint(np.arange(rows + 1) * height / rows).astype(int)
    picture = np.empty((height, width, 3), np.uint8)
    for row in range(rows):
        shaded = (low + row) % 12 in _BLACK_KEYS
        picture[edges[row + 1] : edges[row]] = paint["roll_black" if shaded else "roll_white"]
    bars = piece.bars()
    scale = width / int(bars[-1])
    _lines(picture, _beats(piece, bars) * scale, paint["roll_beat"])
    _lines(picture, bars[:-1] * scale, paint["roll_bar"])
    voices = [paint[f"voice_{number}"] for number in range(1, len(VOICES) + 1)]
    _notes(picture, piece, scale, edges, low, voices)
    return picture


def _rows(piece: Piece) -> tuple[int, int]:
    """(lowest pitch shown, number of pitches shown)."""
    if not len(piece.notes):
        return 60 - _LEAST_ROWS // 2, _LEAST_ROWS
    low, high = int(piece.notes["pitch"].min()), int(piece.notes["pitch"].max())
    rows = max(high - low + 5, _LEAST_ROWS)
    low = min(max((low + high - rows + 1) // 2, 0), max(128 - rows, 0))
    return low, min(rows, 128)


def _beats(piece: Piece, bars: np.ndarray) -> np.ndarray:
    """Ticks of the beats inside the bars."""
    found = [
        np.arange(start, end, max(1, piece.ppq * 4 // piece.metre_at(start)[1]))[1:]
        for start, end in zip(bars[:-1].tolist(), bars[1:].tolist(), strict=True)
    ]
    return np.concatenate(found)


def _lines(picture: np.ndarray, places: np.ndarray, colour: np.ndarray) -> None:
    """Vertical lines at `places` in pixels, none at the left edge or where they would crowd."""
    places = places[(places >= 1) & (places < picture.shape[1])]
    if len(places) and picture.shape[1] / len(places) >= _LEAST_LINE_GAP:
        picture[:, np.rint(places).astype(int).clip(0, picture.shape[1] - 1)] = colour


def _notes(
    picture: np.ndarray,
    piece: Piece,
    scale: float,
    edges: np.ndarray,
    low: int,
    voices: list[np.ndarray],
) -> None:
    """Each note a rectangle, a pixel shorter than it is where there is room, so that repeated
    ones can be told apart."""
    for start, duration, pitch, velocity, track in piece.notes.tolist():
        left, right = round(start * scale), round((start + duration) * scale)
        right -= right - left > 3
        top, bottom = int(edges[pitch - low + 1]), int(edges[pitch - low])
        top += bottom - top > 4
        part = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
        share = 0.45 + 0.55 * min(velocity / 80, 1.0)
        colour = voices[track % len(voices)]
        part[:] = np.rint(part * (1 - share) + colour * share).astype(np.uint8)


def _paint(colours: dict[str, str]) -> dict[str, np.ndarray]:
    """All colours as float64 (3,), those that are given in place of the usual ones."""
    strange = [
        f"{name}={colour}"
        for name, colour in colours.items()
        if name not in COLOURS or not re.fullmatch(r"[0-9a-fA-F]{6}", colour)
    ]
    if strange:
        raise UsageError(f"There is no such colour of the roll: {', '.join(strange)}")
    told = {**COLOURS, **colours}
    return {name: np.array([*bytes.fromhex(told[name])], np.float64) for name in COLOURS}
