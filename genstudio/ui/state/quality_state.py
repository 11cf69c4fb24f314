"""QualityState: how good models are: measuring, what was measured, copies, cards that go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import QObject, Signal

from genstudio.core import comparing, evaluations, subjects
from genstudio.core.comparing import Table
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Cancelled, Done, Event, Failed, Log, Progress
from genstudio.core.job import Job
from genstudio.core.manifest import Manifest, Score
from genstudio.core.measures import MEASURES, Measure
from genstudio.core.stored import Json
from genstudio.studio import word_lists
from genstudio.ui.state.models_state import ModelsState

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

MOST_COMPARED = 6
MOST_SCORES = 60
_OPEN = ("waiting", "running", "paused")
_SCORES = TypeAdapter(list[Score])


@dataclass
class Measuring:
    """An evaluation on its way. `total` 0: not begun, or unknown."""

    job: str
    model: str
    data: str = ""
    waiting: bool = True
    done: float = 0.0
    total: float = 0.0
    text: str = ""


class QualityState(QObject):
    """`changed(model id)`: scores or an evaluation came or went; `progressed`: it moved on."""

    changed = Signal(str)
    progressed = Signal(str)
    compared_changed = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, models: ModelsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._models = studio, models
        self._works: dict[str, Measuring] = {}
        self._cards: dict[str, Path] = {}
        self._fresh: dict[tuple[str, str], tuple[Score, ...]] = {}
        self._read: dict[str, tuple[Manifest, tuple[int, int], tuple[Score, ...]]] = {}
        self._picked: set[str] = set()
        self.refresh()

    # ---- reading

    def scores(self, model: Model) -> tuple[Score, ...]:
        """The newest number of each metric: on the card, measured here, measured just now.

        The last are only needed where the data folder cannot be written.
        """
        fresh = self._fresh.get(_key(model), ())
        return evaluations.merged(self._kept(model), fresh) if fresh else self._kept(model)

    def _kept(self, model: Model) -> tuple[Score, ...]:
        """The scores on disk, read again only when their file or the package changed."""
        home, manifest = self._studio.home, model.manifest
        path = evaluations.folder(home, model.id) / evaluations.EVALUATION_FILE
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
        except OSError:
            stamp = (0, 0)
        known = self._read.get(model.id)
        if known is None or known[0] is not manifest or known[1] != stamp:
            known = manifest, stamp, evaluations.scores(home, manifest)
            self._read[model.id] = known
        return known[2]

    def measuring(self, model_id: str) -> Measuring | None:
        """The evaluation of a model that waits or runs."""
        return next((work for work in self._works.values() if work.model == model_id), None)

    def measures(self, model: Model) -> list[Measure]:
        """What can be measured of this model."""
        able = {task.name for task in model.tasks}
        if any(task.prompt for task in model.tasks if task.name == "sample"):
            able.add("prompt")
        kind = subjects.of(model.modality).kind
        return [m for m in MEASURES.values() if m.task in able and kind in m.kinds]

    def word_lists(self) -> Path | None:
        """The folder with word lists to edit, made where it is not there; None after a problem."""
        try:
            return word_lists.editable(self._studio.home)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None

    def datasets(self, model: Model) -> list[Dataset]:
        """Datasets that a model can be compared with, the likeliest first."""
        kind = subjects.of(model.modality).kind
        found = [data for data in self._studio.datasets.list() if data.kind == kind]
        used = {str(score.settings.get("data", "")) for score in self.scores(model)}
        hashes = {data.sha256 for data in model.manifest.trained_on if data.sha256}
        titles = {data.name.casefold() for data in model.manifest.trained_on}
        found.sort(
            key=lambda data: (
                data.name not in used,
                data.sha256 not in hashes,
                data.title.casefold() not in titles,
                data.title.casefold(),
            )
        )
        return found

    def judges(self, model: Model) -> list[Model]:
        """The models that can look at samples of `model`; none for a judge itself."""
        if model.modality == "judge" or not subjects.of(model.modality).judged:
            return []
        return [found for found in self._models.models if found.modality == "judge"]

    def pairs(self, model: Model) -> Path | None:
        """The sheet of samples beside their nearest training pictures, where there is one."""
        return evaluations.nearest(self._studio.home, model.manifest)

    # ---- comparing

    def comparable(self) -> list[Model]:
        """Models that do the same as the chosen one and have numbers."""
        chosen = self._models.model
        if chosen is None:
            return []
        return [
            model
            for model in self._models.models
            if model.modality == chosen.modality and self.scores(model)
        ]

    def compared(self) -> list[Model]:
        """The models in the comparison: those that were picked, else the chosen one and others."""
        found = self.comparable()
        picked = [model for model in found if model.id in self._picked]
        if picked:
            return picked
        found.sort(key=lambda model: model.id != self._models.current)
        return found[:MOST_COMPARED]

    def pick(self, model_id: str, on: bool) -> None:
        """Take a model into the comparison or out of it; the last one stays."""
        now = {model.id for model in self.compared()}
        after = now | {model_id} if on else now - {model_id}
        if after and after != now and len(after) <= MOST_COMPARED:
            self._picked = after
        self.compared_changed.emit()

    def table(self) -> Table:
        """The comparison."""
        rows = [(model.title, self.scores(model)[:MOST_SCORES]) for model in self.compared()]
        return comparing.table(rows)

    # ---- acting

    def evaluate(
        self,
        model_id: str,
        data: str,
        samples: int,
        metrics: Sequence[str] = (),
        seed: int = 0,
        judge: str = "",
    ) -> str:
        """Evaluate a model in the generate worker; the job id.

        No `metrics`: all that suit; no `judge`: the one that suits best.
        """
        names: list[Json] = list(metrics)
        body: dict[str, Json] = {
            "model": model_id,
            "data": data,
            "metrics": names,
            "samples": samples,
            "seed": seed,
        }
        if judge:
            body["judge"] = judge
        title = f"Evaluate {self._models.title(model_id)}"
        job = self._submit("generate", "evaluate", body, title)
        if job:
            self._works[job] = Measuring(job, model_id, data)
            self.changed.emit(model_id)
        return job

    def cancel(self, model_id: str) -> None:
        """Stop evaluating a model."""
        work = self.measuring(model_id)
        if work is not None:
            self._studio.queue.cancel(work.job)

    def export_card(self, model_id: str, target: Path, pairs: bool = False) -> str:
        """Write a model's card as HTML or Markdown (by the suffix) in the files worker.

        `pairs`: with the nearest training pictures, which shows some of the data.
        """
        body: dict[str, Json] = {
            "model": model_id,
            "target": str(target),
            "replace": True,
            "pairs": pairs,
        }
        job = self._submit("files", "export_card", body, f"Card of {self._models.title(model_id)}")
        if job:
            self._cards[job] = target
        return job

    # ---- events

    def refresh(self) -> None:
        """Look for evaluations in the queue that somebody else asked for or that were resumed."""
        known = {job.id: job for job in self._studio.queue.jobs() if job.work == "evaluate"}
        for job in known.values():
            work = self._works.get(job.id)
            if job.state not in _OPEN:
                continue  # its end is told by an event
            if work is None:
                work = self._works[job.id] = _measuring(job)
                self.changed.emit(work.model)
            if work.waiting != (job.state != "running"):
                work.waiting = job.state != "running"
                self.progressed.emit(work.model)
        for name in [name for name in self._works if name not in known]:
            self._end(name)

    def on_event(self, event: Event) -> None:
        """Follow evaluations and cards."""
        if event.job in self._cards:
            self._on_card(event)
        work = self._works.get(event.job)
        if work is None:
            return
        if isinstance(event, Progress):
            work.done, work.total, work.text = event.done, event.total, event.text
            work.waiting = False
            self.progressed.emit(work.model)
        elif isinstance(event, Log) and event.level == "warning":
            self.said.emit(event.text, "", None)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._take(work, event)
            self._end(event.job)

    def _take(self, work: Measuring, event: Done | Cancelled | Failed) -> None:
        title = self._models.title(work.model)
        if isinstance(event, Failed):
            self.problem.emit(event.problem)
        elif isinstance(event, Done):
            found = _scores(event.data)
            model = self._models.find(work.model)
            if model is not None and not _all_in(found, self._kept(model)):
                before = self._fresh.get(_key(model), ())
                self._fresh[_key(model)] = evaluations.merged(before, found)
            elif model is not None:
                self._fresh.pop(_key(model), None)
            self.said.emit(f"{title} was evaluated", "", None)

    def _end(self, job: str) -> None:
        work = self._works.pop(job, None)
        if work is not None:
            self.changed.emit(work.model)

    def _on_card(self, event: Event) -> None:
        if isinstance(event, (Done, Cancelled, Failed)):
            target = self._cards.pop(event.job)
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            elif isinstance(event, Done):
                self.said.emit(f"Written: {event.data.get('path', target)}", "", None)

    def _submit(self, role: str, work: str, body: dict[str, Json], title: str) -> str:
        try:
            return self._studio.queue.submit_work(role, work, body, title)  # type: ignore[arg-type]
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""


def _all_in(scores: Sequence[Score], known: Sequence[Score]) -> bool:
    return all(score in known for score in scores)


def _key(model: Model) -> tuple[str, str]:
    """Scores belong to weights: a model trained anew under the same id has none yet."""
    return model.id, model.manifest.sha256


def _measuring(job: Job) -> Measuring:
    return Measuring(job.id, str(job.body.get("model", "")), str(job.body.get("data", "")))


def _scores(data: dict[str, Json]) -> list[Score]:
    try:
        return _SCORES.validate_python(data.get("scores", []))
    except ValidationError:
        return []
