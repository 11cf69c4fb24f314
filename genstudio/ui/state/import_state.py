"""ImportState: from files to a dataset: a look with a report, the user's words, the adding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Event, Failed, Preview, Progress
from genstudio.core.stored import Json, to_name
from genstudio.ui.state.data_words import Report, report_of, things
from genstudio.ui.state.results import decoded

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

Phase = Literal["", "checking", "ready", "adding", "failed"]
FIRST_PICTURES = 12


@dataclass(frozen=True)
class Fields:
    """What the user says about the data."""

    title: str = ""
    copy: bool = False
    licence: str = ""
    attribution: str = ""
    consent: str = ""
    skip_near: bool = False


class ImportState(QObject):
    """One import at a time. `changed` after each change of `phase`, `report` or `trouble`.

    Another look does not end an adding: it goes on behind, and ends with `added_behind`.
    """

    changed = Signal()
    progressed = Signal(float, float, str)
    preview_ready = Signal(int, bytes)
    added = Signal(str, str)
    added_behind = Signal(str, str)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.phase: Phase = ""
        self.paths: tuple[Path, ...] = ()
        self.column = ""
        self.report: Report | None = None
        self.trouble: Problem | None = None
        self.pictures: dict[int, bytes] = {}
        self._job = ""
        self._title = ""
        self._behind: dict[str, tuple[str, Report]] = {}

    # ---- reading

    @property
    def active(self) -> bool:
        """Whether the sheet has something to show."""
        return bool(self.phase)

    @property
    def subject(self) -> str:
        """What is imported, in a few words: `fruits` or `a.png and 11 more`."""
        if not self.paths:
            return ""
        more = f" and {len(self.paths) - 1} more" if len(self.paths) > 1 else ""
        return f"{self.paths[0].name}{more}"

    def free_name(self, title: str) -> str:
        """A name for the dataset's folder that no other dataset has."""
        taken = {found.name for found in self._studio.datasets.list()}
        wanted = to_name(title, "data")
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted[:60]}-{number}", number + 1
        return name

    # ---- acting

    def look(self, paths: Sequence[Path]) -> None:
        """Have a worker read everything and report; nothing is kept yet."""
        if self.phase == "adding" and self.report is not None:
            self._behind[self._job] = (self._title, self.report)
            self._job = ""
        self.leave()
        self.paths = tuple(paths)
        if self.paths:
            self.column = ""
            self._check()

    def choose_column(self, column: str) -> None:
        """Take the texts of a csv or jsonl from this column: the look is done again."""
        if column != self.column and self.phase in ("ready", "failed"):
            self.column = column
            self._check()

    def again(self) -> None:
        """Look once more, after a failure."""
        if self.paths:
            self._check()

    def add(self, fields: Fields) -> None:
        """Make the dataset; `added(name, words)` when it is there."""
        if self.phase != "ready" or self.report is None:
            return
        self._title = fields.title.strip() or self.report.title or self.subject
        body = self._body()
        body |= {
            "name": self.free_name(self._title),
            "title": self._title,
            "copy": fields.copy,
            "licence": fields.licence,
            "attribution": fields.attribution,
            "consent": fields.consent,
            "near": "skip" if fields.skip_near else "note",
        }
        self._start("adding", "add_dataset", body, f"Add {self._title}")

    def leave(self) -> None:
        """Give up; what runs is stopped and leaves nothing behind."""
        if self._job:
            self._studio.queue.cancel(self._job)
        self._job = ""
        self._to("")

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the job of this import, and those behind it."""
        if event.job in self._behind:
            self._end_behind(event)
        if not self._job or event.job != self._job:
            return
        if isinstance(event, Progress):
            self.progressed.emit(event.done, event.total, event.text)
        elif isinstance(event, Preview):
            self._keep_picture(event)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._job = ""
            self._end(event)

    def _keep_picture(self, event: Preview) -> None:
        picture = decoded(event)
        if picture and 0 <= event.index < FIRST_PICTURES:
            self.pictures[event.index] = picture
            self.preview_ready.emit(event.index, picture)

    def _end(self, event: Done | Cancelled | Failed) -> None:
        if isinstance(event, Failed):
            self.trouble = event.problem
            # A look that failed cannot be added; an adding that failed can be tried again.
            adding = self.phase == "adding"
            self._to("ready" if adding else "failed")
            if adding:
                self.problem.emit(event.problem)
        elif isinstance(event, Cancelled):
            self._to("ready" if self.phase == "adding" else "")
        elif self.phase == "checking":
            self.report = report_of(event.data)
            self.column = self.report.column or self.column
            self._to("ready")
        else:
            self._finish(event)

    def _finish(self, event: Done) -> None:
        if self.report is not None:
            self.added.emit(*_told(event, self._title, self.report))
        self._to("")

    def _end_behind(self, event: Event) -> None:
        if isinstance(event, (Done, Cancelled, Failed)):
            title, report = self._behind.pop(event.job)
            if isinstance(event, Done):
                self.added_behind.emit(*_told(event, title, report))
            elif isinstance(event, Failed):
                self.problem.emit(event.problem)

    # ---- inside

    def _body(self) -> dict[str, Json]:
        body: dict[str, Json] = {"path": str(self.paths[0])}
        if len(self.paths) > 1:
            body["paths"] = [str(path) for path in self.paths]
        if self.column:
            body["column"] = self.column
        return body

    def _check(self) -> None:
        self.pictures = {}
        self.report = None
        self._start("checking", "check_dataset", self._body(), f"Look at {self.subject}")

    def _start(self, phase: Phase, work: str, body: dict[str, Json], title: str) -> None:
        self.trouble = None
        try:
            self._job = self._studio.queue.submit_work("files", work, body, title)
        except GenStudioError as error:
            self.trouble = error.problem
            self.problem.emit(error.problem)
            return
        self._to(phase)

    def _to(self, phase: Phase) -> None:
        self.phase = phase
        if not phase:
            self.report = None
            self.pictures = {}
        self.changed.emit()


def _told(event: Done, title: str, report: Report) -> tuple[str, str]:
    """Name of a dataset that was made, and the words for it."""
    found = event.data.get("count")
    count = report.total
    if isinstance(found, int):
        count = found + int(str(event.data.get("test_count") or 0))
    name = str(event.data.get("dataset") or "")
    return name, f"{title} was added: {things(report.kind, count)}"
