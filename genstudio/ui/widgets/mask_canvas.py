"""Painting a mask over a picture: brush, eraser, size, undo; by mouse, pen or keyboard."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import color
from genstudio.ui.widgets import images
from genstudio.ui.widgets.image_view import paint_picture
from genstudio.ui.widgets.painting import painting

SMALLEST, LARGEST = 2, 60
KEPT = 50
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MaskCanvas(QWidget):
    """The picture with the mask as a wash of the accent. `size` in percent of the width."""

    changed = Signal()
    size_changed = Signal(int)
    tool_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image, self._pixmap = QImage(), QPixmap()
        self._mask = QImage()
        self._undo: list[QImage] = []
        self._redo: list[QImage] = []
        self._erasing, self._size = False, 12
        self._last: QPointF | None = None
        self._cursor = QPointF(-1, -1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Mask: the painted part is made anew")
        self._describe()

    # ---- state

    def set_image(self, image: QImage) -> None:
        """Another picture, with an empty mask of its size."""
        self._image, self._pixmap = image, QPixmap.fromImage(image)
        self._mask = QImage(image.size(), QImage.Format.Format_Grayscale8)
        self._mask.fill(0)
        self._undo, self._redo = [], []
        self._cursor = QPointF(image.width() / 2, image.height() / 2)
        self._told()

    def mask(self) -> QImage:
        """Grayscale8 of the picture's size; white is the part to make anew."""
        return self._mask.copy()

    def set_mask(self, mask: QImage) -> None:
        """Take a mask (scaled to the picture); can be undone."""
        if self._image.isNull() or mask.isNull():
            return
        self._remember()
        grey = mask.convertToFormat(QImage.Format.Format_Grayscale8)
        self._mask = grey.scaled(self._image.size())
        self._told()

    def is_empty(self) -> bool:
        """True while nothing is painted."""
        return self._mask.isNull() or not any(bytes(self._mask.constBits()))

    def share(self) -> float:
        """The painted share of the picture, 0–1."""
        if self._mask.isNull():
            return 0.0
        small = self._mask.scaled(64, 64)
        data = bytes(small.constBits())
        return sum(value > 127 for value in data) / max(1, len(data))

    def clear(self) -> None:
        """Nothing painted; can be undone."""
        self._fill(0)

    def invert(self) -> None:
        """Painted becomes unpainted; can be undone."""
        if not self._mask.isNull():
            self._remember()
            self._mask.invertPixels()
            self._told()

    def undo(self) -> None:
        """Take back the last stroke."""
        if self._undo:
            self._redo.append(self._mask)
            self._mask = self._undo.pop()
            self._told()

    def redo(self) -> None:
        """Do it again."""
        if self._redo:
            self._undo.append(self._mask)
            self._mask = self._redo.pop()
            self._told()

    def set_erasing(self, erasing: bool) -> None:
        """Eraser or brush."""
        if erasing != self._erasing:
            self._erasing = erasing
            self._describe()
            self.tool_changed.emit(erasing)
            self.update()

    def erasing(self) -> bool:
        """Whether the eraser is in hand."""
        return self._erasing

    def brush_size(self) -> int:
        """The brush in percent of the picture's width."""
        return self._size

    def set_brush_size(self, percent: int) -> None:
        """A larger or smaller brush, 2–60 %."""
        percent = max(SMALLEST, min(LARGEST, percent))
        if percent != self._size:
            self._size = percent
            self._describe()
            self.size_changed.emit(percent)
            self.update()

    def _fill(self, value: int) -> None:
        if not self._mask.isNull():
            self._remember()
            self._mask.fill(value)
            self._told()

    def _remember(self) -> None:
        self._undo.append(self._mask.copy())
        del self._undo[:-KEPT]
        self._redo = []

    def _told(self) -> None:
        self._last = None  # whatever changes the mask ends the stroke under way
        self._describe()
        self.update()
        self.changed.emit()

    def _describe(self) -> None:
        tool = "eraser" if self._erasing else "brush"
        self.setAccessibleDescription(
            f"{round(self.share() * 100)} % painted; {tool} of {self._size} %. "
            "Arrows move, space paints."
        )

    # ---- hands

    def stroke(self, points: list[QPointF]) -> None:
        """Paint or erase along picture points as one step of undo."""
        if self._mask.isNull() or not points:
            return
        self._remember()
        self._line(points[0], points[0])
        for start, end in pairwise(points):
            self._line(start, end)
        self._told()

    def _line(self, start: QPointF, end: QPointF) -> None:
        painter = QPainter(self._mask)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grey = 0 if self._erasing else 255
        pen = QPen(QColor(grey, grey, grey), max(1.0, self._size / 100 * self._image.width()))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(start, end) if start != end else painter.drawPoint(start)
        painter.end()

    def _to_picture(self, at: QPointF) -> QPointF:
        area = self._area()
        scale = self._image.width() / area.width() if area.width() else 1.0
        return (at - area.topLeft()) * scale

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; the right button erases."""
        if self._mask.isNull():
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.set_erasing(not self._erasing)
            return
        self._remember()
        self._last = self._cursor = self._to_picture(event.position())
        self._line(self._last, self._last)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        self._cursor = self._to_picture(event.position())
        if self._last is not None:
            self._line(self._last, self._cursor)
            self._last = self._cursor
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the stroke."""
        if self._last is not None:
            self._told()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush (Shift: further), space paints."""
        step = self._image.width() / (8 if event.modifiers() & _SHIFT else 32)
        moves = {
            Qt.Key.Key_Left: QPointF(-step, 0),
            Qt.Key.Key_Right: QPointF(step, 0),
            Qt.Key.Key_Up: QPointF(0, -step),
            Qt.Key.Key_Down: QPointF(0, step),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is not None:
            spot = self._cursor + move
            x = min(max(spot.x(), 0.0), float(self._image.width()))
            self._cursor = QPointF(x, min(max(spot.y(), 0.0), float(self._image.height())))
            self.update()
        elif event.key() == Qt.Key.Key_Space:
            self.stroke([self._cursor])
        else:
            super().keyPressEvent(event)

    # ---- drawing

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(420, 420)

    def _area(self) -> QRectF:
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        return images.contain_rect(self._image.size(), room)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Picture, wash, brush."""
        painter.fillRect(self.rect(), color("window"))
        if self._image.isNull():
            return
        area = self._area()
        smooth = images.smooth_for(self._image, "auto")
        paint_picture(painter, area, self._pixmap, self._image, smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._wash())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = area.width() / self._image.width()
        radius = self._size / 200 * area.width()
        middle = area.topLeft() + self._cursor * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color("on_scrim"), 1.5))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(color("window"), 1, Qt.PenStyle.DotLine))
        painter.drawEllipse(middle, radius, radius)

    def _wash(self) -> QImage:
        tint = color("accent")
        tint.setAlpha(150)
        wash = QImage(self._mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
        wash.fill(tint)
        alpha = self._mask.copy()
        alpha.reinterpretAsFormat(QImage.Format.Format_Alpha8)
        painter = QPainter(wash)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, alpha)
        painter.end()
        return wash
