"""The items of a dataset as they stand now: what was found, with the user's edits on top.

Edits lie in a file of the dataset's own folder that dataset.json names with its hash; the user's
files are never touched, and the pixel cache stays good.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput
from genstudio.core.stored import Plain, Stored
from genstudio.datasets import items as listing
from genstudio.datasets.items import Item

IMAGES_FILE = "images.npy"
LABELS_FILE = "labels.npy"
CAPTIONS_FILE = "captions.jsonl"
EDITS_MARK = "edits-"


class Edit(Plain):
    """What was changed of one row; None: as it was found. `label` "" takes the class away."""

    caption: Annotated[str, Field(max_length=2000)] | None = None
    label: Annotated[str, Field(max_length=100)] | None = None
    excluded: bool = False


class Edits(Stored):
    """All edits by row, and the classes and the hash of the dataset as it was found."""

    classes: tuple[str, ...] = ()
    rows: dict[str, Edit] = {}


@dataclass(frozen=True)
class Contents:
    """Rows 0 … n - 1 in dataset order. `items` is None for arrays. `labels` int64 (n,) index
    `classes`, -1 for none; `excluded` bool (n,). Only the first `live` classes have rows that are
    not excluded (or had none from the start)."""

    items: list[Item] | None
    labels: np.ndarray
    captions: list[str]
    excluded: np.ndarray
    classes: tuple[str, ...]
    live: int
    edits: Edits

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def learnable(self) -> tuple[str, ...]:
        """The classes to learn from: none where most items have none, for only those with a
        class could be used."""
        stay = ~self.excluded
        having = (self.labels[stay] >= 0).sum()
        return self.classes[: self.live] if having * 2 > stay.sum() else ()

    def sayings(self, rows: np.ndarray) -> tuple[tuple[str, ...], ...] | None:
        """Caption and its alternatives of each of `rows`; None where no row has a caption.

        A caption that was edited stands alone: the alternatives said something else.
        """
        if not any(self.captions):
            return None
        return tuple(self._sayings(row) for row in rows.tolist())

    def _sayings(self, row: int) -> tuple[str, ...]:
        first = self.captions[row]
        item = self.items[row] if self.items is not None else None
        others = item.others if item is not None and item.caption == first else ()
        return tuple(filter(None, (first, *others)))

    def class_of(self, row: int) -> str:
        """Name of a row's class, "" for none."""
        label = int(self.labels[row])
        return self.classes[label] if 0 <= label < len(self.classes) else ""


@lru_cache(maxsize=2)
def load(folder: Path, dataset: Dataset) -> Contents:
    """The rows of the dataset in `folder`; raises BadInput. Do not change what is returned."""
    return with_edits(found(folder, dataset), read_edits(folder, dataset))


def found(folder: Path, dataset: Dataset) -> Contents:
    """The rows as they were found, without edits."""
    edits = read_edits(folder, dataset)
    classes = edits.classes if edits.rows else dataset.facts.classes
    items = None
    if dataset.storage == "arrays":
        labels = np.array(mapped(folder, LABELS_FILE), np.int64)
        captions = _captions(folder, len(labels))
    else:
        path = folder / listing.ITEMS_FILE
        items = _items(path, path.stat().st_mtime_ns if path.exists() else 0)
        labels = np.array([item.label for item in items], np.int64)
        captions = [item.caption for item in items]
    excluded = np.zeros(len(labels), bool)
    edits = Edits(classes=classes)
    return Contents(items, labels, captions, excluded, classes, len(classes), edits)


def with_edits(base: Contents, edits: Edits) -> Contents:
    """`base` with edits on top; classes without a row go, where edits took their last one."""
    if not edits.rows:
        return base
    words = [base.class_of(row) for row in range(len(base))]
    captions, excluded = list(base.captions), base.excluded.copy()
    for key, edit in edits.rows.items():
        row = int(key)
        if not 0 <= row < len(base):
            raise BadInput(f"an edit is about row {row}, which does not exist")
        if edit.caption is not None:
            captions[row] = edit.caption
        if edit.label is not None:
            words[row] = edit.label
        excluded[row] = edit.excluded
    classes, live = _classes_in_use(base, words, excluded)
    places = {name: place for place, name in enumerate(classes)} | {"": -1}
    labels = np.array([places[word] for word in words], np.int64)
    return Contents(base.items, labels, captions, excluded, classes, live, edits)


def read_edits(folder: Path, dataset: Dataset) -> Edits:
    """The edits that dataset.json names; raises BadInput."""
    for entry in dataset.files:
        if entry.name.startswith(EDITS_MARK):
            return Edits.read(folder / entry.name)
    return Edits()


def mapped(folder: Path, name: str) -> np.ndarray:
    """An array of the dataset's own folder, memory-mapped; raises BadInput."""
    try:
        return np.load(folder / name, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"{name} of the dataset {folder.name} cannot be read: {error}") from error


@lru_cache(maxsize=2)
def _items(path: Path, stamp: int) -> list[Item]:
    """Items are never rewritten, so they are read once while a dataset is looked at."""
    return listing.read(path)


def _classes_in_use(
    base: Contents, words: list[str], excluded: np.ndarray
) -> tuple[tuple[str, ...], int]:
    """(all classes, how many of them are live): those of excluded rows alone come last."""
    had = {base.class_of(row) for row in range(len(base))}
    used = {word for word, out in zip(words, excluded, strict=True) if not out}
    everything = dict.fromkeys((*base.classes, *filter(None, words)))
    live = [n for n in everything if n in used or (n in base.classes and n not in had)]
    rest = [n for n in everything if n not in live and n in words]
    return (*live, *rest), len(live)


def _captions(folder: Path, count: int) -> list[str]:
    path = folder / CAPTIONS_FILE
    if not path.exists():
        return [""] * count
    try:
        with path.open("rb") as lines:
            words = [str(json.loads(line)) for line in lines]
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path.name} of the dataset {folder.name} cannot be read") from error
    if len(words) != count:
        raise BadInput(f"{path.name} of the dataset {folder.name} has {len(words):,} lines")
    return words
