"""Pages of a dataset to look at, and pictures as training will see them."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from genstudio.core.dataset import Dataset, FitPolicy
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Event, Preview
from genstudio.core.stored import Json
from genstudio.datasets import contents, documents, store
from genstudio.datasets.contents import Contents
from genstudio.media import image
from genstudio.media.reading import printable
from genstudio.numerics.augment import augment, policy_preview

Which = Literal["all", "train", "valid", "test", "excluded"]
MOST = 500
MAX_SIDE = 1024
EXCERPT = 240
_PREVIEW_BYTES = 2_500_000
"""An event is one line of 4 MB at most, and base64 adds a third."""
Raw = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Page:
    """What is asked for: `count` of the matching rows from the `first` on, pictures of at most
    `side` pixels (0: none), as training crops them where `fit` is given (at `size`).

    `text` must be in name or caption, `of_class` be the class; "" asks for nothing.
    """

    first: int = 0
    count: int = 60
    side: int = 128
    text: str = ""
    of_class: str = ""
    which: Which = "all"
    fit: FitPolicy | Literal[""] = ""
    size: int = 0


def page(folder: Path, asked: Page) -> Iterator[Event]:
    """Previews (index = place in the page), then Done(total, first, rows, all_classes).

    Raises BadInput, UsageError."""
    if asked.which not in get_args(Which) or asked.fit not in ("", *get_args(FitPolicy)):
        raise UsageError(f"a page shows {', '.join(get_args(Which))}; fit is cover, contain …")
    dataset = store.open_dataset(folder)
    rows = contents.load(folder, dataset)
    chosen = _matching(dataset, rows, asked)
    first = max(0, asked.first)
    shown = chosen[first : first + max(0, min(asked.count, MOST))]
    if dataset.kind == "image" and asked.side > 0:
        with reader(folder, dataset, rows) as raw:
            yield from _previews(shown, raw, asked, dataset)
    told = [_told(dataset, rows, row) for row in shown]
    if dataset.kind == "text":
        _add_excerpts(folder, dataset, rows, shown, told)
    facts: dict[str, Json] = {"total": len(chosen), "first": first}
    yield Done(data={**facts, "rows": list(told), "all_classes": list(rows.classes)})


def augmented(
    folder: Path,
    rows: Sequence[int],
    size: int,
    channels: int,
    settings: Mapping[str, Json],
    policy: str = "",
    count: int = 1,
    seed: int = 0,
) -> Iterator[Event]:
    """Previews of `count` variants of each row: index = place of the row * count + variant.

    `settings`: flip, shift, colour, cutout; `policy`: a differentiable one on top. Raises
    BadInput, UsageError.
    """
    if not 1 <= size <= MAX_SIDE or channels not in (1, 3, 4):
        raise UsageError(f"pictures of {size} pixels and {channels} channels are not supported")
    dataset = store.open_dataset(folder)
    known = contents.load(folder, dataset)
    if dataset.kind != "image" or any(not 0 <= row < len(known) for row in rows):
        raise UsageError(f"there are no such pictures in {dataset.name}")
    count = max(1, min(count, MOST // max(1, len(rows))))
    with reader(folder, dataset, known) as raw:
        for place, row in enumerate(rows):
            try:
                pixels = image.fit(raw(row), size, channels, dataset.fit)
            except BadInput:
                continue
            for number, variant in enumerate(_variants(pixels, settings, policy, count, seed, row)):
                yield _preview(place * count + number, variant)
    yield Done(data={"count": len(rows) * count})


@contextlib.contextmanager
def reader(folder: Path, dataset: Dataset, rows: Contents) -> Iterator[Raw]:
    """How to get the pixels of a row as they are: uint8 (h, w, c); raises BadInput."""
    items = rows.items
    if items is None:
        images = contents.mapped(folder, contents.IMAGES_FILE)
        yield lambda row: np.ascontiguousarray(images[row])
        return
    with store.opened(folder, dataset) as source:
        yield lambda row: image.read(source.read(items[row].path))


def split_of(dataset: Dataset, row: int) -> str:
    """train, valid or test."""
    if row >= dataset.facts.count:
        return "test"
    return "valid" if row < dataset.valid_count else "train"


def _matching(dataset: Dataset, rows: Contents, asked: Page) -> list[int]:
    wanted = asked.text.casefold().strip()
    label = rows.classes.index(asked.of_class) if asked.of_class in rows.classes else -2
    found = []
    for row in range(len(rows)):
        if asked.which == "excluded":
            if not rows.excluded[row]:
                continue
        elif asked.which != "all" and (split_of(dataset, row) != asked.which or rows.excluded[row]):
            continue
        if asked.of_class and rows.labels[row] != label:
            continue
        if wanted and wanted not in f"{_name(rows, row)}\n{rows.captions[row]}".casefold():
            continue
        found.append(row)
    return found


def _name(rows: Contents, row: int) -> str:
    if rows.items is None:
        return f"#{row}"
    item = rows.items[row]
    return printable(item.name or item.path)


def _told(dataset: Dataset, rows: Contents, row: int) -> dict[str, Json]:
    item = rows.items[row] if rows.items is not None else None
    return {
        "row": row,
        "name": _name(rows, row),
        "caption": printable(rows.captions[row]),
        "class": rows.class_of(row),
        "split": split_of(dataset, row),
        "excluded": bool(rows.excluded[row]),
        "width": item.width if item else dataset.facts.size,
        "height": item.height if item else dataset.facts.size,
        "length": item.length if item else 0.0,
        "excerpt": "",
    }


def _previews(shown: Sequence[int], raw: Raw, asked: Page, dataset: Dataset) -> Iterator[Event]:
    side, channels = min(asked.side, MAX_SIDE), dataset.facts.channels or 3
    for place, row in enumerate(shown):
        try:
            pixels = raw(row)
            if asked.fit:
                size = min(asked.size or dataset.facts.size, MAX_SIDE)
                pixels = image.fit(pixels, size, channels, asked.fit)
            yield _preview(place, image.shrunk(pixels, side))
        except BadInput:
            continue  # gone or changed since it was added: its cell stays empty


def _preview(index: int, pixels: np.ndarray) -> Preview:
    png = image.png(pixels)
    while len(png) > _PREVIEW_BYTES:
        pixels = image.shrunk(pixels, max(pixels.shape[:2]) // 2)
        png = image.png(pixels)
    return Preview(index=index, data=base64.b64encode(png).decode())


def _variants(
    pixels: np.ndarray, settings: Mapping[str, Json], policy: str, count: int, seed: int, row: int
) -> np.ndarray:
    """uint8 (count, size, size, channels)."""
    many = np.repeat(pixels[None], count, axis=0)
    positions = row * MOST + np.arange(count)
    try:
        changed = augment(
            many,
            seed,
            positions,
            flip=settings.get("flip") is True,
            **{name: float(settings.get(name) or 0) for name in ("shift", "colour", "cutout")},  # type: ignore[arg-type]
        )
        return policy_preview(changed, seed, positions, policy)
    except (ValueError, TypeError) as error:
        raise UsageError(f"this augmentation is not known: {error}") from error


def _add_excerpts(
    folder: Path, dataset: Dataset, rows: Contents, shown: Sequence[int], told: list[dict]
) -> None:
    """First words of each text; a file that is gone has none."""
    assert rows.items is not None
    items = [rows.items[row] for row in shown]
    if any(item.part >= 0 for item in items):
        words = _row_words(folder, {item.part for item in items})
        for item, row in zip(items, told, strict=True):
            row["excerpt"] = _short(words.get(item.part, ""))
        return
    with store.opened(folder, dataset) as source:
        for item, row in zip(items, told, strict=True):
            with contextlib.suppress(BadInput):
                name = item.name or item.path
                read = documents.beginning(source.read(item.path), name, 4 * EXCERPT)
                row["excerpt"] = _short(read)


def _row_words(folder: Path, parts: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    with (folder / documents.ROWS_FILE).open("rb") as lines:
        for number, line in enumerate(lines):
            if number in parts:
                found[number] = str(json.loads(line))
                if len(found) == len(parts):
                    break
    return found


def _short(words: str) -> str:
    return printable(" ".join(words[: 4 * EXCERPT].split())[:EXCERPT])
