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
        self._branch = 0
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
        self._text, self._branch = self.tree.text, 0
        for passage in self.tree.passages:
            self._documents.passages.setdefault(passage.number, passage)
        self.changed.emit()

    def standing(self) -> str:
        """What stands in the editor; while a draft stands in it, the text of the version in use."""
        content = self._content()
        return self._text if content is None else content[0]

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
        """The text in the editor goes on from `words` now; the draft that becomes `passage` is
        the rest of that branch."""
        content = self._content()
        if content is None:
            return
        text, spans = content
        self._add(text, spans, "branched", f"“{words.strip()}”", "", _now())
        self._branch = passage

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
        how: How = "written"
        title, tree = "", self.tree
        if (
            self._branch == passage.number
            and tree.items
            and tree.items[tree.current].how == "branched"
        ):
            how, title = "branched", f"{self.title_of(tree.current)} {passage.text.strip()}"
            self._back_to_parent()
        title = " ".join(title[: 4 * _LETTERS].split())[:_LETTERS]
        model = passage.title or passage.model
        self._add(after, spans, how, title, model, passage.created or _now())
        self._take(self.tree.with_passages([passage]), after)

    def _back_to_parent(self) -> None:
        """Forget the version in use, a leaf that is about to become longer."""
        leaf = self.tree.current
        parent = self.tree.items[leaf].parent
        if not self.tree.children(leaf) and parent >= 0:
            self.tree = self.tree.using(parent).without(leaf)
            self._text = self.tree.text

    def _add(
        self,
        text: str,
        spans: list[tuple[int, int, int]],
        how: How,
        title: str,
        model: str,
        created: str,
    ) -> None:
        tree = self.tree.added(
            text,
            how,
            _pieces(spans),
            title=title,
            model=model,
            created=created,
            before=self._text,
        )
        self._take(tree, text)

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
