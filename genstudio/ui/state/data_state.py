"""DataState: the datasets as a list, one of them chosen; what is imported, looked at, edited.

Long things (check, add) are jobs of the queue; quick looks (browse, edit, augment) go to a files
worker of their own through `Looks`, so that they neither wait for a job nor hold the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Event, Failed, Progress
from genstudio.core.stored import Json
from genstudio.ui.state.augment_state import AugmentState, FitState
from genstudio.ui.state.browse_state import BrowseState
from genstudio.ui.state.import_state import Fields, ImportState
from genstudio.ui.state.looks import Looks

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

Mode = Literal["new", "import", "browse"]
AREA = "train"


class DataState(QObject):
    """`current` names the chosen dataset, "" while there is none.

    `mode` is what the data page shows: "new" (starters and a place to drop), "import" (the sheet)
    or "browse". `augmentation_chosen(dict)` hands flip, shift, colour, cutout, policy to training.
    """

    changed = Signal()
    chosen = Signal(str)
    mode_changed = Signal(str)
    report_ready = Signal(object)
    page_ready = Signal(int)
    preview_ready = Signal(int, bytes)
    starter_progressed = Signal(str, float, float)
    augmentation_chosen = Signal(object)
    edited = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)
    area_wanted = Signal(str)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._datasets: list[Dataset] = []
        self._starters: dict[str, str] = {}
        self._starter_jobs: dict[str, str] = {}
        self._mode: Mode = "new"
        self._new_wanted = False
        self.current = ""
        self.looks = Looks(studio.data_looker, self)
        self.browsing = BrowseState(self.looks, self)
        self.augmenting = AugmentState(self.looks, self)
        self.fitting = FitState(self.looks, self.browsing, self)
        self.importing = ImportState(studio, self)
        self._connect()

    def _connect(self) -> None:
        browsing, importing = self.browsing, self.importing
        browsing.said.connect(self.said)
        for part in (browsing, importing, self.augmenting, self.fitting):
            part.problem.connect(self.problem)
        browsing.page_ready.connect(self.page_ready)
        browsing.preview_ready.connect(self.preview_ready)
        browsing.edited.connect(lambda _name: self._studio.datasets.changed())
        importing.changed.connect(self._import_changed)
        importing.added.connect(self._imported)
        importing.added_behind.connect(self._imported_behind)
        self.augmenting.chosen.connect(self.augmentation_chosen)
        self.augmenting.chosen.connect(
            lambda _values: self.said.emit("Training will use this augmentation", "", None)
        )

    # ---- reading

    def datasets(self) -> list[Dataset]:
        """All datasets, as read at the last `refresh`."""
        return self._datasets

    def names(self) -> list[str]:
        """Their names."""
        return [found.name for found in self._datasets]

    def find(self, name: str) -> Dataset | None:
        """The dataset called `name`."""
        return next((found for found in self._datasets if found.name == name), None)

    @property
    def dataset(self) -> Dataset | None:
        """The chosen dataset."""
        return self.find(self.current)

    @property
    def mode(self) -> Mode:
        """What the data page shows."""
        return self._mode

    @property
    def report(self) -> object:
        """The report of the import under way, None while there is none."""
        return self.importing.report

    def problems(self) -> list[Problem]:
        """Datasets that cannot be read, with the reason."""
        return list(self._studio.datasets.problems)

    def starters(self) -> list[Any]:
        """The small datasets that ship with the program."""
        try:
            return list(self._studio.datasets.starters())
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return []

    def adding_starter(self, name: str) -> bool:
        """Whether a starter is on its way."""
        return name in self._starter_jobs.values()

    # ---- choosing

    def choose(self, name: str) -> None:
        """Choose a dataset and show it; unknown names are ignored."""
        if name not in self.names():
            return
        other = name != self.current
        self.current = name
        if other or self.browsing.name != name:
            self.browsing.open(self.dataset)
        self._show("browse")
        if other:
            self.chosen.emit(name)
            self.edited.emit()

    def open_new(self) -> None:
        """Show the starters and the place to drop files."""
        self._new_wanted = True
        self._show("new")

    def show_import(self) -> None:
        """Show the sheet of the import under way."""
        if self.importing.active:
            self._show("import")

    def close_new(self) -> None:
        """Back to the chosen dataset."""
        self._show("browse" if self.current else "new")

    def refresh(self) -> None:
        """Read the shelf again; keeps the choice while that dataset is there."""
        self._datasets = self._studio.datasets.list()
        names, before = self.names(), self.current
        if self.current not in names:
            self.current = names[0] if names else ""
        if self.browsing.name != self.current:
            self.browsing.open(self.dataset)
        if self._mode == "browse" and not self.current:
            self._show("new")
        elif self._mode == "new" and self.current and not self._new_wanted:
            self._show("browse")
        if self.current != before:
            self.chosen.emit(self.current)
        self.changed.emit()

    # ---- in and out

    def look(self, paths: Sequence[str | Path]) -> None:
        """Show what these files would become: the import sheet, with its report to come."""
        if paths:
            self.importing.look([Path(path) for path in paths])
            self._show("import")
            self.area_wanted.emit(AREA)

    def add(self, fields: Fields) -> None:
        """Make a dataset of what was looked at."""
        self.importing.add(fields)

    def leave_import(self) -> None:
        """Give the import up; the files can be looked at again."""
        paths, subject, had = self.importing.paths, self.importing.subject, self.importing.report
        self.importing.leave()
        self.close_new()
        if had is not None:
            self.said.emit(f"{subject} was not added", "Look again", lambda: self.look(paths))

    def add_starter(self, name: str) -> None:
        """Take a starter into the datasets, or show it when it is there already."""
        if name in self.names():
            self.choose(name)
        elif not self.adding_starter(name):
            title = next((s.title for s in self.starters() if s.name == name), name)
            try:
                job = self._studio.queue.submit_work(
                    "files", "add_starter", {"name": name}, f"Add {title}"
                )
            except GenStudioError as error:
                self.problem.emit(error.problem)
                return
            self._starter_jobs[job] = name
            self.changed.emit()

    def remove(self, name: str = "") -> None:
        """Move a dataset (the chosen one) to the trash; the undo is offered at once."""
        name = name or self.current
        found = self.find(name)
        if found is None:
            return
        try:
            self._studio.datasets.remove(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.refresh()
        title = found.title or name
        self.said.emit(f"{title} was removed", "Undo", lambda: self.restore(name))

    def restore(self, name: str) -> None:
        """Bring a removed dataset back and show it."""
        try:
            self._studio.datasets.restore(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.refresh()
        self.choose(name)

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the jobs this state has asked for."""
        self.importing.on_event(event)
        starter = self._starter_jobs.get(event.job)
        if starter is None:
            return
        if isinstance(event, Progress):
            self.starter_progressed.emit(starter, event.done, event.total)
        elif isinstance(event, (Done, Cancelled, Failed)):
            del self._starter_jobs[event.job]
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            elif isinstance(event, Done):
                self._added(str(event.data.get("dataset") or starter))
            self.changed.emit()

    def _added(self, name: str) -> None:
        self.refresh()
        self.choose(name)

    def _imported(self, name: str, words: str) -> None:
        """Show it, unless one has gone on to something else in the meantime."""
        if self._mode == "import":
            self._added(name)
            self.said.emit(words, "", None)
        else:
            self._imported_behind(name, words)

    def _imported_behind(self, name: str, words: str) -> None:
        self.refresh()
        self.said.emit(words, "Show", lambda: self.choose(name))

    def _import_changed(self) -> None:
        importing = self.importing
        if importing.report is not None:
            self.report_ready.emit(importing.report)
        if self._mode == "import" and not importing.active:
            self.close_new()
        elif self._mode != "import" and importing.phase == "ready":
            self.said.emit(f"{importing.subject} was looked at", "Show", self.show_import)
        elif self._mode != "import" and importing.phase == "failed" and importing.trouble:
            self.problem.emit(importing.trouble)

    def _show(self, mode: Mode) -> None:
        self._new_wanted = self._new_wanted and mode == "new"
        if mode != self._mode:
            self._mode = mode
            self.mode_changed.emit(mode)

    # ---- session

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {"current": self.current}

    def take(self, kept: dict[str, object]) -> None:
        """Take what the session kept; call `refresh` afterwards."""
        self.current = str(kept.get("current", ""))

    def close(self) -> None:
        """Let threads and timers end."""
        self.browsing.close()
        self.looks.close()
