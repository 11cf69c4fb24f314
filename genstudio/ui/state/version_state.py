"""VersionState: the tree of versions of the open document, kept up as it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.document import Document, Passage, Piece
from genstudio.core.versions import How, Versions
from genstudio.ui.state.document_state import Content
from genstudio.ui.state.writing_state import WritingState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

_LETTERS = 80


class VersionState(QObject):
    """Notes what was written when a draft is kept, a document is left or a version is looked for.

    `changed`: the tree is another. `wanted(text, spans)`: show this text as one step.
    """

    changed = Signal()
    wanted = Signal(str, object)

    def __init__(
        self, studio: Studio, writing: WritingState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shelf, self._writing, self._documents = studio.versions, writing, writing.documents
        self._content: Callable[[], Content | None] = lambda: None
        self._branch: tuple[int, str] = (0, "")
        self._text = ""
        self.tree = Versions()
        writing.kept.connect(self._on_kept)
        self._documents.opened.connect(self.open)
        self._documents.leaving.connect(self.note)

    def bind(self, content: Callable[[], Content | None]) -> None:
        """`content()` gives what stands in the editor; None while a draft stands in it."""
        self._content = content

    def open(self, document: Document) -> None:
        """Another document: its tree, whose passages may come back with a version."""
        self.tree = self._shelf.get(document.id)
        self._text, self._branch = self.tree.text, (0, "")
        for passage in self.tree.passages:
            self._documents.passages.setdefault(passage.number, passage)
        self.changed.emit()

    def note(self) -> None:
        """What stands in the editor is a version, if it differs from the one in use."""
        content = self._content()
        if content is None or content[0] == self._text:
            return
        text, spans = content
        if not self.tree.items and not text.strip():
            return
        self._take(self.tree.typed(text, _pieces(spans), created=_now(), before=self._text), text)

    def branch(self, words: str, passage: int) -> None:
        """The draft that becomes `passage` goes on from `words` in the place of others."""
        self.note()
        self._branch = passage, words

    def restore(self, number: int) -> None:
        """Use a version; what stands in the editor is noted first."""
        self.note()
        if not 0 <= number < len(self.tree.items) or number == self.tree.current:
            return
        text = self.tree.text_of(number)
        spans = [(p.start, p.end, p.passage) for p in self.tree.pieces_of(number)]
        self._take(self.tree.using(number), text)
        self.wanted.emit(text, spans)

    def title_of(self, number: int) -> str:
        """What a version is called: its first words."""
        item = self.tree.items[number]
        if item.title:
            return item.title
        words = " ".join(item.put[: 4 * _LETTERS].split())[:_LETTERS]
        if words:
            return words
        return "Shortened" if item.cut else "Empty"

    def _on_kept(self, passage: Passage, before: str, after: str) -> None:
        if before != self._text and (self.tree.items or before.strip()):
            saved = self._documents.current
            pieces = saved.pieces if saved.text == before else ()
            tree = self.tree.typed(before, pieces, created=_now(), before=self._text)
            self._take(tree, before)
        content = self._content()
        spans = content[1] if content is not None and content[0] == after else []
        number, words = self._branch
        branched = number == passage.number
        how: How = "branched" if branched else "written"
        title = f"“{words.strip()}” {passage.text.strip()}" if branched else ""
        tree = self.tree.added(
            after,
            how,
            _pieces(spans),
            title=" ".join(title[: 4 * _LETTERS].split())[:_LETTERS],
            model=passage.title or passage.model,
            created=passage.created or _now(),
            before=self._text,
        )
        self._take(tree.with_passages([passage]), after)

    def _take(self, tree: Versions, text: str) -> None:
        used = {piece.passage for item in tree.items[-1:] for piece in item.pieces}
        known = self._documents.passages
        tree = tree.with_passages([known[number] for number in used if number in known])
        self._text = text
        if tree != self.tree:
            self.tree = tree
            self._shelf.put(self._documents.current.id, tree)
            self.changed.emit()


def _pieces(spans: list[tuple[int, int, int]]) -> list[Piece]:
    return [Piece(start=a, end=b, passage=number) for a, b, number in spans if b > a]


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
