"""A small bar above selected text: what a model can do with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit

from genstudio.ui.widgets.buttons import Button

REST_MS = 250
GAP = 6
ACTS = (
    ("rewrite", "Rewrite", "Write this part anew, from what stands before it"),
    ("fill", "Fill", "Write this part anew, to fit what stands before and after it"),
    ("onward", "Continue from here", "Go on behind the selection"),
)


class SelectionBar(QFrame):
    """`wanted(name)`: "rewrite", "fill" or "onward". Shows itself once a selection rests."""

    wanted = Signal(str)

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit.viewport())
        self._edit, self._able = edit, {"rewrite", "onward"}
        self.setProperty("box", "raised")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName("With the selection")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        self.buttons: dict[str, Button] = {}
        for name, text, tip in ACTS:
            button = Button(text, kind="quiet")
            button.setToolTip(tip)
            button.clicked.connect(lambda _on=False, name=name: self._press(name))
            self.buttons[name] = button
            row.addWidget(button)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.place)
        edit.selectionChanged.connect(self._on_selection)
        edit.verticalScrollBar().valueChanged.connect(self._on_selection)
        edit.installEventFilter(self)
        self.hide()

    def set_able(self, names: set[str]) -> None:
        """What may be offered now; with nothing the bar stays away."""
        self._able = names
        for name, button in self.buttons.items():
            button.setVisible(name in names)
        if not names:
            self.dismiss()

    def dismiss(self) -> bool:
        """Away until something else is selected; False when it was not in sight."""
        self._rest.stop()
        there = self.isVisible()
        self.hide()
        return there

    def place(self) -> None:
        """Above the selection, or below it at the top of the page."""
        self._rest.stop()
        cursor = self._edit.textCursor()
        if not self._able or not cursor.selectedText().strip() or self._edit.isReadOnly():
            self.hide()
            return
        start, end = self._edit.textCursor(), self._edit.textCursor()
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        first, last = self._edit.cursorRect(start), self._edit.cursorRect(end)
        room = self._edit.viewport().rect()
        self.adjustSize()
        above = first.top() - self.height() - GAP
        top = above if above >= 0 else last.bottom() + GAP
        if first.top() > room.bottom() or last.bottom() < 0:
            self.hide()
            return
        top = min(max(GAP, top), room.height() - self.height() - GAP)
        left = min(max(0, first.left() - 12), max(0, room.width() - self.width()))
        self.move(QPoint(left, top))
        self.show()
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Another size moves the text; a text out of sight needs no bar."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._rest.start()
        elif event.type() == QEvent.Type.Hide:
            self.dismiss()
        return False

    def _on_selection(self) -> None:
        self.hide()
        if self._edit.textCursor().hasSelection():
            self._rest.start()
        else:
            self._rest.stop()

    def _press(self, name: str) -> None:
        self.dismiss()
        self.wanted.emit(name)
