"""A card for a dataset: some of its pictures, its name, two lines; pressing it opens more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_BOX, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

HEIGHT = 80
THUMB = 56
GRID = 3
_CELL = 40
_LINE = 18


def mosaic(pictures: Sequence[QImage]) -> QImage:
    """Up to nine pictures as one square; a null image where there are none."""
    usable = [picture for picture in pictures if not picture.isNull()][: GRID * GRID]
    if not usable:
        return QImage()
    across = next(n for n in (GRID, 2, 1) if len(usable) >= n * n)
    side = _CELL * GRID // across
    sheet = QImage(side * across, side * across, QImage.Format.Format_ARGB32_Premultiplied)
    sheet.fill(color("raised"))
    painter = QPainter(sheet)
    for number, picture in enumerate(usable[: across * across]):
        smooth = images.smooth_for(picture, "auto")
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        place = QRectF(number % across * side, number // across * side, side, side)
        painter.drawImage(place, picture, images.cover_rect(picture.size(), QSize(side, side)))
    painter.end()
    return sheet


class DataCard(QAbstractButton):
    """`set_data` says what it shows; `clicked` asks for something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self._icon = "folder"
        self._image = QImage()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(240, HEIGHT)

    def set_data(self, title: str, lines: Sequence[str], icon: str = "folder") -> None:
        """A name, lines below it, and the icon that stands where no pictures are."""
        self._lines, self._icon = tuple(line for line in lines if line), icon
        self.setText(title)
        self.setAccessibleName(f"Data: {title}")
        self.setAccessibleDescription(". ".join((*self._lines, "Press to choose other data")))
        self.setToolTip("\n".join((title, *self._lines)))
        self.update()

    def lines(self) -> tuple[str, ...]:
        """What stands below the name."""
        return self._lines

    def set_pictures(self, pictures: Sequence[QImage]) -> None:
        """A few of the pictures; none shows the icon."""
        self._image = mosaic(pictures)
        self.update()

    def has_pictures(self) -> bool:
        """Whether pictures are shown."""
        return not self._image.isNull()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Box, pictures or icon, words, the arrow of a menu."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        painter.setBrush(color("hover" if self.underMouse() or self.isDown() else "panel"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, RADIUS_BOX, RADIUS_BOX)
        top = (self.height() - THUMB) // 2
        self._paint_sign(painter, QRect(top, top, THUMB, THUMB))
        icons.paint(painter, "chevron-down", QRect(self.width() - 26, top + 2, 14, 14), "dim")
        left = top + THUMB + 12
        self._paint_words(painter, left, self.width() - left - 10)

    def _paint_sign(self, painter: QPainter, place: QRect) -> None:
        if self._image.isNull():
            icons.paint(painter, self._icon, place.adjusted(13, 13, -13, -13), "dim")
            return
        dpr = self.devicePixelRatioF()
        painter.drawPixmap(place.topLeft(), images.rounded(self._image, place.size(), 8, dpr))

    def _paint_words(self, painter: QPainter, left: int, width: int) -> None:
        lines = self._lines[:2]
        top = (self.height() - 20 - _LINE * len(lines)) // 2
        faces = [font(13, 600), *(font(12) for _ in lines)]
        for number, text in enumerate((self.text(), *lines)):
            painter.setFont(faces[number])
            painter.setPen(color("dim" if number else "text"))
            room = QRect(left, top, width - (0 if number else 18), 20 if number == 0 else _LINE)
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            top += room.height()
