"""Pictures in groups: one as it is, then what becomes of it. Never scrolls: it scales."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

GAP, ARROW, BETWEEN, HEAD = 8, 28, 24, 22
SMALLEST, LARGEST = 16, 176


class PictureGroups(QWidget):
    """`groups` × `each` places; the first of a group stands apart, an arrow leads to the others."""

    def __init__(self, name: str, heads: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads, self._groups, self._each = heads, 0, 1
        self._images: dict[int, QImage] = {}
        self._drawn: dict[tuple[int, int], QPixmap] = {}
        self._words: list[str] = []
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def lay_out(self, groups: int, each: int, words: Sequence[str] = ()) -> None:
        """So many empty places; `words` name the groups for those who do not see them."""
        if (groups, each) != (self._groups, self._each):
            self._images.clear()
            self._drawn.clear()
        self._groups, self._each, self._words = groups, max(1, each), list(words)
        self._describe()
        self.update()

    def put(self, index: int, image: QImage) -> None:
        """Fill place `index` = group * each + place; places outside are ignored."""
        if 0 <= index < self._groups * self._each and not image.isNull():
            self._images[index] = image
            self._drawn = {key: kept for key, kept in self._drawn.items() if key[0] != index}
            self._describe()
            self.update()

    def image(self, index: int) -> QImage | None:
        """What lies in a place."""
        return self._images.get(index)

    def clear(self) -> None:
        """Empty all places."""
        self.lay_out(0, 1)

    def filled(self) -> int:
        """How many places have a picture."""
        return len(self._images)

    def sizeHint(self) -> QSize:
        """Takes what there is."""
        return QSize(480, 320)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in another theme or on another screen."""
        super().changeEvent(event)
        self._drawn.clear()
        self.update()

    def places(self) -> list[QRect]:
        """Where each picture is."""
        side, across = self._fit()
        width, height = self._group_size(side)
        found = []
        for group in range(self._groups):
            left = group % across * (width + BETWEEN)
            top = HEAD + group // across * (height + GAP)
            for place in range(self._each):
                x = left + place * (side + GAP) + (ARROW if place else 0)
                found.append(QRect(x, top, side, side))
        return found

    def _group_size(self, side: int) -> tuple[int, int]:
        arrow = ARROW if self._each > 1 else 0
        return self._each * (side + GAP) - GAP + arrow, side

    def _fit(self) -> tuple[int, int]:
        """The largest side at which all groups are in sight, and how many stand in a row."""
        best = (SMALLEST, 1)
        for across in range(1, max(1, self._groups) + 1):
            rows = -(-max(1, self._groups) // across)
            room = (self.width() - (across - 1) * BETWEEN) // across
            wide = (room - ARROW + GAP) // self._each - GAP
            high = (self.height() - HEAD) // rows - GAP
            side = min(wide, high, LARGEST)
            if side > best[0]:
                best = (side, across)
        return best

    def _describe(self) -> None:
        words = ", ".join(self._words)
        said = f"{len(self._images)} of {self._groups * self._each} pictures are drawn"
        self.setAccessibleDescription(f"{said}: {words}" if words else said)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Heads, places, arrows."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.places()
        if not places:
            return
        side, across = self._fit()
        self._paint_heads(painter, places, across)
        for index, place in enumerate(places):
            if index % self._each == 1:
                middle = QRect(place.left() - ARROW - GAP // 2 + 5, place.center().y() - 9, 18, 18)
                icons.paint(painter, "chevron-right", middle, "dim")
            self._paint_place(painter, index, place, side)

    def _paint_heads(self, painter: QPainter, places: list[QRect], across: int) -> None:
        painter.setFont(font(12, 600))
        painter.setPen(color("dim"))
        for group in range(min(across, self._groups)):
            first = places[group * self._each]
            painter.drawText(QRect(first.left(), 0, 200, HEAD - 4), 0, self._heads[0])
            if self._each > 1:
                then = places[group * self._each + 1]
                painter.drawText(QRect(then.left(), 0, 300, HEAD - 4), 0, self._heads[1])

    def _paint_place(self, painter: QPainter, index: int, place: QRect, side: int) -> None:
        image = self._images.get(index)
        if image is None:
            painter.setPen(color("line"))
            painter.setBrush(color("panel"))
            shape = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(shape, RADIUS, RADIUS)
            return
        key = (index, side)
        if key not in self._drawn:
            dpr = self.devicePixelRatioF()
            room = images.contain_rect(image.size(), QRectF(0, 0, side, side)).size().toSize()
            smooth = images.smooth_for(image, "auto")
            self._drawn[key] = images.rounded(image, room, RADIUS, dpr, smooth)
        drawn = self._drawn[key]
        width, height = drawn.deviceIndependentSize().toTuple()
        painter.drawPixmap(
            round(place.center().x() - width / 2 + 0.5),
            round(place.center().y() - height / 2 + 0.5),
            drawn,
        )
