"""A box with round corners around widgets that fill it to the edge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from genstudio.ui.theme import RADIUS_PICTURE, color, theme
from genstudio.ui.widgets.painting import painting

_SIDE = RADIUS_PICTURE + 1


class _Corner(QWidget):
    """Lies over a corner of the box: its curve, and the window's colour outside.

    Small, so that what moves in the box seldom wakes it; one widget over it all would cost every
    frame some milliseconds, masked or not.
    """

    def __init__(self, parent: QWidget, right: int, low: int) -> None:
        super().__init__(parent)
        self.right, self.low = right, low
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(_SIDE, _SIDE)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A corner of a box that goes on beyond this widget."""
        box = QRectF(-_SIDE * self.right, -_SIDE * self.low, 2 * _SIDE, 2 * _SIDE)
        line = box.adjusted(0.5, 0.5, -0.5, -0.5)
        outside = QPainterPath()  # odd and even: what lies in both stays free
        outside.addRect(box)
        outside.addRoundedRect(line, RADIUS_PICTURE, RADIUS_PICTURE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside, color("window"))
        painter.setPen(color("line"))
        painter.drawRoundedRect(line, RADIUS_PICTURE, RADIUS_PICTURE)


class RollBox(QWidget):
    """`grid` holds the widgets, edge to edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(1, 1, 1, 1)
        self.grid.setSpacing(0)
        self._corners = [_Corner(self, right, low) for right in (0, 1) for low in (0, 1)]
        theme().changed.connect(self.update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The corners stay where they are, and above."""
        super().resizeEvent(event)
        free = self.size() - self._corners[0].size()
        for corner in self._corners:
            corner.move(corner.right * free.width(), corner.low * free.height())
            corner.raise_()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The ground of what nothing covers, and the hairline around."""
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
