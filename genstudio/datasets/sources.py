"""Where data come from: folders, archives, single files or several of them, all read one way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from genstudio.core.errors import BadInput, NotFound
from genstudio.media.reading import open_binary

MAX_PICTURE_BYTES = 512 * 1024 * 1024
MAX_FILES = 2_000_000
MAX_ARCHIVES = 100
"""Archives opened inside one folder; each holds a file open."""
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|txz|tbz2?|tar\.(gz|xz|bz2))$", re.IGNORECASE)
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
    an archive. `faults` names archives inside a folder that could not be opened, and why."""

    root: Path
    is_folder: bool
    faults: dict[str, str]

    def names(self) -> list[str]:
        """All files that are not hidden and not the system's own."""

    def read(self, name: str) -> bytes:
        """All bytes of one file; raises BadInput."""

    def size(self, name: str) -> int:
        """Bytes of one file, 0 where it is gone."""

    def has(self, name: str) -> bool:
        """True where the file is there."""

    def place(self, name: str) -> AbstractContextManager[Path | bytes]:
        """A file for parsers that stream: a path, or the bytes where there is none."""

    def close(self) -> None:
        """Let go of the files that are held open."""


def is_hidden(name: str) -> bool:
    """True for dot files and what systems leave in folders (.DS_Store, Thumbs.db, __MACOSX)."""
    return name.startswith(".") or name.lower() in _SYSTEM


def is_archive_name(name: str) -> bool:
    """True for .zip, .tar and packed tars, but not for .npz."""
    return _ARCHIVE.search(name) is not None


def archive_suffix(name: str) -> str:
    """.zip, .tar.gz and so on in small letters, or "" where `name` is no archive's."""
    found = _ARCHIVE.search(name)
    return found[0].lower() if found else ""


def without_archive(part: str) -> str:
    """`part` of a path without an archive's suffix: cats.zip -> cats."""
    return _ARCHIVE.sub("", part)


class FolderSource:
    """Files below `root`, and those in archives there as `archive.zip/name`.

    Links to folders are not followed (they can go round in circles), and archives in archives
    stay closed.
    """

    is_folder = True

    def __init__(self, root: Path, only: Sequence[str] = ()) -> None:
        self.root = root
        self.faults: dict[str, str] = {}
        self._only = list(only)
        self._found: list[str] | None = None
        self._archives: dict[str, Source] = {}

    def names(self) -> list[str]:
        """See Source."""
        if self._found is None:
            listed = self._only or sorted(self.walk())
            self._found = sorted(name for each in listed for name in self._opened_up(each))
            _check_count(self._found, self.root)
        return self._found

    def walk(self) -> list[str]:
        """The files on the disk, archives as they are."""
        found: list[str] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not is_hidden(name)]
            below = Path(folder).relative_to(self.root)
            found += [(below / name).as_posix() for name in names if not is_hidden(name)]
            _check_count(found, self.root)
        return found

    def read(self, name: str) -> bytes:
        """See Source."""
        archive, inner = self._inside(name)
        if archive is not None:
            return archive.read(inner)
        with open_binary(self.root / name, MAX_PICTURE_BYTES) as handle:
            try:
                return handle.read()
            except OSError as error:
                raise BadInput(f"{name} cannot be read: {error.strerror}") from error

    def size(self, name: str) -> int:
        """See Source."""
        archive, inner = self._inside(name)
        if archive is not None:
            return archive.size(inner)
        try:
            return (self.root / name).stat().st_size
        except OSError:
            return 0

    def has(self, name: str) -> bool:
        """See Source."""
        try:
            archive, inner = self._inside(name)
        except BadInput:
            return False
        return archive.has(inner) if archive is not None else (self.root / name).exists()

    @contextmanager
    def place(self, name: str) -> Iterator[Path | bytes]:
        """See Source."""
        archive, inner = self._inside(name)
        if archive is None:
            yield self.root / name
            return
        with archive.place(inner) as found:
            yield found

    def close(self) -> None:
        """See Source."""
        for archive in self._archives.values():
            archive.close()
        self._archives.clear()

    def _opened_up(self, name: str) -> Iterator[str]:
        if not is_archive_name(name):
            yield name
            return
        try:
            inside = self._archive(name).names()
        except BadInput as error:
            self.faults[name] = error.problem.what
            yield name
            return
        yield from (f"{name}/{inner}" for inner in inside)

    def _inside(self, name: str) -> tuple[Source | None, str]:
        """(the archive that holds the file, its name there), or (None, name)."""
        parts = name.split("/")
        for count in range(1, len(parts)):
            if is_archive_name(parts[count - 1]):
                outer = "/".join(parts[:count])
                if outer in self._archives or (self.root / outer).is_file():
                    return self._archive(outer), "/".join(parts[count:])
        return None, name

    def _archive(self, name: str) -> Source:
        if name not in self._archives:
            if len(self._archives) >= MAX_ARCHIVES:
                raise BadInput(f"{name} is one archive too many: {MAX_ARCHIVES} are opened at most")
            self._archives[name] = _open_archive(self.root / name)
        return self._archives[name]


def open_source(path: Path) -> Source:
    """The right Source for what the user dropped; raises NotFound or BadInput.

    One idx file brings the idx files beside it: labels and test split lie there.
    """
    from genstudio.datasets.archive import is_zip
    from genstudio.datasets.arrays import is_idx_name

    path = path.expanduser().absolute()
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise NotFound(
            f"{path.name} is not there", file=path, next_step="Check the name and try again."
        )
    if is_archive_name(path.name) or (is_zip(path) and not _is_document(path)):
        return _open_archive(path)
    if is_idx_name(path.name):
        beside = sorted(p.name for p in path.parent.iterdir() if is_idx_name(p.name))
        return FolderSource(path.parent, beside)
    return FolderSource(path.parent, [path.name])


def open_sources(paths: Sequence[Path]) -> Source:
    """One Source for several dropped files and folders, below the folder they share."""
    if len(paths) == 1:
        return open_source(paths[0])
    places = [path.expanduser().absolute() for path in paths]
    for place in places:
        if not place.exists():
            raise NotFound(f"{place.name} is not there", file=place)
    try:
        root = Path(os.path.commonpath([place.parent for place in places]))
    except ValueError as error:
        raise BadInput(
            "These files lie on different drives", next_step="Put them into one folder first."
        ) from error
    only: list[str] = []
    for place in places:
        below = place.relative_to(root)
        names = FolderSource(place).walk() if place.is_dir() else [""]
        only += [(below / name).as_posix() for name in sorted(names)]
    if not only:
        raise BadInput("there is no file in these folders", file=root)
    return FolderSource(root, only)


def _open_archive(path: Path) -> Source:
    from genstudio.datasets.archive import ZipSource
    from genstudio.datasets.tar import TarSource

    if archive_suffix(path.name) not in ("", ".zip"):
        return TarSource(path)
    return ZipSource(path)


def _is_document(path: Path) -> bool:
    """Files that are zips inside and something else to people."""
    return path.suffix.lower() in (".npz", ".mxl")


def _check_count(found: list[str], root: Path) -> None:
    if len(found) > MAX_FILES:
        raise BadInput(f"{root.name} holds more than {MAX_FILES:,} files")
