"""DocumentState: the text that is open, saved by itself, and the list of all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.document import Document, Head, Passage, Piece
from genstudio.core.errors import GenStudioError
from genstudio.studio.documents import retitled

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

QUIET_MS = 1000
LATEST_MS = 5000
MOST_VIEWS = 40
Content = tuple[str, list[tuple[int, int, int]]]
"""A text and who wrote what: (start, end, passage number) in characters."""


class DocumentState(QObject):
    """`current` is what was last saved; the editor holds what is newer (see `bind`).

    `leaving`: another text comes, decide about drafts. `opened(document)`: show it. `renamed`:
    the title of the open one is another. `listed`: the list is another. A change is saved after
    a second of quiet, at the latest after five.
    """

    leaving = Signal()
    opened = Signal(object)
    renamed = Signal()
    listed = Signal()
    saved = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = studio.documents
        self._content: Callable[[], Content | None] = lambda: None
        self._heads: list[Head] | None = None
        self._dirty = False
        self.current: Document = self._shelf.new()
        self.passages: dict[int, Passage] = {}
        self.views: dict[str, tuple[int, int]] = {}
        self._quiet, self._latest = self._timer(QUIET_MS), self._timer(LATEST_MS)

    def bind(self, content: Callable[[], Content | None]) -> None:
        """`content()` gives what stands in the editor; None while it may not be saved."""
        self._content = content

    # ---- all documents

    @property
    def heads(self) -> list[Head]:
        """All documents, the last changed first."""
        if self._heads is None:
            self._heads = self._shelf.list()
        return self._heads

    def refresh(self) -> None:
        """The shelf changed."""
        self._heads = None
        self.listed.emit()

    def open(self, name: str) -> bool:
        """Open a document; the one before is saved first. False when it cannot be read."""
        if name == self.current.id:
            return True
        self._leave()
        try:
            found = self._shelf.get(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._show(found)
        return True

    def open_last(self, name: str) -> None:
        """The document of the last session, else the one changed last, else an empty one."""
        known = {head.id for head in self.heads}
        wanted = name if name in known else next((head.id for head in self.heads), "")
        if not wanted or not self.open(wanted):
            self._show(self._shelf.new())

    def _leave(self) -> None:
        self.leaving.emit()
        self.save()

    def new(self, text: str = "", title: str = "") -> None:
        """Begin another document; an empty one without a name is used again."""
        self._leave()
        if not text and not title and not self.current.named and not self.current.text.strip():
            self._show(self.current)
            return
        self._show(self._shelf.new(text, title))
        if text:
            self.touch()

    def rename(self, title: str) -> None:
        """Give the open document a title; an empty one follows the first line again."""
        self.save(force=True)
        self.current = self._shelf.rename(self.current.id, title)
        self.renamed.emit()
        self.refresh()

    def remove(self, name: str) -> None:
        """Move a document to the trash; it can be brought back."""
        here = name == self.current.id
        self._leave()
        title = next((head.title for head in self.heads if head.id == name), "The document")
        try:
            self._shelf.remove(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.refresh()
        if here:
            self._dirty = False
            self.open_last("")
        self.said.emit(f"“{title}” is in the trash", "Undo", lambda: self._bring_back(name))

    def _bring_back(self, name: str) -> None:
        try:
            self._shelf.restore(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self.refresh()
        self.open(name)

    def _show(self, document: Document) -> None:
        self._stop_timers()
        self._dirty = False
        self.current = document
        self.passages = {passage.number: passage for passage in document.passages}
        self.opened.emit(document)
        self.renamed.emit()
        self.listed.emit()
        self.edited.emit()

    # ---- saving

    def touch(self) -> None:
        """The text in the editor is another: save it in a moment."""
        self._dirty = True
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()

    def save(self, force: bool = False) -> None:
        """Keep what stands in the editor now, if anything changed."""
        self._stop_timers()
        if not self._dirty and not force:
            return
        content = self._content()
        if content is None:
            return
        text, spans = content
        self._dirty = False
        before = self.current.title
        self.current = retitled(self._with(text, spans))
        self._shelf.put(self.current)
        self.saved.emit()
        self._note_head(self.current.head)
        if self.current.title != before:
            self.renamed.emit()

    def _with(self, text: str, spans: list[tuple[int, int, int]]) -> Document:
        known = [span for span in spans if span[2] in self.passages]
        used = dict.fromkeys(number for _a, _b, number in known)
        pieces = tuple(Piece(start=a, end=b, passage=number) for a, b, number in known)
        passages = tuple(self.passages[number] for number in used)
        update = {"text": text, "pieces": pieces, "passages": passages}
        return self.current.model_copy(update=update)

    def _note_head(self, head: Head) -> None:
        if self._heads is not None:
            self._heads = [head, *(one for one in self._heads if one.id != head.id)]
        self.listed.emit()

    def next_number(self) -> int:
        """A number for the next passage."""
        return max(self.passages, default=0) + 1

    def keep_passage(self, passage: Passage) -> None:
        """Remember what a model wrote; passages of which nothing is left are not saved."""
        self.passages[passage.number] = passage
        self.touch()

    def close(self) -> None:
        """Save and stop."""
        self.save()

    # ---- session

    def look(self, place: int, scroll: int) -> None:
        """Where somebody is in the open document: the cursor's place, the scroll bar's value."""
        self.views.pop(self.current.id, None)
        self.views[self.current.id] = (place, scroll)

    @property
    def view(self) -> tuple[int, int]:
        """Where somebody was in the open document."""
        return self.views.get(self.current.id, (0, 0))

    def snapshot(self) -> dict[str, Any]:
        """Which document is open, and where somebody was in the last ones."""
        views = {name: list(view) for name, view in list(self.views.items())[-MOST_VIEWS:]}
        return {"id": self.current.id, "views": views}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Open what was open."""
        views = saved.get("views")
        for name, view in views.items() if isinstance(views, dict) else ():
            if isinstance(view, list) and len(view) == 2 and all(type(v) is int for v in view):
                self.views[str(name)] = (view[0], view[1])
        self.open_last(str(saved.get("id", "")))

    def _stop_timers(self) -> None:
        self._quiet.stop()
        self._latest.stop()

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(self.save)
        return timer
