"""Datasets shelf: `datasets/<name>/dataset.json` and what lies beside it."""

from __future__ import annotations

from collections.abc import Callable

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, NotFound, Problem
from genstudio.core.paths import Home
from genstudio.studio.listeners import Listeners
from genstudio.studio.starters import Starter, starters

DATASET_FILE = "dataset.json"
Starters = list[Starter]


class Datasets:
    """Reads the folders at every call."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._changed = Listeners()
        self.problems: list[Problem] = []

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after datasets came or went; returns how to end that."""
        return self._changed.add(callback)

    def list(self) -> list[Dataset]:
        """All readable datasets by name; `problems` names the others."""
        found: list[Dataset] = []
        problems: list[Problem] = []
        root = self._home.datasets
        folders = sorted(root.iterdir()) if root.is_dir() else []
        for folder in folders:
            if folder.name.startswith(".") or not folder.is_dir():
                continue
            try:
                found.append(Dataset.read(folder / DATASET_FILE))
            except GenStudioError as error:
                problems.append(error.problem)
        self.problems = problems
        return found

    def get(self, name: str) -> Dataset:
        """The dataset called `name`; raises NotFound or BadInput."""
        path = self._home.datasets / name / DATASET_FILE
        if "/" in name or "\\" in name or not path.is_file():
            known = ", ".join(found.name for found in self.list()) or "none yet"
            raise NotFound(f"There is no dataset {name!r}", next_step=f"Known are: {known}.")
        return Dataset.read(path)

    def starters(self) -> Starters:
        """Small datasets that ship with the program, to begin with."""
        return starters()

    def remove(self, name: str) -> None:
        """Move a dataset to the trash; pictures that were only referred to stay where they are."""
        self.get(name)
        kept = self._home.trash / "datasets" / name
        files.remove(kept)
        files.move_file(self._home.datasets / name, kept)
        self._changed()

    def restore(self, name: str) -> None:
        """Bring back a removed dataset."""
        kept, target = self._home.trash / "datasets" / name, self._home.datasets / name
        if not kept.is_dir() or target.exists():
            raise NotFound(f"The dataset {name!r} cannot be brought back")
        files.move_file(kept, target)
        self._changed()

    def changed(self) -> None:
        """Somebody else (a worker) wrote a dataset."""
        self._changed()
