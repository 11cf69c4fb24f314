"""A pill that can be dragged into another program; a press does the same through the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.ui.widgets.buttons import Pill


class DragPill(Pill):
    """`wanted`: a file is to be made. `give(path)` hands it over: to the drag that waits for it,
    else to the clipboard, and then `copied(path)` says so."""

    wanted = Signal()
    copied = Signal(object)

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, checkable=False, icon=icon, parent=parent)
        self._from: QPoint | None = None
        self._asked = ""  # "drag" or "copy" while a file is on its way
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.clicked.connect(lambda: self._ask("copy"))

    def give(self, path: Path) -> None:
        """The file is there."""
        asked, self._asked = self._asked, ""
        if asked == "drag":
            drag_out(self, path)
        elif asked == "copy":
            QGuiApplication.clipboard().setMimeData(mime_of(path))
            self.copied.emit(path)

    def forget(self) -> None:
        """No file comes."""
        self._asked = ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press, or the beginning of a drag."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough: it is a drag, which begins when the file is there."""
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        far = (event.position().toPoint() - self._from).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._from = None
            self.setDown(False)
            self._ask("drag")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go before the file was there: nothing is dragged."""
        if self._asked == "drag":
            self._asked = ""
        self._from = None
        super().mouseReleaseEvent(event)

    def _ask(self, how: str) -> None:
        self._asked = how
        self.wanted.emit()


def drag_out(widget: QWidget, path: Path) -> None:
    """Let a file be dragged; returns when it was let go."""
    drag = QDrag(widget)
    drag.setMimeData(mime_of(path))
    drag.exec(Qt.DropAction.CopyAction)


def mime_of(path: Path) -> QMimeData:
    """A file as other programs take it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data
