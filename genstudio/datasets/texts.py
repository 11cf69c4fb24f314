"""Texts of a dataset as documents, ready for training and for measuring.

With many documents whole ones are held out, as of pictures; with few the end of each: a model is
then asked about pages of a book whose beginning it knows (nanoGPT holds out the last tenth of the
one file of Tiny Shakespeare).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, UsageError
from genstudio.datasets import contents, documents, parting, store, unchanged
from genstudio.datasets import items as listing
from genstudio.datasets.contents import Contents
from genstudio.datasets.store import Split

BREAK = "<|endoftext|>"
"""Between documents of one file, a custom since GPT-2."""
MAX_CHARACTERS = 2**30


@dataclass(frozen=True)
class Doc:
    """A text; line ends are \\n. `label` is the place of its class, -1 for none. `name` is what
    the user calls the file or row."""

    text: str
    label: int = -1
    name: str = ""


@dataclass(frozen=True)
class Texts:
    """The documents of a split, in dataset order. `skipped` files are gone or have changed since
    they were added."""

    docs: tuple[Doc, ...]
    class_names: tuple[str, ...] = ()
    sha256: str = ""
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.docs)

    @property
    def characters(self) -> int:
        """Of all documents together."""
        return sum(len(doc.text) for doc in self.docs)


def open_texts(folder: Path, split: Split = "train", holdout: float | None = None) -> Texts:
    """The documents of "train", "valid" or "test" of the dataset in `folder`.

    `holdout`: the share for validation, from 0 to 0.5; None is 0.05. Excluded texts are left out.
    Raises BadInput, UsageError.
    """
    if split not in ("train", "valid", "test"):
        raise UsageError(f"a dataset has train, valid and test texts, not {split!r}")
    dataset = store.open_dataset(folder)
    if dataset.kind != "text":
        raise UsageError(f"{dataset.name} holds no texts but {dataset.kind}")
    store.verify(folder)
    rows = contents.load(folder, dataset)
    found = list(_documents(folder, dataset, rows))
    kept = [(row, doc) for row, doc in found if doc is not None]
    pool = [(row, doc) for row, doc in kept if row < dataset.facts.count]
    share = listing.HOLDOUT if holdout is None else holdout
    train, valid = _parted(pool, share, dataset.facts.count)
    test = [doc for row, doc in kept if row >= dataset.facts.count]
    docs = {"train": train, "valid": valid, "test": test}[split]
    skipped = sum(doc is None for _, doc in found)
    said = tuple(doc for doc in docs if doc.text.strip())
    return Texts(said, rows.learnable, dataset.sha256, skipped)


def lines(words: str) -> str:
    """`words` with line ends as \\n and no byte order mark."""
    return words.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _documents(folder: Path, dataset: Dataset, rows: Contents) -> Iterator[tuple[int, Doc | None]]:
    """(row, document) of all that are not excluded; None for a file that is gone or changed."""
    total = 0
    for row, words in _words(folder, dataset, rows):
        if words is None:
            yield row, None
            continue
        total += len(words)
        if total > MAX_CHARACTERS:
            raise BadInput(
                f"{dataset.name} holds more than {MAX_CHARACTERS:,} characters",
                next_step="Exclude some of its texts, or make several datasets of it.",
            )
        assert rows.items is not None
        item = rows.items[row]
        label = int(rows.labels[row]) if rows.learnable else -1
        for part in lines(words).split(BREAK):
            if part.strip():
                yield row, Doc(part.strip("\n") + "\n", label, item.name or item.path)


def _words(folder: Path, dataset: Dataset, rows: Contents) -> Iterator[tuple[int, str | None]]:
    """(row, its words) in dataset order."""
    assert rows.items is not None
    stay = [row for row in range(len(rows)) if not rows.excluded[row]]
    if any(item.part >= 0 for item in rows.items):
        parts = {rows.items[row].part for row in stay}
        by_part = dict(_rows(folder, parts))
        yield from ((row, by_part.get(rows.items[row].part)) for row in stay)
        return
    for row, _, words in unchanged.each(folder, dataset, rows, documents.words_of):
        yield row, words


def _rows(folder: Path, parts: set[int]) -> Iterator[tuple[int, str]]:
    """(number, words) of the copied rows among `parts`."""
    try:
        with (folder / documents.ROWS_FILE).open("rb") as told:
            for number, line in enumerate(told):
                if number in parts:
                    yield number, str(json.loads(line))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            f"{documents.ROWS_FILE} of the dataset {folder.name} cannot be read: {error}",
            next_step="Remove the dataset and add it again.",
        ) from error


def _parted(pool: list[tuple[int, Doc]], share: float, count: int) -> tuple[list[Doc], list[Doc]]:
    """(documents to learn from, those held out); `count` files or rows there were in all."""

    def cut(doc: Doc, share: float) -> tuple[Doc, Doc]:
        place = int(len(doc.text) * (1 - share))
        return replace(doc, text=doc.text[:place]), replace(doc, text=doc.text[place:])

    def digest(doc: Doc) -> str:
        return hashlib.sha256(doc.text.encode()).hexdigest()

    return parting.parted(pool, share, count, digest, cut)
