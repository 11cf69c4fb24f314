"""The strip of bar numbers above the roll: click plays from there, a drag marks bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLine, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.roll_canvas import RollCanvas

HEIGHT = 26
NEAR = 3
_WORDS = 30
"""Pixels that a bar's number needs."""


class RollRuler(QWidget):
    """A drag over bars makes the region; with Alt held it makes the loop."""

    seek = Signal(int)

    def __init__(self, canvas: RollCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._from: float | None = None
        self._tick = 0.0  # where the drag began: the view may scroll meanwhile
        self._dragged = self._looping = False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Bars")
        self.setToolTip(
            "Click: play from here. Drag: mark bars to be made anew. Alt and drag: loop them."
        )
        canvas.viewed.connect(self.update)
        canvas.model.looked.connect(self.update)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, HEIGHT)

    # ---- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from, self._dragged = event.position().x(), False
            self._tick = self._canvas.view.tick(self._from)
            self._looping = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark bars."""
        if self._from is None:
            return
        x = event.position().x()
        self._dragged = self._dragged or abs(x - self._from) > NEAR
        if self._dragged:
            view, model = self._canvas.view, self._canvas.model
            ends = sorted((max(0.0, self._tick), max(0.0, view.tick(x))))
            first, end = model.grid.around(*ends)
            if self._looping:
                model.set_loop((first, end))
            else:
                tracks = model.region[2] if model.region else frozenset()
                model.set_region((first, end, tracks))
            self._canvas.reveal(view.tick(x), view.tick(x))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag plays from there."""
        if self._from is not None and not self._dragged:
            model = self._canvas.model
            tick = model.grid.rounded(self._canvas.view.tick(event.position().x()), model.snap)
            self.seek.emit(tick)
        self._from = None

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Region and loop, bar numbers, the playhead's head."""
        view = self._canvas.view
        painter.fillRect(self.rect(), color("panel"))
        self._paint_marks(painter)
        self._paint_bars(painter)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), color("line"))
        playhead = self._canvas.playhead()
        if playhead is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("text"))
            x, low = float(view.x(playhead)), float(HEIGHT - 1)
            points = [QPointF(x - 5, low - 8), QPointF(x + 5, low - 8), QPointF(x, low)]
            painter.drawPolygon(QPolygonF(points))

    def _paint_marks(self, painter: QPainter) -> None:
        view, model = self._canvas.view, self._canvas.model
        if model.region is not None:
            left, right = (float(view.x(tick)) for tick in model.region[:2])
            painter.fillRect(QRectF(left, 0, right - left, HEIGHT), color("wash"))
            painter.fillRect(QRectF(left, HEIGHT - 3, right - left, 3), color("accent"))
        if model.loop is not None:
            left, right = (float(view.x(tick)) for tick in model.loop)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("good"))
            painter.drawRoundedRect(QRectF(left + 1, 1, right - left - 2, 4), 2, 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_bars(self, painter: QPainter) -> None:
        view, grid = self._canvas.view, self._canvas.model.grid
        painter.setFont(font(11, tabular=True))
        low = (HEIGHT + 3 + painter.fontMetrics().capHeight()) // 2
        first, last = grid.bar_at(view.tick(0)), grid.bar_at(view.tick(self.width()))
        every, width = 1, (grid.bars[first + 1] - grid.bars[first]) * view.scale
        while width * every < _WORDS:
            every *= 2
        bars = range(first - first % every, last + 1, every)
        places = np.rint(view.x(grid.bars[bars.start : bars.stop : every])).astype(int).tolist()
        painter.setPen(color("roll_bar"))
        painter.drawLines([QLine(x, 8, x, HEIGHT - 1) for x in places])
        painter.setPen(color("dim"))
        for bar, x in zip(bars, places, strict=True):
            painter.drawText(x + 5, low, str(bar + 1))
