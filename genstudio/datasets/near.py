"""Near-duplicates by perceptual hash.

The difference hash (dHash; N. Krawetz 2013, "Kind of like that", hackerfactor.com/blog): the
picture is shrunk to 9 x 8 grey means, and each of the 64 bits says whether a mean is brighter
than its right neighbour. Light, contrast, size and compression hardly change it.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

MAX_DISTANCE = 2
"""Bits that two pictures of one motif may differ in."""
_COLUMNS, _ROWS = 9, 8
_FLAT = 8.0
"""Pictures whose means differ by less show nothing that could be compared."""
_BUCKET = 256
_WEIGHTS = np.uint64(1) << np.arange(64, dtype=np.uint64)
_PARTS = list(combinations(range(4), 2))


def hashes(pictures: np.ndarray) -> list[int | None]:
    """dHash of each picture of uint8 (n, h, w, c); None for flat and tiny ones."""
    count, height, width = pictures.shape[:3]
    if height < _ROWS or width < _COLUMNS:
        return [None] * count
    step = max(1, min(height, width) // 256)
    grey = pictures[:, ::step, ::step, :3].mean(axis=3, dtype=np.float32)  # (n, h, w)
    rows = np.arange(_ROWS) * grey.shape[1] // _ROWS
    columns = np.arange(_COLUMNS) * grey.shape[2] // _COLUMNS
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=1), columns, axis=2)
    high = np.diff(np.append(rows, grey.shape[1]))[:, None]
    wide = np.diff(np.append(columns, grey.shape[2]))[None]
    means = sums / (high * wide)  # (n, 8, 9)
    bits = (means[:, :, :-1] > means[:, :, 1:]).reshape(count, 64)
    words = (bits * _WEIGHTS).sum(axis=1, dtype=np.uint64)
    flat = means.max(axis=(1, 2)) - means.min(axis=(1, 2)) < _FLAT
    return [None if dull else int(word) for word, dull in zip(words, flat, strict=True)]


def hash_of(pixels: np.ndarray) -> int | None:
    """dHash of one picture uint8 (h, w, c)."""
    return hashes(pixels[None])[0]


class Neighbours:
    """Pictures seen so far, found again by similar hashes.

    Two hashes that differ in at most 2 of 64 bits agree in at least 2 of their 4 words of 16
    bits, so only pictures with an equal pair of words are compared. Of very common pairs the
    last 256 are: folders of like pictures must not take time by the square of their number.
    """

    def __init__(self) -> None:
        self._equal: dict[int, str] = {}
        self._buckets: dict[tuple[int, int, int], list[int]] = defaultdict(list)

    def find(self, value: int | None) -> str | None:
        """Name of an earlier picture that looks like this one."""
        if value is None:
            return None
        if value in self._equal:
            return self._equal[value]
        for key in _keys(value):
            for other in self._buckets.get(key, ())[-_BUCKET:]:
                if (value ^ other).bit_count() <= MAX_DISTANCE:
                    return self._equal[other]
        return None

    def add(self, value: int | None, name: str) -> None:
        """Remember a picture."""
        if value is None or value in self._equal:
            return
        self._equal[value] = name
        for key in _keys(value):
            self._buckets[key].append(value)


def _keys(value: int) -> list[tuple[int, int, int]]:
    words = [value >> shift & 0xFFFF for shift in (0, 16, 32, 48)]
    return [(place, words[a], words[b]) for place, (a, b) in enumerate(_PARTS)]
