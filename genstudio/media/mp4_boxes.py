"""Boxes of ISO base media files (ISO/IEC 14496-12, section 4.2): read, write, change one."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from genstudio.core.errors import BadInput

MOST_BOXES = 10_000


def box(kind: bytes, content: bytes) -> bytes:
    """A box: size and kind, then its content."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def full(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box that begins with a version and 24 flags."""
    return box(kind, struct.pack(">I", version << 24 | flags) + content)


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of each box; raises BadInput."""
    place = count = 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        head = 8
        if size == 1 and place + 16 <= len(data):
            (size,), head = struct.unpack_from(">Q", data, place + 8), 16
        end = place + size if size else len(data)
        count += 1
        if end < place + head or end > len(data) or count > MOST_BOXES:
            raise BadInput("The film is damaged: a box does not end where it should")
        yield kind, place + head, end
        place = end


def find(data: bytes, path: tuple[bytes, ...]) -> bytes:
    """The content of the first box at `path` below `data`, b"" where there is none."""
    for kind, start, end in boxes(data):
        if kind == path[0]:
            content = data[start:end]
            return find(content, path[1:]) if len(path) > 1 else content
    return b""


def count(data: bytes, kind: bytes) -> int:
    """How many boxes of a kind there are among those of `data`."""
    return sum(found == kind for found, _start, _end in boxes(data))


def changed(data: bytes, path: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """`data` with the content of all boxes at `path` changed, sizes and order in step."""
    parts = []
    for kind, start, end in boxes(data):
        content = data[start:end]
        if kind == path[0]:
            content = change(content) if len(path) == 1 else changed(content, path[1:], change)
        parts.append(box(kind, content))
    return b"".join(parts)
