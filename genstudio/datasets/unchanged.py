"""The files of a dataset as they were when it was added, one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput
from genstudio.datasets import store
from genstudio.datasets.contents import Contents

Thing = TypeVar("Thing")


def each(
    folder: Path, dataset: Dataset, rows: Contents, read: Callable[[bytes, str], Thing]
) -> Iterator[tuple[int, str, Thing | None]]:
    """(row, what the user calls it, what `read` makes of its bytes and that name) of all rows that
    are not excluded; None for a file that is gone, has changed or that `read` refuses with
    BadInput. Raises BadInput where the whole source is gone."""
    assert rows.items is not None
    with store.opened(folder, dataset) as source:
        for row, item in enumerate(rows.items):
            if rows.excluded[row]:
                continue
            name = item.name or item.path
            try:
                data = source.read(item.path)
                changed = hashlib.sha256(data).hexdigest() != item.sha256
                yield row, name, None if changed else read(data, name)
            except BadInput:
                yield row, name, None


def few_enough(
    things: Iterable[tuple[int, str, Thing | None]],
    size: Callable[[Thing], int],
    most: int,
    dataset: Dataset,
    units: str,
    files: str,
) -> Iterator[tuple[int, str, Thing | None]]:
    """The same rows as long as they hold no more than `most` `units` in all; raises BadInput."""
    total = 0
    for row, name, thing in things:
        total += 0 if thing is None else size(thing)
        if total > most:
            raise BadInput(
                f"{dataset.name} holds more than {most:,} {units}",
                next_step=f"Exclude some of its {files}, or make several datasets of it.",
            )
        yield row, name, thing
