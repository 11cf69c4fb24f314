"""Change a dataset: captions, classes, exclusions, title, licence, consent, fit."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.manifest import FileEntry
from genstudio.core.stored import MAX_JSON_BYTES, Json
from genstudio.datasets import captions, contents, store
from genstudio.datasets.contents import Contents, Edit, Edits
from genstudio.datasets.gather import described, fitted_hash
from genstudio.datasets.items import common_hash

FIELDS = ("title", "licence", "attribution", "consent", "fit")
_MOST_CLASS = 100


@dataclass(frozen=True)
class Changed:
    """The dataset as it is now, all its classes (also those of few rows), and the body of the
    edit that takes it back."""

    dataset: Dataset
    classes: tuple[str, ...]
    undo: dict[str, Json]


def change(
    folder: Path, edits: Sequence[Mapping[str, Json]] = (), fields: Mapping[str, Json] = {}
) -> Changed:
    """Apply `edits` ({row, caption?, class?, excluded?}) and `fields`.

    Nothing is changed where anything is wrong. Raises UsageError, BadInput, DiskFull, ReadOnly.
    """
    dataset = store.open_dataset(folder)
    base = contents.found(folder, dataset)
    before = contents.with_edits(base, contents.read_edits(folder, dataset))
    rows = dict(before.edits.rows)
    undo: list[Json] = []
    for wanted in edits:
        row = _row(wanted, len(before))
        undo.append(_inverse(before, row, wanted))
        rows[str(row)] = _edit(base, row, rows.get(str(row), Edit()), wanted)
        if rows[str(row)] == Edit():
            del rows[str(row)]
    after = contents.with_edits(base, Edits(classes=base.classes, rows=rows))
    told = {name: str(fields[name]) for name in FIELDS if name in fields}
    undone: dict[str, Json] = {name: getattr(dataset, name) for name in told}
    changed = _described(folder, dataset, after, told)
    _write(folder, dataset, changed, after.edits)
    changed = store.open_dataset(folder)
    return Changed(changed, after.classes, {"name": dataset.name, "edits": undo[::-1], **undone})


def _row(wanted: Mapping[str, Json], count: int) -> int:
    row = wanted.get("row")
    if not isinstance(row, int) or isinstance(row, bool) or not 0 <= row < count:
        raise UsageError(f"there is no row {row!r}: rows go from 0 to {count - 1}")
    return row


def _edit(base: Contents, row: int, edit: Edit, wanted: Mapping[str, Json]) -> Edit:
    """`edit` with what is wanted; what is as it was found is not noted down."""
    changes: dict[str, Any] = {}
    if "caption" in wanted:
        words = captions.clean(str(wanted["caption"] or ""))
        changes["caption"] = None if words == base.captions[row] else words
    if "class" in wanted:
        word = captions.clean(str(wanted["class"] or ""))
        if len(word) > _MOST_CLASS:
            raise UsageError(f"names of classes have at most {_MOST_CLASS} characters")
        changes["label"] = None if word == base.class_of(row) else word
    if "excluded" in wanted:
        changes["excluded"] = wanted["excluded"] is True
    return edit.model_copy(update=changes)


def _inverse(before: Contents, row: int, wanted: Mapping[str, Json]) -> Json:
    was: dict[str, Json] = {
        "caption": before.captions[row],
        "class": before.class_of(row),
        "excluded": bool(before.excluded[row]),
    }
    return {"row": row, **{key: value for key, value in was.items() if key in wanted}}


def _described(folder: Path, dataset: Dataset, after: Contents, told: Mapping[str, str]) -> Dataset:
    """dataset.json as it will be; its hash follows the rows that are left."""
    facts = dataset.facts.model_copy(
        update={"classes": after.learnable, "captions": any(after.captions)}
    )
    fit = told.get("fit", dataset.fit)
    value = dataset.model_dump() | dict(told)
    value |= {
        "facts": facts.model_dump(),
        "excluded": int(after.excluded.sum()),
        "content": dataset.content or dataset.sha256,
        "sha256": fitted_hash(_hash(folder, dataset, after), fit),  # type: ignore[arg-type]
    }
    if int(after.excluded[: facts.count].sum()) == facts.count:
        raise UsageError(
            "nothing would be left to learn from",
            next_step="Exclude fewer items, or remove the dataset.",
        )
    try:
        return Dataset.model_validate(value)
    except ValueError as error:
        raise UsageError(f"this cannot be said of a dataset: {_fault(error)}") from error


def _fault(error: ValueError) -> str:
    return str(error).splitlines()[1] if "\n" in str(error) else str(error)


def _hash(folder: Path, dataset: Dataset, after: Contents) -> str:
    if after.items is not None:
        hashes = [item.sha256 for item in after.items]
    else:
        images = contents.mapped(folder, contents.IMAGES_FILE)
        hashes = [hashlib.sha256(picture.tobytes()).hexdigest() for picture in images]
    stay = [row for row in range(len(after)) if not after.excluded[row]]
    return common_hash(
        [hashes[row] for row in stay],
        [described(after.class_of(row), after.captions[row]) for row in stay],
        [row >= dataset.facts.count for row in stay],
    )


def _write(folder: Path, dataset: Dataset, changed: Dataset, edits: Edits) -> None:
    """The edits under a name of their own, then dataset.json, which makes them count."""
    old = [entry for entry in dataset.files if entry.name.startswith(contents.EDITS_MARK)]
    kept = tuple(entry for entry in dataset.files if entry not in old)
    if edits.rows:
        data = edits.to_bytes()
        if len(data) > MAX_JSON_BYTES:
            raise UsageError(
                "these are more edits than one dataset can hold",
                next_step="Sort the files themselves and add them again.",
            )
        digest = hashlib.sha256(data).hexdigest()
        name = f"{contents.EDITS_MARK}{digest[:16]}.json"
        files.write_bytes(folder / name, data)
        kept = (*kept, FileEntry(name=name, size=len(data), sha256=digest))
    files.write_bytes(
        folder / store.DATASET_FILE, changed.model_copy(update={"files": kept}).to_bytes()
    )
    for entry in old:
        if entry.name not in [left.name for left in kept]:
            with contextlib.suppress(GenStudioError):
                files.remove(folder / entry.name)
