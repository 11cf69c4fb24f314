"""Opens a foreign file: another process reads it, the window goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import Problem, classify


class Opening(QObject):
    """`read(path)` waits for the answer; `ready(path, found)` or `problem` follows each `open`."""

    ready = Signal(object, object)
    problem = Signal(object)

    def __init__(
        self, read: Callable[[Path], object], doing: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._read, self._doing = read, doing
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answers = _Answers(self)
        self._answers.came.connect(self._take)

    def open(self, path: Path) -> None:
        """Have it read."""
        self._pool.start(_Reading(path, self._read, self._doing, self._answers))

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._pool.waitForDone()

    def _take(self, path: Path, found: object) -> None:
        if isinstance(found, Problem):
            self.problem.emit(found)
        else:
            self.ready.emit(path, found)


class _Answers(QObject):
    came = Signal(object, object)


class _Reading(QRunnable):
    def __init__(
        self, path: Path, read: Callable[[Path], object], doing: str, answers: _Answers
    ) -> None:
        super().__init__()
        self._path, self._reader, self._doing, self._answers = path, read, doing, answers

    def run(self) -> None:
        """Wait for the answer; every failure becomes a sentence."""
        found: object
        try:
            found = self._reader(self._path)
        except Exception as error:
            found = classify(error, self._doing, self._path)
        self._answers.came.emit(self._path, found)
