"""A line across the top that stays until its cause is gone or it is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import color
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting


class Banner(QWidget):
    """A warning sign, words, one optional action, Close."""

    acted = Signal()

    def __init__(self, text: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("warning", 18, "amber", self.devicePixelRatioF()))
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        row.addWidget(sign)
        row.addWidget(label, 1)
        if action:
            button = Button(action)
            button.clicked.connect(self.acted)
            row.addWidget(button)
        close = Button("Close", kind="quiet")
        close.setAccessibleName(f"Close: {text}")
        close.clicked.connect(self._end)
        row.addWidget(close)

    def _end(self) -> None:
        self.hide()
        self.deleteLater()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A raised ground with a hairline below."""
        painter.fillRect(self.rect(), color("raised"))
        painter.setPen(color("line"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
