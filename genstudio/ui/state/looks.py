"""Looks: questions to another process, asked one after the other beside the window's thread.

Each question stands in a slot. A newer question of the same slot replaces the one that waits
there, stops the one that runs, and makes its answers void: the window only ever sees the answer
to what it asked last.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import Problem, classify
from genstudio.core.events import Event, Preview
from genstudio.core.stored import Json
from genstudio.ui.state.results import decoded


class AskerLike(Protocol):
    """What is asked: `studio.looking.Asker`."""

    def ask(
        self, work: str, body: Mapping[str, Json], hear: Callable[[Event], object]
    ) -> dict[str, Json]:
        """Done.data; blocks."""

    def stop(self) -> None:
        """Stop what runs."""


@dataclass
class _Question:
    number: int
    slot: str
    work: str
    body: Mapping[str, Json]
    done: Callable[[dict[str, Json]], object]
    preview: Callable[[int, bytes], object]
    failed: Callable[[Problem], object]


class Looks(QObject):
    """`ask` returns at once; the callbacks come later, in the window's thread."""

    busy_changed = Signal()
    _told = Signal(object, str, object)

    def __init__(self, asker: AskerLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._numbers = itertools.count(1)
        self._newest: dict[str, int] = {}
        self._open: set[int] = set()
        self._lock = threading.Lock()
        self._running: _Question | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._told.connect(self._answer)

    @property
    def busy(self) -> bool:
        """True while an answer is awaited."""
        return bool(self._open)

    def ask(
        self,
        slot: str,
        work: str,
        body: Mapping[str, Json],
        done: Callable[[dict[str, Json]], object],
        preview: Callable[[int, bytes], object] = lambda index, data: None,
        failed: Callable[[Problem], object] = lambda problem: None,
    ) -> None:
        """Ask for a work of the files role; an empty `slot` is never replaced."""
        number = next(self._numbers)
        slot = slot or f"#{number}"
        question = _Question(number, slot, work, body, done, preview, failed)
        self.forget(slot)
        with self._lock:
            self._newest[slot] = number
        self._open.add(number)
        self._pool.start(_Turn(self, question))
        self.busy_changed.emit()

    def forget(self, slot: str) -> None:
        """What was asked in `slot` is not wanted any more."""
        with self._lock:
            old = self._newest.pop(slot, 0)
            # Within the lock: the next question cannot begin, so that it is never the one stopped.
            if self._running is not None and self._running.number == old:
                self._asker.stop()
        self._open.discard(old)

    def close(self) -> None:
        """Drop what waits and wait for what runs."""
        with self._lock:
            self._newest.clear()
            if self._running is not None and not self._running.slot.startswith("#"):
                self._asker.stop()
        self._open.clear()
        self._pool.waitForDone()

    # ---- in the thread

    def run(self, question: _Question) -> None:
        """Ask, unless nobody wants to know any more (called by the pool)."""
        with self._lock:
            kept = question.slot.startswith("#")  # an edit is carried out whatever follows
            if not kept and self._newest.get(question.slot) != question.number:
                return
            self._running = question
        try:
            data = self._asker.ask(
                question.work, question.body, lambda event: self._hear(question, event)
            )
            self._tell(question, "done", data)
        except Exception as error:
            self._tell(question, "failed", classify(error, "looking at the data"))
        finally:
            with self._lock:
                self._running = None

    def _hear(self, question: _Question, event: Event) -> None:
        if isinstance(event, Preview):
            picture = decoded(event)
            if picture:
                self._tell(question, "preview", (event.index, picture))

    def _tell(self, question: _Question, what: str, value: object) -> None:
        # Without a lock: the window's thread looks again before it uses an answer.
        if self._newest.get(question.slot) == question.number:
            self._told.emit(question, what, value)

    # ---- in the window's thread

    def _answer(self, question: _Question, what: str, value: object) -> None:
        if self._newest.get(question.slot) != question.number:
            return
        if what == "preview":
            question.preview(*value)  # type: ignore[misc]
            return
        self._newest.pop(question.slot, None)
        self._open.discard(question.number)
        if what == "done":
            question.done(value)  # type: ignore[arg-type]
        elif value.kind != "cancelled":  # type: ignore[attr-defined]
            question.failed(value)  # type: ignore[arg-type]
        self.busy_changed.emit()


class _Turn(QRunnable):
    def __init__(self, looks: Looks, question: _Question) -> None:
        super().__init__()
        self._looks, self._question = looks, question

    def run(self) -> None:
        """Take the turn in the pool's thread."""
        self._looks.run(self._question)
