"""PNG files of small pictures, written by hand (PNG specification, second edition, 2003).

Pillow's encoder hands the interpreter's lock over several times a picture and tries filters that
small pictures gain nothing from: at 28 x 28 it takes five times as long as this.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import numpy as np

MOST = 64 * 1024
"""Numbers (h * w * c) up to which a picture counts as small."""
_COLOURS = {1: 0, 3: 2, 4: 6}  # channels -> colour type: grey, RGB, RGBA


def fits(pixels: np.ndarray) -> bool:
    """Whether `encode` is meant for this picture, uint8 (h, w, c)."""
    return 0 < pixels.size <= MOST


def encode(pixels: np.ndarray, chunks: Iterable[tuple[bytes, bytes]] = (), level: int = 6) -> bytes:
    """A PNG of uint8 (h, w, c), c in 1, 3, 4, with `chunks` (kind, data) before its pixels."""
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with filter type 0
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header)]
    parts += [_chunk(kind, data) for kind, data in chunks]
    parts += [_chunk(b"IDAT", zlib.compress(rows.tobytes(), level)), _chunk(b"IEND", b"")]
    return b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join(
        (
            struct.pack(">I", len(data)),
            kind,
            data,
            struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))),
        )
    )
