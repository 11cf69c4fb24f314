"""Starter datasets: small, openly licensed, shipped in `resources/datasets/<name>/`.

Each folder holds `starter.json`, its data (`file`), `preview.png` and `LICENSE`; made by
`setup/starters.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from genstudio.core.dataset import DataKind
from genstudio.core.errors import GenStudioError, NotFound
from genstudio.core.manifest import check_file_name
from genstudio.core.paths import resources
from genstudio.core.stored import Name, Short, Stored

STARTER_FILE = "starter.json"


class StarterFile(Stored):
    """`starter.json` of a dataset that ships with the program; `file` holds its data."""

    name: Name
    title: Short
    text: Short
    kind: DataKind = "image"
    count: Annotated[int, Field(ge=1)]
    licence: Short
    attribution: Short
    source: Short = ""
    file: Short
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Starter:
    """A dataset that ships with the program. `preview` is a picture of it, `path` its data."""

    name: str
    title: str
    text: str
    licence: str
    attribution: str
    count: int
    kind: DataKind
    preview: Path
    path: Path
    classes: tuple[str, ...] = ()


def starters() -> list[Starter]:
    """The starter datasets in `resources/datasets`, by name; broken ones are left out."""
    found = []
    for path in sorted((resources() / "datasets").glob(f"*/{STARTER_FILE}")):
        try:
            told = StarterFile.read(path)
            data = path.parent / check_file_name(told.file)
        except (GenStudioError, ValueError):
            continue
        found.append(
            Starter(
                told.name,
                told.title,
                told.text,
                told.licence,
                told.attribution,
                told.count,
                told.kind,
                path.parent / "preview.png",
                data,
                told.classes,
            )
        )
    return found


def starter(name: str) -> Starter:
    """The starter dataset called `name`; raises NotFound."""
    known = starters()
    for found in known:
        if found.name == name:
            return found
    names = ", ".join(found.name for found in known) or "none"
    raise NotFound(f"There is no starter dataset {name!r}", next_step=f"Known are: {names}.")
