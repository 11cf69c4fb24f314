"""Drafts of music side by side: a small roll for each; click or arrow keys choose one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.roll_marks import voice

HEIGHT, LEAST, MOST = 92, 110, 260
HEAD, PAD = 20, 10
MOST_NOTES = 1500
"""More notes are not told apart on a card."""


@dataclass(frozen=True, eq=False)
class PieceCard:
    """`notes` (n,) of media.notes.NOTE are drawn between the ticks of `span`."""

    title: str
    facts: str = ""
    notes: np.ndarray | None = None
    span: tuple[int, int] = (0, 1)


class _Card(QAbstractButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = PieceCard("")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(LEAST)
        self.setMaximumWidth(MOST)

    def show_card(self, card: PieceCard) -> None:
        self.card = card
        self.setAccessibleName(f"{card.title}, {card.facts}" if card.facts else card.title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(190, HEIGHT)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(color("accent" if on else "line"))
        painter.setBrush(color("wash" if on else "hover" if self.underMouse() else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        head = QRect(PAD, 5, self.width() - 2 * PAD, HEAD)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(12, 600))
        painter.setPen(color("text" if on else "dim"))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignLeft, self.card.title)
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, self.card.facts)
        self._paint_notes(painter, self.rect().adjusted(PAD, HEAD + 8, -PAD, -PAD))

    def _paint_notes(self, painter: QPainter, room: QRect) -> None:
        notes, (first, end) = self.card.notes, self.card.span
        if notes is None or not len(notes) or end <= first:
            return
        seen = notes[(notes["start"] < end) & (notes["start"] + notes["duration"] > first)]
        seen = seen[:MOST_NOTES]
        if not len(seen):
            return
        low, high = int(seen["pitch"].min()) - 1, int(seen["pitch"].max()) + 1
        across, down = room.width() / (end - first), room.height() / (high - low + 1)
        painter.setClipRect(room)
        painter.setPen(Qt.PenStyle.NoPen)
        thick = max(1.5, min(4.0, down))
        for start, duration, pitch, _velocity, track in seen.tolist():
            painter.setBrush(color(voice(track)))
            left = room.left() + (start - first) * across
            top = room.top() + (high - pitch) * down
            painter.drawRect(QRectF(left, top, max(1.5, duration * across - 0.5), thick))


class PieceCards(QWidget):
    """`chosen(index)`: somebody wants to see and hear that one."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Drafts")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._cards: list[_Card] = []

    def set_cards(self, cards: Sequence[PieceCard], current: int) -> None:
        """Show these; a card that is there already is kept."""
        while len(self._cards) > len(cards):
            gone = self._cards.pop()
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._cards) < len(cards):
            card = _Card(self)
            number = len(self._cards)
            card.clicked.connect(lambda _on=False, n=number: self.chosen.emit(n))
            self._cards.append(card)
            self._row.addWidget(card, 1)
        for number, data in enumerate(cards):
            self._cards[number].show_card(data)
        self.set_current(current)

    def set_card(self, index: int, card: PieceCard) -> None:
        """Another state of one of them."""
        if index < len(self._cards):
            self._cards[index].show_card(card)

    def cards(self) -> list[PieceCard]:
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
        forth, back = (Qt.Key.Key_Right, Qt.Key.Key_Down), (Qt.Key.Key_Left, Qt.Key.Key_Up)
        step = 1 if event.key() in forth else -1 if event.key() in back else 0
        wanted = self.current() + step
        if step and 0 <= wanted < len(self._cards):
            self._cards[wanted].setFocus()
            self.chosen.emit(wanted)
            return
        super().keyPressEvent(event)
