"""Opens a text file as a new document: another process reads it, the window goes on meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import Problem, classify

if TYPE_CHECKING:
    from genstudio.studio.looking import Looker


class TextOpening(QObject):
    """`ready(title, text)` or `problem` follows each `open`."""

    ready = Signal(str, str)
    problem = Signal(object)

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker = looker
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answers = _Answers(self)
        self._answers.came.connect(self._take)

    def open(self, path: Path) -> None:
        """Have its words read."""
        self._pool.start(_Reading(path, self._looker, self._answers))

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._pool.waitForDone()

    def _take(self, path: Path, found: object) -> None:
        if isinstance(found, Problem):
            self.problem.emit(found)
        else:
            self.ready.emit(path.stem, str(found))


class _Answers(QObject):
    came = Signal(object, object)


class _Reading(QRunnable):
    def __init__(self, path: Path, looker: Looker, answers: _Answers) -> None:
        super().__init__()
        self._path, self._looker, self._answers = path, looker, answers

    def run(self) -> None:
        """Wait for the words; every failure becomes a sentence."""
        found: object
        try:
            found = self._looker.words(self._path)
        except Exception as error:
            found = classify(error, "reading the text", self._path)
        self._answers.came.emit(self._path, found)
