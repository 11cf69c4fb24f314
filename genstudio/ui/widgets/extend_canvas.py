"""How far a picture is extended: a frame around it that is pulled at its sides and corners."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.image_view import paint_picture
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.picture_space import PictureSpace

SIDES = ("left", "right", "up", "down")
NEAR = 12
"""Screen pixels from a side of the frame within which it is taken hold of."""
SPARE = 0.16
"""Room around the frame to pull it into, as a share of its longer side."""
HANDLE = 9
_ALONG = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_KEYS = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_INSIDE = "inside"


class ExtendCanvas(PictureSpace):
    """Values by side in picture pixels. Dragging the picture itself moves it within its frame."""

    changed = Signal(str, int, bool)
    """Side, pixels, and whether the hand still holds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap, self._image, self._size = QPixmap(), QImage(), QSize()
        self._values = dict.fromkeys(SIDES, 0)
        self._limits = dict.fromkeys(SIDES, (0, 0, 1))
        self._held: set[str] = set()
        self._start, self._began = QPointF(), dict(self._values)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("How far to extend the picture")
        self._describe()

    # ---- state

    def set_image(self, image: QImage, size: QSize) -> None:
        """The picture, shown as `size` pixels (its size in the model)."""
        self._image, self._pixmap, self._size = image, QPixmap.fromImage(image), QSize(size)
        self._held = set()
        self._settle()

    def set_limits(self, limits: Mapping[str, tuple[int, int, int]]) -> None:
        """Least, most and step by side."""
        self._limits = {**self._limits, **{k: v for k, v in limits.items() if k in SIDES}}

    def set_values(self, values: Mapping[str, int]) -> None:
        """Show other values without saying so."""
        self._values = {side: int(values.get(side, self._values[side])) for side in SIDES}
        if not self._held:
            self._settle()
        self._describe()
        self.update()

    def values(self) -> dict[str, int]:
        """Pixels by side."""
        return dict(self._values)

    def extended(self) -> QSize:
        """Width and height of what will be made, pixels."""
        frame = self._frame()
        return QSize(round(frame.width()), round(frame.height()))

    def extend(self, values: Mapping[str, int], held: bool = False) -> None:
        """Take values within the limits, and say which changed."""
        for side in SIDES:
            value = self._allowed(side, values.get(side, self._values[side]))
            if value != self._values[side]:
                self._values[side] = value
                self.changed.emit(side, value, held)
        if not held:
            self._settle()
        self._describe()
        self.update()

    def _allowed(self, side: str, value: float) -> int:
        low, high, step = self._limits[side]
        return min(high, max(low, low + round((value - low) / step) * step))

    def _frame(self) -> QRectF:
        v = self._values
        picture = QRectF(0, 0, self._size.width(), self._size.height())
        return picture.adjusted(-v["left"], -v["up"], v["right"], v["down"])

    def _settle(self) -> None:
        frame = self._frame()
        spare = max(frame.width(), frame.height()) * SPARE
        self.set_ground(frame.adjusted(-spare, -spare, spare, spare))

    def _describe(self) -> None:
        sides = ", ".join(f"{side} {self._values[side]}" for side in SIDES)
        size = self.extended()
        self.setAccessibleDescription(
            f"{sides}; {size.width()} × {size.height()} pixels. "
            "Arrows extend to a side, Shift and arrows take back."
        )

    # ---- hands

    def held_at(self, at: QPointF) -> set[str]:
        """What a press at widget point `at` takes: sides of the frame, or its inside."""
        frame = self.shown(self._frame())
        near = frame.adjusted(-NEAR, -NEAR, NEAR, NEAR)
        if not near.contains(at):
            return set()
        gaps = {
            "left": abs(at.x() - frame.left()),
            "right": abs(at.x() - frame.right()),
            "up": abs(at.y() - frame.top()),
            "down": abs(at.y() - frame.bottom()),
        }
        sides = {side for side, gap in gaps.items() if gap <= NEAR}
        inside = {_INSIDE} if any(self._values.values()) else set()
        return sides or inside

    def pressed(self, event: QMouseEvent, at: QPointF) -> None:
        """Take hold of a side, a corner or the picture."""
        if event.button() == Qt.MouseButton.LeftButton and not self._size.isEmpty():
            self._held = self.held_at(event.position())
            self._start, self._began = at, self.values()

    def moved(self, event: QMouseEvent, at: QPointF) -> None:
        """Pull what is held; else show what a press would take."""
        if not self._held:
            self.setCursor(_cursor(self.held_at(event.position())))
            return
        by = at - self._start
        self.extend(self._moved_inside(by) if _INSIDE in self._held else self._pulled(by), True)

    def released(self, _event: QMouseEvent, _at: QPointF) -> None:
        """Let go: everything is in sight again."""
        held, self._held = self._held, set()
        if held:
            changed = [side for side in SIDES if self._values[side] != self._began[side]]
            for side in changed:
                self.changed.emit(side, self._values[side], False)
            self._settle()

    def _pulled(self, by: QPointF) -> dict[str, int]:
        return {
            side: round(self._began[side] + by.x() * _ALONG[side][0] + by.y() * _ALONG[side][1])
            for side in self._held
        }

    def _moved_inside(self, by: QPointF) -> dict[str, int]:
        """The frame stays, the picture moves in it as far as there is room."""
        made: dict[str, int] = {}
        for first, second, way in (("left", "right", by.x()), ("up", "down", by.y())):
            total = self._began[first] + self._began[second]
            most = min(total, self._limits[first][1])
            least = max(0, total - self._limits[second][1])
            made[first] = self._allowed(first, min(most, max(least, self._began[first] + way)))
            made[second] = total - made[first]
        return made

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A side of the frame goes back to the picture."""
        sides = self.held_at(event.position()) - {_INSIDE}
        self.extend(dict.fromkeys(sides, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows extend by a step, Shift and arrows take a step back."""
        side = _KEYS.get(Qt.Key(event.key()))
        if side is None:
            super().keyPressEvent(event)
            return
        step = self._limits[side][2]
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.extend({side: self._values[side] + (-step if back else step)})

    def own_cursor(self) -> Qt.CursorShape:
        """An arrow, until a side is near."""
        return Qt.CursorShape.ArrowCursor

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The new ground, the picture, the frame with its handles and numbers."""
        painter.fillRect(self.rect(), color("window"))
        if self._image.isNull():
            return
        frame = self.shown(self._frame())
        picture = self.shown(QRectF(0, 0, self._size.width(), self._size.height()))
        painter.save()
        painter.setClipRect(frame)
        images.checkerboard(painter, frame.toAlignedRect())
        painter.setOpacity(0.14)
        painter.fillRect(frame, color("accent"))
        painter.restore()
        smooth = images.smooth_for(self._image, "auto")
        paint_picture(painter, picture, self._pixmap, self._image, smooth)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color("accent"), 2 if self.hasFocus() else 1.5))
        painter.drawRect(frame)
        for spot in _spots(frame):
            self._paint_handle(painter, spot)
        self._paint_numbers(painter, frame, picture)

    def _paint_handle(self, painter: QPainter, spot: QPointF) -> None:
        box = QRectF(0, 0, HANDLE, HANDLE)
        box.moveCenter(spot)
        painter.setPen(QPen(color("accent"), 1.5))
        painter.setBrush(color("panel"))
        painter.drawRoundedRect(box, 2, 2)

    def _paint_numbers(self, painter: QPainter, frame: QRectF, picture: QRectF) -> None:
        painter.setFont(font(12, 600, tabular=True))
        strips = {
            "left": QRectF(frame.left(), picture.top(), 0, picture.height()),
            "right": QRectF(picture.right(), picture.top(), 0, picture.height()),
            "up": QRectF(picture.left(), frame.top(), picture.width(), 0),
            "down": QRectF(picture.left(), picture.bottom(), picture.width(), 0),
        }
        strips["left"].setRight(picture.left())
        strips["right"].setRight(frame.right())
        strips["up"].setBottom(picture.top())
        strips["down"].setBottom(frame.bottom())
        for side, strip in strips.items():
            if self._values[side]:
                _label(painter, strip.center(), f"+{self._values[side]}")


def _label(painter: QPainter, middle: QPointF, text: str) -> None:
    """Words on a dark plate, readable over any picture."""
    metrics = painter.fontMetrics()
    plate = QRect(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
    plate.moveCenter(middle.toPoint())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("scrim"))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(color("on_scrim"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _spots(frame: QRectF) -> list[QPointF]:
    """Corners and middles of the sides."""
    xs = (frame.left(), frame.center().x(), frame.right())
    ys = (frame.top(), frame.center().y(), frame.bottom())
    middle = (xs[1], ys[1])
    return [QPointF(x, y) for x in xs for y in ys if (x, y) != middle]


def _cursor(held: set[str]) -> Qt.CursorShape:
    shape = Qt.CursorShape
    if not held:
        return shape.ArrowCursor
    if _INSIDE in held:
        return shape.SizeAllCursor
    if len(held) == 1:
        return shape.SizeHorCursor if held & {"left", "right"} else shape.SizeVerCursor
    falling = held in ({"left", "up"}, {"right", "down"})
    return shape.SizeFDiagCursor if falling else shape.SizeBDiagCursor
