"""Single files packed with xz or gzip (`captions.jsonl.xz`): their names and bytes, unpacked."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from pathlib import PurePosixPath

from genstudio.core.errors import BadInput
from genstudio.datasets.sources import Source

MAX_UNPACKED = 512 * 1024 * 1024
_SUFFIXES = (".xz", ".gz")
# What an xz file may ask of memory; the strongest preset needs 65 MB.
_MEMORY = 256 * 1024 * 1024


def plain_name(name: str) -> str:
    """`name` without .xz or .gz at its end."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix.lower() in _SUFFIXES else name


def suffix_of(name: str) -> str:
    """Suffix of the plain name, in small letters: captions.JSONL.xz -> .jsonl"""
    return PurePosixPath(plain_name(name)).suffix.lower()


def read(source: Source, name: str, limit: int = MAX_UNPACKED) -> bytes:
    """Bytes of a file, unpacked if need be, at most `limit`; raises BadInput."""
    return unpacked(name, source.read(name), limit)


def unpacked(name: str, data: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """`data` of a file called `name`, unpacked if the name says so; raises BadInput."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _SUFFIXES:
        data = _stream(name, suffix, data, limit)
    if len(data) > limit:
        raise BadInput(f"{name} is larger than {limit // 1024 // 1024} MB")
    return data


def head(name: str, data: bytes, count: int) -> bytes:
    """The first `count` bytes of `data`, unpacked if the name says so; b"" where it is damaged."""
    suffix = PurePosixPath(name).suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                return stream.read(count)
        if suffix == ".xz":
            return lzma.LZMADecompressor(memlimit=_MEMORY).decompress(data, count)
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error, MemoryError):
        return b""
    return data[:count]


def _stream(name: str, suffix: str, data: bytes, limit: int) -> bytes:
    try:
        if suffix == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                return stream.read(limit + 1)
        unpacker = lzma.LZMADecompressor(memlimit=_MEMORY)
        found = unpacker.decompress(data, limit + 1)
        if len(found) <= limit and not unpacker.eof:
            raise EOFError("it ends too early")
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error, MemoryError) as error:
        raise BadInput(f"{name} cannot be unpacked: {error}") from error
    return found
