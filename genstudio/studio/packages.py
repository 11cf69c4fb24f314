"""Read a model package that came from anywhere, a folder or a zip, without trusting it.

Nothing is extracted by name: the manifest lists the files with sizes and hashes, exactly those
are copied, and everything else in the archive is a reason to refuse (RELIABILITY.md 5).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from genstudio.core import files
from genstudio.core.errors import BadInput, DiskFull
from genstudio.core.manifest import MANIFEST, MAX_PACKAGE_BYTES, Manifest, check_file_name
from genstudio.core.stored import MAX_JSON_BYTES

MAX_ENTRIES = 2000
MAX_RATIO = 200
SMALL = 1024 * 1024
_CHUNK = 1024 * 1024
_SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{w}{n}" for w in ("com", "lpt") for n in range(1, 10)}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """The files of a package by name with their sizes, and how to open one."""

    path: Path
    sizes: dict[str, int]
    open: Callable[[str], IO[bytes]]

    def manifest(self) -> Manifest:
        """The validated manifest; every listed file is there, and nothing else is."""
        if MANIFEST not in self.sizes:
            raise self.refuse(f"it holds no {MANIFEST}", "Choose the folder that holds it.")
        if self.sizes[MANIFEST] > MAX_JSON_BYTES:
            raise self.refuse(f"its {MANIFEST} is larger than {MAX_JSON_BYTES // SMALL} MB")
        with self.open(MANIFEST) as handle:
            data = handle.read(MAX_JSON_BYTES + 1)
        manifest = Manifest.from_bytes(data, self.path / MANIFEST)
        _reserved(manifest.id, self)
        listed = {entry.name: entry.size for entry in manifest.files}
        for name, size in listed.items():
            if name not in self.sizes:
                raise self.refuse(f"{name} is listed in {MANIFEST} but missing")
            if self.sizes[name] != size:
                raise self.refuse(f"{name} has {self.sizes[name]} bytes, {size} are listed")
        unlisted = sorted(set(self.sizes) - set(listed) - {MANIFEST})
        if unlisted:
            raise self.refuse(f"{unlisted[0]} is not listed in {MANIFEST}")
        if sum(listed.values()) > MAX_PACKAGE_BYTES:
            raise self.refuse(f"it is larger than {MAX_PACKAGE_BYTES // 1024**3} GB")
        return manifest

    def refuse(self, why: str, step: str = "Ask its maker for a whole copy.") -> BadInput:
        """The error that names this package and the reason."""
        return BadInput(
            f"{self.path.name} is no usable model package: {why}", file=self.path, next_step=step
        )


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The package at `path` (folder, its model.json, or zip); raises BadInput."""
    if path.is_file() and path.name == MANIFEST:
        path = path.parent
    if path.is_dir():
        yield _folder_source(path)
        return
    if not path.is_file():
        raise BadInput(f"There is no {path.name}", file=path, next_step="Check the name.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield _zip_source(path, archive)
    except _ZIP_ERRORS as error:
        raise BadInput(
            f"{path.name} is no usable model package: it is not a sound zip file ({error})",
            file=path,
            next_step="Ask its maker for a whole copy.",
        ) from error


_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    RecursionError,
)


def copy(source: Source, manifest: Manifest, target: Path, progress: Progress | None) -> None:
    """Copy exactly the listed files into the empty folder `target`, hashes compared on the way."""
    total = sum(entry.size for entry in manifest.files)
    if total > files.free_bytes(target):
        raise DiskFull(
            f"There is no room for {manifest.title}: it needs {total / 1e6:.0f} MB, "
            f"{files.free_bytes(target) / 1e6:.0f} MB are free",
            file=target,
            next_step="Free some space and try again.",
        )
    done = 0
    for entry in manifest.files:
        digest, count = hashlib.sha256(), 0
        with source.open(entry.name) as reader, files.replacing(target / entry.name) as writer:
            while chunk := reader.read(min(_CHUNK, entry.size + 1 - count)):
                count += len(chunk)
                digest.update(chunk)
                if count > entry.size:
                    break
                writer.write(chunk)
                if progress is not None:
                    progress(done + count, total)
        done += count
        if count != entry.size or digest.hexdigest() != entry.sha256:
            raise source.refuse(f"{entry.name} is damaged (its hash differs)")
    with source.open(MANIFEST) as reader:
        files.write_bytes(target / MANIFEST, reader.read(MAX_JSON_BYTES + 1))


def pack(folder: Path, manifest: Manifest, target: Path) -> None:
    """Write the package at `folder` as a zip, all or nothing; large files are not deflated."""
    with files.replacing(target) as handle, zipfile.ZipFile(handle, "w") as archive:
        for name in (MANIFEST, *(entry.name for entry in manifest.files)):
            path = folder / name
            small = path.stat().st_size <= SMALL
            info = zipfile.ZipInfo(f"{manifest.id}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED
            info.file_size = path.stat().st_size
            with path.open("rb") as reader, archive.open(info, "w") as writer:
                while chunk := reader.read(_CHUNK):
                    writer.write(chunk)


def _folder_source(path: Path) -> Source:
    source = Source(path, {}, lambda name: (path / name).open("rb"))
    for folder, folders, names in os.walk(path, followlinks=False):
        for name in (*folders, *names):
            place = Path(folder, name)
            if place.is_symlink() or not (place.is_dir() or place.is_file()):
                raise source.refuse(f"{name} is a link or a special file")
        for name in names:
            place = Path(folder, name)
            if name.lower() not in _SYSTEM_FILES:
                source.sizes[_checked(place.relative_to(path).as_posix(), source)] = (
                    place.stat().st_size
                )
        if len(source.sizes) > MAX_ENTRIES:
            raise source.refuse(f"it holds more than {MAX_ENTRIES} files")
    return source


def _zip_source(path: Path, archive: zipfile.ZipFile) -> Source:
    bare = Source(path, {}, lambda _: archive.open(MANIFEST))
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise bare.refuse(f"it holds more than {MAX_ENTRIES} files")
    _no_overlap(entries, archive.start_dir, bare)
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in entries:
        name = _checked(info.orig_filename.removesuffix("/"), bare)
        if name.split("/")[0] == "__MACOSX" or name.split("/")[-1].lower() in _SYSTEM_FILES:
            continue
        _check_entry(info, bare)
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise bare.refuse(f"two files are called {name}")
        seen.add(key)
        if not info.is_dir():
            found[name] = info
    if sum(info.file_size for info in found.values()) > MAX_PACKAGE_BYTES:
        raise bare.refuse(f"it is larger than {MAX_PACKAGE_BYTES // 1024**3} GB")
    root = _root(list(found))
    inside = {name.removeprefix(root): info for name, info in found.items()}
    return Source(
        path,
        {name: info.file_size for name, info in inside.items()},
        lambda name: archive.open(inside[name]),
    )


def _check_entry(info: zipfile.ZipInfo, source: Source) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise source.refuse(f"{info.filename} is a link or a special file")
    if info.flag_bits & 1:
        raise source.refuse(f"{info.filename} is encrypted", "Unpack it first.")
    if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        raise source.refuse(f"{info.filename} unpacks to more than {MAX_RATIO} times its size")


def _no_overlap(entries: list[zipfile.ZipInfo], end: int, source: Source) -> None:
    """Entries that share bytes are the trick of the small zip that unpacks for ever."""
    ordered = sorted(entries, key=lambda info: info.header_offset)
    stops = [info.header_offset for info in ordered[1:]] + [end]
    for info, stop in zip(ordered, stops):
        if info.header_offset + 30 + len(info.orig_filename) + info.compress_size > stop:
            raise source.refuse(f"{info.filename} shares its bytes with another file")


def _checked(name: str, source: Source) -> str:
    try:
        check_file_name(name)
    except ValueError:
        raise source.refuse(f"{name!r} is not a plain name inside the package") from None
    for part in name.split("/"):
        _reserved(part, source)
    return name


def _reserved(name: str, source: Source) -> None:
    if name.split(".")[0].lower() in _RESERVED:
        raise source.refuse(f"{name!r} is a name that Windows keeps for itself")


def _root(names: list[str]) -> str:
    """The one folder that holds everything when the whole folder was zipped, with its slash."""
    if MANIFEST in names:
        return ""
    tops = {name.split("/")[0] for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
