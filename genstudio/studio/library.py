"""Library: the installed model packages, those of the program and those of the user."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from genstudio import families
from genstudio.core import files
from genstudio.core.errors import BadInput, GenStudioError, NotFound, Problem, UsageError, classify
from genstudio.core.family import Family, Modality, Task
from genstudio.core.manifest import CARD, MANIFEST, PREVIEW, FileEntry, Manifest
from genstudio.core.paths import Home, bundled_models
from genstudio.core.stored import read_limited
from genstudio.studio import packages
from genstudio.studio.listeners import Listeners

MOST_TITLE = 120
MAX_CARD_BYTES = 1024**2


@dataclass(frozen=True)
class Model:
    """An installed package. `bundled` ones belong to the program and stay."""

    manifest: Manifest
    folder: Path
    bundled: bool = False

    @property
    def id(self) -> str:
        """Its name in requests and on the command line."""
        return self.manifest.id

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.manifest.title

    @property
    def modality(self) -> Modality:
        """What it makes: image, text, music, sound; or judge."""
        return self.manifest.modality

    @property
    def family(self) -> Family:
        """The family it belongs to; raises NotFound."""
        return families.family(self.manifest.family)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """What it can be asked (kept: a dragged slider asks a hundred times a second)."""
        return self.family.tasks(self.manifest.config)

    def task(self, name: str = "") -> Task:
        """The task called `name`, or the first; raises UsageError."""
        found = next((task for task in self.tasks if task.name == name or not name), None)
        return found or self.family.task(self.manifest.config, name)

    @property
    def preview(self) -> Path:
        """A picture of what it makes (the file may be absent)."""
        return self.folder / PREVIEW


class Library:
    """Reads the folders at every call: a package copied in by hand is there at once."""

    def __init__(self, home: Home, bundled: Path | None = None) -> None:
        self._home = home
        self._bundled = bundled if bundled is not None else bundled_models()
        self._lock = threading.Lock()
        self._seen: dict[Path, tuple[tuple[int, int], Manifest]] = {}
        self._changed = Listeners()
        self.problems: list[Problem] = []

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after installs and removals; returns how to end that."""
        return self._changed.add(callback)

    def changed(self) -> None:
        """Somebody else (a worker) wrote a package."""
        self._changed()

    def list(self) -> list[Model]:
        """All usable models, by title; `problems` then names the packages that are not."""
        found: dict[str, Model] = {}
        problems: list[Problem] = []
        for place, bundled in ((self._home.models, False), (self._bundled, True)):
            for folder in _folders(place):
                if bundled and not (folder / MANIFEST).exists():
                    continue
                try:
                    model = self._open(folder, bundled)
                    found.setdefault(model.id, model)
                except Exception as error:
                    problems.append(_broken(folder, error))
        self.problems = problems
        return sorted(found.values(), key=lambda model: (model.title.casefold(), model.id))

    def get(self, model: str) -> Model:
        """The model with that id; raises NotFound, or says why the package is unusable."""
        for place, bundled in ((self._home.models, False), (self._bundled, True)):
            folder = place / model
            if "/" not in model and "\\" not in model and (folder / MANIFEST).is_file():
                return self._open(folder, bundled)
        known = ", ".join(sorted(found.id for found in self.list())) or "none yet"
        raise NotFound(f"There is no model {model!r}", next_step=f"Installed are: {known}.")

    def install(
        self, source: Path, progress: packages.Progress | None = None, replace: bool = False
    ) -> Model:
        """Copy a package (folder or zip) into the library; nothing is left of a bad one."""
        source = Path(source).absolute()
        with packages.opened(source) as package:
            manifest = package.manifest()
            _usable(manifest, source)
            target = self._home.models / manifest.id
            if not replace and self._has(manifest.id):
                raise BadInput(
                    f"A model called {manifest.id} is installed already",
                    file=source,
                    next_step="Remove it first.",
                )
            with files.new_folder(target, replace=replace) as folder:
                packages.copy(package, manifest, folder, progress)
        self._changed()
        return self._open(target, bundled=False)

    def remove(self, model: str) -> None:
        """Move a user's model to the trash; models of the program stay."""
        found = self.get(model)
        if found.bundled:
            raise UsageError(f"{found.title} came with GenStudio and cannot be removed")
        kept = self._trash / found.id
        files.remove(kept)
        files.move_file(found.folder, kept)
        self._changed()

    def restore(self, model: str) -> Model:
        """Bring back a removed model; raises NotFound."""
        kept, target = self._trash / model, self._home.models / model
        if not (kept / MANIFEST).is_file():
            raise NotFound(f"There is no model {model!r} in the trash")
        if target.exists():
            raise UsageError(f"A model called {model} is installed already")
        files.move_file(kept, target)
        self._changed()
        return self._open(target, bundled=False)

    def export(self, model: str, target: Path, replace: bool = False) -> Path:
        """Write the package as a zip to `target`; returns it."""
        found = self.get(model)
        target = Path(target).absolute()
        if target.is_dir():
            target = files.free_name(target / f"{found.id}.zip")
        elif target.exists() and not replace:
            raise GenStudioError(
                f"{target.name} is there already", file=target, next_step="Choose another name."
            )
        packages.pack(found.folder, found.manifest, target)
        return target

    def rename(self, model: str, title: str) -> Model:
        """Give a model of the user's another title; its id stays. The card's heading follows."""
        found = self.get(model)
        title = " ".join(title.split())
        if found.bundled:
            raise UsageError(f"{found.title} came with GenStudio and keeps its title")
        if not 0 < len(title) <= MOST_TITLE:
            raise UsageError(f"A title has 1 to {MOST_TITLE} characters")
        card = _card_titled(found, title)
        listed = [entry for entry in found.manifest.files if entry.name != CARD or card is None]
        if card is not None:
            digest = hashlib.sha256(card).hexdigest()
            listed.append(FileEntry(name=CARD, size=len(card), sha256=digest))
        facts = {**found.manifest.model_dump(), "title": title, "files": listed}
        with files.new_folder(found.folder, replace=True) as folder:
            for entry in found.manifest.files:
                if entry.name != CARD or card is None:
                    files.copy_file(found.folder / entry.name, folder / entry.name)
            if card is not None:
                files.write_bytes(folder / CARD, card)
            files.write_bytes(folder / MANIFEST, Manifest.model_validate(facts).to_bytes())
        self._changed()
        return self._open(found.folder, bundled=False)

    @property
    def _trash(self) -> Path:
        return self._home.trash / "models"

    def _has(self, model: str) -> bool:
        return any((place / model).exists() for place in (self._home.models, self._bundled))

    def _open(self, folder: Path, bundled: bool) -> Model:
        path = folder / MANIFEST
        try:
            facts = path.stat()
        except OSError:
            raise BadInput(f"{folder.name} holds no {MANIFEST}", file=folder) from None
        stamp = (facts.st_mtime_ns, facts.st_size)
        with self._lock:
            seen = self._seen.get(folder)
        manifest = seen[1] if seen and seen[0] == stamp else Manifest.read(path)
        if manifest.id != folder.name:
            raise BadInput(
                f"The folder {folder.name} holds a model called {manifest.id}",
                file=folder,
                next_step=f"Name the folder {manifest.id}.",
            )
        if not seen or seen[0] != stamp:
            _usable(manifest, folder)
        _complete(manifest, folder)
        with self._lock:
            self._seen[folder] = (stamp, manifest)
        return Model(manifest, folder, bundled)


def _card_titled(model: Model, title: str) -> bytes | None:
    """The card under another heading; None where there is none to change."""
    if not any(entry.name == CARD for entry in model.manifest.files):
        return None
    text = read_limited(model.folder / CARD, MAX_CARD_BYTES).decode("utf-8", "replace")
    first, newline, rest = text.partition("\n")
    return f"# {title}{newline}{rest}".encode() if first.startswith("# ") else None


def _usable(manifest: Manifest, source: Path) -> None:
    """The family is known here and understands the config; raises BadInput."""
    try:
        tasks = families.family(manifest.family).tasks(manifest.config)
    except NotFound as error:
        raise BadInput(error.problem.what, file=source, next_step="Update GenStudio.") from error
    except Exception as error:
        raise BadInput(
            f"{source.name} has a config that {manifest.family} cannot read: {error}", file=source
        ) from error
    if not tasks:
        raise BadInput(f"{source.name} can do nothing that this version knows", file=source)


def _complete(manifest: Manifest, folder: Path) -> None:
    for entry in manifest.files:
        path = folder / entry.name
        try:
            size = path.stat().st_size
        except OSError:
            raise BadInput(f"{entry.name} of {folder.name} is missing", file=path) from None
        if size != entry.size:
            raise BadInput(
                f"{entry.name} of {folder.name} has {size} bytes, {entry.size} are listed",
                file=path,
            )


def _broken(folder: Path, error: Exception) -> Problem:
    problem = classify(error, doing=f"reading {folder.name}", file=folder)
    step = problem.next_step or "Install the model again, or remove the folder."
    return problem.model_copy(update={"kind": "broken-model", "next_step": step})


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(
            path for path in place.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
    except OSError:
        return []
