"""Two pictures compared: one over the other with a slider, or side by side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from genstudio.ui import icons
from genstudio.ui.theme import color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.image_view import paint_picture
from genstudio.ui.widgets.painting import painting

HANDLE = 28
STEP = 0.02


class CompareView(QWidget):
    """`slider`: drag the line or use left and right; M changes the mode, C swaps, Esc closes."""

    closed = Signal()
    mode_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = [QImage(), QImage()]
        self._pixmaps = [QPixmap(), QPixmap()]
        self._names = ["Before", "After"]
        self._mode, self._share, self._held = "slider", 0.5, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self._describe()

    def set_images(
        self, before: QImage, after: QImage, before_name: str = "Before", after_name: str = "After"
    ) -> None:
        """Left (before) and right (after) picture with the words shown on them."""
        self._images = [before, after]
        self._pixmaps = [QPixmap.fromImage(before), QPixmap.fromImage(after)]
        self._names = [before_name, after_name]
        self._describe()
        self.update()

    def mode(self) -> str:
        """ "slider" or "side"."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """One over the other, or side by side."""
        if mode in ("slider", "side") and mode != self._mode:
            self._mode = mode
            self._describe()
            self.update()
            self.mode_changed.emit(mode)

    def share(self) -> float:
        """How much of the width shows the first picture, 0–1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Move the slider's line."""
        self._share = min(1.0, max(0.0, share))
        self._describe()
        self.update()

    def swap(self) -> None:
        """Change sides."""
        self._images.reverse()
        self._pixmaps.reverse()
        self._names.reverse()
        self._describe()
        self.update()

    def names(self) -> tuple[str, str]:
        """The words on the left and on the right picture."""
        return self._names[0], self._names[1]

    def _describe(self) -> None:
        left, right = self._names
        self.setAccessibleName(f"{left} compared with {right}")
        where = (
            f"line at {round(self._share * 100)} %" if self._mode == "slider" else "side by side"
        )
        self.setAccessibleDescription(where)

    # ---- hands

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the view while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the line, M and C as listed, Esc closes."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_share(self._share + (STEP if key == Qt.Key.Key_Right else -STEP))
        elif key == Qt.Key.Key_M:
            self.set_mode("side" if self._mode == "slider" else "slider")
        elif key == Qt.Key.Key_C:
            self.swap()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line."""
        self._held = self._mode == "slider"
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the line."""
        area = self._area()
        near = self._mode == "slider" and abs(event.position().x() - self._line_x()) < HANDLE
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        if self._held and area.width() > 0:
            self.set_share((event.position().x() - area.left()) / area.width())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = False

    # ---- drawing

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(640, 480)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(16, 16, -16, -16)

    def _area(self) -> QRectF:
        """Where the pictures lie over each other."""
        size = self._images[1].size() if not self._images[1].isNull() else self._images[0].size()
        return images.contain_rect(size, self._room())

    def _line_x(self) -> float:
        area = self._area()
        return area.left() + self._share * area.width()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Both pictures, their words, the line."""
        painter.fillRect(self.rect(), color("window"))
        if self._mode == "side":
            self._paint_side(painter)
        else:
            self._paint_slider(painter)

    def _picture(self, painter: QPainter, which: int, target: QRectF) -> None:
        image = self._images[which]
        if not image.isNull():
            smooth = images.smooth_for(image, "auto")
            paint_picture(painter, target, self._pixmaps[which], image, smooth)

    def _paint_side(self, painter: QPainter) -> None:
        room = self._room()
        half = (room.width() - 12) / 2
        for which in (0, 1):
            place = QRectF(room.left() + which * (half + 12), room.top(), half, room.height())
            target = images.contain_rect(self._images[which].size(), place)
            self._picture(painter, which, target)
            self._word(painter, self._names[which], target, right=False)

    def _paint_slider(self, painter: QPainter) -> None:
        area, x = self._area(), self._line_x()
        self._picture(painter, 1, area)
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), x - area.left(), area.height()))
        painter.fillRect(area, color("window"))
        self._picture(painter, 0, area)
        painter.restore()
        self._word(painter, self._names[0], area, right=False)
        self._word(painter, self._names[1], area, right=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("on_scrim"), 2))
        painter.drawLine(round(x), round(area.top()), round(x), round(area.bottom()))
        knob = QRectF(x - HANDLE / 2, area.center().y() - HANDLE / 2, HANDLE, HANDLE)
        painter.setPen(QPen(color("on_scrim"), 2))
        painter.setBrush(color("scrim"))
        painter.drawEllipse(knob)
        for name, side in (("chevron-left", -1), ("chevron-right", 1)):
            middle = knob.center().x() + side * 5
            icons.paint(
                painter, name, QRectF(middle - 6, knob.center().y() - 6, 12, 12), "on_scrim"
            )

    def _word(self, painter: QPainter, text: str, area: QRectF, right: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12, 600))
        width = painter.fontMetrics().horizontalAdvance(text) + 16
        x = area.right() - width - 10 if right else area.left() + 10
        place = QRect(round(x), round(area.top() + 10), width, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("scrim"))
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(color("on_scrim"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
