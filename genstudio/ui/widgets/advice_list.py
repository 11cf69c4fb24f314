"""Sentences of an adviser: how serious, what it sees, and buttons that act on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import note

LEVELS = {
    "good": ("Good", "good"),
    "note": ("Note", "dim"),
    "warning": ("Attention", "amber"),
    "bad": ("Stopped", "red"),
}
"""Level -> (word, colour token)."""


@dataclass(frozen=True)
class Said:
    """One sentence: `key` names who says it, `actions` are the words of its buttons."""

    key: str
    level: str
    text: str
    at: str = ""
    actions: tuple[str, ...] = ()


class _Dot(QWidget):
    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self.setFixedSize(QSize(8, 18))

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A dot on the first line of the words beside it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._token))
        painter.drawEllipse(QRectF(0, 5, 8, 8))


class AdviceRow(QWidget):
    """One sentence with its dot, its word and its buttons."""

    acted = Signal(int)

    def __init__(self, said: Said, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = said
        word, token = LEVELS.get(said.level, LEVELS["note"])
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(_Dot(token), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        head = QLabel(f"{word} · {said.at}" if said.at else word)
        head.setFont(font(12, 600))
        head.setProperty("role", token if token in ("good", "amber", "red") else "small")
        head.setTextFormat(Qt.TextFormat.PlainText)
        words.addWidget(head)
        self.text = QLabel(said.text)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        words.addWidget(self.text)
        words.addStretch(1)
        row.addLayout(words, 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(8)
        self._whole.addLayout(row, 1)
        self.buttons = [self._button(place, text) for place, text in enumerate(said.actions)]
        self._room = QWidget(self)  # one without a parent would flash up as a window
        flow = FlowLayout(self._room, gap=8)
        for button in self.buttons:
            flow.addWidget(button)
        self._room.setVisible(bool(self.buttons))
        self._whole.addWidget(self._room)
        self.setAccessibleName(f"{word}: {said.text}")

    def _button(self, place: int, text: str) -> Button:
        button = Button(text, parent=self)
        button.setAccessibleDescription(self.said.text)
        button.clicked.connect(lambda: self.acted.emit(place))
        return button

    def set_wide(self, wide: bool) -> None:
        """Buttons at the right of the words instead of below them."""
        way = QBoxLayout.Direction
        self._whole.setDirection(way.LeftToRight if wide else way.TopToBottom)
        widths = [button.sizeHint().width() + 8 for button in self.buttons]
        self._room.setMinimumWidth(sum(widths) if wide else 0)

    def set_able(self, able: bool) -> None:
        """Whether the buttons can be used."""
        for button in self.buttons:
            button.setEnabled(able)


class AdviceList(QWidget):
    """Rows in the order given. `acted(key, place)`: button `place` of that row was pressed."""

    acted = Signal(str, int)

    def __init__(self, empty: str, name: str = "Advice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[AdviceRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._empty = note(empty)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._name = name
        self.setAccessibleName(name)
        self._tell()

    def set_advice(self, advice: Sequence[Said]) -> None:
        """Other sentences; rows that say the same as before are left alone."""
        if [row.said for row in self._rows] == list(advice):
            return
        kept = {row.said: row for row in self._rows}
        rows = [kept.pop(said, None) or self._make(said) for said in advice]
        for gone in kept.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(rows):
            self._column.insertWidget(place, row)
        self._rows = rows
        self._empty.setVisible(not rows)
        self._tell()

    def _make(self, said: Said) -> AdviceRow:
        row = AdviceRow(said)
        row.acted.connect(lambda place: self.acted.emit(said.key, place))
        return row

    def set_empty(self, text: str) -> None:
        """What stands there while nobody says anything."""
        self._empty.setText(text)
        self._tell()

    def _tell(self) -> None:
        words = "; ".join(row.accessibleName() for row in self._rows)
        self.setAccessibleDescription(words or self._empty.text())

    def rows(self) -> list[AdviceRow]:
        """What is shown."""
        return list(self._rows)

    def set_able(self, able: bool) -> None:
        """Whether the buttons can be used now."""
        for row in self._rows:
            row.set_able(able)
