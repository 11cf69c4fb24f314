"""From the Studio's threads to Qt's main thread, without ever flooding it.

Callbacks only append to a queue. The main thread takes events from it in turns of a few
milliseconds, so the window stays alive however fast a worker talks. What is out of date is
dropped on the way: of Progress and Heartbeat the last per job counts, of Preview the last per
place. The order of all else is kept.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from genstudio.core.events import Event, Heartbeat, Preview, Progress

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

TURN_SECONDS = 0.008
SHELVES = ("library", "gallery", "queue", "datasets", "runs", "documents", "pieces")


class Mailbox:
    """Events on their way; a newer one takes the place of the older with the same slot."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, object] = {}
        self._count = 0

    def put(self, item: object, slot: Hashable | None = None) -> bool:
        """Add `item`; True when the box was empty (somebody has to be woken)."""
        with self._lock:
            empty = not self._waiting
            if slot is None:
                self._count += 1
                slot = self._count
            self._waiting[slot] = item
            return empty

    def take(self) -> object | None:
        """The oldest item, or None."""
        with self._lock:
            if not self._waiting:
                return None
            slot = next(iter(self._waiting))
            return self._waiting.pop(slot)

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)


def slot_of(event: Event) -> Hashable | None:
    """What a later event replaces: nothing for most kinds."""
    if isinstance(event, (Progress, Heartbeat)):
        return (event.kind, event.job)
    if isinstance(event, Preview):
        return (event.kind, event.job, event.index)
    return None


class Bridge(QObject):
    """`event(Event)` and `changed(shelf)` are emitted in the main thread only."""

    event = Signal(object)
    changed = Signal(str)
    shown = Signal()
    problem = Signal(object)
    _wake = Signal()

    def __init__(self, studio: Studio | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box = Mailbox()
        self._ends: list[Callable[[], None]] = []
        self._closed = False
        self._wake.connect(self._turn, Qt.ConnectionType.QueuedConnection)
        if studio is not None:
            self.connect_studio(studio)

    def connect_studio(self, studio: Studio) -> None:
        """Listen to a Studio's queue and shelves."""
        self._ends.append(studio.queue.on_event(self.post))
        for name in SHELVES:
            shelf = getattr(studio, name)
            self._ends.append(shelf.on_change(lambda *_ids, shelf=name: self.post_change(shelf)))
        self._ends.append(studio.on_show(lambda: self._put(self.shown.emit)))
        self._ends.append(
            studio.on_problem(lambda problem: self._put(lambda: self.problem.emit(problem)))
        )

    def post(self, event: Event) -> None:
        """Hand over an event; from any thread."""
        self._put(event, slot_of(event))

    def post_change(self, shelf: str) -> None:
        """Say that a shelf changed; from any thread. Many at once are one."""
        self._put(shelf, ("changed", shelf))

    def close(self) -> None:
        """Listen no more."""
        self._closed = True
        for end in self._ends:
            end()
        self._ends = []

    def _put(self, item: object, slot: Hashable | None = None) -> None:
        if self._box.put(item, slot) and not self._closed:
            with contextlib.suppress(RuntimeError):  # the window is gone already
                self._wake.emit()

    def _turn(self) -> None:
        end = time.perf_counter() + TURN_SECONDS
        while not self._closed:
            item = self._box.take()
            if item is None:
                return
            self._deliver(item)
            if time.perf_counter() > end:
                # Let Qt paint and answer the mouse, then go on.
                QTimer.singleShot(0, self, self._turn)
                return

    def _deliver(self, item: object) -> None:
        if isinstance(item, str):
            self.changed.emit(item)
        elif callable(item):
            item()
        else:
            self.event.emit(item)
