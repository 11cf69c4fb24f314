"""What a user drops -> a dataset on the shelf, as a generator of events."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self

import numpy as np

from genstudio.core import files
from genstudio.core.dataset import Dataset, FitPolicy
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done, Event
from genstudio.core.manifest import FileEntry
from genstudio.core.paths import Home
from genstudio.core.stored import NAME_PATTERN
from genstudio.datasets import documents, store
from genstudio.datasets import items as listing
from genstudio.datasets.findings import Findings
from genstudio.datasets.gather import SPLIT_SEED, Gathered, Wishes, fitted_hash, gather
from genstudio.datasets.sources import Source, archive_suffix, open_sources
from genstudio.media.reading import printable

FILES = "files"


def add(
    home: Home,
    source: Path | Sequence[Path],
    name: str,
    copy: bool = False,
    licence: str = "",
    attribution: str = "",
    *,
    title: str = "",
    consent: str = "",
    fit: FitPolicy = "cover",
    wishes: Wishes = Wishes(),  # noqa: B008 - frozen
    holdout: float = listing.HOLDOUT,
) -> Iterator[Event]:
    """Index `source` (folder, zip, tar, files, idx, npz; one path or several) as dataset `name`.

    Files in folders stay where they are unless `copy`. Yields Progress, a Log for each finding,
    and Done(data={"dataset", "count", "skipped", …}). Nothing is left behind when it fails or is
    stopped. Raises BadInput, UsageError, NotFound, DiskFull, ReadOnly.
    """
    _check_name(home, name)
    findings = Findings()
    paths = [source] if isinstance(source, Path) else list(source)
    with (
        contextlib.closing(open_sources(paths)) as origin,
        files.new_folder(home.datasets / name) as folder,
    ):
        keeper = _Keeper(folder, origin, copy or not _is_text(origin.root))
        with _RowsFile(folder) as rows:
            data = yield from gather(origin, findings, keeper, wishes, rows.write)
        copied = keeper.copies or data.images is not None or rows.used
        dataset = Dataset(
            name=name,
            title=title or (data.known.title if data.known else name),
            kind=data.kind,
            storage="files" if data.images is None else "arrays",
            source="" if copied else str(origin.root),
            copied=copied,
            facts=data.facts(),
            valid_count=data.valid_count(holdout),
            split_seed=SPLIT_SEED,
            test_count=data.test_count,
            fit=fit,
            skipped=findings.skipped,
            findings=findings.all(),
            licence=licence or data.licence,
            attribution=attribution or data.attribution,
            consent=consent,
            origin=(data.known.origin if data.known else _origin(paths[0]))[:400],
            sha256=fitted_hash(data.sha256(), fit),
            content=data.content(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            files=_write_data(folder, data),
        )
        files.write_bytes(folder / store.DATASET_FILE, dataset.to_bytes())
    yield Done(data=store.summary(dataset))


class _RowsFile:
    """documents.ROWS_FILE in the new folder; made when the first line comes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / documents.ROWS_FILE
        self._stack = contextlib.ExitStack()
        self._handle: BinaryIO | None = None

    @property
    def used(self) -> bool:
        return self._handle is not None

    def write(self, line: bytes) -> None:
        if self._handle is None:
            self._handle = self._stack.enter_context(files.replacing(self._path, durable=False))
        self._handle.write(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


class _Keeper:
    """Where a picture is found later: in place, or copied under a plain running number.

    User's names may be too long, no UTF-8, or equal on a system that ignores case. A zip is
    copied as it is: one file is synced in no time, ten thousand small ones are not.
    """

    def __init__(self, folder: Path, source: Source, copies: bool) -> None:
        self.copies = copies
        self._folder = folder
        self._source = source
        self._count = 0

    def __call__(self, name: str, data: bytes) -> str:
        if not self.copies:
            return name
        self._count += 1
        if not self._source.is_folder:
            if self._count == 1:
                kept = store.ARCHIVE + (archive_suffix(self._source.root.name) or ".zip")
                files.copy_file(self._source.root, self._folder / kept)
            return name
        suffix = PurePosixPath(name).suffix.lower() or ".img"
        path = f"{FILES}/{self._count // 1000:04d}/{self._count:07d}{suffix}"
        files.write_inside(self._folder / path, data)
        return path


def _write_data(folder: Path, data: Gathered) -> tuple[FileEntry, ...]:
    """Write items.jsonl, or images.npy and labels.npy; returns their sizes and hashes."""
    if data.images is None:
        files.write_inside(folder / listing.ITEMS_FILE, listing.to_bytes(data.items))
        names = [listing.ITEMS_FILE]
        if (folder / documents.ROWS_FILE).exists():
            names.append(documents.ROWS_FILE)
    else:
        labels = data.labels
        if labels is None:
            labels = np.full(len(data.images), -1, np.int64)
        files.write_inside(folder / store.IMAGES_FILE, _npy(data.images))
        files.write_inside(folder / store.LABELS_FILE, _npy(labels))
        names = [store.IMAGES_FILE, store.LABELS_FILE]
        if any(data.captions):
            lines = "".join(json.dumps(words) + "\n" for words in data.captions)
            files.write_inside(folder / store.CAPTIONS_FILE, lines.encode())
            names.append(store.CAPTIONS_FILE)
    return tuple(
        FileEntry(
            name=name, size=(folder / name).stat().st_size, sha256=files.sha256_of(folder / name)
        )
        for name in names
    )


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def _check_name(home: Home, name: str) -> None:
    if not re.fullmatch(NAME_PATTERN, name):
        raise UsageError(
            f"{name!r} cannot name a dataset: use a-z, 0-9, dots and dashes, at most 64 characters"
        )
    if (home.datasets / name).exists():
        raise GenStudioError(
            f"there is a dataset called {name} already",
            file=home.datasets / name,
            next_step="Choose another name, or remove it first.",
        )


def _is_text(path: Path) -> bool:
    """False where the path cannot be written down in JSON (no UTF-8): then files are copied."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _origin(source: Path) -> str:
    return printable(source.name)
