"""Opens a text file as a new document: another process reads it, the window goes on meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.ui.state.opening import Opening

if TYPE_CHECKING:
    from genstudio.studio.looking import Looker


class TextOpening(QObject):
    """`ready(title, text)` or `problem` follows each `open`."""

    ready = Signal(str, str)
    problem = Signal(object)

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opening = Opening(lambda path: looker.words(path), "reading the text", self)
        self._opening.problem.connect(self.problem)
        self._opening.ready.connect(self._take)

    def open(self, path: Path) -> None:
        """Have its words read."""
        self._opening.open(path)

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._opening.wait()

    def _take(self, path: Path, text: object) -> None:
        self.ready.emit(path.stem, str(text))
