"""A model's title while it is being written anew: Enter takes it, Esc leaves it as it was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from genstudio.studio.library import MOST_TITLE

WIDTH = 260


class TitleEdit(QLineEdit):
    """Hidden until `open`; `renamed(text)` and then `left` when it is done."""

    renamed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Title of the model")
        self.setMaxLength(MOST_TITLE)
        self.setFixedWidth(WIDTH)
        self.returnPressed.connect(self._take)
        self.hide()

    def open(self, text: str) -> None:
        """Write over `text`."""
        self.setText(text)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        """Give up; whether there was something to give up."""
        if self.isHidden():
            return False
        self.hide()
        self.left.emit()
        return True

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the field while it is written in."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        text = " ".join(self.text().split())
        self.leave()
        if text:
            self.renamed.emit(text)
