"""A few lines of text that are taken when one is done: Return, or going elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

HEIGHT = 92


class NoteEdit(QPlainTextEdit):
    """`finished(text)` once for each text that differs from what was shown; Esc takes it back."""

    finished = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(HEIGHT)

    def show_text(self, text: str, placeholder: str = "") -> None:
        """Show a text without saying so."""
        self._shown = text
        self.setPlaceholderText(placeholder)
        if self.toPlainText() != text:
            self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is done; Shift+Return begins a line."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.finish()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._shown:
            self.setPlainText(self._shown)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere is done too."""
        super().focusOutEvent(event)
        self.finish()

    def finish(self) -> None:
        """Say what is written, if it is news."""
        text = self.toPlainText().strip()
        if text != self._shown:
            self._shown = text
            self.finished.emit(text)
