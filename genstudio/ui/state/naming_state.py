"""NamingState: a text model suggests titles and descriptions for the open piece."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import ENDS, Event, Failed, Words
from genstudio.core.piece_file import Made
from genstudio.core.request import Request
from genstudio.core.writing import AGAIN
from genstudio.media.notes import Piece
from genstudio.studio import piece_words
from genstudio.studio.piece_words import Suggestion
from genstudio.ui.state.piece_state import PieceState

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio

USUAL = "stories"
"""How the id of the model begins that is chosen where nobody chose yet."""
NO_MODEL = "No installed model writes texts; train one in Train, or import one in Models."
NOTHING = "Nothing that could be a title came; ask again."


class NamingState(QObject):
    """`suggest` asks; `suggestions` grow with `changed`; nothing is changed before `take`."""

    changed = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, pieces: PieceState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._pieces = studio, pieces
        self.job, self.model_id = "", ""
        self._request: Request | None = None
        self._piece: Piece | None = None
        self._texts: dict[int, str] = {}
        self.hint = ""
        pieces.opened.connect(lambda _piece: self._forget())

    @property
    def models(self) -> list[Model]:
        """Models that go on with a text."""
        return [m for m in self._studio.library.list() if piece_words.writing_task(m) is not None]

    @property
    def model(self) -> Model | None:
        """The chosen one, else the usual one, else the first."""
        models = self.models
        chosen = [m for m in models if m.id == self.model_id]
        usual = [m for m in models if m.id.startswith(USUAL)]
        return next(iter([*chosen, *usual, *models]), None)

    def set_model(self, model_id: str) -> None:
        """Choose who is asked."""
        self.model_id = model_id
        self.changed.emit()

    @property
    def running(self) -> bool:
        """True while suggestions are being written."""
        return bool(self.job)

    @property
    def suggestions(self) -> list[Suggestion]:
        """What can be taken: distinct titles, in order."""
        return [found for _index, found in self._found()]

    def _found(self) -> list[tuple[int, Suggestion]]:
        """(number of the draft, suggestion) of each title."""
        if self._piece is None or self.running:
            return []
        found = {n: piece_words.suggestion(self._piece, t) for n, t in sorted(self._texts.items())}
        return piece_words.distinct(found)

    def suggest(self, piece: Piece) -> bool:
        """Ask the model about `piece`; False when it could not be asked."""
        try:
            if not len(piece.notes):
                raise UsageError("There are no notes to be named", next_step="Compose some first.")
            model = self.model
            if model is None:
                raise UsageError("No model writes texts", next_step=NO_MODEL)
            request = piece_words.request(model, piece)
            job = self._studio.queue.submit(request, title=f"Titles by {model.title}")
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._request, self._piece, self._title, self.job = request, piece, model.title, job
        self._texts, self.hint = {}, ""
        self.changed.emit()
        return True

    def stop(self) -> bool:
        """Ask no more; False when nothing was asked."""
        if not self.job:
            return False
        self._studio.queue.cancel(self.job)
        self._end("")
        return True

    def on_event(self, event: Event) -> None:
        """Follow the job that writes."""
        if not event.job or event.job != self.job:
            return
        if isinstance(event, Words):
            before = "" if event.data.get(AGAIN) is True else self._texts.get(event.index, "")
            self._texts[event.index] = before + event.text
        elif isinstance(event, ENDS):
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            self._end(NOTHING if event.kind == "done" else "")

    def take(self, number: int) -> None:
        """The open piece gets the title and the description of a suggestion; one can undo it."""
        index, found = self._found()[number]
        before = self._pieces.current
        if not self._pieces.tell(found.title, found.description, self._made(index)):
            return
        self.said.emit(f"The piece is called “{found.title}”", "Undo", lambda: self._undo(before))
        self.changed.emit()

    def describe(self, description: str) -> None:
        """Another description, written by hand."""
        kept = self._pieces.current
        if description.strip() != kept.description:
            self._pieces.tell(kept.title if kept.named else "", description, kept.words_by)
            self.changed.emit()

    def _undo(self, before: object) -> None:
        kept = self._pieces.current
        if kept.id == before.id:  # type: ignore[attr-defined]
            title = before.title if before.named else ""  # type: ignore[attr-defined]
            self._pieces.tell(title, before.description, before.words_by)  # type: ignore[attr-defined]
            self.changed.emit()

    def _made(self, index: int) -> Made | None:
        if self._request is None:
            return None
        return Made(
            model=self._request.model,
            title=self._title,
            task=self._request.task,
            seed=self._request.seed,
            index=self._request.first + index,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
        )

    def _end(self, hint: str) -> None:
        self.job = ""
        self.hint = "" if self.suggestions else hint
        self.changed.emit()

    def _forget(self) -> None:
        """Another piece is open: what was suggested was about the one before."""
        if not self.stop():
            self._texts, self.hint = {}, ""
            self.changed.emit()
