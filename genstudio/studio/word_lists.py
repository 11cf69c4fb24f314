"""Word lists of the bias audit as files that people can edit, in the data folder."""

from __future__ import annotations

from pathlib import Path

from genstudio.core import files
from genstudio.core.paths import Home, resources

FOLDER = "words"
"""In `resources/` and in the data folder; the latter wins (`evaluation.word_lists`)."""


def editable(home: Home) -> Path:
    """The folder with the user's own lists; those that are not there yet are copies of the
    program's. Raises DiskFull, ReadOnly."""
    folder = files.make_folder(home.root / FOLDER)
    for source in sorted((resources() / FOLDER).glob("*.json")):
        if not (folder / source.name).exists():
            files.write_bytes(folder / source.name, source.read_bytes())
    return folder
