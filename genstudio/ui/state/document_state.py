"""DocumentState: the text that is open, saved by itself, and the list of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from genstudio.core.document import Document, Passage, Piece
from genstudio.studio.documents import retitled
from genstudio.ui.state.open_state import OpenState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

Content = tuple[str, list[tuple[int, int, int]]]
"""A text and who wrote what: (start, end, passage number) in characters."""


class DocumentState(OpenState):
    """What is bound gives a Content: what stands in the editor."""

    THING = "The document"
    current: Document

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(studio.documents, parent)
        self.passages: dict[int, Passage] = {}

    def new(self, text: str = "", title: str = "") -> None:
        """Begin another document; an empty one without a name is used again."""
        self._leave()
        if not text and not title and self._is_blank():
            self._show(self.current)
            return
        self._show(self._shelf.new(text, title))
        if text:
            self.touch()

    def next_number(self) -> int:
        """A number for the next passage."""
        return max(self.passages, default=0) + 1

    def keep_passage(self, passage: Passage) -> None:
        """Remember what a model wrote; passages of which nothing is left are not saved."""
        self.passages[passage.number] = passage
        self.touch()

    def _is_blank(self) -> bool:
        return super()._is_blank() and not self.current.text.strip()

    def _taken(self, work: Document) -> None:
        self.passages = {passage.number: passage for passage in work.passages}

    def _updated(self, content: Content) -> Document:
        text, spans = content
        known = [span for span in spans if span[2] in self.passages]
        used = dict.fromkeys(number for _a, _b, number in known)
        pieces = tuple(Piece(start=a, end=b, passage=number) for a, b, number in known)
        passages = tuple(self.passages[number] for number in used)
        update = {"text": text, "pieces": pieces, "passages": passages}
        return retitled(self.current.model_copy(update=update))
