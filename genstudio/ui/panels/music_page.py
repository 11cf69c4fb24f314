"""The page of the Music panel: roll, drafts, the chosen note, and a line that tells the truth."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.note_strip import NoteStrip
from genstudio.ui.widgets.panel_frame import label, note
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.piece_cards import PieceCards
from genstudio.ui.widgets.roll_tools import RollTools

WIDTH = 420
EMPTY = "Draw notes, drop a MIDI or MusicXML file anywhere, or have a model compose."


class Beginnings(QWidget):
    """Ways to begin, over an empty roll."""

    file_wanted = Signal()
    starter_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.open = Button("Open a MIDI file…", "folder")
        self.starter = Button("Begin with a quartet", "music")
        self.open.clicked.connect(self.file_wanted)
        self.starter.clicked.connect(self.starter_wanted)
        words = note(EMPTY)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        flow = FlowLayout()
        flow.addWidget(self.open)
        flow.addWidget(self.starter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(flow)


class MusicPage(QWidget):
    """`roll`, `cards` of drafts with `words` on them, `strip`, `begin` and `tools`. `drafts` is for
    the bar: which draft is in sight, the next, `keep` and `drop`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.roll = PianoRoll()
        self.cards, self.strip = PieceCards(), NoteStrip()
        self.keep, self.drop = Button("Keep", "check"), Button("Drop", kind="quiet")
        self.back, self.forth = (
            Button("", "chevron-left", "quiet"),
            Button("", "chevron-right", "quiet"),
        )
        self.which = label("")
        self.begin = Beginnings(self.roll)
        self.hint, self.facts = QLabel(""), QLabel("")
        self.tools = RollTools(self.roll)
        self.above = QVBoxLayout()
        """Room between the bar and the roll, for playing."""
        self.drafts, self.words = self._draft_row(), self._word_row()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 4)
        column.setSpacing(8)
        column.addLayout(self.above)
        column.addWidget(self.roll, 1)
        column.addWidget(self.cards)
        column.addWidget(self.strip)
        column.addWidget(self.words)
        self.tools.setFixedHeight(40)
        column.addWidget(self.tools)
        for widget in (self.drafts, self.cards, self.words):
            widget.hide()
        self.strip.hide()

    def _draft_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for button, words in ((self.back, "The draft before"), (self.forth, "The next draft")):
            button.setAccessibleName(words)
            button.setToolTip(words)
        self.drop.setAccessibleName("Drop all drafts")
        for widget in (self.which, self.back, self.forth, self.drop, self.keep):
            line.addWidget(widget)
        return row

    def _word_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(4, 0, 4, 0)
        line.setSpacing(16)
        for words in (self.hint, self.facts):
            words.setProperty("role", "small")
            words.setFont(font(12, tabular=True))
            words.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAccessibleName("What the keys do now")
        line.addWidget(self.hint)
        line.addStretch(1)
        line.addWidget(self.facts)
        return row

    def show_drafts(self, count: int, chosen: int, ready: bool) -> None:
        """The row with drafts: which one is in sight, and whether it can be kept."""
        focus = QApplication.focusWidget()
        if not count and any(one.isAncestorOf(focus) for one in (self.drafts, self.cards)):
            self.roll.setFocus()  # else Qt gives it to the next in line
        for widget in (self.drafts, self.cards, self.words):
            widget.setVisible(count > 0)
        self.which.setText(f"Draft {chosen + 1} of {count}")
        self.set_ready(ready)
        for button in (self.back, self.forth):
            button.setVisible(count > 1)

    def set_ready(self, ready: bool) -> None:
        """Whether the draft in sight can be kept; the focus goes to the roll where it cannot."""
        if not ready and self.keep.hasFocus():
            self.roll.setFocus()
        self.keep.setEnabled(ready)

    def show_begin(self, empty: bool, starter: bool) -> None:
        """Offer ways to begin while there is nothing in the roll."""
        self.begin.starter.setVisible(starter)
        self.begin.setVisible(empty)
        self._place_begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """They stand in the middle of the roll."""
        super().resizeEvent(event)
        self._place_begin()

    def _place_begin(self) -> None:
        width = min(WIDTH, max(120, self.roll.width() - 160))
        left = (self.roll.width() - width) // 2
        self.begin.setGeometry(left, max(60, self.roll.height() // 3), width, 110)
        self.begin.raise_()
