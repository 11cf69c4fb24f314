"""Scores into a package: the table of card.md and the list in model.json, all or nothing.

The package is copied with the two files renewed and takes the old one's place (files.new_folder),
so a reader never finds a card that does not fit its manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from genstudio.core import evaluations, files
from genstudio.core.errors import BadInput
from genstudio.core.manifest import CARD, MANIFEST, FileEntry, Manifest, Score
from genstudio.core.score_table import END, HEADING, START, number, table, with_table
from genstudio.core.stored import Json, read_limited
from genstudio.engine import package_folder

__all__ = ["END", "HEADING", "START", "number", "table", "with_table", "write_scores"]
MAX_CARD_BYTES = 1024**2


def write_scores(
    folder: Path, scores: Sequence[Score], config: Mapping[str, Json] | None = None
) -> Manifest:
    """Put `scores` into the package (`evaluations.merged` with the old); returns its manifest.

    `config` holds values to add to the manifest's config. Raises BadInput, ReadOnly, DiskFull.
    """
    manifest = package_folder.read_manifest(folder)
    merged = evaluations.merged(manifest.scores, scores)
    card = with_table(_card(folder, manifest), merged).encode()
    entry = FileEntry(name=CARD, size=len(card), sha256=hashlib.sha256(card).hexdigest())
    listed = (*(e for e in manifest.files if e.name != CARD), entry)
    renewed = Manifest.model_validate(
        {
            **manifest.model_dump(),
            "scores": merged,
            "files": listed,
            "config": {**manifest.config, **(config or {})},
        }
    )
    with files.new_folder(folder, replace=True) as target:
        for old in manifest.files:
            if old.name != CARD:
                files.copy_file(package_folder.place(folder, old.name), target / old.name)
        files.write_bytes(target / CARD, card)
        files.write_bytes(target / MANIFEST, renewed.to_bytes())
    return renewed


def _card(folder: Path, manifest: Manifest) -> str:
    if not any(entry.name == CARD for entry in manifest.files):
        return f"# {manifest.title}\n"
    path = package_folder.place(folder, CARD)
    try:
        return read_limited(path, MAX_CARD_BYTES).decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{CARD} is not text", file=path) from error
