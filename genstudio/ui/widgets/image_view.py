"""One picture, large: zoom at the mouse, pan, step to its neighbours."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import color
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

MOST, STEP, PAN = 64.0, 1.25, 40


class ImageView(QWidget):
    """Wheel zooms, dragging pans, double click goes between fitted and 100 %, Esc closes."""

    zoomed = Signal(float)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, name: str = "Picture") -> None:
        super().__init__(parent)
        self._image = QImage()
        self._pixmap = QPixmap()
        self._name, self._scaling, self._smooth = name, "auto", True
        self._zoom, self._fitted = 1.0, True
        self._centre = QPointF()
        self._grip: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(80, 80)
        self.setAccessibleName(name)
        shortcuts.bind(self, "zoom_fit", self.fit)
        shortcuts.bind(self, "zoom_actual", self.actual)
        shortcuts.bind(self, "zoom_in", lambda: self.zoom_by(STEP))
        shortcuts.bind(self, "zoom_out", lambda: self.zoom_by(1 / STEP))

    def set_image(self, image: QImage | None, name: str = "", keep: bool = False) -> None:
        """Show `image`; with `keep` zoom and place stay (a preview that gets sharper)."""
        same = keep and image is not None and image.size() == self._image.size()
        self._image = image if image is not None else QImage()
        self._pixmap = QPixmap.fromImage(self._image)
        self._smooth = images.smooth_for(self._image, self._scaling)
        if name:
            self._name = name
        size = f"{self._image.width()} × {self._image.height()} pixels"
        self.setAccessibleName(self._name)
        self.setAccessibleDescription("" if self._image.isNull() else size)
        if same:
            self.update()
        else:
            self.fit()

    def image(self) -> QImage:
        """What is shown (null when nothing is)."""
        return self._image

    def set_scaling(self, scaling: str) -> None:
        """ "auto", "smooth" or "nearest"."""
        self._scaling = scaling
        self._smooth = images.smooth_for(self._image, scaling)
        self.update()

    def zoom(self) -> float:
        """Screen pixels per picture pixel."""
        return self._zoom

    def fit(self) -> None:
        """The whole picture, as large as there is room."""
        self._fitted = True
        self._set(self._fit_zoom(), QPointF(self._image.width() / 2, self._image.height() / 2))

    def actual(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self._fitted = False
        self._set(1.0 / self.devicePixelRatioF(), self._centre)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping the picture's point under `at` (the middle when None)."""
        if self._image.isNull():
            return
        middle = QPointF(self.width() / 2, self.height() / 2)
        at = at or middle
        smallest = min(self._fit_zoom(), 1.0) / 2
        zoom = min(MOST, max(smallest, self._zoom * factor))
        under = self._centre + (at - middle) / self._zoom
        self._fitted = False
        self._set(zoom, under - (at - middle) / zoom)

    def target(self) -> QRectF:
        """Where the picture is drawn, in widget pixels."""
        width, height = self._image.width() * self._zoom, self._image.height() * self._zoom
        x = self.width() / 2 - self._centre.x() * self._zoom
        y = self.height() / 2 - self._centre.y() * self._zoom
        return QRectF(x, y, width, height)

    def _fit_zoom(self) -> float:
        if self._image.isNull():
            return 1.0
        room = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        return max(
            0.01, images.contain_rect(self._image.size(), room).width() / self._image.width()
        )

    def _set(self, zoom: float, centre: QPointF) -> None:
        self._zoom = zoom
        self._centre = QPointF(
            _within(centre.x(), self._image.width(), self.width() / zoom),
            _within(centre.y(), self._image.height(), self.height() / zoom),
        )
        self.zoomed.emit(zoom)
        self.update()

    # ---- hands

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the view while it has the focus, not to "cancel"."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step while fitted and pan while zoomed; Esc closes."""
        pans = {
            Qt.Key.Key_Left: QPointF(-PAN, 0),
            Qt.Key.Key_Right: QPointF(PAN, 0),
            Qt.Key.Key_Up: QPointF(0, -PAN),
            Qt.Key.Key_Down: QPointF(0, PAN),
        }
        move = pans.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif move is not None and self._fitted:
            self.stepped.emit(1 if move.x() > 0 or move.y() > 0 else -1)
        elif move is not None:
            self._set(self._zoom, self._centre + move / self._zoom)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse."""
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        self._grip = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._grip is not None:
            self._set(self._zoom, self._centre - (event.position() - self._grip) / self._zoom)
            self._grip = event.position()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fitted <-> 100 %."""
        if self._fitted:
            self.zoom_by(1 / self.devicePixelRatioF() / self._zoom, event.position())
        else:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(480, 480)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The picture over a checkerboard where it is transparent."""
        painter.fillRect(self.rect(), color("window"))
        if self._image.isNull():
            return
        paint_picture(painter, self.target(), self._pixmap, self._image, self._smooth)


def paint_picture(
    painter: QPainter, target: QRectF, pixmap: QPixmap, image: QImage, smooth: bool
) -> None:
    """Draw a whole picture into `target`."""
    if image.hasAlphaChannel():
        painter.save()
        painter.setClipRect(target)
        images.checkerboard(painter, target.toAlignedRect())
        painter.restore()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


def _within(centre: float, length: float, seen: float) -> float:
    """The middle of what is seen along one side: inside the picture, centred when it is small."""
    if seen >= length:
        return length / 2
    return min(max(centre, seen / 2), length - seen / 2)
