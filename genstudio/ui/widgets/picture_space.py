"""A view on picture-shaped ground: fitted or zoomed, moved by hand, in picture coordinates."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

MOST, STEP = 64.0, 1.25
EDGE = 8
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class PictureSpace(QWidget):
    """Wheel zooms at the mouse; the middle button, or space and the left button, move the ground.

    Points come as picture coordinates (picture pixels from the picture's corner). Subclasses draw,
    and take `pressed`, `moved`, `released` and `space_tapped`.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = QRectF()
        self._zoom, self._fitted = 1.0, True
        self._centre = QPointF()
        self._grip: QPointF | None = None
        self._space_held, self._space_used = False, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    # ---- what subclasses take

    def pressed(self, event: QMouseEvent, at: QPointF) -> None:
        """A button went down at picture point `at`."""

    def moved(self, event: QMouseEvent, at: QPointF) -> None:
        """The mouse went to picture point `at`."""

    def released(self, event: QMouseEvent, at: QPointF) -> None:
        """A button went up at picture point `at`."""

    def space_tapped(self) -> None:
        """Space was pressed and let go without moving the ground."""

    # ---- the view

    def set_ground(self, ground: QRectF) -> None:
        """What is to be seen when fitted, in picture pixels; another size is fitted anew."""
        same = ground == self._ground
        self._ground = QRectF(ground)
        if self._fitted or not same:
            self.fit()

    def zoom(self) -> float:
        """Screen pixels (device-independent) per picture pixel."""
        return self._zoom

    def fitted(self) -> bool:
        """Whether all of it is in sight and stays so."""
        return self._fitted

    def fit(self) -> None:
        """All of the ground, as large as there is room."""
        self._fitted = True
        self._look(self._fit_zoom(), self._ground.center())

    def actual(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self._fitted = False
        self._look(1.0 / self.devicePixelRatioF(), self._centre)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping what lies under the widget's point `at` (its middle when None)."""
        if self._ground.isEmpty():
            return
        middle = QPointF(self.width() / 2, self.height() / 2)
        at = at if at is not None else middle
        smallest = min(self._fit_zoom(), 1.0) / 2
        zoom = min(max(MOST, self._fit_zoom()), max(smallest, self._zoom * factor))
        under = self.to_picture(at)
        self._fitted = False
        self._look(zoom, under - (at - middle) / zoom)

    def pan_by(self, by: QPointF) -> None:
        """Move the ground by so many widget pixels."""
        self._fitted = False
        self._look(self._zoom, self._centre - by / self._zoom)

    def reveal(self, point: QPointF) -> None:
        """Move the ground, if need be, until a picture point is in sight."""
        seen = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        at = self.to_widget(point)
        x = min(max(at.x(), seen.left()), seen.right()) - at.x()
        y = min(max(at.y(), seen.top()), seen.bottom()) - at.y()
        if x or y:
            self.pan_by(QPointF(x, y))

    def to_picture(self, at: QPointF) -> QPointF:
        """The picture point under a widget point."""
        return self._centre + (at - QPointF(self.width() / 2, self.height() / 2)) / self._zoom

    def to_widget(self, at: QPointF) -> QPointF:
        """The widget point over a picture point."""
        return QPointF(self.width() / 2, self.height() / 2) + (at - self._centre) * self._zoom

    def shown(self, part: QRectF) -> QRectF:
        """Where a part of the picture is drawn, in widget pixels."""
        return QRectF(self.to_widget(part.topLeft()), self.to_widget(part.bottomRight()))

    def _fit_zoom(self) -> float:
        if self._ground.isEmpty():
            return 1.0
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        ground = self._ground
        return max(0.01, min(room.width() / ground.width(), room.height() / ground.height()))

    def _look(self, zoom: float, centre: QPointF) -> None:
        edge = EDGE / zoom  # the ground may leave that much free, so that its rim can be reached
        ground, self._zoom = self._ground.adjusted(-edge, -edge, edge, edge), zoom
        self._centre = QPointF(
            _within(centre.x(), ground.left(), ground.width(), self.width() / zoom),
            _within(centre.y(), ground.top(), ground.height(), self.height() / zoom),
        )
        self.zoomed.emit(zoom)
        self.update()

    # ---- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the ground, or hand the press on."""
        moves = event.button() == _MIDDLE or (event.button() == _LEFT and self._space_held)
        if moves:
            self._grip, self._space_used = event.position(), self._space_held
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.pressed(event, self.to_picture(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the ground, or hand the move on."""
        if self._grip is not None:
            self.pan_by(event.position() - self._grip)
            self._grip = event.position()
        else:
            self.moved(event, self.to_picture(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._grip is not None:
            self._grip = None
            self._show_hand()
        else:
            self.released(event, self.to_picture(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse."""
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space makes the left button move the ground."""
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._space_held, self._space_used = True, False
            self._show_hand()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A tap of space that moved nothing is handed on."""
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat() and self._space_held:
            self._space_held = False
            self._show_hand()
            if not self._space_used:
                self.space_tapped()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves with space held will let it go elsewhere."""
        self._space_held, self._grip = False, None
        self._show_hand()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        else:
            self._look(self._zoom, self._centre)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(420, 420)

    def own_cursor(self) -> Qt.CursorShape:
        """The mouse's look while it does the canvas's own work."""
        return Qt.CursorShape.CrossCursor

    def _show_hand(self) -> None:
        held = self._space_held
        self.setCursor(Qt.CursorShape.OpenHandCursor if held else self.own_cursor())


def _within(centre: float, start: float, length: float, seen: float) -> float:
    """The middle of what is seen along one side: inside the ground, centred when that is small."""
    if seen >= length:
        return start + length / 2
    return min(max(centre, start + seen / 2), start + length - seen / 2)
