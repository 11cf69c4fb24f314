"""A box that says what a training will take, and offers the knob to turn where it does not fit."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from genstudio.ui.theme import theme
from genstudio.ui.widgets.buttons import Button

Level = Literal["good", "amber", "red", "dim", "text"]


class PlanBox(QFrame):
    """`show_words`, then perhaps `show_advice`, `show_knob`, `show_busy`."""

    knob_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self.setAccessibleName("Plan")
        self.words, self.advice = _text(), _text()
        self.advice.setTextFormat(Qt.TextFormat.PlainText)
        self.advice.setProperty("role", "amber")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Measuring")
        self.knob = Button("")
        self.again = Button("Measure again", "refresh", kind="quiet")
        self.knob.clicked.connect(self.knob_wanted)
        self.again.clicked.connect(self.again_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.knob)
        row.addWidget(self.again)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (self.words, self.bar, self.advice):
            column.addWidget(widget)
        column.addLayout(row)
        self._parts: tuple[Level, str, str] = ("text", "", "")
        theme().changed.connect(self._write)
        self.show_words("")
        self.show_advice("")
        self.show_knob("")
        self.show_again(False)
        self.show_busy(False)

    def show_words(self, text: str, head: str = "", level: Level = "text") -> None:
        """`head` stands before the text, in bold and in the colour of its level."""
        self._parts = (level, head, text)
        self._write()
        self.setAccessibleDescription(f"{head} {text}".strip())

    def show_advice(self, text: str) -> None:
        """A doubt, below."""
        self.advice.setText(text)
        self.advice.setVisible(bool(text))

    def show_knob(self, title: str, help_text: str = "") -> None:
        """What can be turned; "" for nothing."""
        self.knob.set_text(title)
        self.knob.setToolTip(help_text)
        self.knob.setVisible(bool(title))

    def show_again(self, on: bool) -> None:
        """Whether one may ask for another measurement."""
        self.again.setVisible(on)

    def show_busy(self, on: bool) -> None:
        """Something is being measured, or is about to start."""
        self.bar.setVisible(on)

    def text(self) -> str:
        """All that is said, as plain words."""
        _, head, text = self._parts
        return " ".join(part for part in (head, text, self.advice.text()) if part)

    def _write(self) -> None:
        level, head, text = self._parts
        # Rich text for one bold word only; what stands after it may hold any sign.
        shown = _escaped(text)
        if head:
            token = getattr(theme().tokens, level)
            shown = f'<b style="color:#{token}">{_escaped(head)}</b> {shown}'
        self.words.setText(shown)


def _text() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
