"""The bar below an editor that finds words and replaces them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from genstudio.ui.widgets import finding
from genstudio.ui.widgets.buttons import Button, Pill
from genstudio.ui.widgets.marks import Mark, Marks
from genstudio.ui.widgets.panel_frame import note
from genstudio.ui.widgets.prompt_paint import from_qt, to_qt
from genstudio.ui.widgets.text_places import in_units

LAYER = "find"
REST_MS = 120


class FindBar(QWidget):
    """`open_bar()` finds, `open_bar(replace=True)` replaces too; Esc leaves. `found`: a place was
    selected."""

    closed = Signal()
    found = Signal()

    def __init__(self, edit: QPlainTextEdit, marks: Marks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit, self._marks = edit, marks
        self.format: QTextCharFormat | None = None
        """How new words are marked; None: as those around them."""
        self.words, self.other = QLineEdit(), QLineEdit()
        self.case, self.whole = Pill("Aa"), Pill("Whole words")
        self.told = note("")
        self.up, self.down = Button("", "chevron-up", "quiet"), Button("", "chevron-down", "quiet")
        self.one, self.all = Button("Replace"), Button("Replace all")
        self.leave = Button("", "close", "quiet")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._name_all()
        self._lay_out()
        self._connect()
        self.hide()

    def _name_all(self) -> None:
        names = {
            self.words: "Find",
            self.other: "Replace with",
            self.case: "Match capitals",
            self.whole: "Whole words",
            self.up: "Previous place",
            self.down: "Next place",
            self.leave: "Close: find",
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        self.words.setPlaceholderText("Find")
        self.other.setPlaceholderText("Replace with")
        self.told.setWordWrap(False)
        self.told.setMinimumWidth(96)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        above = (self.words, self.told, self.case, self.whole, self.up, self.down, self.leave)
        column.addLayout(_filled(row, above))
        self._below = QWidget()
        low = QHBoxLayout(self._below)
        low.setContentsMargins(0, 0, 0, 0)
        _filled(low, (self.other, self.one, self.all))
        column.addWidget(self._below)
        # From what is looked for straight to what comes instead, as in every editor.
        order = (self.words, self.other, self.one, self.all, *above[2:])
        for first, then in pairwise(order):
            QWidget.setTabOrder(first, then)

    def _connect(self) -> None:
        self.words.textChanged.connect(lambda _text: self._rest.start())
        self._rest.timeout.connect(self._look)
        for pill in (self.case, self.whole):
            pill.toggled.connect(lambda _on: self._look())
        self.down.clicked.connect(self.find_next)
        self.up.clicked.connect(self.find_previous)
        self.one.clicked.connect(self.replace_one)
        self.all.clicked.connect(self.replace_all)
        self.leave.clicked.connect(self.close_bar)
        self._edit.textChanged.connect(self._text_changed)

    # ---- opening

    def open_bar(self, replace: bool = False) -> None:
        """Come into sight, with the words that are selected in the editor."""
        chosen = self._edit.textCursor().selectedText()
        if chosen and "\u2029" not in chosen and len(chosen) < 200:
            self.words.setText(chosen)
        self._below.setVisible(replace)
        self.show()
        self._marks.provide(LAYER, self._in_sight)
        self._look()
        self.words.selectAll()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Leave; the place that was found stays selected."""
        self._rest.stop()
        self._marks.provide(LAYER, None)
        self.hide()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter goes on, with Shift back; in the lower field it replaces."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif enter and self.other.hasFocus():
            self.replace_one()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.find_previous()
        elif enter:
            self.find_next()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for out of sight."""
        self._rest.stop()
        super().hideEvent(event)

    # ---- finding

    def wanted(self) -> finding.Wanted:
        """What is looked for."""
        return finding.Wanted(self.words.text(), self.case.isChecked(), self.whole.isChecked())

    def find_next(self) -> bool:
        """Select the next place behind the cursor, from the top again at the end."""
        text = self._edit.toPlainText()
        end = from_qt(text, self._edit.textCursor().selectionEnd())
        return self._select(text, finding.following(self.wanted(), text, end))

    def find_previous(self) -> bool:
        """Select the place before the cursor, from the end again at the top."""
        text = self._edit.toPlainText()
        start = from_qt(text, self._edit.textCursor().selectionStart())
        return self._select(text, finding.before(self.wanted(), text, start))

    def replace_one(self) -> None:
        """Replace the place that is selected, and go to the next."""
        text, cursor = self._edit.toPlainText(), self._edit.textCursor()
        start = from_qt(text, cursor.selectionStart())
        here = (start, from_qt(text, cursor.selectionEnd()))
        if cursor.hasSelection() and finding.following(self.wanted(), text, start) == here:
            self._insert(cursor)
            self._edit.setTextCursor(cursor)
        self.find_next()

    def replace_all(self) -> int:
        """Replace every place as one step that can be undone; returns how many."""
        text = self._edit.toPlainText()
        places = [(a, b, 0) for a, b in finding.spans(self.wanted(), text)]
        cursor = QTextCursor(self._edit.document())
        cursor.beginEditBlock()
        # From the end: what is replaced does not move what is still to come.
        for start, end, _n in reversed(in_units(text, places)):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self._insert(cursor)
        cursor.endEditBlock()
        count = len(places)
        self._rest.stop()
        self.told.setText(f"{count:,} replaced" if count else "Nothing found")
        return count

    def _insert(self, cursor: QTextCursor) -> None:
        if self.format is None:
            cursor.insertText(self.other.text())
        else:
            cursor.insertText(self.other.text(), self.format)

    # ---- inside

    def _look(self) -> None:
        """Count the places and show those in sight."""
        self._rest.stop()
        count = len(finding.spans(self.wanted(), self._edit.toPlainText()))
        found = f"{count:,} place{'' if count == 1 else 's'}" if count else "Nothing found"
        self.told.setText(found if self.words.text() else "")
        for button in (self.up, self.down, self.one, self.all):
            button.setEnabled(count > 0)
        self._marks.refresh()

    def _text_changed(self) -> None:
        if self.isVisible():
            self._rest.start()

    def _in_sight(self, start: int, end: int) -> list[Mark]:
        text, here = self._edit.toPlainText(), self._edit.textCursor()
        first, last = from_qt(text, start), from_qt(text, end)
        wide = len(self.words.text())
        found = []
        for a, b in finding.spans(self.wanted(), text, max(0, first - wide), last + wide):
            span = (to_qt(text, a), to_qt(text, b))
            chosen = span == (here.selectionStart(), here.selectionEnd())
            found.append(Mark(*span, "found_here" if chosen else "found"))
        return found

    def _select(self, text: str, span: tuple[int, int] | None) -> bool:
        if span is None:
            self.told.setText("Nothing found" if self.words.text() else "")
            return False
        cursor = self._edit.textCursor()
        cursor.setPosition(to_qt(text, span[0]))
        cursor.setPosition(to_qt(text, span[1]), QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()
        places = finding.spans(self.wanted(), text)
        self.told.setText(f"{places.index(span) + 1:,} of {len(places):,}")
        self._marks.refresh()
        self.found.emit()
        return True


def _filled(row: QHBoxLayout, widgets: Sequence[QWidget]) -> QHBoxLayout:
    """Fields take the room, buttons what they need."""
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, int(isinstance(widget, QLineEdit)))
    return row
