"""NoteScores: asks a model how likely the notes of a piece are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import ENDS, Event, Failed, Result
from genstudio.media.notes import Piece
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.music_asking import Question, request_of
from genstudio.ui.state.music_drafts import Region, chances_of

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

SCORE = "score"
_NOWHERE = Region(0, 0, 0, 0, ())


class NoteScores(QObject):
    """`scored(chances)` answers the newest question: chances by the places of notes."""

    scored = Signal(object)
    problem = Signal(object)

    def __init__(self, studio: Studio, ask: AskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._ask = studio, ask
        self._job = ""

    @property
    def able(self) -> bool:
        """Whether the chosen model can be asked."""
        return any(task.name == SCORE for task in self._ask.tasks)

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return bool(self._job)

    def ask(self, piece: Piece) -> bool:
        """How likely does the model find each note? False when it could not be asked."""
        try:
            model = self._ask.model
            if model is None or not self.able:
                raise UsageError("This model cannot say how likely notes are")
            task, question = model.task(SCORE), Question(piece, _NOWHERE)
            request = request_of(model, task, {}, question, 0, {}, self._studio.keep_input)
            live = request.model_copy(update={"live": task.live})
            self._job = self._studio.queue.submit(live, title=f"{model.title}: {task.title}")
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        return True

    def forget(self) -> None:
        """What was asked is of no use any more: no answer is told."""
        self._job = ""

    def on_event(self, event: Event) -> None:
        """Take the answer."""
        if not event.job or event.job != self._job:
            return
        if isinstance(event, Result):
            self.scored.emit(chances_of(event.data))
        elif isinstance(event, ENDS):
            self._job = ""
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
