"""The list that a shard of a batch job keeps of its results, `shard-0-of-4.jsonl`.

A first line names the job; a line per block follows once its files are safe on the disk, and one
that says that the shard is complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, ValidationError

from genstudio.core import files
from genstudio.core.batch import Shard
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.stored import Plain, Short, first_fault

PATTERN = "shard-*-of-*.jsonl"
END = json.dumps({"complete": True}).encode()


class Item(Plain):
    """One finished file."""

    index: int
    name: Short
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int


class Head(Plain):
    """First line of a list."""

    format: int = 1
    job: str
    shard: Shard
    blocks: int
    count: int


class Block(Plain):
    """A line for a finished block."""

    block: int
    files: tuple[Item, ...]


@dataclass
class ShardList:
    """What a shard wrote down. `complete`: it came to its end."""

    folder: Path
    head: Head
    blocks: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    complete: bool = False


def path_of(folder: Path, shard: Shard) -> Path:
    """Where the list of `shard` lies in the folder of its results."""
    return folder / f"shard-{shard.number}-of-{shard.of}.jsonl"


def read_list(path: Path) -> ShardList:
    """The list at `path`; a torn last line counts as not written. Raises BadInput."""
    lines = path.read_bytes().split(b"\n")[:-1]
    try:
        found = ShardList(path.parent, Head.model_validate_json(lines[0] if lines else b""))
        for line in lines[1:]:
            if line == END:
                found.complete = True
                continue
            block = Block.model_validate_json(line)
            found.blocks[block.block] = block.files
    except ValidationError as error:
        fault = first_fault(error)
        raise BadInput(f"{path.name} is no list of a shard: {fault}", file=path) from error
    return found


def check_free(path: Path, item: Item) -> None:
    """Refuse to replace something else; what a killed shard left is the same file."""
    if path.exists() and files.sha256_of(path) != item.sha256:
        raise GenStudioError(
            f"{path.name} is there already and holds something else",
            file=path,
            next_step="Choose an empty folder with --out.",
        )


def total_hash(items: Iterable[Item]) -> str:
    """One hash over all results: equal where the same files were made, by whatever shards."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: item.index):
        digest.update(f"{item.index} {item.name} {item.sha256}\n".encode())
    return digest.hexdigest()
