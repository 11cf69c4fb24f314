"""Zip files from strangers: checked as a whole before one entry is read, never "repaired".

zipfile cleans names when it extracts; here a bad name, a link, an encrypted, overlapping or
absurdly packed entry refuses the archive with the reason (RELIABILITY.md 1, 2.15).
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from genstudio.core.errors import BadInput
from genstudio.datasets.sources import MAX_FILES, MAX_PICTURE_BYTES, is_hidden

MAX_RATIO = 200
MAX_BYTES = 32 * 1024**3
# A ratio says nothing about small files: an even 20 KB bitmap packs 500:1 and harms nobody.
_SMALL = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    MemoryError,
)


def is_zip(path: Path) -> bool:
    """True where the file starts as zip archives do, or calls itself one."""
    try:
        with path.open("rb") as handle:
            head = handle.read(4)
    except OSError:
        return False
    return head in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip"


class ZipSource:
    """A Source over a checked zip file; entries are read into memory one at a time."""

    is_folder = False

    def __init__(self, path: Path) -> None:
        self.root = path
        self.faults: dict[str, str] = {}
        self._stack = ExitStack()
        with self._in_words():
            try:
                self._archive = self._stack.enter_context(zipfile.ZipFile(self._opened()))
                self._entries = check(self._archive, path)
            except BaseException:
                self._stack.close()
                raise

    def close(self) -> None:
        """See Source."""
        self._stack.close()

    def _opened(self) -> BinaryIO:
        # Opened here and not by zipfile: the handle must be closed where the archive is bad.
        return self._stack.enter_context(self.root.open("rb"))

    def names(self) -> list[str]:
        """See Source."""
        parts = {name: name.split("/") for name in self._entries}
        return sorted(name for name, steps in parts.items() if not any(map(is_hidden, steps)))

    def read(self, name: str) -> bytes:
        """See Source."""
        entry = self._entries.get(name)
        if entry is None:
            raise BadInput(f"{name} is not in {self.root.name}")
        if entry.file_size > MAX_PICTURE_BYTES:
            raise BadInput(f"{name} is larger than {MAX_PICTURE_BYTES // 1024 // 1024} MB")
        if entry.file_size == 0:
            raise BadInput(f"{name} is empty (0 bytes)")
        try:
            # zipfile stops at the size written in the directory and compares the checksum.
            return self._archive.read(entry)
        except _DAMAGE as error:
            raise BadInput(f"{name} is damaged inside the archive: {error}") from error

    def size(self, name: str) -> int:
        """See Source."""
        entry = self._entries.get(name)
        return entry.file_size if entry else 0

    def has(self, name: str) -> bool:
        """See Source."""
        return name in self._entries

    @contextmanager
    def place(self, name: str) -> Iterator[Path | bytes]:
        """See Source."""
        yield self.read(name)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise BadInput(
                f"{self.root.name} is not a whole zip file: {error}",
                file=self.root,
                next_step="Fetch it again, or unpack it and add the folder.",
            ) from error


def check(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """The archive's files by name; raises BadInput naming the first entry that is not harmless."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise _refused(path, f"it has more than {MAX_FILES:,} entries")
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry, path)
        folded = entry.filename.casefold()
        if folded in seen:
            raise _refused(path, f"{entry.filename!r} is in it twice")
        seen.add(folded)
        if not entry.is_dir():
            found[entry.filename] = entry
    _check_sizes(entries, path)
    return found


def leads_out(name: str) -> bool:
    """True for names of entries that are no plain path below the archive."""
    drive = len(name) > 1 and name[1] == ":"
    parts = name.split("/")
    return "\\" in name or "\x00" in name or drive or any(p in ("", ".", "..") for p in parts)


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    # orig_filename: zipfile cuts the other one at the first zero byte.
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise _refused(path, f"{name!r} is a link or a device")
    if leads_out(name.rstrip("/")):
        raise _refused(path, f"the name {name!r} leads out of the archive")
    if entry.flag_bits & 1:
        raise _refused(path, f"{name!r} is encrypted")
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * entry.compress_size:
        raise _refused(path, f"{name!r} is packed more than {MAX_RATIO}:1")


def _check_sizes(entries: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > MAX_BYTES:
        raise _refused(path, f"it unpacks to {total / 1e9:.0f} GB")
    if total > 16 * _SMALL and total > MAX_RATIO * packed:
        raise _refused(path, f"it is packed more than {MAX_RATIO}:1")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise _refused(path, f"{entry.filename!r} overlaps another entry")
        end = entry.header_offset + entry.compress_size


def _refused(path: Path, reason: str) -> BadInput:
    return BadInput(
        f"{path.name} was not opened: {reason}",
        file=path,
        next_step="Unpack it with another program if you trust it, and add the folder.",
    )
