"""Datasets on the shelf: load, list, remove, verify, and pixels ready for training."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, GenStudioError, NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.datasets import cache
from genstudio.datasets import items as listing
from genstudio.datasets.sources import Source, open_source

DATASET_FILE = "dataset.json"
IMAGES_FILE = "images.npy"
LABELS_FILE = "labels.npy"
ZIP_FILE = "source.zip"
CACHE = "cache"
MAX_SIDE = 1024
Split = Literal["train", "valid", "test"]


@dataclass(frozen=True)
class Pixels:
    """One split: images uint8 (n, h, w, c), perhaps memory-mapped (read-only); labels int64 (n,)
    or None. The order is drawn by content and the same on every machine. `rows` are positions in
    the dataset, `skipped` pictures that were gone or changed when the cache was built.
    """

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    sha256: str
    skipped: int = 0
    rows: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.images)


def names(home: Home) -> list[str]:
    """Names of all datasets, sorted; folders without dataset.json are not datasets."""
    if not home.datasets.is_dir():
        return []
    found = (path.parent.name for path in home.datasets.glob(f"*/{DATASET_FILE}"))
    return sorted(name for name in found if not name.startswith("."))


def all_of(home: Home) -> list[Dataset]:
    """All datasets that can be read; damaged ones are left out (`load` says why)."""
    found = []
    for name in names(home):
        try:
            found.append(load(home, name))
        except GenStudioError:
            continue
    return found


def folder_of(home: Home, name: str) -> Path:
    """The folder of dataset `name`; raises NotFound."""
    folder = home.datasets / name
    if name not in names(home):
        known = ", ".join(names(home)) or "none yet"
        raise NotFound(
            f"there is no dataset called {name!r}",
            next_step=f"Known are: {known}. Add one with `genstudio data add PATH --name NAME`.",
        )
    return folder


def load(home: Home, name: str) -> Dataset:
    """The description of dataset `name`; raises NotFound or BadInput."""
    return open_dataset(folder_of(home, name))


def open_dataset(folder: Path) -> Dataset:
    """The description of the dataset in `folder`; raises BadInput."""
    return Dataset.read(folder / DATASET_FILE)


def remove(home: Home, name: str) -> None:
    """Take dataset `name` off the shelf; pictures that stayed in their own folder are untouched."""
    files.remove(folder_of(home, name))


def summary(dataset: Dataset) -> dict[str, Json]:
    """What lists and Done events say about a dataset."""
    facts = dataset.facts
    return {
        "dataset": dataset.name,
        "title": dataset.title,
        "count": facts.count,
        "valid_count": dataset.valid_count,
        "test_count": dataset.test_count,
        "size": facts.size,
        "channels": facts.channels,
        "classes": list(facts.classes),
        "skipped": dataset.skipped,
        "licence": dataset.licence,
        "sha256": dataset.sha256,
    }


def verify(folder: Path) -> None:
    """Compare the dataset's own files with their hashes; raises BadInput naming the first bad."""
    _verified(folder, open_dataset(folder))


def open_pixels(
    folder: Path, size: int, channels: int, split: Split = "train", holdout: float | None = None
) -> Pixels:
    """Pictures of one split as uint8 (n, size, size, channels), channels 1, 3 or 4.

    `holdout` replaces the recorded share held out for validation; the held-out pictures of a
    smaller share are always among those of a larger one. Decoded pictures are cached below
    `folder`. Raises BadInput, UsageError.
    """
    if not 1 <= size <= MAX_SIDE or channels not in (1, 3, 4):
        raise UsageError(f"pictures of {size} pixels and {channels} channels are not supported")
    dataset = open_dataset(folder)
    _verified(folder, dataset)
    images, labels, rows = _everything(folder, dataset, size, channels)
    pool = dataset.facts.count
    valid = dataset.valid_count if holdout is None else listing.held_out(pool, holdout)
    bounds = {"valid": (0, valid), "train": (valid, pool), "test": (pool, len(labels))}
    if split not in bounds:
        raise UsageError(f"a dataset has train, valid and test pictures, not {split!r}")
    first, last = np.searchsorted(rows, bounds[split])
    return Pixels(
        images=images[first:last],
        labels=labels[rows[first:last]] if dataset.facts.classes else None,
        class_names=dataset.facts.classes,
        sha256=dataset.sha256,
        skipped=len(labels) - len(rows),
        rows=rows[first:last],
    )


def _everything(
    folder: Path, dataset: Dataset, size: int, channels: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(images (m, s, s, c), labels of all rows (n,), rows (m,)): the rows that could be read."""
    place = folder / CACHE / f"{size}x{channels}"
    shape = (size, size, channels)
    if dataset.storage == "arrays":
        images, labels = _mapped(folder, IMAGES_FILE), _mapped(folder, LABELS_FILE)
        if images.shape[1:] == shape:
            return images, labels, np.arange(len(images))
        found = cache.load(place, dataset)
        if found is None:
            cache.build(place, dataset, shape, cache.array_reader(images, size, channels))
    else:
        items = listing.read(folder / listing.ITEMS_FILE)
        labels = np.array([item.label for item in items], np.int64)
        root = _root(folder, dataset)
        found = cache.load(place, dataset)
        if found is None or cache.came_back(root, items, found[1]):
            with contextlib.closing(_source(root, dataset)) as source:
                read = cache.item_reader(source, items, size, channels)
                cache.build(place, dataset, shape, read)
            found = None
    found = found or cache.load(place, dataset)
    if found is None:
        raise BadInput(f"the decoded pictures of {dataset.name} cannot be read back", file=place)
    return found[0], labels, found[1]


def _root(folder: Path, dataset: Dataset) -> Path:
    """The folder or zip file that item paths start from."""
    if dataset.source:
        return Path(dataset.source)
    return folder / ZIP_FILE if (folder / ZIP_FILE).exists() else folder


def _source(root: Path, dataset: Dataset) -> Source:
    if not root.exists():
        raise BadInput(
            f"the pictures of {dataset.name} are gone: {root.name} is not there",
            file=root,
            next_step="Connect the drive or put it back, or add the data again.",
        )
    return open_source(root)


def _mapped(folder: Path, name: str) -> np.ndarray:
    try:
        return np.load(folder / name, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"{name} of the dataset {folder.name} cannot be read: {error}") from error


def _verified(folder: Path, dataset: Dataset) -> None:
    for entry in dataset.files:
        path = folder / entry.name
        good = path.is_file() and path.stat().st_size == entry.size
        if not good or files.sha256_of(path) != entry.sha256:
            raise BadInput(
                f"{entry.name} of the dataset {folder.name} is damaged or gone",
                file=path,
                next_step="Remove the dataset and add it again.",
            )
