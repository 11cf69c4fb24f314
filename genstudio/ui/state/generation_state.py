"""GenerationState: asks, fills places as answers come, redraws live, goes back through rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.artifact import Artifact
from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Cancelled, Done, Event, Failed, Log, Preview, Result
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.live import LiveLoop
from genstudio.ui.state.prompt_state import PromptState
from genstudio.ui.state.remake import (
    restored_rounds,
    round_snapshot,
    sketch_over,
    task_of,
    variation_values,
)
from genstudio.ui.state.results import Place, Round, places_for
from genstudio.ui.state.sweep_state import ONCE, SweepState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

MAX_ROUNDS = 30
MAX_LIVE_PLACES = 64
REST_MS = 180
_ONE, _ALL = "one", "all"


class GenerationState(QObject):
    """`shown` is the round on screen; `place_changed(i)` asks for one place to be drawn again."""

    round_changed = Signal()
    place_changed = Signal(int)
    running_changed = Signal()
    finished = Signal(object)
    needs_input = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.looker = studio.looker
        self.ask = AskState(studio, self)
        self.prompts = PromptState(studio, self.ask, self)
        self.many = SweepState(studio, self.ask, self)
        self.rounds: list[Round] = []
        self.sketch: Round | None = None
        self.focus = 0
        self._position = -1
        self._live = LiveLoop(self._send_live, self)
        self._live_kind = _ONE
        self._live_place = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._redraw_all)
        self.ask.model_changed.connect(self.drop_sketch)
        self.ask.task_changed.connect(self.drop_sketch)
        for part in (self.prompts, self.many):
            part.said.connect(self.said)
            part.problem.connect(self.problem)
            part.edited.connect(self.edited)

    # ---- what is shown

    @property
    def shown(self) -> Round | None:
        """The sketch of a live drag, else the chosen round."""
        if self.sketch is not None:
            return self.sketch
        return self.rounds[self._position] if 0 <= self._position < len(self.rounds) else None

    @property
    def position(self) -> tuple[int, int]:
        """(number of the shown round from 1, how many there are)."""
        return self._position + 1, len(self.rounds)

    def step_round(self, by: int) -> None:
        """Go to an older (-1) or newer (+1) round; a sketch is dropped first."""
        if self.sketch is not None:
            self.drop_sketch()
            return
        position = min(max(0, self._position + by), len(self.rounds) - 1)
        if self.rounds and position != self._position:
            self._position = position
            self.focus = 0
            self.round_changed.emit()
            self.edited.emit()

    @property
    def running(self) -> Round | None:
        """The oldest round that still waits for answers."""
        return next((r for r in self.rounds if r.running), None)

    def artifact_of(self, place: Place) -> Artifact | None:
        """The gallery record of a finished place."""
        if not place.artifact:
            return None
        try:
            return self._studio.gallery.get(place.artifact)
        except GenStudioError:
            return None

    # ---- asking

    def submit(self) -> Round | None:
        """Ask for what the form says, `ask.times` times with following seeds.

        Keeps the seed of a sketch: what is seen is what is kept.
        """
        missing = self.many.missing()
        if missing:
            self.needs_input.emit(missing[0].name)
            return None
        if self.many.mode != ONCE:
            return self._submit_many()
        sketch = self.sketch
        seed = sketch.request.seed if sketch else self.ask.next_seed()
        first = sketch.request.first if sketch else self.ask.first
        try:
            request = self.ask.request(seed, first=first)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None
        self._forget_sketch()
        self.prompts.remember()
        seeds = [(seed + number) % (MAX_SEED + 1) for number in range(self.ask.times)]
        requests = [request.model_copy(update={"seed": s}) for s in seeds]
        if self.ask.task.output == "image":  # type: ignore[union-attr]
            return self.start(*requests)
        found = [asked for r in requests if (asked := self.start(r)) is not None]
        if found:  # each has a page of its own: look at the one that is made first
            self.step_round(1 - len(found))
        return found[0] if found else None

    def _submit_many(self) -> Round | None:
        """A sweep or a list, as one round with one job."""
        asked = self.many.begin(self.ask.next_seed(), self.ask.first)
        if asked is None:
            return None
        self._forget_sketch()
        self.prompts.remember()
        return self.show(asked)

    def submit_next(self) -> Round | None:
        """The same, before everything that waits in the queue."""
        asked = self.submit()
        for job in reversed(asked.open_jobs if asked else []):
            self._studio.queue.move(job, 0)
        return asked

    def start(self, request: Request, *more: Request) -> Round | None:
        """Put requests of one task into the queue and lay out their places in one round.

        None when the first was refused; a refused one of `more` is said and the rest left out.
        """
        found = task_of(self.ask, request)
        if found is None:
            return None
        title, task = found
        asked = Round(request, title, task.output, places_for(task, request))
        try:
            asked.job = self._studio.queue.submit(request, title=title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None
        self._add_parts(asked, task, (request, *more) if more else ())
        return self.show(asked)

    def show(self, asked: Round) -> Round:
        """Lay out one more round, or one that was there, and look at it."""
        self.rounds = [*(r for r in self.rounds if r is not asked), asked][-MAX_ROUNDS:]
        self._position = len(self.rounds) - 1
        self.focus = 0
        self.round_changed.emit()
        self.running_changed.emit()
        self.edited.emit()
        return asked

    def _add_parts(self, asked: Round, task: Task, requests: Sequence[Request]) -> None:
        if requests:
            asked.places = []
        for request in requests:
            try:
                job = asked.job if request is asked.request else ""
                job = job or self._studio.queue.submit(request, title=asked.title)
            except GenStudioError as error:
                self.problem.emit(error.problem)
                return
            asked.add(task, request, job)

    def cancel(self) -> bool:
        """Stop the running round, or else leave the sketch; False when there was neither."""
        running = self.running
        if running is not None:
            for job in reversed(running.open_jobs):  # those that wait first, or they would begin
                self._studio.queue.cancel(job)
            return True
        if self.sketch is not None:
            self.drop_sketch()
            return True
        return False

    # ---- again, and differently

    def use_settings_of(self, artifact: Artifact) -> bool:
        """Model, task, values, inputs and seed of an artifact; what is gone is said."""
        return self._adopt(artifact.provenance.request, seed=True)

    def remix(self, artifact: Artifact) -> bool:
        """Everything but the seed."""
        return self._adopt(artifact.provenance.request, seed=False)

    def use_request(self, request: Request) -> bool:
        """Settings read from a dropped file."""
        return self._adopt(request, seed=True)

    def use_seed(self, artifact: Artifact) -> None:
        """Seed and place of an artifact, locked: the next press starts with that very picture."""
        provenance = artifact.provenance
        self.ask.set_seed(provenance.request.seed, locked=True, first=provenance.index)
        self.said.emit(f"Seed {provenance.request.seed} is locked", "", None)

    def variations_of(self, artifact: Artifact) -> Round | None:
        """Ask for pictures near this one; None (and a sentence) where its task has no such way."""
        request = artifact.provenance.request
        values = variation_values(self.ask, request, artifact.provenance.index)
        if values is None:
            self.said.emit("This task makes no variations.", "", None)
            return None
        return self.start(request.model_copy(update={"values": values, "first": 0}))

    def can_vary(self) -> bool:
        """True when the shown round's task has a `variation` control."""
        return bool(self.shown) and variation_values(self.ask, self.shown.request, 0) is not None

    # ---- live redraw

    def submit_live(self) -> bool:
        """Redraw the focused place with the form's values now; all places once the hand rests."""
        task = self.ask.task
        if task is None or not task.live or self.ask.missing():
            return False
        if self.sketch is None and not self._open_sketch():
            return False
        self._live.want(_ONE, urgent=self._live_kind == _ALL)
        self._rest.start()
        return True

    def drop_sketch(self) -> None:
        """Back to the round that was shown before the drag."""
        if self.sketch is not None:
            self._forget_sketch()
            self.round_changed.emit()

    def close(self) -> None:
        """Stop redrawing and reading."""
        self._forget_sketch()
        self.many.close()

    def _forget_sketch(self) -> None:
        self._live.stop()
        self._rest.stop()
        self.sketch = None

    def _open_sketch(self) -> bool:
        try:
            self.sketch = sketch_over(self.ask, self.shown)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        if self.focus >= len(self.sketch.places):
            self.focus = 0
        self.round_changed.emit()
        return True

    def _redraw_all(self) -> None:
        if self.sketch is not None and len(self.sketch.places) > 1:
            self._live.want(_ALL)

    def _send_live(self, wish: object) -> str:
        sketch = self.sketch
        if sketch is None:
            return ""
        self._live_kind, self._live_place = str(wish), self.focus
        one = wish == _ONE
        first = sketch.request.first + (self.focus if one else 0)
        count = 1 if one else min(len(sketch.places), MAX_LIVE_PLACES)
        try:
            request = self.ask.request(sketch.request.seed, live=True, first=first, count=count)
            return self._studio.queue.submit(request, replace=True)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""

    # ---- events

    def on_event(self, event: Event) -> None:
        """Take one event of any job; what belongs to no round is ignored."""
        if event.job and event.job == self._live.job:
            self._on_live(event)
            return
        asked = next((r for r in self.rounds if r.has(event.job)), None)
        if asked is None:
            return
        if isinstance(event, Preview):
            self._tell(asked, asked.take_preview(event))
        elif isinstance(event, Result):
            self._tell(asked, asked.take_result(event))
        elif isinstance(event, Log):
            self._tell(asked, asked.take_fault(event))
            if event.level == "warning" and event.index < 0:
                self.said.emit(event.text, "", None)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._end(asked, event)

    def _on_live(self, event: Event) -> None:
        sketch = self.sketch
        if isinstance(event, Preview) and sketch is not None:
            index = self._live_place if self._live_kind == _ONE else event.index
            self._tell(sketch, sketch.take_preview(event.model_copy(update={"index": index})))
            self._live.shown += 1
        elif isinstance(event, (Done, Cancelled, Failed)):
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
                self._live.stop()
                return
            self._live.answered(event.job)

    def _tell(self, asked: Round, place: Place | None) -> None:
        if place is not None and asked is self.shown:
            self.place_changed.emit(place.index)

    def _end(self, asked: Round, event: Event) -> None:
        problem = event.problem if isinstance(event, Failed) else None
        for place in asked.end(problem, event.job):
            self._tell(asked, place)
        if problem is not None:
            self.problem.emit(problem)
        self.running_changed.emit()
        if not asked.running:
            self.finished.emit(asked)
        self.edited.emit()

    def on_artifact(self, artifact_id: str) -> None:
        """A gallery record changed (star, trash, restore): its places follow."""
        for asked in self.rounds:
            for place in asked.places:
                if place.artifact == artifact_id:
                    self._follow(asked, place)

    def _follow(self, asked: Round, place: Place) -> None:
        artifact = self.artifact_of(place)
        was = place.state
        place.state = "trashed" if artifact is None or artifact.trashed else "done"
        if artifact is not None:
            place.starred, place.path = artifact.starred, self._studio.gallery.path(artifact)
        if asked is self.shown and was != place.state:
            self.round_changed.emit()
        else:
            self._tell(asked, place)

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """The form and the newest rounds, as JSON."""
        kept = [round_snapshot(r) for r in self.rounds if r.done][-5:]
        parts = {"ask": self.ask, "prompts": self.prompts, "many": self.many}
        return {"rounds": kept, **{name: part.snapshot() for name, part in parts.items()}}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; results that are gone from the gallery are left out."""
        parts = (("ask", self.ask), ("prompts", self.prompts), ("many", self.many))
        for name, part in parts:
            kept = saved.get(name, {})
            part.restore(kept if isinstance(kept, dict) else {})  # type: ignore[attr-defined]
        self.rounds = restored_rounds(self._studio, saved.get("rounds"))
        self._position = len(self.rounds) - 1
        self.round_changed.emit()

    def _adopt(self, request: Request, seed: bool) -> bool:
        notes = self.ask.adopt(request, seed=seed)
        if notes:
            self.said.emit(" ".join(notes), "", None)
        return self.ask.model_id == request.model and self.ask.task_name == request.task
