"""Classes and splits from what the user's folders and lists are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from genstudio.core.errors import BadInput
from genstudio.datasets import captions
from genstudio.datasets.items import Item
from genstudio.datasets.sources import Source, is_archive_name, without_archive

MAX_CLASSES = 1000
MAX_LIST_BYTES = 16 * 1024 * 1024
_TRAIN = {"train", "training", "train_images"}
_VALID = {"val", "valid", "validation", "dev"}
_TEST = {"test", "testing", "t10k", "test_images"}


@dataclass(frozen=True)
class Sorted:
    """Items with labels and splits, the class names, and remarks for the findings."""

    items: list[Item]
    classes: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def sort(items: list[Item], source: Source, names: Sequence[str] = ()) -> Sorted:
    """Give items their classes and splits. `names` are class names given by the user."""
    folders = [_folders_of(item) for item in items]
    folders, tests, notes = _split_folders(folders)
    listed = _label_list(source)
    if listed:
        words = [listed.get(_key(item)) or listed.get(_base(item)) for item in items]
        notes.append("classes come from the label list beside the pictures")
    else:
        words = _folder_words(folders)
        if len(set(words)) < 2 and (told := _listed_words(items, source)):
            words = told
            notes.append("classes come from the list of captions")
    classes = _in_order({word for word in words if word is not None})
    if not 2 <= len(classes) <= min(MAX_CLASSES, max(2, len(items) // 2)):
        if len(classes) > 2:
            notes.append(f"{len(classes):,} folders are too many to be classes; none were taken")
        words, classes = [None] * len(items), ()
    order = {word: place for place, word in enumerate(classes)}
    labelled = [
        replace(item, label=order.get(word, -1), test=test)  # type: ignore[arg-type]
        for item, word, test in zip(items, words, tests, strict=True)
    ]
    return Sorted(labelled, _titles(classes, names or _class_list(source)), notes)


def unless_few(result: Sorted) -> Sorted:
    """No classes where most items have none: only those with a class could be learned from."""
    having = sum(item.label >= 0 for item in result.items)
    if not result.classes or having * 2 > len(result.items):
        return result
    note = f"only {having:,} of {len(result.items):,} have a class; none were taken"
    return Sorted([replace(item, label=-1) for item in result.items], (), [*result.notes, note])


def given_names(source: Source, names: Sequence[str], count: int) -> tuple[str, ...]:
    """Names for labels 0 … count-1: the given ones, else a classes.txt, else the numbers."""
    names = tuple(names) or _class_list(source)
    if names and len(names) < count:
        raise BadInput(
            f"{len(names)} class names were given, but the data have {count} classes",
            next_step="Name every class, in the order of the labels.",
        )
    return tuple(names) or tuple(str(number) for number in range(count))


def _folders_of(item: Item) -> tuple[str, ...]:
    """Folders above a file; an archive counts as a folder of its name without .zip or .tar."""
    parts = PurePosixPath(item.name or item.path).parts[:-1]
    return tuple(without_archive(part) if is_archive_name(part) else part for part in parts)


def _split_folders(
    folders: list[tuple[str, ...]],
) -> tuple[list[tuple[str, ...]], list[bool], list[str]]:
    """Cut what all have in common, then train/ and test/ folders off the front."""
    folders = _without_common(folders)
    first = {parts[0].lower() if parts else "" for parts in folders}
    if not first & _TRAIN or not first <= _TRAIN | _VALID | _TEST:
        return folders, [False] * len(folders), []
    notes = []
    if first & _VALID:
        notes.append("the validation folder joins the training pictures; a split is drawn here")
    tests = [parts[0].lower() in _TEST for parts in folders]
    return [parts[1:] for parts in folders], tests, notes


def _without_common(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    while folders and all(folders) and len({parts[0] for parts in folders}) == 1:
        folders = [parts[1:] for parts in folders]
    return folders


def _folder_words(folders: list[tuple[str, ...]]) -> list[str | None]:
    # A picture that lies above the class folders says that the folders are something else.
    if not all(folders):
        return [None] * len(folders)
    return [parts[0] for parts in folders]


def _in_order(words: set[str]) -> tuple[str, ...]:
    """Natural order: 2 before 10."""
    return tuple(sorted(words, key=_natural))


def _natural(word: str) -> tuple[list[tuple[int, str]], str]:
    parts = re.split(r"(\d+)", word)
    return [(int(p), "") if p.isdecimal() else (-1, p.casefold()) for p in parts], word


def _titles(classes: tuple[str, ...], names: Sequence[str]) -> tuple[str, ...]:
    """Folders called 0, 1, 2 … take their names from the list."""
    numbers = [int(word) if word.isdecimal() else -1 for word in classes]
    if names and all(0 <= number < len(names) for number in numbers):
        return tuple(names[number] for number in numbers)
    return tuple(word.encode("utf-8", "replace").decode() for word in classes)


def _class_list(source: Source) -> tuple[str, ...]:
    """Lines of a classes.txt or labels.txt that names one class a line, or ()."""
    for wanted in ("classes.txt", "class_names.txt", "labels.txt"):
        lines = _lines(source, wanted)
        if 2 <= len(lines) <= MAX_CLASSES and not any("\t" in line for line in lines):
            return tuple(line[:100] for line in lines)
    return ()


def _label_list(source: Source) -> dict[str, str]:
    """`file,class` lines of a labels.csv: {file name or path: class}."""
    found: dict[str, str] = {}
    for wanted in ("labels.csv", "labels.tsv"):
        for line in _lines(source, wanted):
            parts = re.split(r"[,;\t]", line, maxsplit=1)
            if len(parts) == 2 and parts[1].strip():
                found[parts[0].strip().strip('"')] = parts[1].strip().strip('"')[:100]
    return found if len(set(found.values())) >= 2 else {}


def _listed_words(items: list[Item], source: Source) -> list[str | None]:
    """Classes from a list of captions that names them; [] where it does not."""
    lists = captions.read_lists(source)
    if not lists.class_by_file:
        return []
    return [lists.class_of_file(_key(item)) or None for item in items]


def _key(item: Item) -> str:
    return item.name or item.path


def _base(item: Item) -> str:
    return PurePosixPath(_key(item)).name


def _lines(source: Source, wanted: str) -> list[str]:
    for name in source.names():
        if PurePosixPath(name).name.lower() == wanted and name.count("/") <= 1:
            try:
                data = source.read(name)
            except BadInput:
                return []
            if len(data) > MAX_LIST_BYTES:
                return []
            text = data.decode("utf-8-sig", "replace")
            return [line.strip() for line in text.splitlines() if line.strip()]
    return []
