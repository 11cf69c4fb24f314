"""TableState: templates with their fields, and one text for each row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError, Problem, UsageError
from genstudio.core.events import ENDS, Done, Event, Failed
from genstudio.core.family import Task
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.core.template import Template
from genstudio.studio import tables
from genstudio.studio.requests import make_request
from genstudio.studio.tables import Table
from genstudio.ui.state.looks import Looks
from genstudio.ui.state.words import several, short_path
from genstudio.ui.state.writing_state import WritingState

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

MOST_HERE = 1000
"""Checking more rows would hold the window for longer than a blink."""
TABLE = "table"


@dataclass(frozen=True)
class Source:
    """A table that was read, or why it could not be."""

    path: Path
    table: Table | None = None
    problem: str = ""
    reading: bool = False


class TableState(QObject):
    """`template` with `values` in its fields; `source` a table; `begin` writes all rows."""

    changed = Signal()
    edited = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(
        self, studio: Studio, writing: WritingState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._studio, self._writing = studio, writing
        self._looks = Looks(studio.looker, self)
        self._chosen = ""
        self._typed: dict[str, dict[str, str]] = {}
        self._jobs: dict[str, tuple[str, str]] = {}
        self._exports: set[str] = set()
        self._target: Path | None = None
        self.source: Source | None = None
        writing.ask.model_changed.connect(self.changed)

    def close(self) -> None:
        """Read no more."""
        self._looks.close()

    # ---- templates

    @property
    def templates(self) -> list[Template]:
        """All, those that the chosen model learned first."""
        model = self._writing.ask.model
        return self._studio.templates.list(model.id if model else "")

    @property
    def template(self) -> Template | None:
        """The chosen one, else the first."""
        found = self.templates
        return next((one for one in found if one.id == self._chosen), found[0] if found else None)

    def choose(self, name: str) -> None:
        """Another template, by its id."""
        if name != self._chosen:
            self._chosen = name
            self._say()

    @property
    def learned(self) -> bool:
        """Whether the chosen model learned this form."""
        template, model = self.template, self._writing.ask.model
        return bool(template and model and model.id in template.models)

    @property
    def learner(self) -> Model | None:
        """A model that learned this form, while the chosen one did not."""
        template = self.template
        if template is None or self.learned:
            return None
        models = self._writing.ask.models
        return next((model for model in models if model.id in template.models), None)

    def use_learner(self) -> None:
        """Choose the model that learned this form."""
        learner, template = self.learner, self.template
        if learner is not None and template is not None:
            self.choose(template.id)
            self._writing.ask.set_model(learner.id)

    @property
    def values(self) -> dict[str, str]:
        """What is typed into the fields of the template."""
        return dict(self._typed.get(self.template.id, {})) if self.template else {}

    def set_value(self, name: str, value: str) -> None:
        """A field is filled in."""
        if self.template is not None:
            self._typed.setdefault(self.template.id, {})[name] = value
            self.edited.emit()

    def filled(self) -> tuple[str, dict[str, Json]]:
        """The prompt and what it sets, checked; raises UsageError."""
        template, task = self._both()
        settings = {**template.settings(self.values), **self._stop(template)}
        values: dict[str, Json] = {}
        for control in task.controls:
            if control.name in settings:
                values[control.name] = control.parse(settings[control.name])  # type: ignore[union-attr]
        return template.filled(self.values), values

    def keep(self, template: Template) -> None:
        """Keep a template of the user's and choose it."""
        try:
            self._studio.templates.keep(template)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self._chosen = template.id
        self._say()

    @property
    def own(self) -> bool:
        """Whether the chosen template may be taken away."""
        return self.template is not None and self._studio.templates.is_own(self.template.name)

    def remove(self) -> None:
        """Take the user's own template away; it can be brought back."""
        if self.template is None:
            return
        try:
            gone = self._studio.templates.remove(self.template.name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self._say()
        self.said.emit(f"{gone.name} was removed", "Undo", lambda: self.keep(gone))

    def _stop(self, template: Template) -> dict[str, str]:
        return {"stop": template.stop} if template.stop else {}

    def _both(self) -> tuple[Template, Task]:
        task = self._writing.continuing()
        if self.template is None or task is None:
            raise UsageError("No model that goes on with a text is chosen")
        return self.template, task

    # ---- a table

    def set_source(self, path: Path | None) -> None:
        """Have another process read a table."""
        self._looks.forget(TABLE)
        self._target = None
        self.source = Source(path, reading=True) if path else None
        if path is not None:
            self._looks.ask(
                TABLE,
                "read_table",
                {"path": str(path)},
                lambda data: self._read(path, data),
                failed=lambda problem: self._failed(path, problem),
            )
        self._say()

    def _read(self, path: Path, data: dict[str, Json]) -> None:
        entries: Any = data
        rows = tuple(tuple(str(cell) for cell in row) for row in entries["rows"])
        columns = tuple(str(name) for name in entries["columns"])
        self.source = Source(path, Table(columns, rows, str(entries["separator"])))
        self.changed.emit()

    def _failed(self, path: Path, problem: Problem) -> None:
        self.source = Source(path, problem=problem.what)
        self.changed.emit()

    @property
    def target(self) -> Path | None:
        """Where the table with the texts goes: beside the one that was given."""
        if self._target is not None or self.source is None:
            return self._target
        return self.source.path.with_name(f"{self.source.path.stem}-written.csv")

    def set_target(self, path: Path) -> None:
        """Write it elsewhere."""
        self._target = path
        self.changed.emit()

    def rows(self) -> int:
        """How many texts `begin` would write; 0 while something is missing."""
        table = self.source.table if self.source else None
        if table is None or self.template is None or self._writing.continuing() is None:
            return 0
        return len(table.rows) if tables.matched(table, self.template)[0] else 0

    def told(self) -> str:
        """What the table comes to, or why not."""
        source, template = self.source, self.template
        if source is None or template is None:
            return ""
        if source.reading:
            return f"Reading {source.path.name}…"
        if source.table is None:
            return source.problem
        found, missing = tables.matched(source.table, template)
        if not found:
            names = ", ".join(field.label for field in template.fields)
            return f"No column is a field of {template.name}. Call columns {names}."
        if len(source.table.rows) > MOST_HERE:
            return f"{len(source.table.rows):,} rows: at most {MOST_HERE:,} go here at once."
        taken = ", ".join(source.table.columns[place] for place in found.values())
        words = f"{several(len(source.table.rows), 'row')}, with {taken}."
        words += f" From the form: {', '.join(missing)}." if missing else ""
        gaps = [n for n, at in found.items() if not all(r[at].strip() for r in source.table.rows)]
        return f"{words} Empty cells take the form's {', '.join(gaps)}." if gaps else words

    def begin(self) -> str:
        """Queue a text for each row; the job, "" (and a sentence) when refused."""
        try:
            series = self._series()
            assert self.source is not None
            assert self.source.table is not None
            data = tables.to_bytes(self.source.table)
            job = tables.start(self._studio.home, self._studio.queue, series, data)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""
        self._jobs[job] = (series.id, str(self.target))
        self.edited.emit()
        return job

    def _series(self) -> Series:
        template, task = self._both()
        model, source = self._writing.ask.model, self.source
        if source is None or source.table is None or model is None:
            raise UsageError("Choose a table first", next_step="Drop a .csv file here.")
        if len(source.table.rows) > MOST_HERE:
            raise UsageError(
                f"At most {MOST_HERE:,} rows go here at once",
                next_step="Cut the table, or use `genstudio generate --prompts` for all of it.",
            )
        known = {control.name for control in task.controls}
        values = {n: v for n, v in self._writing.ask.values.items() if n in known}
        base = make_request(model, task.name, values, seed=self._writing.ask.next_seed())
        return tables.of_table(model, base, source.table, template, self.values, source.path.name)

    # ---- events

    def on_event(self, event: Event) -> None:
        """A job of rows ended: write the table; it was written: say so."""
        if not isinstance(event, ENDS):
            return
        if event.job in self._jobs:
            series, target = self._jobs.pop(event.job)
            body: dict[str, Json] = {"series": series, "target": target}
            try:
                job = self._studio.queue.submit_work("files", "export_table", body, "Write table")
                self._exports.add(job)
            except GenStudioError as error:
                self.problem.emit(error.problem)
            self.edited.emit()
        elif event.job in self._exports:
            self._exports.discard(event.job)
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            elif isinstance(event, Done):
                texts, rows = event.data.get("texts"), event.data.get("rows")
                place = short_path(Path(str(event.data.get("path", ""))))
                self.said.emit(f"{texts} of {rows} texts written to {place}", "", None)

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """What is typed and chosen, and the tables on their way, as JSON."""
        jobs = {job: list(both) for job, both in self._jobs.items()}
        source = str(self.source.path) if self.source else ""
        return {"template": self._chosen, "typed": self._typed, "source": source, "jobs": jobs}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; the table is read again."""
        self._chosen = str(saved.get("template", ""))
        typed, jobs = saved.get("typed"), saved.get("jobs")
        for name, values in typed.items() if isinstance(typed, dict) else ():
            if isinstance(values, dict):
                self._typed[str(name)] = {str(k): str(v) for k, v in values.items()}
        for job, both in jobs.items() if isinstance(jobs, dict) else ():
            if isinstance(both, list) and len(both) == 2:
                self._jobs[str(job)] = (str(both[0]), str(both[1]))
        source = str(saved.get("source", ""))
        if source and Path(source).is_file():
            self.set_source(Path(source))
        self.changed.emit()

    def _say(self) -> None:
        self.changed.emit()
        self.edited.emit()
