"""Decoded pictures of one size, channel count and fit, kept in `<dataset>/cache/`.

Built once, whole or not at all, and made again when it is damaged, stale or gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genstudio.core import files
from genstudio.core.dataset import Dataset, FitPolicy
from genstudio.core.errors import BadInput
from genstudio.datasets.items import Item
from genstudio.datasets.sources import Source
from genstudio.media import image

IMAGES = "images.npy"
ROWS = "rows.npy"
FACTS = "facts.json"
_HEADER = 128
Read = Callable[[int], np.ndarray]


def load(folder: Path, dataset: Dataset) -> tuple[np.ndarray, np.ndarray] | None:
    """(images memory-mapped (m, s, s, c), rows int64 (m,)) of a sound cache, or None."""
    try:
        facts = json.loads((folder / FACTS).read_bytes())
        if facts["dataset"] != key_of(dataset):
            return None
        if any(files.sha256_of(folder / name) != facts[name] for name in (IMAGES, ROWS)):
            return None
        images = np.load(folder / IMAGES, mmap_mode="r", allow_pickle=False)
        rows = np.load(folder / ROWS, allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return (images, rows) if len(images) == len(rows) else None


def build(folder: Path, dataset: Dataset, shape: tuple[int, int, int], read: Read) -> int:
    """Write the cache of all items that `read(row)` gives; returns how many were skipped.

    `read` raises BadInput for a picture that is gone, changed or broken since it was added.
    """
    total = dataset.facts.count + dataset.test_count
    rows: list[int] = []
    with files.new_folder(folder, replace=True) as temp:
        with files.replacing(temp / IMAGES) as handle:
            handle.write(_header((0, *shape)))
            for row in range(total):
                with contextlib.suppress(BadInput):
                    handle.write(np.ascontiguousarray(read(row)).data)
                    rows.append(row)
            handle.seek(0)
            handle.write(_header((len(rows), *shape)))
        if not rows:
            raise BadInput(
                f"none of the pictures of {dataset.name} can be read any more",
                file=dataset.source,
                next_step="Connect the drive or put the folder back, or add the data again.",
            )
        with files.replacing(temp / ROWS) as handle:
            np.lib.format.write_array(handle, np.array(rows, np.int64), allow_pickle=False)
        facts = {name: files.sha256_of(temp / name) for name in (IMAGES, ROWS)}
        facts["dataset"] = key_of(dataset)
        files.write_text(temp / FACTS, json.dumps(facts))
    return total - len(rows)


def item_reader(
    source: Source, items: list[Item], shape: tuple[int, int, int], policy: FitPolicy
) -> Read:
    """Decode and fit one picture of a `files` dataset; one that changed counts as gone."""

    def read(row: int) -> np.ndarray:
        item = items[row]
        data = source.read(item.path)
        if hashlib.sha256(data).hexdigest() != item.sha256:
            raise BadInput(f"{item.path} has changed since it was added")
        return image.fit(image.read(data), shape[0], shape[2], policy)

    return read


def array_reader(images: np.ndarray, shape: tuple[int, int, int], policy: FitPolicy) -> Read:
    """Fit one picture of an `arrays` dataset."""

    def read(row: int) -> np.ndarray:
        return image.fit(images[row], shape[0], shape[2], policy)

    return read


def came_back(source: Source, items: list[Item], rows: np.ndarray) -> bool:
    """True where a picture that was missing when the cache was built is there now."""
    here = set(rows.tolist())
    return any(source.has(items[row].path) for row in range(len(items)) if row not in here)


def key_of(dataset: Dataset) -> str:
    """What decoded pictures depend on: the files and the fit; not captions, classes, exclusions."""
    mark = "" if dataset.fit == "cover" else f" {dataset.fit}"
    return (dataset.content or dataset.sha256) + mark


def _header(shape: tuple[int, ...]) -> bytes:
    """A .npy header (format 1.0) of fixed length, so that the count can be put in at the end."""
    words = repr({"descr": "|u1", "fortran_order": False, "shape": shape}).encode()
    room = _HEADER - 10
    return b"\x93NUMPY\x01\x00" + room.to_bytes(2, "little") + words.ljust(room - 1) + b"\n"
