"""Items of a dataset: one line of `items.jsonl` each, their order, splits and common hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path

from genstudio.core.errors import BadInput

ITEMS_FILE = "items.jsonl"
HOLDOUT = 0.05
MAX_ITEMS = 5_000_000


@dataclass(frozen=True)
class Item:
    """One picture, text, piece or sound. `path` is relative to the dataset's source, `name` what
    the user called it.

    Pictures: `width` and `height` in pixels, `channels` 1 where every pixel is grey, whatever the
    file's format. `label` -1 means none. `caption` is one line, `others` say the same in other
    words. `length`: characters, notes or seconds. `part` is the row inside the file `path`, or -1.
    """

    path: str
    sha256: str
    width: int
    height: int
    channels: int
    label: int = -1
    test: bool = False
    name: str = ""
    caption: str = ""
    others: tuple[str, ...] = ()
    length: float = 0.0
    part: int = -1


def rank(sha256: str, seed: int) -> str:
    """Sorting by this shuffles by content: the same on every machine and for every folder walk,
    and pictures added later leave the order of the others as it was."""
    return hashlib.sha256(f"{seed}:{sha256}".encode()).hexdigest()


def ordered(hashes: Sequence[str], tests: Sequence[bool], seed: int) -> list[int]:
    """Positions in dataset order: training pool in drawn order, then the test items as given."""
    pool = [place for place, test in enumerate(tests) if not test]
    pool.sort(key=lambda place: rank(hashes[place], seed))
    return pool + [place for place, test in enumerate(tests) if test]


def held_out(count: int, share: float) -> int:
    """How many of `count` training items are for validation: the first ones in dataset order."""
    if share <= 0 or count < 2:
        return 0
    return min(count - 1, max(1, round(count * share)))


def common_hash(hashes: Iterable[str], labels: Iterable[str], tests: Iterable[bool]) -> str:
    """SHA-256 over all content hashes with split, class and caption, whatever their order.

    `labels`: the words that describe each item, "" for none.
    """
    lines = sorted(f"{h} {int(t)} {name}" for h, name, t in zip(hashes, labels, tests, strict=True))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def to_bytes(items: Iterable[Item]) -> bytes:
    """The text of `items.jsonl`; names that are no UTF-8 survive as JSON escapes."""
    return "".join(json.dumps(_told(item)) + "\n" for item in items).encode()


_QUIET = {field.name: field.default for field in fields(Item) if field.default is not MISSING}


def _told(item: Item) -> dict[str, object]:
    """Fields that say something: the defaults are left out."""
    return {k: v for k, v in vars(item).items() if k not in _QUIET or v != _QUIET[k]}


def read(path: Path) -> list[Item]:
    """Read and check `items.jsonl`; raises BadInput."""
    found = []
    try:
        with path.open("rb") as lines:
            for line in lines:
                found.append(_checked(Item(**json.loads(line))))
                if len(found) > MAX_ITEMS:
                    raise ValueError("too many lines")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise BadInput(
            f"{path.name} of the dataset {path.parent.name} cannot be read: {error}",
            file=path,
            next_step="Remove the dataset and add it again.",
        ) from error
    return found


def _checked(item: Item) -> Item:
    steps = item.path.split("/")
    if not steps[0] or ".." in steps or "\\" in item.path:
        raise ValueError(f"{item.path!r} is not inside the dataset")
    if not isinstance(item.label, int) or not isinstance(item.test, bool):
        raise ValueError("wrong types")
    if not isinstance(item.caption, str) or not isinstance(item.part, int):
        raise ValueError("wrong types")
    return replace(item, others=tuple(map(str, item.others))) if item.others else item
