"""OpenState: the work of one's own that is open in a panel, saved by itself, and all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.errors import GenStudioError

QUIET_MS = 1000
LATEST_MS = 5000
MOST_VIEWS = 40


class OpenState(QObject):
    """`current` is what was last saved; the panel holds what is newer (see `bind`).

    `leaving`: another work comes, decide about drafts. `opened(work)`: show it. `renamed`: the
    title of the open one is another. `listed`: the list is another. A change is saved after a
    second of quiet, at the latest after five. A subclass says in `_updated` what a saved work
    is made of, in `_is_blank` what is not worth another one, and in `_taken` what to note of it.
    """

    leaving = Signal()
    opened = Signal(object)
    renamed = Signal()
    listed = Signal()
    saved = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    THING = "work"

    def __init__(self, shelf: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._content: Callable[[], Any] = lambda: None
        self._heads: list[Any] | None = None
        self._saved: Any = None  # the work whose head is to be told anew
        self._dirty = False
        self.current: Any = shelf.new()
        self.views: dict[str, tuple[int, int]] = {}
        self._quiet, self._latest = self._timer(QUIET_MS), self._timer(LATEST_MS)

    def bind(self, content: Callable[[], Any]) -> None:
        """`content()` gives what stands in the panel; None while it may not be saved."""
        self._content = content

    def _updated(self, content: Any) -> Any:
        """`current` with what stands in the panel."""
        return self.current

    def _is_blank(self) -> bool:
        """Whether the open work is empty and has no name."""
        return not self.current.named

    def _taken(self, work: Any) -> None:
        """A work is about to be shown."""

    # ---- all works

    @property
    def heads(self) -> list[Any]:
        """All works, the last changed first."""
        if self._heads is None:
            self._heads, self._saved = self._shelf.list(), None
        if self._saved is not None:
            # Not at every save: the words of a long text take a while to count.
            head, self._saved = self._saved.head, None
            self._heads = [head, *(one for one in self._heads if one.id != head.id)]
        return self._heads

    def refresh(self) -> None:
        """The shelf changed."""
        self._heads = None
        self.listed.emit()

    def open(self, name: str) -> bool:
        """Open a work; the one before is saved first. False when it cannot be read."""
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
        """The work of the last session, else the one changed last, else an empty one."""
        known = {head.id for head in self.heads}
        wanted = name if name in known else next((head.id for head in self.heads), "")
        if not wanted or not self.open(wanted):
            self._show(self._first())

    def _first(self) -> Any:
        """What is shown where there is nothing yet."""
        return self._shelf.new()

    def _leave(self) -> None:
        self.leaving.emit()
        self.save()

    def rename(self, title: str) -> None:
        """Give the open work a title; an empty one takes it away."""
        self.save(force=True)
        try:
            self.current = self._shelf.rename(self.current.id, title)
        except GenStudioError as error:  # a draft stands there and nothing was ever kept
            self.problem.emit(error.problem)
            return
        self.renamed.emit()
        self.refresh()

    def remove(self, name: str) -> None:
        """Move a work to the trash; it can be brought back."""
        here = name == self.current.id
        self._leave()
        title = next((head.title for head in self.heads if head.id == name), self.THING)
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

    def _show(self, work: Any) -> None:
        self._stop_timers()
        self._dirty = False
        self.current = work
        self._taken(work)
        self.opened.emit(work)
        self.renamed.emit()
        self.listed.emit()
        self.edited.emit()

    # ---- saving

    def touch(self) -> None:
        """What stands in the panel is another: save it in a moment."""
        self._dirty = True
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()

    def save(self, force: bool = False) -> None:
        """Keep what stands in the panel now, if anything changed."""
        self._stop_timers()
        if not self._dirty and not force:
            return
        content = self._content()
        if content is None:
            return
        self._dirty = False
        before = self.current.title
        self.current = self._updated(content)
        self._shelf.put(self.current)
        self.saved.emit()
        self._note(self.current)
        if self.current.title != before:
            self.renamed.emit()

    def _note(self, work: Any) -> None:
        if self._saved is not None and self._saved.id != work.id:
            self._heads = None  # two at once: the shelf knows both
        self._saved = work
        self.listed.emit()

    def close(self) -> None:
        """Save and stop."""
        self.save()

    # ---- session

    def look(self, place: int, scroll: int) -> None:
        """Where somebody is in the open work: two whole numbers that the panel understands."""
        self.views.pop(self.current.id, None)
        self.views[self.current.id] = (place, scroll)

    @property
    def view(self) -> tuple[int, int]:
        """Where somebody was in the open work."""
        return self.views.get(self.current.id, (0, 0))

    def snapshot(self) -> dict[str, Any]:
        """Which work is open, and where somebody was in the last ones."""
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
