"""InsideState: asks a model how likely a text is, what a word hangs on, what is copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Text
from genstudio.core.document import Token
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import ENDS, Event, Failed, Result
from genstudio.core.stored import Json
from genstudio.studio.requests import make_request
from genstudio.ui.state.writing_state import WritingState
from genstudio.ui.state.written import token_of

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

SCORE, SALIENCY, COPIES = "score", "saliency", "copies"
MOST_LETTERS = 8000
"""Characters that are looked at in one go: some seconds of work, and an answer of one line."""
MOST_COPIED = 100_000
"""Characters at the end of a text that are compared with the training's."""
REACH = 1000
"""Characters before a word that are asked about."""


@dataclass(frozen=True)
class Scored:
    """A token at its characters in the document."""

    start: int
    end: int
    token: Token


@dataclass(frozen=True)
class Weighed:
    """The word that was asked about, and the weights (nats) of those before it."""

    start: int
    end: int
    p: float
    weights: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True)
class Copied:
    """Characters that stand word for word in a text of the training."""

    start: int
    end: int
    words: int
    source: str


class InsideState(QObject):
    """Answers count characters of the document. `noticed(passages)`: copied ones were found
    although nobody asked."""

    scored = Signal(object, float)
    weighed = Signal(object)
    copied = Signal(object, int)
    noticed = Signal(object)
    busy_changed = Signal()
    problem = Signal(object)

    def __init__(
        self, studio: Studio, writing: WritingState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._studio, self.writing = studio, writing
        self._asked: tuple[str, str, int] | None = None
        self._quiet = False

    # ---- what can be asked

    def able(self, task: str) -> bool:
        """Whether the chosen model can be asked that."""
        return any(one.name == task for one in self.writing.ask.tasks)

    @property
    def busy(self) -> str:
        """The task that is being answered, "" for none."""
        return self._asked[1] if self._asked else ""

    # ---- asking

    def look(self, text: str, start: int, end: int) -> bool:
        """How likely are the characters start … end of `text`? The nearest ones of a long part."""
        start = max(start, end - MOST_LETTERS)
        return self._ask(SCORE, text[start:end], start)

    def weigh(self, text: str, position: int) -> bool:
        """What does the word at character `position` of `text` hang on?"""
        start = max(0, position - REACH)
        part = text[start : position + 40]
        return self._ask(SALIENCY, part, start, position=position - start)

    def find_copies(self, text: str, quiet: bool = False) -> bool:
        """Which passages of `text` stand in the texts that the model was trained on?

        `quiet`: nobody asked for it, so a failure is no news.
        """
        if quiet and (not self.able(COPIES) or self.busy):
            return False
        start = max(0, len(text) - MOST_COPIED)
        asked = self._ask(COPIES, text[start:], start)
        self._quiet = quiet
        return asked

    def forget(self) -> None:
        """The text is another: an answer under way says nothing about it."""
        if self._asked is not None:
            self._asked = None
            self.busy_changed.emit()

    def _ask(self, name: str, text: str, start: int, **more: Json) -> bool:
        try:
            model = self.writing.ask.model
            if model is None:
                raise UsageError("No model is chosen", next_step="Import one in Models.")
            task = model.task(name)
            role = next((c.name for c in task.controls if isinstance(c, Text)), "text")
            request = make_request(model, name, {role: text, **more}, seed=0, live=task.live)
            job = self._studio.queue.submit(request, title=f"{model.title}: {task.title}")
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._asked, self._quiet = (job, name, start), False
        self.busy_changed.emit()
        return True

    # ---- answers

    def on_event(self, event: Event) -> None:
        """Take the answer to the newest question."""
        if self._asked is None or event.job != self._asked[0]:
            return
        _job, name, start = self._asked
        if isinstance(event, Result):
            self._tell(name, event.data, start)
        elif isinstance(event, ENDS):
            self._asked = None
            self.busy_changed.emit()
            if isinstance(event, Failed) and not self._quiet:
                self.problem.emit(event.problem)

    def _tell(self, name: str, data: Mapping[str, Json], start: int) -> None:
        if name == SCORE:
            self.scored.emit(scored_of(data, start), _number(data.get("perplexity")))
        elif name == SALIENCY:
            self.weighed.emit(weighed_of(data, start))
        else:
            surely = data.get("surely")
            found = copied_of(data, start)
            self.copied.emit(found, surely if isinstance(surely, int) else 0)
            if found and self._quiet:
                self.noticed.emit(found)


def scored_of(data: Mapping[str, Json], start: int) -> list[Scored]:
    """The tokens of a report, at places of the document."""
    found = []
    for entry in _entries(data.get("tokens")):
        token = token_of(entry)
        place = start + _whole(entry.get("start"))
        if token.t:
            end = place + len(token.t)
            found.append(Scored(place, end, token))
    return found


def weighed_of(data: Mapping[str, Json], start: int) -> Weighed:
    """The answer about a word, at places of the document."""
    token = data.get("token")
    chosen = token if isinstance(token, Mapping) else {}
    weights = []
    for entry in _entries(data.get("weights")):
        place, weight = start + _whole(entry.get("start")), _number(entry.get("weight"))
        weights.append((place, place + len(str(entry.get("t", ""))), weight))
    place, p = start + _whole(chosen.get("start")), _number(chosen.get("p"))
    return Weighed(place, place + len(str(chosen.get("t", ""))), p, tuple(weights))


def copied_of(data: Mapping[str, Json], start: int) -> list[Copied]:
    """The passages of a report, at places of the document."""
    return [
        Copied(
            start + _whole(entry.get("start")),
            start + _whole(entry.get("end")),
            _whole(entry.get("words")),
            str(entry.get("source", "")),
        )
        for entry in _entries(data.get("passages"))
    ]


def work_of(source: str) -> str:
    """What people call a text of the training: not by its folder, nor by its ending."""
    return source.rpartition("/")[2].removesuffix(".txt") or source


def _entries(value: object) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _number(value: object) -> float:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if known else 0.0  # type: ignore[arg-type]
