"""Datasets on the shelf: load, list, remove, verify, and pixels ready for training."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, GenStudioError, NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.datasets import cache, contents
from genstudio.datasets import items as listing
from genstudio.datasets.contents import CAPTIONS_FILE, IMAGES_FILE, LABELS_FILE, Contents
from genstudio.datasets.sources import Source, is_archive_name, open_source

__all__ = ["CAPTIONS_FILE", "IMAGES_FILE", "LABELS_FILE"]

DATASET_FILE = "dataset.json"
ARCHIVE = "source"
"""A copied archive is called so, with its own suffix."""
CACHE = "cache"
MAX_SIDE = 1024
Split = Literal["train", "valid", "test"]


@dataclass(frozen=True)
class Pixels:
    """One split: images uint8 (n, h, w, c), perhaps memory-mapped (read-only); labels int64 (n,)
    or None. The order is drawn by content and the same on every machine. `rows` are positions in
    the dataset, `skipped` pictures that were gone or changed when the cache was built. `captions`
    has for each picture its caption and what else says the same, () for none; None without any.
    """

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    sha256: str
    skipped: int = 0
    rows: np.ndarray | None = None
    captions: tuple[tuple[str, ...], ...] | None = None

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
        "kind": dataset.kind,
        "count": facts.count,
        "valid_count": dataset.valid_count,
        "test_count": dataset.test_count,
        "size": facts.size,
        "channels": facts.channels,
        "classes": list(facts.classes),
        "captions": facts.captions,
        "skipped": dataset.skipped,
        "excluded": dataset.excluded,
        "fit": dataset.fit,
        "licence": dataset.licence,
        "attribution": dataset.attribution,
        "consent": dataset.consent,
        "sha256": dataset.sha256,
    }


def verify(folder: Path) -> None:
    """Compare the dataset's own files with their hashes; raises BadInput naming the first bad."""
    _verified(folder, open_dataset(folder))


def open_pixels(
    folder: Path, size: int, channels: int, split: Split = "train", holdout: float | None = None
) -> Pixels:
    """Pictures of one split as uint8 (n, size, size, channels), channels 1, 3 or 4.

    Excluded ones are left out, and those without a class where most have one; `Dataset.fit` says
    how they meet the square. `holdout` replaces the recorded share held out for validation; the
    held-out pictures of a smaller share are always among those of a larger one. Decoded pictures
    are cached below `folder`. Raises BadInput, UsageError.
    """
    if not 1 <= size <= MAX_SIDE or channels not in (1, 3, 4):
        raise UsageError(f"pictures of {size} pixels and {channels} channels are not supported")
    dataset = open_dataset(folder)
    if dataset.kind != "image":
        raise UsageError(f"{dataset.name} holds no pictures but {dataset.kind}")
    _verified(folder, dataset)
    rows_of = contents.load(folder, dataset)
    images, rows = _everything(folder, dataset, rows_of, size, channels)
    pool = dataset.facts.count
    valid = dataset.valid_count if holdout is None else listing.held_out(pool, holdout)
    bounds = {"valid": (0, valid), "train": (valid, pool), "test": (pool, len(rows_of))}
    if split not in bounds:
        raise UsageError(f"a dataset has train, valid and test pictures, not {split!r}")
    skipped = len(rows_of) - len(rows)
    first, last = np.searchsorted(rows, bounds[split])
    images, rows = images[first:last], rows[first:last]
    classes, left_out = rows_of.learnable, rows_of.excluded.copy()
    if classes:
        left_out |= rows_of.labels < 0
    if left_out[rows].any():
        stay = ~left_out[rows]
        images, rows = images[stay], rows[stay]
    return Pixels(
        images=images,
        labels=rows_of.labels[rows] if classes else None,
        class_names=classes,
        sha256=dataset.sha256,
        skipped=skipped,
        rows=rows,
        captions=rows_of.sayings(rows),
    )


def _everything(
    folder: Path, dataset: Dataset, rows_of: Contents, size: int, channels: int
) -> tuple[np.ndarray, np.ndarray]:
    """(images (m, s, s, c), rows (m,)): the pictures that could be read."""
    mark = "" if dataset.fit == "cover" else f"-{dataset.fit}"
    place = folder / CACHE / f"{size}x{channels}{mark}"
    shape = (size, size, channels)
    found = cache.load(place, dataset)
    if rows_of.items is None:
        images = contents.mapped(folder, IMAGES_FILE)
        if images.shape[1:] == shape:
            return images, np.arange(len(images))
        if found is None:
            cache.build(place, dataset, shape, cache.array_reader(images, shape, dataset.fit))
            found = cache.load(place, dataset)
    else:
        some_gone = found is not None and len(found[1]) < len(rows_of)
        if found is None or (some_gone and _root(folder, dataset).is_dir()):
            with opened(folder, dataset) as source:
                if found is None or cache.came_back(source, rows_of.items, found[1]):
                    read = cache.item_reader(source, rows_of.items, shape, dataset.fit)
                    cache.build(place, dataset, shape, read)
                    found = cache.load(place, dataset)
    if found is None:
        raise BadInput(f"the decoded pictures of {dataset.name} cannot be read back", file=place)
    return found


@contextlib.contextmanager
def opened(folder: Path, dataset: Dataset) -> Iterator[Source]:
    """The source that item paths start from: a folder, an archive, or the dataset's own folder.

    Raises BadInput where it is gone.
    """
    root = _root(folder, dataset)
    if not root.exists():
        raise BadInput(
            f"the files of {dataset.name} are gone: {root.name} is not there",
            file=root,
            next_step="Connect the drive or put it back, or add the data again.",
        )
    with contextlib.closing(open_source(root)) as source:
        yield source


def _root(folder: Path, dataset: Dataset) -> Path:
    if dataset.source:
        return Path(dataset.source)
    copies = [path for path in folder.glob(f"{ARCHIVE}.*") if is_archive_name(path.name)]
    return copies[0] if copies else folder


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
