"""The `.latent` file: a picture squeezed into the numbers a decoder makes it from.

Layout, little-endian: magic `GSLATENT`, version (1 byte), coding (1), number of sizes (1),
length of the model id (1); the sizes (4 bytes each); scale (float32); SHA-256 of the model's
weights (32); the model id; the numbers; CRC-32 of all before. 64 numbers take under 200 bytes.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.manifest import Manifest
from genstudio.core.stored import NAME_PATTERN
from genstudio.media.reading import label, open_binary

SUFFIX = ".latent"
MAGIC = b"GSLATENT"
VERSION = 1
MAX_NUMBERS = 1_000_000
MAX_BYTES = 4 * MAX_NUMBERS
_HEAD = struct.Struct("<8sBBBB")
_CODES = {"fp16": 1, "int8": 2}
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f2"), 2: np.dtype("i1")}
_FP16_MAX = float(np.finfo(np.float16).max)

Coding = Literal["fp16", "int8"]


class Latent(NamedTuple):
    """A vector float32 of any shape, and the model that made it (id, SHA-256 of its weights)."""

    vector: np.ndarray
    model: str
    sha256: str


def write(vector: np.ndarray, manifest: Manifest, coding: Coding = "fp16") -> bytes:
    """The file's bytes. int8 halves the size again; its error is at most 1/254 of the largest
    number. Raises BadInput for an empty, huge or non-finite vector.
    """
    return pack(Latent(np.asarray(vector, np.float32), manifest.id, manifest.sha256), coding)


def pack(latent: Latent, coding: Coding = "fp16") -> bytes:
    """See `write`."""
    vector = np.asarray(latent.vector, np.float32)
    if not 1 <= vector.size <= MAX_NUMBERS or not 1 <= vector.ndim <= 4:
        raise BadInput(f"a latent of the shape {vector.shape} cannot be written")
    if not np.isfinite(vector).all():
        raise BadInput("a latent with values that are not numbers cannot be written")
    largest = float(np.abs(vector).max()) or 1.0
    # fp16 needs no scale unless numbers leave its range; int8 always spreads over -127..127.
    scale = largest / 127.0 if coding == "int8" else max(1.0, largest / _FP16_MAX)
    numbers = np.rint(vector / scale) if coding == "int8" else vector / scale
    model = latent.model.encode()
    body = b"".join(
        [
            _HEAD.pack(MAGIC, VERSION, _CODES[coding], vector.ndim, len(model)),
            struct.pack(f"<{vector.ndim}I", *vector.shape),
            struct.pack("<f", scale),
            bytes.fromhex(latent.sha256 or "00" * 32),
            model,
            numbers.astype(_TYPES[_CODES[coding]]).tobytes(),
        ]
    )
    return body + struct.pack("<I", zlib.crc32(body))


def is_latent(data: bytes) -> bool:
    """True where the bytes start as such a file does."""
    return data.startswith(MAGIC)


def read(source: Path | str | bytes) -> Latent:
    """Validate and read; raises BadInput naming file and reason."""
    name = label(source) if not isinstance(source, bytes) else "the latent file"
    with open_binary(source, MAX_BYTES) as handle:
        data = handle.read()
    try:
        return _parsed(data)
    except (ValueError, struct.error, OverflowError) as error:
        raise BadInput(
            f"{name} is not a whole latent file: {error}",
            file="" if isinstance(source, bytes) else source,
            next_step="Encode the picture again with the model's Encode task.",
        ) from error


def _parsed(data: bytes) -> Latent:
    magic, version, code, dims, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise ValueError("it starts differently")
    if version != VERSION:
        raise ValueError(f"it has format {version}; this version reads {VERSION}")
    if zlib.crc32(data[:-4]) != struct.unpack("<I", data[-4:])[0]:
        raise ValueError("its checksum is wrong")
    if code not in _TYPES or not 1 <= dims <= 4:
        raise ValueError("its header makes no sense")
    shape = struct.unpack_from(f"<{dims}I", data, _HEAD.size)
    place = _HEAD.size + 4 * dims
    (scale,) = struct.unpack_from("<f", data, place)
    digest = data[place + 4 : place + 36]
    model = data[place + 36 : place + 36 + length].decode("ascii")
    numbers = data[place + 36 + length : -4]
    count = math.prod(shape)
    if not 1 <= count <= MAX_NUMBERS or len(numbers) != count * _TYPES[code].itemsize:
        raise ValueError("its length does not fit its header")
    if not re.fullmatch(NAME_PATTERN, model) or not (math.isfinite(scale) and scale > 0):
        raise ValueError("its header makes no sense")
    vector = np.frombuffer(numbers, _TYPES[code]).astype(np.float32).reshape(shape) * scale
    if not np.isfinite(vector).all():
        raise ValueError("it holds values that are not numbers")
    return Latent(vector.astype(np.float32), model, digest.hex() if any(digest) else "")
