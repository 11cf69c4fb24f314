"""WritingState: asks a model to go on with a text, and follows its drafts as they grow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Text
from genstudio.core.document import Passage
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Cancelled, Done, Event, Failed, Result, Words
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio.requests import make_request
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.document_state import DocumentState
from genstudio.ui.state.text_opening import TextOpening
from genstudio.ui.state.writing_presets import manner_of, values_of
from genstudio.ui.state.written import Draft, unpacked

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

LETTERS_A_TOKEN = 10
LEAST_LETTERS = 2000
GIVEN = ("prompt", "before", "after", "passage")
"""Roles of texts that come from the editor."""
Span = tuple[int, int]


class WritingState(QObject):
    """`begun` follows a question: drafts for the place `place` (in the editor's positions).

    `grew(index, text)`: a draft became longer; `void(index)`: it begins anew; `draft_changed
    (index)`: anything else about it; `ended`: nothing more comes; `chosen_changed`: another
    draft is looked at; `kept(passage, before, after)`: a draft became part of the text.
    """

    begun = Signal()
    grew = Signal(int, str)
    void = Signal(int)
    draft_changed = Signal(int)
    chosen_changed = Signal(int)
    running_changed = Signal()
    ended = Signal()
    cleared = Signal()
    kept = Signal(object, str, str)
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.ask = AskState(studio, self, modalities=("text",))
        self.documents = DocumentState(studio, self)
        self.opening = TextOpening(studio.looker, self)
        self.opening.problem.connect(self.problem)
        self.opening.ready.connect(lambda title, text: self.documents.new(text, title))
        self.drafts: list[Draft] = []
        self.chosen = 0
        self.request: Request | None = None
        self.place: Span = (0, 0)
        self.passage = 0
        self.title = ""
        self.job, self._last = "", ""
        self.asked_at = 0.0
        self.waited = 0.0
        self._before = ""
        self.documents.said.connect(self.said)
        self.documents.problem.connect(self.problem)
        self.documents.edited.connect(self.edited)
        self.ask.model_changed.connect(self._settle_task)
        self._settle_task()

    def _settle_task(self) -> None:
        """Another model may have chosen a task that only looks at text."""
        task = self.task
        if task is not None:
            self.ask.set_task(task.name)

    # ---- what can be asked

    @property
    def tasks(self) -> list[Task]:
        """The tasks that write text."""
        return [task for task in self.ask.tasks if task.output == "text"]

    @property
    def task(self) -> Task | None:
        """The chosen task that writes, else the first."""
        found = self.ask.task
        if found is not None and found.output == "text":
            return found
        return next(iter(self.tasks), None)

    @property
    def fills(self) -> bool:
        """Whether the chosen task reads what stands behind the place too."""
        return bool(self.task and given_name(self.task, "after"))

    def filling(self) -> Task | None:
        """The task of the model that fills a gap."""
        return next((task for task in self.tasks if given_name(task, "after")), None)

    def continuing(self) -> Task | None:
        """The task of the model that goes on with a text."""
        return next((task for task in self.tasks if given_name(task, "prompt")), None)

    @property
    def manner(self) -> str:
        """The manner of writing that the settings are."""
        return manner_of(self.ask.values, self.ask.controls)

    def set_manner(self, name: str) -> None:
        """Take over the settings of a manner."""
        self.ask.set_values(values_of(name, self.ask.controls))

    @property
    def reach(self) -> int:
        """How many characters before a place are handed to the model."""
        config = self.ask.model.manifest.config if self.ask.model else {}
        context = config.get("context")
        tokens = context if isinstance(context, int) else 0
        return max(LEAST_LETTERS, tokens * LETTERS_A_TOKEN)

    # ---- asking

    @property
    def running(self) -> bool:
        """True while something is being written."""
        return bool(self.job)

    def write(self, text: str, place: Span, before: str, after: str, task: str = "") -> bool:
        """Have `place` of the document `text` written, between `before` and `after`.

        What stood as drafts is forgotten. False when it could not be asked.
        """
        try:
            request = self._request(before, after, task)
            title = self.ask.model.title if self.ask.model else request.model
            job = self._studio.queue.submit(request, title=title)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self.request, self.job, self.place, self.title = request, job, place, title
        self.passage = self.documents.next_number()
        self.drafts = [Draft(index) for index in range(request.count)]
        self.chosen, self._before = 0, text
        self.asked_at, self.waited = time.monotonic(), 0.0
        self.begun.emit()
        self.running_changed.emit()
        self.edited.emit()
        return True

    def _request(self, before: str, after: str, name: str) -> Request:
        model = self.ask.model
        if model is None:
            raise UsageError("No model is chosen", next_step="Import one in Models.")
        task = model.task(name) if name else self.task
        if task is None:
            raise UsageError(f"{model.title} does not write")
        known = {control.name for control in task.controls}
        values: dict[str, Json] = {n: v for n, v in self.ask.values.items() if n in known}
        given = {"prompt": before, "before": before, "after": after}
        for control in task.controls:
            if isinstance(control, Text) and control.role in given:
                values[control.name] = self._cut(given[control.role], control)
        return make_request(model, task.name, values, seed=self.ask.next_seed())

    def use_request(self, request: Request, *, seed: bool = True) -> None:
        """Model, settings and seed of a request; its texts are left where they are."""
        values = {n: v for n, v in request.values.items() if n not in GIVEN}
        plain = request.model_copy(update={"values": values})
        for sentence in self.ask.adopt(plain, seed=seed):
            self.said.emit(sentence, "", None)

    def _cut(self, text: str, control: Text) -> str:
        """The part nearest to the place that the model can see."""
        most = min(self.reach, control.max_length)
        return text[:most] if control.role == "after" else text[-most:]

    def stop(self) -> bool:
        """Write no more; what stands there stays. False when nothing was being written."""
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
    def draft(self) -> Draft | None:
        """The draft that stands in the text."""
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

    def keep(self, after: str) -> Passage | None:
        """The chosen draft is part of the text `after`; the others stay in the gallery."""
        draft, request = self.draft, self.request
        self.stop()
        if draft is None or request is None:
            return None
        passage = draft.passage(self.passage, request, self.title)
        before = self._before
        self._clear()
        self.documents.keep_passage(passage)
        self.kept.emit(passage, before, after)
        return passage

    def drop(self) -> None:
        """None of the drafts is wanted."""
        self.stop()
        self._clear()

    def _clear(self) -> None:
        self.drafts, self.chosen, self.request, self._before = [], 0, None, ""
        self.cleared.emit()
        self.edited.emit()

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the job that writes."""
        if not event.job or event.job != self.job:
            self._take_late(event)
        elif isinstance(event, Words) and event.index < len(self.drafts):
            self._take_words(event)
        elif isinstance(event, Result) and event.index < len(self.drafts):
            self.drafts[event.index].take_result(event)
            self.draft_changed.emit(event.index)
        elif isinstance(event, (Done, Cancelled, Failed)):
            self._take_end(event)

    def _take_words(self, event: Words) -> None:
        draft = self.drafts[event.index]
        if not self.waited:
            self.waited = time.monotonic() - self.asked_at
        first = draft.state == "waiting"
        if draft.take_words(event):
            self.void.emit(draft.index)
        if event.text:
            self.grew.emit(draft.index, event.text)
        if first:
            self.draft_changed.emit(draft.index)

    def _take_late(self, event: Event) -> None:
        """A stopped job still hands in what it wrote: the gallery's name for it is kept."""
        ours = self.request is not None and event.job == self._last
        if isinstance(event, Result) and ours and event.index < len(self.drafts):
            self.drafts[event.index].take_result(event)

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
        """The form, the open document and the drafts that wait for a decision, as JSON."""
        kept: dict[str, Any] = {
            "ask": self.ask.snapshot(),
            "document": self.documents.snapshot(),
        }
        if self.drafts and self.request is not None:
            kept["drafts"] = {
                "job": self.job,
                "request": self.request.model_dump(mode="json"),
                "place": list(self.place),
                "passage": self.passage,
                "title": self.title,
                "chosen": self.chosen,
                "texts": [draft.packed() for draft in self.drafts],
            }
        return kept

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back. A job that waits to be done again writes its drafts anew."""
        asked, document = saved.get("ask"), saved.get("document")
        if isinstance(asked, dict):
            self.ask.restore(asked)
        self.documents.restore(document if isinstance(document, dict) else {})
        drafts = saved.get("drafts")
        if isinstance(drafts, dict):
            try:
                self._bring_back(drafts)
            except (ValueError, TypeError, KeyError, AttributeError):
                self.drafts = []  # of another version: the text itself is safe

    def _bring_back(self, saved: dict[str, Any]) -> None:
        request = Request.model_validate(saved["request"])
        start, end = saved["place"]
        drafts = [unpacked(one) for one in saved["texts"]]
        found = self._studio.queue.get(str(saved.get("job", "")))
        again = found is not None and found.state in ("waiting", "running")
        self.request, self.place, self.title = request, (int(start), int(end)), str(saved["title"])
        self.passage, self.chosen = int(saved["passage"]), int(saved["chosen"])
        self.job = str(saved["job"]) if again else ""
        self.drafts = [Draft(draft.index) for draft in drafts] if again else drafts
        self.chosen = min(max(0, self.chosen), max(0, len(drafts) - 1))

    def close(self) -> None:
        """Save the text."""
        self.opening.wait()
        self.documents.close()


def given_name(task: Task, role: str) -> str:
    """The name of the task's text with that role, "" where it has none."""
    return next((c.name for c in task.controls if isinstance(c, Text) and c.role == role), "")
