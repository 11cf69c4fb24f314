"""The page of the Text panel: the editor, how to begin, and a line that tells the truth below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.state.words import number, several
from genstudio.ui.state.writing_state import WritingState
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.marks import Mark
from genstudio.ui.widgets.panel_frame import label
from genstudio.ui.widgets.selection_bar import SelectionBar
from genstudio.ui.widgets.word_counter import WordCounter
from genstudio.ui.widgets.writing_edit import MEASURE, WritingEdit

RATE_MS = 250
WRITTEN = "written"
PLACEHOLDER = "Write a beginning and press Ctrl ↵: the model goes on where the cursor is."
BEGIN_LETTERS = 46
EDGE, GAP = 4, 16
"""Of the line at the foot."""


class Beginnings(QWidget):
    """Ways to begin, over an empty page: a press writes one down and has the model go on."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts: tuple[str, ...] = ()
        self._flow = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Or begin with"))
        column.addLayout(self._flow)
        column.addStretch(1)  # what is left over stands below, not between

    def set_texts(self, texts: tuple[str, ...]) -> None:
        """Offer these."""
        if texts == self._texts:
            return
        self._texts = texts
        while (item := self._flow.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for text in texts:
            words = " ".join(text.split())
            short = words if len(words) <= BEGIN_LETTERS else words[: BEGIN_LETTERS - 1] + "…"
            button = Button(short, kind="pill")
            button.setAccessibleName(f"Begin with: {words}")
            button.setToolTip(text)
            button.clicked.connect(lambda _on=False, text=text: self.chosen.emit(text))
            self._flow.addWidget(button)

    def texts(self) -> tuple[str, ...]:
        """What is offered."""
        return self._texts


class TextPage(QWidget):
    """`edit`, `selection` (the bar above selected text), `begin`, and the line at the foot."""

    def __init__(self, state: WritingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.edit = WritingEdit(self)
        self.edit.setPlaceholderText(PLACEHOLDER)
        self.selection = SelectionBar(self.edit)
        self.begin = Beginnings(self.edit)
        self.hint, self.count, self.facts = QLabel(""), QLabel(""), QLabel("")
        self.counter = WordCounter(self._counted, self)
        self.above = QVBoxLayout()
        """Room between the bar and the text, for a bar that finds."""
        self._rate = QTimer(self)
        self._rate.setInterval(RATE_MS)
        self._rate.timeout.connect(self.show_facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 8)
        column.setSpacing(0)
        column.addLayout(self.above)
        column.addWidget(self.edit, 1)
        column.addWidget(self._foot())
        self.edit.edited.connect(self._on_edit)
        self.edit.loaded.connect(self._on_edit)
        self.counter.counted.connect(self._show_count)
        state.running_changed.connect(self._on_running)

    def _foot(self) -> QWidget:
        row = QWidget()
        row.setFixedHeight(32)
        line = QHBoxLayout(row)
        line.setContentsMargins(EDGE, 0, EDGE, 0)
        line.setSpacing(GAP)
        for words in (self.hint, self.count, self.facts):
            words.setProperty("role", "small")
            words.setFont(font(12, tabular=True))
            words.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAccessibleName("What the keys do now")
        line.addWidget(self.hint)
        line.addStretch(1)
        line.addWidget(self.facts)
        line.addWidget(self.count)
        return row

    # ---- what is told

    def show_facts(self) -> None:
        """Model, seed and speed of the draft that stands in the text."""
        self._show_hint()
        told = self._told()
        # Where there is little room the seed goes first: it stands in the form, too.
        choices = [" · ".join(filter(None, parts)) for parts in (told, told[::2], told[2:], ())]
        measure, room = self.facts.fontMetrics(), self._room()
        fits = (text for text in choices if measure.horizontalAdvance(text) <= room)
        self.facts.setText(next(fits, ""))
        self.facts.setToolTip(choices[0])

    def _told(self) -> tuple[str, str, str]:
        """Model, seed, speed; "" for what is not known."""
        draft, request = self._state.draft, self._state.request
        if draft is None or request is None:
            return "", "", ""
        speed = f"{number(draft.rate)} tokens/s" if draft.rate >= 1 else ""
        if self._state.running and draft.state == "waiting":
            speed = "reading"
        return self._state.title, f"seed {request.seed}", speed

    def _room(self) -> int:
        """Pixels that hint and count leave in the line at the foot."""
        others = sum(words.sizeHint().width() + GAP for words in (self.hint, self.count))
        return self.edit.width() - 2 * EDGE - others

    def _show_hint(self) -> None:
        several_drafts = len(self._state.drafts) > 1
        if self.edit.draft() is None:
            words = ""
        elif self._state.running:
            words = "Esc stops"
        else:
            words = "Tab keeps it · Esc drops it"
        if words and several_drafts:
            words += " · ↑ ↓ other drafts"
        self.hint.setText(words)

    def _on_running(self) -> None:
        on = self._state.running and self.isVisible()
        self._rate.start() if on else self._rate.stop()
        self.show_facts()

    def _counted(self) -> str:
        """The text without a draft that nobody kept yet."""
        draft = self.edit.draft()
        return self.edit.text() if draft is None else "".join(self.edit.around(*draft))

    def _on_edit(self) -> None:
        if self.isVisible():
            self.counter.look()
        self.show_begin()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight again: count what was not counted."""
        super().showEvent(event)
        self.counter.look()
        self._on_running()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is counted."""
        super().hideEvent(event)
        self.counter.stop()
        self._rate.stop()

    def _show_count(self, words: int) -> None:
        self.count.setText(several(words, "word"))
        self.show_facts()

    def show_written(self, on: bool) -> None:
        """Tint what models wrote."""
        self.edit.marks.provide(WRITTEN, self._written if on else None)

    def _written(self, start: int, end: int) -> list[Mark]:
        draft = self.edit.draft()
        spans = self.edit.passages.spans()
        return [
            Mark(max(a, start), min(b, end), WRITTEN)
            for a, b, _number in spans
            if a < end and b > start and (draft is None or a != draft[0])
        ]

    # ---- an empty page

    def show_begin(self) -> None:
        """Offer beginnings while there is nothing on the page."""
        empty = self.edit.length() == 0 and self.edit.draft() is None
        self.begin.setVisible(empty and bool(self.begin.texts()))
        if not self.begin.isHidden():
            self._place_begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """They stand where the text does."""
        super().resizeEvent(event)
        self._place_begin()
        self.show_facts()

    def _place_begin(self) -> None:
        width = min(MEASURE, self.edit.width() - 48)
        left = (self.edit.width() - width) // 2
        height = max(self.begin.sizeHint().height(), self.begin.heightForWidth(width))
        self.begin.setGeometry(left, 96, max(width, 100), max(height, 70))
