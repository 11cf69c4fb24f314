"""Where pictures come from: a folder, a zip file or single files, all read the same way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from genstudio.core.errors import BadInput, NotFound
from genstudio.media.reading import open_binary

MAX_PICTURE_BYTES = 512 * 1024 * 1024
MAX_FILES = 2_000_000
_SYSTEM = {
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "icon\r",
    "__macosx",
    "@eadir",
    "$recycle.bin",
    "system volume information",
}


class Source(Protocol):
    """Names (relative, with forward slashes, sorted) and their bytes, below `root`: a folder or
    a zip file."""

    root: Path
    is_folder: bool

    def names(self) -> list[str]:
        """All files that are not hidden and not the system's own."""

    def read(self, name: str) -> bytes:
        """All bytes of one file; raises BadInput."""

    def place(self, name: str) -> AbstractContextManager[Path | bytes]:
        """A file for parsers that stream: a path, or the bytes where there is none."""

    def close(self) -> None:
        """Let go of the files that are held open."""


def is_hidden(name: str) -> bool:
    """True for dot files and what systems leave in folders (.DS_Store, Thumbs.db, __MACOSX)."""
    return name.startswith(".") or name.lower() in _SYSTEM


class FolderSource:
    """Files below `root`; links to folders are not followed (they can go round in circles)."""

    is_folder = True

    def __init__(self, root: Path, only: Sequence[str] = ()) -> None:
        self.root = root
        self._found = list(only)

    def names(self) -> list[str]:
        """See Source."""
        self._found = self._found or sorted(self._walk())
        return self._found

    def _walk(self) -> list[str]:
        found: list[str] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not is_hidden(name)]
            below = Path(folder).relative_to(self.root)
            found += [(below / name).as_posix() for name in names if not is_hidden(name)]
            if len(found) > MAX_FILES:
                raise BadInput(f"{self.root.name} holds more than {MAX_FILES:,} files")
        return found

    def read(self, name: str) -> bytes:
        """See Source."""
        with open_binary(self.root / name, MAX_PICTURE_BYTES) as handle:
            try:
                return handle.read()
            except OSError as error:
                raise BadInput(f"{name} cannot be read: {error.strerror}") from error

    @contextmanager
    def place(self, name: str) -> Iterator[Path | bytes]:
        """See Source."""
        yield self.root / name

    def close(self) -> None:
        """See Source: nothing is held."""


def open_source(path: Path) -> Source:
    """The right Source for what the user dropped; raises NotFound or BadInput.

    One idx file brings the idx files beside it: labels and test split lie there.
    """
    from genstudio.datasets.archive import ZipSource, is_zip
    from genstudio.datasets.arrays import is_idx_name

    path = path.expanduser().absolute()
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise NotFound(
            f"{path.name} is not there", file=path, next_step="Check the name and try again."
        )
    if is_zip(path) and path.suffix.lower() != ".npz":
        return ZipSource(path)
    if is_idx_name(path.name):
        beside = sorted(p.name for p in path.parent.iterdir() if is_idx_name(p.name))
        return FolderSource(path.parent, beside)
    return FolderSource(path.parent, [path.name])
