"""SoundState: what is asked of models of sound, and what they made: rounds of sounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core import sounding
from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Cancelled, Done, Event, Failed, Log, Result, Words
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.sound_edit import SoundEdit
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.remake import restored_rounds, round_snapshot, task_of
from genstudio.ui.state.results import Place, Round, places_for

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

MAX_ROUNDS, KEPT_ROUNDS = 30, 5
VARIED = 0.3
"""Share of a sound that its variations keep."""
VARIATIONS = 8
CONTINUE = "continue"


class SoundState(QObject):
    """`shown` is the round on screen; `place_changed(i)` asks for one place to be drawn again."""

    round_changed = Signal()
    place_changed = Signal(int)
    running_changed = Signal()
    edit_changed = Signal(str)
    """Another part or loudness of an artifact."""
    open_wanted = Signal(str)
    """An artifact of the gallery is to be looked at."""
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.ask = AskState(studio, self, modalities=("sound",))
        self.rounds: list[Round] = []
        self.edits: dict[str, SoundEdit] = {}
        self._position = -1
        self._peaks: dict[tuple[str, int], list[list[float]]] = {}

    # ---- what is shown

    @property
    def shown(self) -> Round | None:
        """The round on screen."""
        return self.rounds[self._position] if 0 <= self._position < len(self.rounds) else None

    @property
    def position(self) -> tuple[int, int]:
        """(number of the shown round from 1, how many there are)."""
        return self._position + 1, len(self.rounds)

    @property
    def running(self) -> Round | None:
        """The oldest round that still waits for answers."""
        return next((asked for asked in self.rounds if asked.running), None)

    def step_round(self, by: int) -> None:
        """Go to an older (-1) or newer (+1) round."""
        position = min(max(0, self._position + by), len(self.rounds) - 1)
        if self.rounds and position != self._position:
            self._position = position
            self.round_changed.emit()
            self.edited.emit()

    def peaks(self, place: Place) -> list[list[float]]:
        """The outline so far of a sound on its way."""
        return self._peaks.get((self.shown.job, place.index), []) if self.shown else []

    def seconds_asked(self) -> float:
        """How long the sounds of the shown round may become."""
        value = self.shown.request.values.get("seconds") if self.shown else None
        return float(value) if isinstance(value, (int, float)) else 1.0

    def artifact_of(self, place: Place) -> Artifact | None:
        """The gallery record of a finished place."""
        return self.artifact(place.artifact)

    def artifact(self, name: str) -> Artifact | None:
        """A gallery record, None where there is none."""
        try:
            return self._studio.gallery.get(name) if name else None
        except GenStudioError:
            return None

    def path(self, artifact: Artifact) -> Path:
        """Where its file lies."""
        return self._studio.gallery.path(artifact)

    # ---- asking

    def submit(self) -> Round | None:
        """Ask for what the form says; None where something is missing or refused."""
        missing = self.ask.missing()
        if missing:
            self.said.emit(f"Still needed: {missing[0].label.lower()}.", "", None)
            return None
        try:
            request = self.ask.request(self.ask.next_seed(), first=self.ask.first)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None
        return self.start(request)

    def start(self, request: Request) -> Round | None:
        """Put a request into the queue and lay out its places; None when it was refused."""
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
        self.rounds = [*self.rounds, asked][-MAX_ROUNDS:]
        self._position = len(self.rounds) - 1
        self._peaks = {}
        self.round_changed.emit()
        self.running_changed.emit()
        self.edited.emit()
        return asked

    def cancel(self) -> bool:
        """Stop the running round; False when there was none."""
        running = self.running
        if running is None:
            return False
        for job in running.open_jobs:
            self._studio.queue.cancel(job)
        return True

    # ---- going on from a sound

    def continuing(self) -> Task | None:
        """The task of the chosen model that goes on from a sound."""
        return next((task for task in self.ask.tasks if task.name == CONTINUE), None)

    def continue_from(self, path: Path) -> bool:
        """Put a sound into the form, to be continued; False where the model cannot."""
        if self.continuing() is None:
            return False
        self.ask.set_task(CONTINUE)
        self.ask.set_input(sounding.SOUND, path)
        self.ask.set_values({sounding.KEEP: 1.0})
        return True

    def variations_of(self, artifact: Artifact) -> Round | None:
        """Several sounds that begin like this one, of its class; None where the model cannot."""
        if not self.continue_from(self.path(artifact)):
            self.said.emit("This model makes no variations.", "", None)
            return None
        values: dict[str, Any] = {sounding.KEEP: VARIED, "count": VARIATIONS}
        kind = artifact.provenance.facts.get(sounding.CLASS)
        self.ask.set_values({**values, **({sounding.CLASS: kind} if kind else {})})
        return self.submit()

    def use_settings_of(self, artifact: Artifact) -> bool:
        """Model, task, values, inputs and seed of an artifact; what is gone is said."""
        request = artifact.provenance.request
        notes = self.ask.adopt(request, seed=True)
        if notes:
            self.said.emit(" ".join(notes), "", None)
        return self.ask.model_id == request.model

    def open(self, artifact_id: str) -> bool:
        """Look at a sound of the gallery: in its round, or as a round of its own."""
        for number, asked in enumerate(self.rounds):
            if any(place.artifact == artifact_id for place in asked.places):
                self.step_round(number - self._position)
                self.open_wanted.emit(artifact_id)
                return True
        artifact = self.artifact(artifact_id)
        if artifact is None:
            return False
        made = artifact.provenance
        saved = {
            "request": made.request.model_dump(mode="json"),
            "title": made.title or made.request.model,
            "output": artifact.output,
            "artifacts": [artifact_id],
        }
        self.rounds = [*self.rounds, *restored_rounds(self._studio, [saved])][-MAX_ROUNDS:]
        self._position = len(self.rounds) - 1
        self.round_changed.emit()
        self.edited.emit()
        return True

    # ---- trimming

    def edit_of(self, artifact_id: str) -> SoundEdit:
        """What was changed about a sound."""
        return self.edits.get(artifact_id, SoundEdit())

    def set_edit(self, artifact_id: str, edit: SoundEdit) -> None:
        """Change a sound; the file in the gallery stays as it is."""
        if edit == self.edit_of(artifact_id):
            return
        self.edits.pop(artifact_id, None)
        if edit.changes:
            self.edits[artifact_id] = edit
        self.edit_changed.emit(artifact_id)
        self.edited.emit()

    # ---- events

    def on_event(self, event: Event) -> None:
        """Take one event of any job; what belongs to no round is ignored."""
        asked = next((r for r in self.rounds if r.has(event.job)), None)
        if asked is None:
            return
        if isinstance(event, Words):
            self._grow(asked, event)
        elif isinstance(event, Result):
            self._tell(asked, asked.take_result(event))
        elif isinstance(event, Log):
            self._tell(asked, asked.take_fault(event))
            if event.level == "warning" and event.index < 0:
                self.said.emit(event.text, "", None)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._end(asked, event)

    def _grow(self, asked: Round, event: Words) -> None:
        added = event.data.get(sounding.PEAKS)
        place = asked.place_of(event.index, event.job)
        if place is None or place.state == "done" or not isinstance(added, list):
            return
        place.state = "preview"
        self._peaks.setdefault((asked.job, place.index), []).extend(added)  # type: ignore[arg-type]
        self._tell(asked, place)

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
        self.edited.emit()

    def on_artifact(self, artifact_id: str) -> None:
        """A gallery record changed (star, trash, restore): its places follow."""
        for asked in self.rounds:
            for place in asked.places:
                if place.artifact == artifact_id:
                    self._follow(asked, place)

    def _follow(self, asked: Round, place: Place) -> None:
        artifact = self.artifact_of(place)
        place.state = "trashed" if artifact is None or artifact.trashed else "done"
        if artifact is not None:
            place.starred, place.path = artifact.starred, self.path(artifact)
        self._tell(asked, place)

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """The form, the newest rounds and what was trimmed, as JSON."""
        kept = [r for r in self.rounds if r.done][-KEPT_ROUNDS:]
        named = {place.artifact for asked in kept for place in asked.places}
        edits = {name: one.model_dump() for name, one in self.edits.items() if name in named}
        return {
            "ask": self.ask.snapshot(),
            "rounds": [round_snapshot(asked) for asked in kept],
            "edits": edits,
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; results that are gone from the gallery are left out."""
        ask, edits = saved.get("ask"), saved.get("edits")
        self.ask.restore(ask if isinstance(ask, dict) else {})
        self.rounds = restored_rounds(self._studio, saved.get("rounds"))
        self._position = len(self.rounds) - 1
        for name, one in edits.items() if isinstance(edits, dict) else ():
            try:
                self.edits[str(name)] = SoundEdit.model_validate(one)
            except ValueError:
                continue
        self.round_changed.emit()


def chosen_ids(places: Sequence[Place]) -> list[str]:
    """Artifacts of finished places."""
    return [place.artifact for place in places if place.artifact and place.state == "done"]
