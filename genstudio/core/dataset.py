"""Dataset: indexed user data; the folder `datasets/<name>/` holds `dataset.json` and its items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.manifest import FileEntry
from genstudio.core.stored import Name, Plain, Short, Stored

DataKind = Literal["image", "text", "music", "sound"]
FitPolicy = Literal["cover", "contain", "stretch"]


class Finding(Plain):
    """Something the check noticed: a skipped file, a doubt, a fact, or personal data.

    `why` groups findings of one sort, such as "broken", "duplicate", "mail address".
    """

    level: Literal["info", "warning", "skipped", "personal"] = "info"
    why: str = ""
    file: str = ""
    what: str


class DataFacts(Plain):
    """What a family needs to know of the data to build its config. `size` in pixels, `characters`
    of all texts to learn from."""

    count: int = 0
    characters: int = 0
    size: int = 0
    channels: Annotated[int, Field(ge=0, le=4)] = 0
    classes: tuple[str, ...] = ()
    captions: bool = False


class Dataset(Stored):
    """`files`: items in folders at `source`. `arrays`: idx or npz read into the store.

    `facts.count` items are for training; the first `valid_count` of them, in an order drawn
    with `split_seed`, are held out. `test_count` more come with the data. `excluded` of them all
    were taken out by hand and are never read. `fit` is how pictures meet the square that networks
    ask for. `consent` is what the user says about people who appear in the data. `sha256` follows
    every edit, `content` only the files. `files` are what the dataset's own folder holds.
    """

    name: Name
    title: Short
    kind: DataKind = "image"
    storage: Literal["files", "arrays"] = "files"
    source: str = ""
    copied: bool = False
    facts: DataFacts = DataFacts()
    valid_count: int = 0
    split_seed: int = 0
    test_count: int = 0
    excluded: int = 0
    fit: FitPolicy = "cover"
    skipped: int = 0
    findings: tuple[Finding, ...] = ()
    licence: Short = ""
    attribution: Short = ""
    consent: Short = ""
    origin: Short = ""
    sha256: str = ""
    content: str = ""
    created: Short = ""
    files: tuple[FileEntry, ...] = ()
