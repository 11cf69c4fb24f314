"""Drafts side by side: a card each with how it begins; click or arrow keys choose one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.painting import painting

LINES = 6
PAD = 12
LINE = 19
HEAD = 22
FACTS_SECONDS = 0.25
LETTERS = 300
"""More of a draft is not laid out for its card."""


@dataclass(frozen=True)
class DraftCard:
    """`title` such as "Draft 2", `facts` at its right, `text` how it begins."""

    title: str
    text: str = ""
    facts: str = ""


class _Card(QAbstractButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = DraftCard("")
        self._laid: tuple[object, QTextLayout] | None = None
        self._drawn = 0.0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_card(self, card: DraftCard, in_passing: bool = False) -> None:
        if card == self.card:
            return
        now = time.monotonic()
        same = card.text[:LETTERS] == self.card.text[:LETTERS] and card.title == self.card.title
        if in_passing and same and now - self._drawn < FACTS_SECONDS:
            return
        self.card, self._drawn = card, now
        self.setAccessibleName(f"{card.title}, {card.facts}" if card.facts else card.title)
        if card.text[:LETTERS] != self.accessibleDescription():
            self.setAccessibleDescription(card.text[:LETTERS])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEAD + LINES * LINE + 2 * PAD)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(color("accent" if on else "line"))
        painter.setBrush(color("wash" if on else "hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        room = self.rect().adjusted(PAD, PAD - 2, -PAD, -PAD)
        self._paint_head(painter, QRect(room.x(), room.y(), room.width(), HEAD - 4))
        self._paint_text(painter, room.adjusted(0, HEAD, 0, 0))

    def _paint_head(self, painter: QPainter, room: QRect) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(12, 600))
        painter.setPen(color("text" if self.isChecked() else "dim"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, self.card.title)
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, self.card.facts)

    def _paint_text(self, painter: QPainter, room: QRect) -> None:
        # A draft grows many times a second, but soon no more at its beginning.
        look = (self.card.text[:LETTERS], room.width(), font(13).key())
        if self._laid is None or self._laid[0] != look:
            self._laid = (look, self._lay(room.width()))
        painter.setPen(color("text"))
        self._laid[1].draw(painter, QPointF(room.topLeft()))

    def _lay(self, width: int) -> QTextLayout:
        text = " ".join(self.card.text[:LETTERS].split()) or "…"
        layout = QTextLayout(text, font(13))
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if _from_right(text):
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.setTextOption(option)
        layout.beginLayout()
        for number in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, number * LINE))
        layout.endLayout()
        layout.setCacheEnabled(True)
        return layout


class DraftList(QWidget):
    """`chosen(index)`: the user wants to see that draft in the text."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Drafts")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._cards: list[_Card] = []
        self._spare: list[_Card] = []  # the next to be used again is the last

    def set_cards(self, cards: list[DraftCard], current: int) -> None:
        """Show these; a card that is there already is kept."""
        while len(self._cards) > len(cards):
            self._spare.append(self._cards.pop())
            self._spare[-1].hide()
        while len(self._cards) < len(cards):
            self._cards.append(self._spare.pop() if self._spare else self._made())
            self._cards[-1].show()
        for number, data in enumerate(cards):
            self._cards[number].show_card(data)
        self.set_current(current)

    def _made(self) -> _Card:
        card, number = _Card(self), len(self._cards)
        card.clicked.connect(lambda _on=False: self.chosen.emit(number))
        self._column.addWidget(card)
        return card

    def set_card(self, index: int, card: DraftCard, in_passing: bool = False) -> None:
        """Another text on one of them. `in_passing`: more will come soon, so that facts alone need
        not be drawn each time."""
        if index < len(self._cards):
            self._cards[index].show_card(card, in_passing)

    def cards(self) -> list[DraftCard]:
        """What is shown."""
        return [card.card for card in self._cards]

    def current(self) -> int:
        """The chosen one, -1 for none."""
        return next((n for n, card in enumerate(self._cards) if card.isChecked()), -1)

    def set_current(self, index: int) -> None:
        """Choose without saying so."""
        if 0 <= index < len(self._cards):
            self._cards[index].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        wanted = self.current() + step
        if step and 0 <= wanted < len(self._cards):
            self._cards[wanted].setFocus()
            self.chosen.emit(wanted)
            return
        super().keyPressEvent(event)


def _from_right(text: str) -> bool:
    """Whether a text is written from right to left, by its first letter of either kind."""
    kinds = (bidirectional(letter) for letter in text[:LETTERS])
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
