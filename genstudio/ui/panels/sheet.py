"""A small window over a panel: at its top right, never modal, left with Esc or Close."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import title

WIDTH, TOP, MARGIN, SIDE = 400, 60, 20, 16


class Sheet(QFrame):
    """A small window at the top right of its parent; Esc or Close leaves."""

    closed = Signal()

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("box", "raised")
        self.setProperty("floats", True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(words)
        self._before: QWidget | None = None
        self.head = title(words)
        self.leave = Button("Close", kind="quiet")
        self.leave.setAccessibleName(f"Close: {words}")
        self.leave.clicked.connect(self.close_sheet)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SIDE, 12, SIDE, SIDE)
        self.column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.head, 1)
        row.addWidget(self.leave)
        self.column.addLayout(row)
        self.hide()

    def open_sheet(self, first: QWidget) -> None:
        """Come into sight with the focus on `first`; it goes back when the sheet leaves.

        One at a time: any other sheet of the window that is in sight leaves.
        """
        for other in self.window().findChildren(Sheet):
            if other is not self and other.isVisible():
                other.close_sheet()
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._before = focus
        self.show()
        self.place()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Top right of the parent, below its bar."""
        # Not adjustSize: it measures wrapped words and pills at the width that they would like.
        self.column.activate()
        wraps = self.column.hasHeightForWidth()
        height = self.column.totalHeightForWidth(WIDTH) if wraps else self.sizeHint().height()
        self.resize(WIDTH, height)
        self.move(self.parentWidget().width() - self.width() - MARGIN, TOP)

    def hold(self, button: QWidget, ready: bool) -> None:
        """Enable a button or not; the focus waits in the sheet until it is ready again.

        Else Qt gives it to the next in line, below the sheet.
        """
        if not ready and button.hasFocus():
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        button.setEnabled(ready)
        if ready and self.hasFocus():
            button.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Leave."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        elif self.isAncestorOf(QApplication.focusWidget()):
            # Else Qt gives it to the next in line, such as a toast's Undo.
            self.parentWidget().setFocus()
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter presses the button that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif not enter(event):
            super().keyPressEvent(event)


def enter(event: QKeyEvent) -> bool:
    """Enter presses the button that has the focus, as in a dialog; False where it does not."""
    focus, keys = QApplication.focusWidget(), (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if event.key() not in keys or not isinstance(focus, QAbstractButton):
        return False
    focus.click()
    return True
