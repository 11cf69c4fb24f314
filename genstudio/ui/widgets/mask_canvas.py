"""Painting a mask over a picture: brush, eraser, size, undo; by mouse, pen or keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import color
from genstudio.ui.widgets import images
from genstudio.ui.widgets.image_view import paint_picture
from genstudio.ui.widgets.mask_layer import MaskLayer, covered
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.picture_space import PictureSpace
from genstudio.ui.widgets.soft_edge import soft_edge

SMALLEST, LARGEST = 2, 60
FAINTEST, OPACITY = 15, 60
FAINT = 0.3
"""Share of the wash that shows where one painted, when the edge is soft."""
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MaskCanvas(PictureSpace):
    """The picture with the mask as a wash of the accent. `size` in percent of the width.

    Left paints, Shift and left draws a straight line from the last place, right changes the tool.
    """

    changed = Signal()
    size_changed = Signal(int)
    tool_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image, self._pixmap = QImage(), QPixmap()
        self._layer = MaskLayer()
        self._erasing, self._size, self._opacity = False, 12, OPACITY
        self._feather, self._crop = (0, 64), QRectF()
        self._drawn: list[tuple[float, QImage]] = []
        self._cursor = QPointF(-1, -1)
        self._last: QPointF | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Mask: the painted part is made anew")
        self._describe()

    # ---- state

    def set_image(self, image: QImage) -> None:
        """Another picture, with an empty mask over it."""
        self._image, self._pixmap = image, QPixmap.fromImage(image)
        self._layer = MaskLayer(image.size())
        self._cursor = QPointF(image.width() / 2, image.height() / 2)
        self._last, self._crop = None, QRectF()
        self.set_ground(QRectF(0, 0, image.width(), image.height()))
        self.fit()
        self._told()

    def image(self) -> QImage:
        """The picture under the mask."""
        return self._image

    def set_crop(self, crop: QRectF) -> None:
        """The part of the picture that will be used, in picture pixels; the rest is veiled."""
        self._crop = QRectF(crop)
        self.update()

    def mask(self) -> QImage:
        """Grayscale8 of the picture's shape, finer than a small one; white is made anew."""
        return self._layer.image()

    def set_mask(self, mask: QImage) -> None:
        """Take a mask (stretched over the picture); can be undone."""
        if not self._layer.is_null() and not mask.isNull():
            self._layer.take(mask)
            self._told()

    def is_empty(self) -> bool:
        """True while nothing is painted."""
        return self._layer.is_empty()

    def share(self) -> float:
        """The painted share of the picture, 0–1."""
        return covered(self._layer.image())

    def clear(self) -> None:
        """Nothing painted; can be undone."""
        if not self._layer.is_null():
            self._layer.fill(0)
            self._told()

    def invert(self) -> None:
        """Painted becomes unpainted; can be undone."""
        if not self._layer.is_null():
            self._layer.invert()
            self._told()

    def undo(self) -> None:
        """Take back the last step."""
        if self._layer.undo():
            self._told()

    def redo(self) -> None:
        """Do it again."""
        if self._layer.redo():
            self._told()

    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._layer.can_undo()

    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._layer.can_redo()

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

    def opacity(self) -> int:
        """How strongly the mask covers the picture, in percent."""
        return self._opacity

    def set_opacity(self, percent: int) -> None:
        """Show the mask more or less strongly, 15–100 %; the mask itself does not change."""
        self._opacity = max(FAINTEST, min(100, percent))
        self._stale()

    def set_feather(self, pixels: int, side: int) -> None:
        """Show the mask's edge as soft as it will be: over so many of the model's pixels, of
        which the picture's shorter side has `side`."""
        if (pixels, side) != self._feather:
            self._feather = (max(0, pixels), side)
            self._stale()

    def feather(self) -> int:
        """The soft edge shown, in the model's pixels."""
        return self._feather[0]

    def _told(self) -> None:
        self._describe()
        self._stale()
        self.changed.emit()

    def _stale(self) -> None:
        self._drawn = []
        self.update()

    def _describe(self) -> None:
        tool = "eraser" if self._erasing else "brush"
        self.setAccessibleDescription(
            f"{round(self.share() * 100)} % painted; {tool} of {self._size} %. "
            "Arrows move, space paints."
        )

    # ---- hands

    def stroke(self, points: list[QPointF]) -> None:
        """Paint or erase along picture points as one step of undo."""
        if self._layer.is_null() or not points:
            return
        self._layer.begin(points[0], self._width(), self._erasing)
        for point in points[1:]:
            self._layer.go(point)
        self._layer.end()
        self._last = points[-1]
        self._told()

    def _width(self) -> float:
        return self._size / 100 * self._image.width()

    def pressed(self, event: QMouseEvent, at: QPointF) -> None:
        """Begin a stroke; the right button changes the tool."""
        if self._layer.is_null():
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.set_erasing(not self._erasing)
        elif event.button() == Qt.MouseButton.LeftButton:
            straight = bool(event.modifiers() & _SHIFT) and self._last is not None
            start = self._last if straight and self._last is not None else at
            self._layer.begin(start, self._width(), self._erasing)
            self._layer.go(at)
            self._cursor = at
            self._stale()

    def moved(self, _event: QMouseEvent, at: QPointF) -> None:
        """Go on with the stroke."""
        self._cursor = at
        if self._layer.painting():
            self._layer.go(at)
            self._drawn = []
        self.update()

    def released(self, _event: QMouseEvent, _at: QPointF) -> None:
        """End the stroke."""
        if self._layer.painting():
            self._layer.end()
            self._last = QPointF(self._cursor)
            self._told()

    def space_tapped(self) -> None:
        """Paint where the brush is."""
        self.stroke([QPointF(self._cursor)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush (Shift: further)."""
        step = self._image.width() / (8 if event.modifiers() & _SHIFT else 32)
        moves = {
            Qt.Key.Key_Left: QPointF(-step, 0),
            Qt.Key.Key_Right: QPointF(step, 0),
            Qt.Key.Key_Up: QPointF(0, -step),
            Qt.Key.Key_Down: QPointF(0, step),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        spot = self._cursor + move
        x = min(max(spot.x(), 0.0), float(self._image.width()))
        self._cursor = QPointF(x, min(max(spot.y(), 0.0), float(self._image.height())))
        if not self.fitted():
            self.reveal(self._cursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No brush is shown where no mouse is (unless the keyboard leads it)."""
        super().leaveEvent(event)
        self.update()

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Picture, wash, what is not used, brush."""
        painter.fillRect(self.rect(), color("window"))
        if self._image.isNull():
            return
        whole = QRectF(0, 0, self._image.width(), self._image.height())
        area = self.shown(whole)
        smooth = images.smooth_for(self._image, "auto")
        paint_picture(painter, area, self._pixmap, self._image, smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for strength, wash in self._washes():
            painter.setOpacity(self._opacity / 100 * strength)
            painter.drawImage(area, wash)
        painter.setOpacity(1.0)
        self._paint_crop(painter, whole)
        if self.underMouse() or self.hasFocus():
            self._paint_brush(painter)

    def _paint_crop(self, painter: QPainter, whole: QRectF) -> None:
        if self._crop.isEmpty() or self._crop == whole:
            return
        outer, inner = self.shown(whole), self.shown(self._crop)
        painter.save()
        painter.setClipRect(outer)
        for part in _around(outer, inner):
            painter.fillRect(part, color("veil"))
        painter.setPen(QPen(color("dim"), 1, Qt.PenStyle.DashLine))
        painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def _paint_brush(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._width() / 2 * self.zoom()
        middle = self.to_widget(self._cursor)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for token, width in (("scrim", 4), ("on_scrim", 1.5)):
            painter.setPen(QPen(color(token), width))
            painter.drawEllipse(middle, radius, radius)

    def _washes(self) -> list[tuple[float, QImage]]:
        """The mask in the accent, each wash with its strength; while the hand rests, what was
        painted shows through faintly below what the soft edge leaves of it."""
        if not self._drawn:
            mask = self._layer.image()
            pixels, side = self._feather
            if pixels and not self._layer.painting():
                soft = _tinted(soft_edge(mask, side, pixels))
                self._drawn = [(FAINT, _tinted(mask)), (1 - FAINT, soft)]
            else:
                self._drawn = [(1.0, _tinted(mask))]
        return self._drawn


def _tinted(mask: QImage) -> QImage:
    """A mask as the accent, as opaque as the mask is white."""
    wash = QImage(mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
    wash.fill(color("accent"))
    alpha = mask.copy()
    alpha.reinterpretAsFormat(QImage.Format.Format_Alpha8)
    painter = QPainter(wash)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, alpha)
    painter.end()
    return wash


def _around(outer: QRectF, inner: QRectF) -> list[QRectF]:
    """The four strips of `outer` that lie outside `inner`."""
    return [
        QRectF(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRectF(outer.left(), inner.bottom(), outer.width(), outer.bottom() - inner.bottom()),
        QRectF(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRectF(inner.right(), inner.top(), outer.right() - inner.right(), inner.height()),
    ]
