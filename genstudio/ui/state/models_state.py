"""ModelsState: the library: import, verify, rename, export, remove with undo, where models
came from, broken packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Event, Failed, Progress
from genstudio.core.manifest import CARD
from genstudio.core.stored import Json, read_limited

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

MAX_CARD_BYTES = 1024 * 1024
Verdict = Literal["checking", "good", "bad", "unknown"]


@dataclass
class Check:
    """What verifying a model has said so far."""

    verdict: Verdict = "unknown"
    text: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a model came from: ids of a run, a dataset and a model that are still here, or ""."""

    run: str = ""
    data: str = ""
    data_title: str = ""
    parent: str = ""
    parent_title: str = ""


@dataclass
class _Work:
    kind: Literal["verify", "import", "export", "rename"]
    name: str
    before: str = ""


class ModelsState(QObject):
    """The models as a list, one of them chosen, and the work on them."""

    changed = Signal()
    chosen = Signal(str)
    check_changed = Signal(str)
    working = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    imported = Signal(str)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.current = ""
        self.models: list[Model] = []
        self._checks: dict[str, Check] = {}
        self._works: dict[str, _Work] = {}

    # ---- reading

    @property
    def model(self) -> Model | None:
        """The chosen model."""
        return self.find(self.current)

    @property
    def problems(self) -> list[Problem]:
        """Packages that could not be read, with the reason."""
        return list(self._studio.library.problems)

    def find(self, model_id: str) -> Model | None:
        """An installed model by id."""
        return next((m for m in self.models if m.manifest.id == model_id), None)

    def title(self, model_id: str) -> str:
        """A model's title; its id when it is not installed any more."""
        found = self.find(model_id)
        return found.manifest.title if found else model_id

    def check(self, model_id: str) -> Check:
        """The verdict on a model."""
        return self._checks.get(model_id, Check())

    def card_text(self, model: Model) -> str:
        """The card's markdown, "" when it has none."""
        try:
            return read_limited(model.folder / CARD, MAX_CARD_BYTES).decode("utf-8", "replace")
        except GenStudioError:
            return ""

    def origin(self, model: Model) -> Origin:
        """Where a model came from, as far as it can still be found here."""
        run = None
        if not model.bundled:
            runs = self._studio.runs.list()
            run = next((r for r in runs if model.id in (r.model, r.recipe.model)), None)
        datasets = self._studio.datasets.list()
        hashes = {data.sha256 for data in model.manifest.trained_on if data.sha256}
        names = [run.recipe.data] if run is not None else []
        found = [d for d in datasets if d.name in names or d.sha256 in hashes]
        parent = self.find(model.manifest.training.parent)
        if parent is not None and parent.id == model.id:
            parent = None
        return Origin(
            run=run.id if run else "",
            data=found[0].name if found else "",
            data_title=found[0].title if found else "",
            parent=parent.id if parent else "",
            parent_title=parent.title if parent else "",
        )

    # ---- acting

    def choose(self, model_id: str) -> None:
        """Show a model."""
        if model_id != self.current:
            self.current = model_id
            self.chosen.emit(model_id)

    def refresh(self) -> None:
        """Read the library again: `models` are all of it, by title."""
        self.models = sorted(self._studio.library.list(), key=lambda m: m.manifest.title.lower())
        ids = [m.manifest.id for m in self.models]
        if self.current not in ids:
            self.current = ids[0] if ids else ""
        self.changed.emit()

    def verify(self, model_id: str) -> None:
        """Check all hashes and run the probe in the generate worker."""
        job = self._submit("generate", "verify", {"model": model_id}, f"Check {model_id}")
        if job:
            self._works[job] = _Work("verify", model_id)
            self._set_check(model_id, Check("checking", "Checking…"))

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Copy packages (folders or zips) into the library."""
        for path in paths:
            try:
                job = self._studio.import_model(path)
            except GenStudioError as error:
                self.problem.emit(error.problem)
                continue
            if job:
                self._works[job] = _Work("import", path.name)
                self.working.emit(f"Importing {path.name}…")

    def export(self, model_id: str, target: Path) -> None:
        """Write a model as one zip file."""
        body: dict[str, Json] = {"model": model_id, "target": str(target)}
        job = self._submit("files", "export_model", body, f"Export {model_id}")
        if job:
            self._works[job] = _Work("export", str(target))
            self.working.emit(f"Writing {target.name}…")

    def rename(self, model_id: str, title: str) -> None:
        """Another title for a model of the user's, by the files worker; the undo is offered."""
        found, title = self.find(model_id), " ".join(title.split())
        if found is None or not title or title == found.title:
            return
        body: dict[str, Json] = {"model": model_id, "title": title}
        job = self._submit("files", "rename_model", body, f"Rename {found.title}")
        if job:
            self._works[job] = _Work("rename", model_id, found.title)

    def remove(self, model_id: str) -> None:
        """Move a model of the user's to the trash; the undo is offered at once."""
        title = self.model.manifest.title if self.model else model_id
        try:
            self._studio.library.remove(model_id)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.said.emit(f"{title} was removed", "Undo", lambda: self.restore(model_id))
        self.refresh()

    def restore(self, model_id: str) -> None:
        """Bring a removed model back."""
        try:
            self._studio.library.restore(model_id)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.refresh()
        self.choose(model_id)

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the jobs this state has asked for."""
        work = self._works.get(event.job)
        if work is None:
            return
        if isinstance(event, Progress) and work.kind == "verify":
            self._set_check(work.name, Check("checking", event.text or "Checking…"))
        elif isinstance(event, (Done, Cancelled, Failed)):
            del self._works[event.job]
            self.working.emit("")
            self._end(work, event)

    def _end(self, work: _Work, event: Done | Cancelled | Failed) -> None:
        if work.kind == "verify":
            self._set_check(work.name, _verdict(event))
        if isinstance(event, Failed):
            self.problem.emit(event.problem)
        elif isinstance(event, Done) and work.kind == "import":
            model = str(event.data.get("model", ""))
            self.refresh()
            self.choose(model)
            self.imported.emit(model)
            self.said.emit(f"{work.name} was imported", "", None)
        elif isinstance(event, Done) and work.kind == "rename":
            self._renamed(work)
        elif isinstance(event, Done) and work.kind == "export":
            self.said.emit(f"Written: {work.name}", "", None)

    def _renamed(self, work: _Work) -> None:
        self.refresh()
        text = f"Renamed to {self.title(work.name)}"
        self.said.emit(text, "Undo", lambda: self.rename(work.name, work.before))

    def _set_check(self, model_id: str, check: Check) -> None:
        self._checks[model_id] = check
        self.check_changed.emit(model_id)

    def _submit(self, role: str, work: str, body: dict[str, Json], title: str) -> str:
        try:
            return self._studio.queue.submit_work(role, work, body, title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""


def _verdict(event: Done | Cancelled | Failed) -> Check:
    if isinstance(event, Failed):
        return Check("bad", event.problem.sentence)
    if isinstance(event, Cancelled):
        return Check("unknown", "The check was cancelled.")
    good = event.data.get("ok") is not False
    words = str(event.data.get("text", "")) or ("All files and outputs agree." if good else "")
    return Check("good" if good else "bad", words)
