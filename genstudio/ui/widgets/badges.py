"""Small facts in a row, each in a rounded frame with its explanation on hover."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.painting import painting

HEIGHT = 26


class BadgeLabel(QLabel):
    """One fact. `token` colours a dot in front of it ("" for none)."""

    def __init__(self, text: str, tip: str = "", token: str = "", parent: QWidget | None = None):
        super().__init__(text, parent)
        self._token = token
        self.setFont(font(12, tabular=True))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_badge(self, text: str, tip: str = "", token: str = "") -> None:
        """Other words."""
        self._token = token
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.updateGeometry()
        self.update()

    def _indent(self) -> int:
        return 24 if self._token else 11

    def sizeHint(self) -> QSize:
        """Words and frame."""
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + self._indent() + 12, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Frame, dot, words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        painter.setBrush(color("raised"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, HEIGHT / 2 - 0.5, HEIGHT / 2 - 0.5)
        if self._token:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(self._token))
            painter.drawEllipse(QRectF(11, (self.height() - 7) / 2, 7, 7))
        painter.setPen(color("text"))
        room = self.rect().adjusted(self._indent(), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


class BadgeRow(QWidget):
    """Badges side by side; they wrap."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._labels: list[BadgeLabel] = []
        self._flow = FlowLayout(self, gap=8)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_badges([])

    def set_badges(self, badges: Sequence[tuple[str, str]]) -> None:
        """Other (words, explanation); places are used again, so that nothing flickers."""
        while len(self._labels) > len(badges):
            gone = self._labels.pop()
            self._flow.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._labels) < len(badges):
            made = BadgeLabel("", parent=self)
            self._flow.addWidget(made)
            made.show()
            self._labels.append(made)
        for made, (text, tip) in zip(self._labels, badges, strict=True):
            made.set_badge(text, tip)
        self.setAccessibleName(f"{self._name}: {', '.join(self.texts()) or 'nothing yet'}")

    def texts(self) -> list[str]:
        """The words shown."""
        return [made.text() for made in self._labels]
