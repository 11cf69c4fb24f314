"""A part of a form that is folded away until asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Button


class Folded(QWidget):
    """A line "More" that opens `body` below it."""

    toggled = Signal(bool)

    def __init__(self, text: str = "More", open: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._button = Button(text, kind="fold", parent=self)
        self._button.setCheckable(True)
        self._room = QWidget(self)
        self.body = QVBoxLayout(self._room)
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.addWidget(self._button, 1)
        column.addLayout(self.head)
        column.addWidget(self._room)
        self._button.toggled.connect(self._show)
        self._button.setChecked(open)
        self._show(open)

    def is_open(self) -> bool:
        """Whether the body is in sight."""
        return self._button.isChecked()

    def set_open(self, open: bool) -> None:
        """Fold or unfold."""
        self._button.setChecked(open)

    def set_text(self, text: str) -> None:
        """Other words on the line."""
        self._button.set_text(text)

    def _show(self, open: bool) -> None:
        self._room.setVisible(open)
        self._button.set_icon("chevron-down" if open else "chevron-right")
        self._button.setAccessibleDescription("open" if open else "folded")
        self.toggled.emit(open)
