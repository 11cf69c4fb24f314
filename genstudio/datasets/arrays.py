"""Ready-made arrays: idx files (MNIST and its kin), npz and npy, parsed without trust.

Every size in a header is compared with what the file can hold before memory is asked for
(RELIABILITY.md 3.10); object arrays, which would be unpickled, are refused.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.datasets import packed
from genstudio.datasets.sources import Source

MAX_ARRAY_BYTES = 8 * 1024**3
MAX_SIDE = 4096
# Deflate cannot pack tighter than about 1032:1, so a larger claim is a lie.
_DEFLATE_LIMIT = 1040
_IDX = re.compile(r"^(.*?)[-_.]?(images|labels)[-_.]?idx([134])[-_.]ubyte(\.gz)?$", re.IGNORECASE)
_FAMILY = re.compile(r"\d+|train(ing)?|test|t10k|valid(ation)?|val|[-_.]")
_TEST_WORDS = ("test", "t10k", "x_test", "y_test")
_UNPACK_ERRORS = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, RuntimeError,
                  KeyError, NotImplementedError, SyntaxError, TypeError)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Arrays of one split: images uint8 (n, h, w, c), labels int64 (n,) or None."""

    images: np.ndarray
    labels: np.ndarray | None
    test: bool
    file: str


def is_idx_name(name: str) -> bool:
    """True for names such as train-images-idx3-ubyte.gz."""
    return _IDX.match(PurePosixPath(name).name) is not None


def is_numpy_name(name: str) -> bool:
    """True for .npz and .npy, packed or not."""
    return packed.suffix_of(name) in (".npz", ".npy")


def is_array_name(name: str) -> bool:
    """True for every file that is read here."""
    return is_idx_name(name) or is_numpy_name(name)


def parts_of(source: Source, names: Sequence[str] = ()) -> Iterator[Part]:
    """The splits in a source that holds idx, npz or npy files; raises BadInput."""
    names = list(names) or source.names()
    if any(map(is_idx_name, names)):
        yield from _idx_parts(source, names)
        return
    for found in filter(is_numpy_name, names):
        if packed.plain_name(found) != found:
            data = packed.read(source, found, MAX_ARRAY_BYTES)
            yield from _numpy_parts(io.BytesIO(data), packed.plain_name(found))
            continue
        with source.place(found) as place, _opened(place) as handle:
            yield from _numpy_parts(handle, found)


def belong_together(names: Sequence[str]) -> set[str]:
    """The largest family of files that differ only in digits and words for splits.

    `names` come with the largest file first: what else lies in the folder (parts, features) is
    not mixed in.
    """
    families = [_FAMILY.sub("", PurePosixPath(name).name.lower()) for name in names]
    return {name for name, family in zip(names, families, strict=True) if family == families[0]}


def _idx_parts(source: Source, names: list[str]) -> Iterator[Part]:
    pairs: dict[str, dict[str, str]] = {}
    for name in sorted(filter(is_idx_name, names)):
        match = _IDX.match(name)
        assert match is not None
        pairs.setdefault(match[1], {}).setdefault(match[2].lower(), name)
    for prefix, pair in sorted(pairs.items()):
        if "images" not in pair:
            continue
        images = idx_array(source, pair["images"])
        if images.ndim not in (3, 4):
            raise BadInput(f"{pair['images']} does not hold pictures")
        labels = idx_array(source, pair["labels"]) if "labels" in pair else None
        test = PurePosixPath(prefix).name.lower().startswith(_TEST_WORDS)
        yield _part(images, labels, test, pair["images"])


def idx_array(source: Source, name: str) -> np.ndarray:
    """An idx file (optionally gzipped) as uint8 (n,), (n, h, w) or (n, h, w, c).

    Format: two zero bytes, type 8 (unsigned byte), number of dimensions, each size as a
    big-endian 32-bit number, the bytes. Source: yann.lecun.com/exdb/mnist.
    """
    with source.place(name) as place, _opened(place) as raw, _in_words(name):
        packed = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if zipped else raw)
        head = stream.read(4)
        if len(head) < 4 or head[:3] != b"\x00\x00\x08" or head[3] not in (1, 3, 4):
            raise ValueError("it is not an idx file of unsigned bytes")
        sizes = [int.from_bytes(stream.read(4), "big") for _ in range(head[3])]
        count = math.prod(sizes)
        room = packed * _DEFLATE_LIMIT if zipped else packed
        if count > min(room, MAX_ARRAY_BYTES) or any(s > MAX_SIDE for s in sizes[1:]):
            raise ValueError(f"its header promises {sizes}, which cannot be in it")
        data = stream.read(count)
        if len(data) != count or stream.read(1):
            raise ValueError(f"it holds {len(data):,} bytes and not the {count:,} of its header")
        return np.frombuffer(data, np.uint8).reshape(sizes)


def _numpy_parts(handle: IO[bytes], name: str) -> Iterator[Part]:
    with _in_words(name):
        arrays = _load(handle, name)
    arrays = _in_colour(arrays)
    images = {key: value for key, value in arrays.items() if value.ndim >= 3 or _is_flat(value)}
    labels = {key: value for key, value in arrays.items() if value.ndim == 1}
    if not images:
        raise BadInput(f"{name} holds no array of pictures (count, height, width[, channels])")
    for test in (False, True):
        mine = [key for key in images if _is_test(key) == test]
        if not mine:
            continue
        truth = [key for key in labels if _is_test(key) == test]
        pixels = to_pixels(images[mine[0]], name)
        yield _part(pixels, labels[truth[0]] if truth else None, test, name)


def _in_colour(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Pictures kept as numbers of a palette (k, 3): (n, h, w) -> (n, h, w, 3)."""
    palette = arrays.get("palette")
    if palette is None or palette.ndim != 2 or palette.shape[1] not in (3, 4):
        return arrays
    found = {}
    for key, value in arrays.items():
        if value.ndim == 3 and value.dtype == np.uint8 and int(value.max(initial=0)) < len(palette):
            if value.size * palette.shape[1] > MAX_ARRAY_BYTES:
                raise BadInput(f"{key} is too large in colour")
            value = palette.astype(np.uint8)[value]
        if key != "palette":
            found[key] = value
    return found


def _load(handle: IO[bytes], name: str) -> dict[str, np.ndarray]:
    if not name.lower().endswith(".npz"):
        size = handle.seek(0, io.SEEK_END)
        handle.seek(0)
        return {"images": _one(handle, size)}
    with zipfile.ZipFile(handle) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
        if total > MAX_ARRAY_BYTES or len(archive.infolist()) > 100:
            raise ValueError("it unpacks to more than can be read here")
        found = {}
        for entry in archive.infolist():
            if entry.filename.endswith(".npy"):
                with archive.open(entry) as member, contextlib.suppress(_Words):
                    found[entry.filename.removesuffix(".npy")] = _one(member, entry.file_size)
        return found


class _Words(ValueError):
    """An array of words: names and such beside the pictures, harmless and of no use here."""


def _one(handle: IO[bytes], size: int) -> np.ndarray:
    """One .npy stream of `size` bytes; its header is judged before the data are read."""
    version = np.lib.format.read_magic(handle)
    reader = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, fortran, dtype = reader(handle)
    if dtype.kind in "US":
        raise _Words(f"arrays of {dtype} are not read here")
    if dtype.hasobject or dtype.kind not in "buif":
        raise ValueError(f"arrays of {dtype} are not read here")
    count = math.prod(shape)
    if any(side < 0 for side in shape) or count * dtype.itemsize > min(size, MAX_ARRAY_BYTES):
        raise ValueError(f"its header promises {shape}, which cannot be in it")
    data = handle.read(count * dtype.itemsize)
    if len(data) != count * dtype.itemsize:
        raise ValueError("it ends too early")
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def to_pixels(values: np.ndarray, name: str = "the array") -> np.ndarray:
    """Pictures as arrays of any usual layout and range -> uint8 (n, h, w, c), c = 1 or 3.

    (n, side*side), (n, h, w), (n, h, w, c), (n, c, h, w); bool, 0..255, 0..1, -1..1 or 16 bits.
    """
    if _is_flat(values):
        side = math.isqrt(values.shape[1])
        values = values.reshape(len(values), side, side)
    if values.ndim == 3:
        values = values[..., None]
    if values.ndim == 4 and values.shape[3] not in (1, 3, 4) and values.shape[1] in (1, 3, 4):
        values = values.transpose(0, 2, 3, 1)
    if values.ndim != 4 or values.shape[3] not in (1, 3, 4) or not values.size:
        raise BadInput(f"{name} has the shape {values.shape}, which is no list of pictures")
    pixels = _to_bytes(values, name)
    if pixels.shape[3] == 4:
        alpha = pixels[..., 3:].astype(np.uint16)
        flat = pixels[..., :3].astype(np.uint16) * alpha + 255 * (255 - alpha)
        pixels = ((flat + 127) // 255).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def _to_bytes(values: np.ndarray, name: str) -> np.ndarray:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * 255
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise BadInput(f"{name} holds values that are not numbers (NaN or infinity)")
    if values.dtype.kind == "f" and low >= -1.0 and high <= 1.0:
        shift = 1.0 if low < 0 else 0.0
        return np.rint((values + shift) * (255.0 / (1.0 + shift))).astype(np.uint8)
    if low >= 0 and high <= 255:
        return np.rint(values).astype(np.uint8)
    if low >= 0 and high <= 65535:
        return np.rint(values / 257.0).astype(np.uint8)
    raise BadInput(f"{name} holds values from {low:g} to {high:g}; pictures go from 0 to 255")


def _part(images: np.ndarray, labels: np.ndarray | None, test: bool, name: str) -> Part:
    pixels = images[..., None] if images.ndim == 3 else images
    if pixels.ndim != 4 or pixels.shape[3] not in (1, 3):
        raise BadInput(f"{name} has the shape {images.shape}, which is no list of pictures")
    if labels is not None:
        whole = labels.dtype.kind in "bui" or bool((labels == np.rint(labels)).all())
        if len(labels) != len(pixels) or not whole:
            raise BadInput(f"{name}: {len(pixels):,} pictures, but {len(labels):,} labels")
        labels = labels.astype(np.int64)
        if len(labels) and not 0 <= labels.min() <= labels.max() < 10_000:
            raise BadInput(f"{name}: labels must lie between 0 and 9999")
    return Part(pixels, labels, test, name)


def _is_flat(values: np.ndarray) -> bool:
    """(n, side*side) as some MNIST copies have it."""
    return (
        values.ndim == 2
        and values.shape[1] >= 64
        and math.isqrt(values.shape[1]) ** 2 == (values.shape[1])
    )


def _is_test(key: str) -> bool:
    return any(word in key.lower() for word in _TEST_WORDS)


@contextmanager
def _opened(place: Path | bytes) -> Iterator[IO[bytes]]:
    if isinstance(place, bytes):
        yield io.BytesIO(place)
        return
    try:
        handle = place.open("rb")
    except OSError as error:
        raise BadInput(f"{place.name} cannot be opened: {error.strerror}", file=place) from error
    with handle:
        yield handle


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except _UNPACK_ERRORS as error:
        raise BadInput(
            f"{name} cannot be read: {error}", next_step="Fetch it again, or leave it out."
        ) from error
