"""Find the metadata of PNG, JPEG, WebP, GIF and MP4 without decoding a pixel.

Read by hand and not by Pillow: every length is compared with what is there before it is used, text
is unpacked only up to a cap, and damage ends the search instead of the program. (Qt's reader
collapses newlines in PNG text, USERS.md 4.3.)
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

MAX_TEXT = 1024 * 1024
MAX_TOTAL = 8 * MAX_TEXT
MAX_PARTS = 100_000
PNG = b"\x89PNG\r\n\x1a\n"
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_GIF_XMP = b"XMP DataXMP"
_GIF_XMP_TRAILER = 257


@dataclass
class Raw:
    """Metadata as found: `texts` by keyword (first one wins), packets as bytes, and doubts."""

    format: str
    texts: dict[str, str] = field(default_factory=dict)
    xmp: bytes = b""
    exif: bytes = b""
    notes: list[str] = field(default_factory=list)
    _room: int = MAX_TOTAL

    def add_text(self, key: str, data: bytes, coding: str) -> None:
        """Keep one text unless it breaks the limits."""
        if len(data) > MAX_TEXT or len(data) > self._room or len(key) > 80:
            self.notes.append(f"the text {key[:40]!r} is too large and was left out")
            return
        self._room -= len(data)
        self.texts.setdefault(key, data.decode(coding, "replace"))


def find(handle: BinaryIO) -> Raw | None:
    """The metadata of a supported container, or None where the file is something else."""
    head = handle.read(16)
    handle.seek(0)
    for name, matches, search in _READERS:
        if matches(head):
            raw = Raw(name)
            try:
                search(handle, raw)
            except (struct.error, EOFError):
                raw.notes.append("the file ends too early")
            return raw
    return None


def _exactly(handle: BinaryIO, count: int) -> bytes:
    data = handle.read(count)
    if len(data) != count:
        raise EOFError
    return data


def _limited(handle: BinaryIO, count: int, raw: Raw, what: str) -> bytes:
    """`count` bytes, or b"" with a note where that is too much; the handle moves on by `count`."""
    if count <= MAX_TEXT:
        return _exactly(handle, count)
    raw.notes.append(f"{what} is too large and was left out")
    handle.seek(count, 1)
    return b""


def _png(handle: BinaryIO, raw: Raw) -> None:
    handle.seek(len(PNG))
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack(">I4s", _exactly(handle, 8))
        if kind == b"IEND":
            return
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            _png_text(kind, _limited(handle, length, raw, f"the {kind.decode()} chunk"), raw)
        else:
            handle.seek(length, 1)
        handle.seek(4, 1)


def _png_text(kind: bytes, data: bytes, raw: Raw) -> None:
    if kind == b"eXIf":
        raw.exif = raw.exif or data
        return
    key, found, rest = data.partition(b"\x00")
    if not found:
        return
    name, coding = key.decode("latin-1"), "latin-1"
    packed = kind == b"zTXt"
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        packed, coding = rest[:1] == b"\x01", "utf-8"
        rest = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    if packed:
        rest = _unpacked(rest, name, raw)
    if name == "XML:com.adobe.xmp":
        raw.xmp = raw.xmp or rest
    else:
        raw.add_text(name, rest, coding)


def _unpacked(data: bytes, name: str, raw: Raw) -> bytes:
    try:
        text = zlib.decompressobj().decompress(data, MAX_TEXT + 1)
    except zlib.error:
        raw.notes.append(f"the text {name[:40]!r} is damaged")
        return b""
    if len(text) > MAX_TEXT:
        raw.notes.append(f"the text {name[:40]!r} is too large and was left out")
        return b""
    return text


def _jpeg(handle: BinaryIO, raw: Raw) -> None:
    handle.seek(2)
    for _ in range(MAX_PARTS):
        start, marker = _exactly(handle, 2)
        if start != 0xFF or marker in (0xDA, 0xD9):
            return
        if marker == 0xFF or 0xD0 <= marker <= 0xD7 or marker == 0x01:
            handle.seek(-1 if marker == 0xFF else 0, 1)
            continue
        (length,) = struct.unpack(">H", _exactly(handle, 2))
        data = _exactly(handle, max(0, length - 2))
        if marker == 0xFE:
            raw.add_text("comment", data, "utf-8")
        elif marker == 0xE1 and data.startswith(_JPEG_XMP):
            raw.xmp = raw.xmp or data[len(_JPEG_XMP) :]
        elif marker == 0xE1 and data.startswith(b"Exif\x00\x00"):
            raw.exif = raw.exif or data[6:]


def _webp(handle: BinaryIO, raw: Raw) -> None:
    handle.seek(12)
    for _ in range(MAX_PARTS):
        head = handle.read(8)
        if not head:
            return
        kind, length = struct.unpack("<4sI", head)
        if kind == b"EXIF":
            raw.exif = _limited(handle, length, raw, "the EXIF chunk").removeprefix(b"Exif\x00\x00")
        elif kind == b"XMP ":
            raw.xmp = _limited(handle, length, raw, "the XMP chunk")
        else:
            handle.seek(length, 1)
        handle.seek(length % 2, 1)


def _gif(handle: BinaryIO, raw: Raw) -> None:
    handle.seek(10)
    _skip_palette(handle, _exactly(handle, 3)[0])
    for _ in range(MAX_PARTS):
        (mark,) = _exactly(handle, 1)
        if mark == 0x2C:
            _skip_palette(handle, _exactly(handle, 9)[8])
            handle.seek(1, 1)
            _blocks(handle, raw, keep=False)
        elif mark == 0x21:
            _gif_extension(handle, raw)
        else:
            return


def _skip_palette(handle: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        handle.seek(3 << ((flags & 7) + 1), 1)


def _gif_extension(handle: BinaryIO, raw: Raw) -> None:
    (kind,) = _exactly(handle, 1)
    if kind == 0xFE:
        raw.add_text("comment", _blocks(handle, raw, keep=True), "utf-8")
        return
    (length,) = _exactly(handle, 1)
    name = _exactly(handle, length)
    if kind == 0xFF and name == _GIF_XMP:
        # XMP lies unblocked; its trailer makes any reader that counts blocks fall on the end.
        raw.xmp = _blocks(handle, raw, keep=True, lengths=True)[:-_GIF_XMP_TRAILER]
    elif length:
        _blocks(handle, raw, keep=False)


def _blocks(handle: BinaryIO, raw: Raw, keep: bool, lengths: bool = False) -> bytes:
    """Sub-blocks up to the empty one, joined where `keep`, with their length bytes if asked."""
    parts: list[bytes] = []
    size = 0
    while (count := _exactly(handle, 1)) != b"\x00":
        block = _exactly(handle, count[0])
        size += len(block)
        if keep and size <= MAX_TEXT:
            parts.append(count + block if lengths else block)
    if keep and size > MAX_TEXT:
        raw.notes.append("a GIF extension is too large and was left out")
        return b""
    return b"".join(parts)


def _mp4(handle: BinaryIO, raw: Raw) -> None:
    _boxes(handle, raw, handle.seek(0, 2), 0, ())
    handle.seek(0)


def _boxes(handle: BinaryIO, raw: Raw, end: int, start: int, path: tuple[bytes, ...]) -> None:
    """Walk the boxes between `start` and `end`; only the few on the way to metadata are opened."""
    for _ in range(MAX_PARTS):
        handle.seek(start)
        if start + 8 > end:
            return
        size, kind = struct.unpack(">I4s", _exactly(handle, 8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", _exactly(handle, 8)), 16
        stop = end if size == 0 else start + size
        if (size and size < head) or stop > end:
            raw.notes.append("the file ends too early")
            return
        _box(handle, raw, (start + head, stop), (*path, kind))
        start = stop


def _box(handle: BinaryIO, raw: Raw, place: tuple[int, int], path: tuple[bytes, ...]) -> None:
    start, stop = place
    if path == (b"uuid",) and _exactly(handle, 16) == XMP_UUID:
        raw.xmp = _limited(handle, stop - start - 16, raw, "the XMP box")
    elif path in ((b"moov",), (b"moov", b"udta"), (b"moov", b"udta", b"meta", b"ilst")):
        _boxes(handle, raw, stop, start, path)
    elif path == (b"moov", b"udta", b"meta"):
        _boxes(handle, raw, stop, start + 4, path)
    elif path == (b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt"):
        data = _limited(handle, stop - start, raw, "the comment")
        raw.add_text("comment", data[16:], "utf-8")


def _is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis", b"heic", b"mif1")


_READERS: tuple[tuple[str, Callable[[bytes], bool], Callable[[BinaryIO, Raw], None]], ...] = (
    ("PNG", lambda head: head.startswith(PNG), _png),
    ("JPEG", lambda head: head.startswith(b"\xff\xd8\xff"), _jpeg),
    ("WebP", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
    ("GIF", lambda head: head[:6] in (b"GIF87a", b"GIF89a"), _gif),
    ("MP4", _is_mp4, _mp4),
)
