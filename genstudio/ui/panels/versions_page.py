"""Versions of the open document beside its text: choose, compare, go back."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from genstudio.core.differences import Chunk, differences
from genstudio.ui.state.version_state import VersionState
from genstudio.ui.state.words import ago, number
from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import note
from genstudio.ui.widgets.version_tree import VersionRow, VersionTree

AROUND = 160
"""Letters of what stays the same that are shown beside a difference."""
REST_MS = 300
_HOW = {
    "began": "began",
    "typed": "you",
    "written": "",
    "branched": "branch",
}


class VersionsPage(QWidget):
    """Enter or the button uses a version; below the tree stands how it differs from the text."""

    def __init__(self, state: VersionState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.tree = VersionTree()
        self.words = note("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.compare = QTextEdit()
        self.compare.setReadOnly(True)
        self.compare.setAccessibleName("How the chosen version differs from the text")
        self.compare.setMinimumHeight(150)
        self.compare.setTabChangesFocus(True)
        self.use = Button("Use this version", "undo")
        row = QHBoxLayout()
        row.addWidget(self.use, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tree, 3)
        column.addWidget(self.words)
        column.addWidget(self.compare, 2)
        column.addLayout(row)
        self._compared: list[Chunk] = []
        self.tree.chosen.connect(lambda _row: self._show_chosen())
        self.tree.opened.connect(self._use)
        self.use.clicked.connect(lambda: self._use(self.tree.current()))
        state.changed.connect(self.show_all)
        theme().changed.connect(self._draw)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)

    def text_changed(self) -> None:
        """The text in the editor is another: once the hand rests, say whether a version is it."""
        if self.isVisible():
            self._rest.start()

    def _rested(self) -> None:
        if self.tree.current() == self._state.tree.current:
            self._show_chosen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody reads it."""
        super().hideEvent(event)
        self._rest.stop()

    def _use(self, place: int) -> None:
        self._state.restore(place)
        self._show_chosen()
        self.tree.setFocus()  # the button has nothing to do now, and would hand it to anyone

    def show_all(self) -> None:
        """The whole tree; nothing is worked out while it is not in sight."""
        if not self.isVisible():
            return
        tree = self._state.tree
        rows = []
        for place, item in enumerate(tree.items):
            by = item.model or _HOW[item.how]
            more = len(item.put) - item.cut
            size = f"{more:+,}" if more else ""
            parts = (_HOW[item.how] if item.model else "", by, ago(item.created), size)
            facts = " · ".join(part for part in parts if part)
            own = not item.model
            rows.append(VersionRow(self._state.title_of(place), facts, item.parent, own))
        self.tree.set_rows(rows, tree.current)
        self._show_chosen()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: what stands in the editor is a version as well."""
        super().showEvent(event)
        self._state.note()
        self.show_all()

    def _show_chosen(self) -> None:
        place, tree = self.tree.current(), self._state.tree
        other = 0 <= place < len(tree.items) and place != tree.current
        left = place == tree.current >= 0 and self._state.standing() != tree.text
        self.use.setEnabled(other or left)
        for widget in (self.tree, self.use):  # an empty page says what it is for, at its top
            widget.setVisible(bool(tree.items))
        if not tree.items:
            self.words.setText("Every text that a model writes, and every branch, is kept here.")
        elif other:
            self.words.setText("From the text to this version:")
        elif left:
            self.words.setText("The text was changed since this version.")
        else:
            self.words.setText("This version stands in the text.")
        self.compare.setVisible(other)
        self._compared = []
        if other:
            self._compared = differences(self._state.standing(), tree.text_of(place))
        self._draw()

    def _draw(self) -> None:
        self.compare.clear()
        cursor = self.compare.textCursor()
        last = len(self._compared) - 1
        for place, (kind, text) in enumerate(self._compared):
            shown = _shortened(text, place == 0, place == last) if kind == "same" else text
            cursor.insertText(shown, _look(kind))
        self.compare.moveCursor(QTextCursor.MoveOperation.Start)
        gone = sum(len(text) for kind, text in self._compared if kind == "gone")
        new = sum(len(text) for kind, text in self._compared if kind == "new")
        said = f"{number(new)} letters come, {number(gone)} go"
        self.compare.setAccessibleDescription(said if self._compared else "")


def _shortened(text: str, first: bool, last: bool) -> str:
    """What stays the same, only where it stands beside a difference."""
    if first:
        return text if len(text) <= AROUND else "… " + _end(text)
    if last:
        return text if len(text) <= AROUND else _beginning(text) + " …"
    return text if len(text) <= 2 * AROUND else f"{_beginning(text)} … {_end(text)}"


def _beginning(text: str) -> str:
    """The first letters, to the end of a word where there is one."""
    part = text[:AROUND]
    cut = part.rfind(" ")
    return part[:cut] if cut > AROUND // 2 else part


def _end(text: str) -> str:
    """The last letters, from the beginning of a word where there is one."""
    part = text[-AROUND:]
    cut = part.find(" ")
    return part[cut + 1 :] if 0 <= cut < AROUND // 2 else part


def _look(kind: str) -> QTextCharFormat:
    """Struck out what goes, underlined what comes: not by colour alone."""
    look = QTextCharFormat()
    look.setForeground(color({"gone": "red", "new": "good"}.get(kind, "text")))
    look.setFontStrikeOut(kind == "gone")
    look.setFontUnderline(kind == "new")
    return look
