"""A box with round corners around widgets that fill it to the edge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from genstudio.ui.theme import RADIUS_PICTURE, color, theme
from genstudio.ui.widgets.painting import painting


class _Rim(QWidget):
    """Lies over the box: its border, and the window's colour outside the corners."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Only the rim is painted, so that what moves inside does not wake it."""
        super().resizeEvent(event)
        side = RADIUS_PICTURE
        inner = QRegion(self.rect().adjusted(1, 1, -1, -1))
        corners = QRegion()
        for x in (0, self.width() - side):
            for y in (0, self.height() - side):
                corners += QRegion(x, y, side, side)
        self.setMask(QRegion(self.rect()) - inner + corners)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Corners, then the hairline."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside.addRoundedRect(box, RADIUS_PICTURE, RADIUS_PICTURE)
        painter.fillPath(outside - inside, color("window"))
        painter.setPen(color("line"))
        painter.drawPath(inside)


class RollBox(QWidget):
    """`grid` holds the widgets, edge to edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(1, 1, 1, 1)
        self.grid.setSpacing(0)
        self._rim = _Rim(self)
        theme().changed.connect(self._rim.update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rim stays around and above."""
        super().resizeEvent(event)
        self._rim.setGeometry(self.rect())
        self._rim.raise_()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The ground of what nothing covers."""
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), color("panel"))
