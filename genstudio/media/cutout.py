"""A transparent background: the colour of the border, flooded from the border inwards.

What is enclosed by the subject stays, whatever its colour. Nothing is guessed about the subject.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.media import colour

Edge = Literal["hard", "soft"]
TOLERANCE = 10
_BIN = 32
_AROUND = 2
_SOLID = 0.9


def cut_out(pixels: np.ndarray, tolerance: int = TOLERANCE, edge: Edge = "hard") -> np.ndarray:
    """uint8 (h, w, 1|3|4) -> (h, w, 4) with its background see-through.

    `tolerance` from 0 to 100: by how many hundredths of the whole range a channel may differ from
    the border's colour. "hard" keeps every other pixel as it is; "soft" takes the background out
    of the pixels along the edge too, whose colours it was mixed into.
    """
    if not 0 <= tolerance <= 100:
        raise BadInput(f"the tolerance goes from 0 to 100, not {tolerance}")
    whole = colour.convert(pixels, 4).copy()
    clear = whole[..., 3] == 0
    ground = border_colour(whole)
    gone = clear
    if ground is not None:
        distance = np.abs(whole[..., :3].astype(np.int16) - ground).max(axis=2)
        gone = flooded((distance <= tolerance * 2.55) | clear) | clear
        if edge == "soft":
            _soften(whole, gone, ground.astype(np.float32))
    whole[gone] = 0
    return whole


def border_colour(pixels: np.ndarray) -> np.ndarray | None:
    """The most frequent colour of the outermost pixels as int16 (3,); None where all are clear."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[1:-1, 0], pixels[1:-1, -1]])
    solid = border[border[:, 3] > 0, :3].astype(np.int16)  # (n, 3)
    if not len(solid):
        return None
    # Votes go to coarse colours, so that a little noise does not scatter them.
    coarse = (solid + _BIN // 2) // _BIN
    keys = coarse @ np.array([1, 16, 256], np.int16)
    values, counts = np.unique(keys, return_counts=True)
    centre = np.median(solid[keys == values[counts.argmax()]], axis=0)
    # Neighbouring coarse colours may hold the other half of the same noise.
    alike = solid[np.abs(solid - centre).max(axis=1) <= _BIN / 2]
    return np.rint(np.median(alike, axis=0)).astype(np.int16)


def flooded(open_places: np.ndarray) -> np.ndarray:
    """Which of the open places (h, w) bool are reached from the border by steps up, down, aside.

    Whole runs are filled at once, along rows and columns in turn, until nothing changes.
    """
    reached = np.zeros_like(open_places)
    for side in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        reached[side] = open_places[side]
    while True:
        before = int(reached.sum())
        reached = _along(open_places, reached)
        reached = _along(open_places.T, reached.T).T
        if int(reached.sum()) == before:
            return reached


def _along(open_places: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Runs of open places along rows are reached as soon as one of their places is."""
    starts = open_places.copy()
    starts[:, 1:] &= ~open_places[:, :-1]
    runs = np.cumsum(starts).reshape(open_places.shape)
    hit = np.zeros(int(runs[-1, -1]) + 1, bool)
    hit[runs[reached]] = True
    return open_places & hit[runs]


def _soften(whole: np.ndarray, gone: np.ndarray, ground: np.ndarray) -> None:
    """Give the kept pixels beside what is gone the share of the subject in them as alpha.

    A pixel p = a F + (1 - a) B: B is the background, F the pixel around it that differs most
    from B; a is where p lies between them (Smith & Blinn 1996, blue screen matting, section 3).
    """
    beside = np.zeros_like(gone)
    beside[1:] |= gone[:-1]
    beside[:-1] |= gone[1:]
    beside[:, 1:] |= gone[:, :-1]
    beside[:, :-1] |= gone[:, 1:]
    rows, columns = np.nonzero(beside & ~gone)
    if not len(rows):
        return
    away = whole[..., :3].astype(np.float32) - ground  # (h, w, 3)
    away[gone] = 0
    padded = np.pad(away, ((_AROUND, _AROUND), (_AROUND, _AROUND), (0, 0)))
    size = 2 * _AROUND + 1
    near = np.stack(
        [padded[rows + y, columns + x] for y in range(size) for x in range(size)], axis=1
    )  # (n, 25, 3)
    lengths = (near**2).sum(axis=2)
    subject = near[np.arange(len(rows)), lengths.argmax(axis=1)]  # (n, 3)
    own = away[rows, columns]
    share = (own * subject).sum(axis=1) / np.maximum(lengths.max(axis=1), 1e-6)
    share = np.where(share > _SOLID, 1.0, np.clip(share, 0.05, 1.0))[:, None]
    whole[rows, columns, :3] = np.clip(np.rint(ground + own / share), 0, 255)
    alpha = whole[rows, columns, 3:].astype(np.float32)
    whole[rows, columns, 3:] = np.rint(alpha * share)
