"""A row of small pictures with their words below: the first things found in some data."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

GAP, SIDE, WORDS = 8, 72, 18


@dataclass
class Shown:
    """One picture of the strip; `words` stand below it, `tip` appears under the mouse."""

    words: str = ""
    tip: str = ""
    image: QImage | None = None


class PictureStrip(QWidget):
    """As many rows as are needed, never more than two."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Shown] = []
        self._drawn: dict[int, QPixmap] = {}
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def lay_out(self, shown: list[Shown]) -> None:
        """Other places."""
        self._shown = shown
        self._drawn.clear()
        self._describe()
        self.updateGeometry()
        self.update()

    def put(self, index: int, image: QImage) -> None:
        """Fill a place; one more is made where `index` is the next."""
        if index == len(self._shown):
            self._shown.append(Shown())
            self.updateGeometry()
        if 0 <= index < len(self._shown) and not image.isNull():
            self._shown[index].image = image
            self._drawn.pop(index, None)
            self._describe()
            self.update()

    def shown(self) -> list[Shown]:
        """What it shows."""
        return list(self._shown)

    def hasHeightForWidth(self) -> bool:
        """Wide strips are lower."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One or two rows."""
        across = max(1, (width + GAP) // (SIDE + GAP))
        rows = min(2, max(1, -(-len(self._shown) // across)))
        return rows * self._row() + (rows - 1) * GAP

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(400, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """One place."""
        return QSize(SIDE, self.heightForWidth(max(SIDE, self.width())))

    def places(self) -> list[QRect]:
        """Where the pictures are; what does not fit in two rows has no place."""
        across = max(1, (self.width() + GAP) // (SIDE + GAP))
        return [
            QRect(i % across * (SIDE + GAP), i // across * (self._row() + GAP), SIDE, SIDE)
            for i in range(min(len(self._shown), across * 2))
        ]

    def event(self, event: QEvent) -> bool:
        """What is below the mouse, in full."""
        if isinstance(event, QHelpEvent):
            hit = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._shown[hit].tip if hit >= 0 else "", self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in another theme."""
        super().changeEvent(event)
        self._drawn.clear()
        self.update()

    def _at(self, where: QPoint) -> int:
        hits = (i for i, place in enumerate(self.places()) if place.contains(where))
        return next(hits, -1)

    def _row(self) -> int:
        return SIDE + (WORDS if any(shown.words for shown in self._shown) else 0)

    def _describe(self) -> None:
        words = [shown.words or shown.tip for shown in self._shown if shown.words or shown.tip]
        self.setAccessibleDescription(", ".join(words))

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Pictures and words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        for index, place in enumerate(self.places()):
            shown = self._shown[index]
            if shown.image is None:
                painter.setPen(color("line"))
                painter.setBrush(color("raised"))
                shape = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(shape, RADIUS, RADIUS)
            else:
                painter.drawPixmap(place.topLeft(), self._picture(index, shown.image))
            painter.setPen(color("dim"))
            below = QRect(place.left(), place.bottom() + 2, SIDE, WORDS)
            elide = Qt.TextElideMode.ElideRight
            words = painter.fontMetrics().elidedText(shown.words, elide, SIDE)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, words)

    def _picture(self, index: int, image: QImage) -> QPixmap:
        if index not in self._drawn:
            side, smooth = QSize(SIDE, SIDE), images.smooth_for(image, "auto")
            self._drawn[index] = images.rounded(
                image, side, RADIUS, self.devicePixelRatioF(), smooth
            )
        return self._drawn[index]
