"""MusicState: asks a model to compose, and follows its drafts as they grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.composing import ANY, FRAME, REGION, TRACKS
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Cancelled, Done, Event, Failed, Result, Words
from genstudio.core.family import Task
from genstudio.core.piece_file import Made
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.media.notes import Piece
from genstudio.studio.pieces import to_piece
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.colour_asking import ColourAsking
from genstudio.ui.state.music_asking import (
    GIVEN,
    PIECE,
    Question,
    bars_of,
    fills,
    request_of,
    takes_piece,
)
from genstudio.ui.state.music_drafts import (
    MusicDraft,
    Region,
    framed,
    packed_region,
    unpacked,
    unpacked_region,
    without,
)
from genstudio.ui.state.music_opening import MusicOpening, read_own
from genstudio.ui.state.naming_state import NamingState
from genstudio.ui.state.note_scores import NoteScores
from genstudio.ui.state.opening import Opening
from genstudio.ui.state.piece_state import PieceState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

FIRST_DRAFTS = 3
"""Drafts of a first start: it shows that they stand side by side."""


class MusicState(QObject):
    """`begun` follows a question: drafts of the `piece` that was asked about.

    `grew(index)`: a draft has more notes; `draft_changed(index)`: anything else about it;
    `ended`: nothing more comes; `chosen_changed`: another draft is looked at; `cleared`: none
    is left. `scores` asks how likely notes are.
    """

    begun = Signal()
    grew = Signal(int)
    draft_changed = Signal(int)
    chosen_changed = Signal(int)
    running_changed = Signal()
    ended = Signal()
    cleared = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.ask = AskState(studio, self, modalities=("music",))
        self.pieces = PieceState(studio, self)
        self.scores = NoteScores(studio, self.ask, self)
        self.scores.problem.connect(self.problem)
        self.opening = MusicOpening(studio.looker, self)
        self.opening.problem.connect(self.problem)
        self.opening.ready.connect(
            lambda title, piece, made, alone: self.pieces.new(piece, title, made, alone)
        )
        self.colours = ColourAsking(self.ask, studio.looker, self)
        self.colours.problem.connect(self.problem)
        self._results = Opening(read_own, "reading the result", self)
        self._results.ready.connect(self._take_piece)
        self._results.problem.connect(self.problem)
        self._places: dict[Path, int] = {}
        self.drafts: list[MusicDraft] = []
        self.chosen = 0
        self.request: Request | None = None
        self.question: Question | None = None
        self.title = ""
        self.job, self._last = "", ""
        self.pieces.said.connect(self.said)
        self.pieces.problem.connect(self.problem)
        self.pieces.edited.connect(self.edited)
        self.naming = NamingState(studio, self.pieces, self)
        self.naming.said.connect(self.said)
        self.naming.problem.connect(self.problem)
        self.ask.model_changed.connect(self._settle_task)
        self._settle_task()

    def _settle_task(self) -> None:
        """Another model may have chosen a task that only looks at music."""
        task = self.task
        if task is not None:
            self.ask.set_task(task.name)

    # ---- what can be asked

    @property
    def tasks(self) -> list[Task]:
        """The tasks that make music."""
        return [task for task in self.ask.tasks if task.output == "music"]

    @property
    def task(self) -> Task | None:
        """The chosen task that makes music, else the first."""
        found = self.ask.task
        if found is not None and found.output == "music":
            return found
        return next(iter(self.tasks), None)

    def named(self, name: str) -> Task | None:
        """The task of the model with that name."""
        return next((task for task in self.ask.tasks if task.name == name), None)

    @property
    def running(self) -> bool:
        """True while something is being composed."""
        return bool(self.job)

    @property
    def whole(self) -> bool:
        """Whether what was asked is a new piece, not a change of the open one."""
        task = self.named(self.request.task) if self.request is not None else None
        return task is not None and not takes_piece(task)

    # ---- asking

    def compose(self, question: Question, name: str = "") -> bool:
        """Ask with the form's settings; drafts that stood there are forgotten.

        False when it could not be asked.
        """
        try:
            model, task = self.ask.model, self.named(name) if name else self.task
            if model is None:
                raise UsageError("No model is chosen", next_step="Import one in Models.")
            if task is None:
                raise UsageError(f"{model.title} does not compose")
            request = request_of(
                model, task, self._values(task), question, self.ask.next_seed(),
                self.ask.inputs, self._studio.keep_input,
            )  # fmt: skip
            job = self._studio.queue.submit(request, title=model.title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self.request, self.job, self.title = request, job, model.title
        self.question = question
        self.drafts = [MusicDraft(n, self._base(task, question)) for n in range(request.count)]
        self.chosen = 0
        self.begun.emit()
        self.running_changed.emit()
        self.edited.emit()
        return True

    def _values(self, task: Task) -> dict[str, Json]:
        """The form's settings; those of another task where it shares their names."""
        return {n: v for n, v in self.ask.values.items() if n not in GIVEN}

    def _base(self, task: Task, question: Question) -> Piece:
        """What is in sight until the model says what it makes anew."""
        return framed(question.piece, None, new=not takes_piece(task))

    def use_request(self, request: Request, *, seed: bool = True) -> None:
        """Model, settings and seed of a request; its piece is left where it is."""
        # What was left to the model is so again, also where it cannot be asked for any more.
        values = {n: v for n, v in request.values.items() if n not in GIVEN and v != ANY}
        inputs = {n: path for n, path in request.inputs.items() if n != PIECE}
        plain = request.model_copy(update={"values": values, "inputs": inputs})
        for sentence in self.ask.adopt(plain, seed=seed):
            self.said.emit(sentence, "", None)

    def stop(self) -> bool:
        """Compose no more; what stands there stays. False when nothing was being composed."""
        if not self.job:
            return False
        self._studio.queue.cancel(self.job)
        for draft in self.drafts:
            if draft.open:
                draft.state = "stopped"
                self.draft_changed.emit(draft.index)
        self._end()
        return True

    # ---- drafts

    @property
    def draft(self) -> MusicDraft | None:
        """The draft that stands in the roll."""
        return self.drafts[self.chosen] if self.chosen < len(self.drafts) else None

    def choose(self, index: int) -> None:
        """Look at another draft."""
        if 0 <= index < len(self.drafts) and index != self.chosen:
            self.chosen = index
            self.chosen_changed.emit(index)
            self.edited.emit()

    def step(self, by: int) -> None:
        """The next (1) or the one before (-1), round and round."""
        if self.drafts:
            self.choose((self.chosen + by) % len(self.drafts))

    def keep(self, onto: Piece | None = None) -> tuple[Piece, Made] | None:
        """The chosen draft becomes part of the piece, or of what was made `onto` it since; the
        others stay in the gallery."""
        draft, request, question = self.draft, self.request, self.question
        self.stop()
        if draft is None or request is None or question is None:
            return None
        made = Made(
            model=request.model,
            title=self.title,
            task=request.task,
            values={n: v for n, v in request.values.items() if n != "locked"},
            seed=request.seed,
            index=request.first + draft.index,
            artifact=draft.artifact,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
            bars=bars_of(draft.piece, None if self.whole else draft.place or question.region),
        )
        edited = onto is not None and onto is not question.piece and not self.whole
        piece = draft.onto(onto, question.locks) if edited and onto is not None else draft.piece
        self._clear()
        return piece, made

    def drop(self) -> None:
        """None of the drafts is wanted."""
        self.stop()
        self._clear()

    def _clear(self) -> None:
        self.drafts, self.chosen, self.request, self.question = [], 0, None, None
        self._places = {}
        self.cleared.emit()
        self.edited.emit()

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the job that composes; one that was stopped still hands in what it has."""
        self.scores.on_event(event)
        self.naming.on_event(event)
        if isinstance(event, Result) and event.job and event.job in (self.job, self._last):
            self._take_result(event)
        elif not event.job or event.job != self.job:
            return
        elif isinstance(event, Words) and event.index < len(self.drafts):
            self._take_words(event)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._take_end(event)

    def _take_words(self, event: Words) -> None:
        draft = self.drafts[event.index]
        first = draft.state == "waiting"
        if FRAME in event.data or REGION in event.data:
            self._take_frame(draft, event.data)
        draft.take_words(event)
        self.grew.emit(draft.index)
        if first:
            self.draft_changed.emit(draft.index)

    def _take_frame(self, draft: MusicDraft, data: Mapping[str, Json]) -> None:
        """What the growing piece looks like: its tracks, and the place that is emptied."""
        question = self.question
        if question is None:
            return
        base = framed(question.piece, data.get(FRAME), new=self.whole)
        span, tracks = data.get(REGION), data.get(TRACKS)
        if not self.whole and isinstance(span, list) and len(span) == 2:
            numbers = tracks if isinstance(tracks, list) else range(len(base.tracks))
            asked = tuple(number for number in numbers if isinstance(number, int))
            place = Region(0, 0, _whole(span[0]), _whole(span[1]), asked)
            base = without(base, place, question.locks)
            draft.place = place
        draft.base = base

    def _take_result(self, event: Result) -> None:
        """A finished piece: its file lies in the gallery now."""
        if event.index >= len(self.drafts):
            return
        draft = self.drafts[event.index]
        draft.take_result(event, None)
        path = self._path(draft)
        if path is not None:
            self._places[path] = draft.index
            self._results.open(path)
        self.draft_changed.emit(draft.index)

    def _path(self, draft: MusicDraft) -> Path | None:
        try:
            gallery = self._studio.gallery
            return gallery.path(gallery.get(draft.artifact)) if draft.artifact else None
        except GenStudioError:
            return None  # thrown away meanwhile

    def _take_piece(self, path: Path, piece: Piece) -> None:
        index = self._places.get(path)
        if index is not None and index < len(self.drafts):
            given = self.question.piece if self.question and not self.whole else piece
            self.drafts[index].finished = piece.sounding_like(given)
            self.grew.emit(index)
            self.draft_changed.emit(index)

    def _take_end(self, event: Event) -> None:
        state = {"done": "done", "cancelled": "stopped"}.get(event.kind, "failed")
        for draft in self.drafts:
            if draft.open:
                draft.state = state  # type: ignore[assignment]
                self.draft_changed.emit(draft.index)
        if isinstance(event, Failed):
            self.problem.emit(event.problem)
        self._end()

    def _end(self) -> None:
        self._last, self.job = self.job, ""
        self.running_changed.emit()
        self.ended.emit()
        self.edited.emit()

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """The form, the open piece and the drafts that wait for a decision, as JSON."""
        kept: dict[str, Any] = {"ask": self.ask.snapshot(), "piece": self.pieces.snapshot()}
        if self.drafts and self.request is not None and not self.running:
            kept["drafts"] = {
                "request": self.request.model_dump(mode="json"),
                "title": self.title,
                "chosen": self.chosen,
                "region": packed_region(self.question.region) if self.question else {},
                "kept": [draft.packed() for draft in self.drafts],
            }
        return kept

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; the notes of drafts come from the gallery."""
        asked, piece = saved.get("ask"), saved.get("piece")
        if isinstance(asked, dict):
            self.ask.restore(asked)
        else:  # a first start: there is a piece to be changed
            filling = next((task.name for task in self.tasks if fills(task)), "")
            self.ask.set_task(filling)
            self.ask.set_values({"count": FIRST_DRAFTS})
        self.pieces.restore(piece if isinstance(piece, dict) else {})
        drafts = saved.get("drafts")
        if isinstance(drafts, dict):
            try:
                self._bring_back(drafts)
            except (ValueError, TypeError, KeyError, AttributeError, GenStudioError):
                self.drafts = []  # of another version: the piece itself is safe

    def _bring_back(self, saved: dict[str, Any]) -> None:
        request = Request.model_validate(saved["request"])
        piece = to_piece(self.pieces.current)
        region = unpacked_region(saved["region"])
        drafts = [unpacked(one, piece) for one in saved["kept"]]
        self.request, self.title = request, str(saved["title"])
        self.question = Question(piece, region, self.pieces.locks)
        self.drafts = drafts
        self.chosen = min(max(0, int(saved["chosen"])), max(0, len(drafts) - 1))
        for draft in drafts:
            path = self._path(draft)
            if path is not None:
                self._places[path] = draft.index
                self._results.open(path)

    def close(self) -> None:
        """Save the piece."""
        self.opening.wait()
        self.colours.wait()
        self._results.wait()
        self.pieces.close()


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
