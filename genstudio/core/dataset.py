"""Dataset: indexed user data; the folder `datasets/<name>/` holds `dataset.json` and its items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.manifest import FileEntry
from genstudio.core.stored import Name, Plain, Short, Stored


class Finding(Plain):
    """Something the check noticed: a skipped file, a doubt, a fact."""

    level: Literal["info", "warning", "skipped"] = "info"
    file: str = ""
    what: str


class DataFacts(Plain):
    """What a family needs to know of the data to build its config. `size` in pixels."""

    count: int = 0
    size: int = 0
    channels: Annotated[int, Field(ge=0, le=4)] = 0
    classes: tuple[str, ...] = ()
    captions: bool = False


class Dataset(Stored):
    """`files`: pictures in folders at `source`. `arrays`: idx or npz read into the store.

    `facts.count` pictures are for training; the first `valid_count` of them, in an order drawn
    with `split_seed`, are held out. `test_count` more come with the data. `files` are what the
    dataset's own folder holds.
    """

    name: Name
    title: Short
    kind: Literal["image", "text", "music", "sound"] = "image"
    storage: Literal["files", "arrays"] = "files"
    source: str = ""
    copied: bool = False
    facts: DataFacts = DataFacts()
    valid_count: int = 0
    split_seed: int = 0
    test_count: int = 0
    skipped: int = 0
    findings: tuple[Finding, ...] = ()
    licence: Short = ""
    attribution: Short = ""
    origin: Short = ""
    sha256: str = ""
    created: Short = ""
    files: tuple[FileEntry, ...] = ()
