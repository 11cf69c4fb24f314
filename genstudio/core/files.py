"""The one module that writes files.

Rule: temp file in the same folder -> write, length compared -> flush -> fsync -> rename ->
fsync of the folder, so a reader sees the old bytes or the new ones, through a kill, a full
disk or a power failure (RELIABILITY.md 3.1; SQLite's atomic commit is the model).
Folders are built under a temporary name and renamed when complete.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, cast

from genstudio.core.errors import DiskFull, GenStudioError, ReadOnly, is_disk_full, is_read_only

TEMP_MARK = ".gs-tmp-"
_CHUNK = 1024 * 1024


class _Whole(io.RawIOBase):
    """A raw file whose `write` never writes less than it was given without raising."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._raw = open(path, "xb+", buffering=0)  # noqa: SIM115

    def write(self, data) -> int:  # type: ignore[no-untyped-def,override]
        view = memoryview(data).cast("B")
        sent = 0
        while sent < len(view):
            count = self._raw.write(view[sent:])
            if not count:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sent += count
        return sent

    def writable(self) -> bool:
        return True

    readable = seekable = writable

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        return self._raw.readinto(buffer) or 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def truncate(self, size: int | None = None) -> int:
        return self._raw.truncate(size)

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


@contextlib.contextmanager
def replacing(path: Path, durable: bool = True) -> Iterator[BinaryIO]:
    """A binary handle whose bytes become `path` at the end; on any error `path` stays as it was.

    Raises DiskFull, ReadOnly or GenStudioError with a sentence.
    """
    temp = _temp_beside(path)
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = _Whole(temp)
            try:
                yield cast("BinaryIO", handle)
                if durable:
                    _sync(handle.fileno())
            finally:
                handle.close()
            _rename(temp, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temp.unlink()
            raise
        if durable:
            sync_folder(path.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, all or nothing."""
    with replacing(path) as handle:
        handle.write(data)


def write_text(path: Path, text: str) -> None:
    """Replace `path` by `text` in UTF-8, all or nothing."""
    write_bytes(path, text.encode())


def write_new(path: Path, data: bytes) -> Path:
    """Write beside what exists: the first free of `name`, `name-1`, `name-2` …; returns it."""
    place = reserve(path)
    try:
        write_bytes(place, data)
    except BaseException:
        with contextlib.suppress(OSError):
            if place.stat().st_size == 0:
                place.unlink()
        raise
    return place


def reserve(path: Path) -> Path:
    """Create an empty file of the first free name and return it, so nobody else takes it."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for number in range(100_000):
            place = path if not number else path.with_name(f"{path.stem}-{number}{path.suffix}")
            with contextlib.suppress(FileExistsError):
                os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
                return place
    raise GenStudioError("There are too many files of the same name", file=path)


def free_name(path: Path) -> Path:
    """The first of `name`, `name-1`, `name-2` … that does not exist (folders too)."""
    place, number = path, 0
    while os.path.lexists(place):
        number += 1
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def append_line(path: Path, line: str) -> None:
    """Append one line (a log: a torn last line is the reader's business)."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as handle:
            handle.write(line.encode() + b"\n")


def write_passing(path: Path, data: bytes) -> None:
    """Replace a file that need not survive a power failure (cache): no fsync.

    A kill leaves the old bytes or the new ones all the same.
    """
    with replacing(path, durable=False) as handle:
        handle.write(data)


def write_spool(path: str, data: bytes) -> None:
    """The cheapest write, for files that no event names yet; who reads a spool checks them."""
    try:
        with open(path, "wb", buffering=0) as handle:
            if handle.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        Path(path).unlink(missing_ok=True)
        with _in_words(Path(path)):
            raise


def commit(moves: list[tuple[Path, Path]], writes: list[tuple[Path, bytes]]) -> None:
    """Many small files at once: every write is made and synced under a temporary name first.

    Nothing has its final name before all bytes are on the disk; then all are renamed, moves first.
    Syncs run side by side, the system merges them: 64 files take 20 ms, not 200 (ext4, measured).
    """
    if not moves and not writes:
        return
    temps = [(_temp_beside(path), path, data) for path, data in writes]
    named = temps[-1][1] if temps else moves[-1][1]
    with _in_words(named):
        try:
            for temp, path, data in temps:
                path.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.closing(_Whole(temp)) as handle:
                    handle.write(data)
            _sync_paths([source for source, _ in moves] + [temp for temp, _, _ in temps])
            for source, target in moves:
                target.parent.mkdir(parents=True, exist_ok=True)
                _rename_across(source, target)
            for temp, path, _ in temps:
                _rename(temp, path)
        except BaseException:
            for temp, _, _ in temps:
                with contextlib.suppress(OSError):
                    temp.unlink()
            raise
        for folder in {path.parent for _, path in moves} | {path.parent for path, _ in writes}:
            sync_folder(folder)


def open_log(path: Path, limit: int = 2 * 1024 * 1024) -> int:
    """A descriptor that appends to `path`; a log over `limit` bytes is kept as `<name>.1`."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > limit:
            _rename(path, path.with_name(path.name + ".1"))
        return os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o644)


@contextlib.contextmanager
def new_folder(path: Path, replace: bool = False) -> Iterator[Path]:
    """A temporary folder that becomes `path` at the end; on any error nothing is left of it.

    With `replace` an existing `path` is moved aside first and removed afterwards.
    """
    temp = _temp_beside(path)
    old = _temp_beside(path)
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temp.mkdir()
            yield temp
            _sync_tree(temp)
            if os.path.lexists(path):
                if not replace:
                    raise GenStudioError(f"{path.name} is there already", file=path)
                _rename(path, old)
            try:
                _rename(temp, path)
            except OSError:
                if old.exists():
                    _rename(old, path)
                raise
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True)
            raise
        sync_folder(path.parent)
        shutil.rmtree(old, ignore_errors=True)


def write_inside(path: Path, data: bytes) -> None:
    """A new file inside a `new_folder` that is being filled: synced once, with the folder."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(_Whole(path)) as handle:
            handle.write(data)


def copy_file(source: Path, target: Path) -> None:
    """Copy the bytes of `source` to `target`, all or nothing."""
    with source.open("rb") as reader, replacing(target) as writer:
        shutil.copyfileobj(reader, writer, _CHUNK)


def move_file(source: Path, target: Path) -> None:
    """Move a file; across volumes by copy, then removal."""
    with _in_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _rename_across(source, target)
        sync_folder(target.parent)


def remove(path: Path) -> None:
    """Remove a file or a folder with all it holds; nothing there is fine."""
    with _in_words(path):
        if path.is_dir() and not path.is_symlink():
            gone = _temp_beside(path)
            _rename(path, gone)
            shutil.rmtree(gone, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def make_folder(path: Path) -> Path:
    """Create `path` and its parents; returns it."""
    with _in_words(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def clean_leftovers(folder: Path) -> int:
    """Remove temporary files and folders of writes that were killed; returns how many."""
    count = 0
    if not folder.is_dir():
        return 0
    for path in list(folder.rglob(f"*{TEMP_MARK}*")):
        with contextlib.suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            count += 1
    return count


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def free_bytes(path: Path) -> int:
    """Free room on the volume of `path` (or of its nearest existing parent)."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable (POSIX; nothing to do on Windows)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _temp_beside(path: Path) -> Path:
    # 255 bytes is the longest name; the mark must fit whatever the name is.
    return path.with_name(f"{TEMP_MARK}{uuid.uuid4().hex}")


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _sync_paths(paths: list[Path]) -> None:
    def sync(path: Path) -> None:
        handle = os.open(path, os.O_RDWR)
        try:
            _sync(handle)
        finally:
            os.close(handle)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(sync, path) for path in paths]:
            done.result()


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb+") as handle:
                _sync(handle.fileno())
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        sync_folder(path)


def _rename(source: Path, target: Path) -> None:
    # Windows: a virus scanner may hold the file for a moment.
    for wait in (0.05, 0.1, 0.2, 0.4, 0.0):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if sys.platform != "win32" or not wait:
                raise
            time.sleep(wait)


def _rename_across(source: Path, target: Path) -> None:
    try:
        _rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_file(source, target)
        source.unlink()


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn the system's errors about writing into sentences."""
    try:
        yield
    except GenStudioError:
        raise
    except Exception as error:
        if is_disk_full(error):
            free = _free_words(path)
            raise DiskFull(
                f"The disk is full; {path.name} was not written{free}",
                file=path,
                next_step="Free some space and try again; what was there is unchanged.",
            ) from error
        if is_read_only(error):
            raise ReadOnly(
                f"{path.name} cannot be written here",
                file=path,
                next_step="Choose another folder, or change its permissions.",
            ) from error
        raise


def _free_words(path: Path) -> str:
    with contextlib.suppress(OSError):
        return f" ({free_bytes(path) / 1e6:.0f} MB free on its volume)"
    return ""
