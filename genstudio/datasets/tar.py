"""Tar files from strangers: every entry is judged before one is read; nothing is extracted.

Packed tars (gz, xz, bz2) cannot be read at random, so they are unpacked once into a nameless
temporary file, as far as a limit that no honest data reach.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from genstudio.core.errors import BadInput
from genstudio.datasets.archive import MAX_BYTES, MAX_RATIO, leads_out
from genstudio.datasets.sources import MAX_FILES, MAX_PICTURE_BYTES, is_hidden

_CHUNK = 1024 * 1024
_SMALL = 64 * _CHUNK
_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
           OverflowError, MemoryError)  # fmt: skip
_MAGIC: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"\xfd7": lzma.open, b"BZ": bz2.open}


class TarSource:
    """A Source over a checked tar file; entries are read into memory one at a time."""

    is_folder = False

    def __init__(self, path: Path) -> None:
        self.root = path
        self.faults: dict[str, str] = {}
        self._stack = ExitStack()
        try:
            with self._in_words():
                self._handle = self._plain(self._stack.enter_context(path.open("rb")))
                self._entries = self._checked()
        except BaseException:
            self._stack.close()
            raise

    def close(self) -> None:
        """See Source."""
        self._stack.close()

    def names(self) -> list[str]:
        """See Source."""
        return sorted(n for n in self._entries if not any(map(is_hidden, n.split("/"))))

    def read(self, name: str) -> bytes:
        """See Source."""
        if name not in self._entries:
            raise BadInput(f"{name} is not in {self.root.name}")
        start, size = self._entries[name]
        if size > MAX_PICTURE_BYTES:
            raise BadInput(f"{name} is larger than {MAX_PICTURE_BYTES // 1024 // 1024} MB")
        if size == 0:
            raise BadInput(f"{name} is empty (0 bytes)")
        try:
            self._handle.seek(start)
            data = self._handle.read(size)
        except OSError as error:
            raise BadInput(f"{name} cannot be read: {error.strerror}") from error
        if len(data) != size:
            raise BadInput(f"{name} is damaged inside the archive: it ends too early")
        return data

    def size(self, name: str) -> int:
        """See Source."""
        return self._entries.get(name, (0, 0))[1]

    def has(self, name: str) -> bool:
        """See Source."""
        return name in self._entries

    @contextmanager
    def place(self, name: str) -> Iterator[Path | bytes]:
        """See Source."""
        yield self.read(name)

    def _plain(self, raw: IO[bytes]) -> IO[bytes]:
        """The tar itself, unpacked where it is packed."""
        unpack = _MAGIC.get(raw.read(2))
        size = raw.seek(0, 2)
        raw.seek(0)
        if unpack is None:
            return raw
        target = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        total = 0
        with unpack(raw) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MAX_BYTES or (total > _SMALL and total > MAX_RATIO * size):
                    raise _refused(self.root, f"it is packed more than {MAX_RATIO}:1")
                target.write(chunk)
        target.seek(0)
        return target

    def _checked(self) -> dict[str, tuple[int, int]]:
        """{name: (first byte, bytes)}; raises BadInput at the first entry that is not harmless."""
        found: dict[str, tuple[int, int]] = {}
        seen: set[str] = set()
        with tarfile.open(fileobj=self._handle, mode="r:") as archive:
            for entry in archive:
                name = entry.name.removeprefix("./").rstrip("/")
                if entry.isdir():
                    continue
                if not entry.isreg() or entry.sparse is not None:
                    raise _refused(self.root, f"{name!r} is a link or a device")
                if leads_out(name):
                    raise _refused(self.root, f"the name {name!r} leads out of the archive")
                if name.casefold() in seen:
                    raise _refused(self.root, f"{name!r} is in it twice")
                seen.add(name.casefold())
                found[name] = (entry.offset_data, entry.size)
                if len(found) > MAX_FILES:
                    raise _refused(self.root, f"it has more than {MAX_FILES:,} entries")
        return found

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise BadInput(
                f"{self.root.name} is not a whole tar file: {error}",
                file=self.root,
                next_step="Fetch it again, or unpack it and add the folder.",
            ) from error


def _refused(path: Path, reason: str) -> BadInput:
    return BadInput(
        f"{path.name} was not opened: {reason}",
        file=path,
        next_step="Unpack it with another program if you trust it, and add the folder.",
    )
