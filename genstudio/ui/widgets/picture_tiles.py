"""The pictures of a sheet as tiles, as many as there is room for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.ui.theme import RADIUS_PICTURE, color
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

COLUMNS = 10
USUAL = 40
GAP = 8
SIDE = 84


def tiles_of(sheet: QImage, columns: int = COLUMNS) -> list[QImage]:
    """The square pictures of a sheet in reading order."""
    if sheet.isNull() or sheet.width() < columns:
        return []
    side = sheet.width() // columns
    rows = sheet.height() // side
    return [
        sheet.copy(column * side, row * side, side, side)
        for row in range(rows)
        for column in range(columns)
    ]


class Tiles(QWidget):
    """As many pictures of one sheet as there is room for, in rows of equal places.

    `pointed(words)`: what the picture under the mouse was asked for, "" beside all.
    """

    opened = Signal()
    pointed = Signal(str)

    def __init__(self, rows: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._columns = rows, COLUMNS
        self._sheet = QImage()
        self._tiles: list[QImage] = []
        self._words: list[str] = []
        self._drawn: OrderedDict[tuple[int, int, int, float], QPixmap] = OrderedDict()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, rows: int) -> None:
        """How many rows there may be."""
        if rows != self._rows:
            self._rows = max(1, rows)
            self.updateGeometry()

    def nothing(self) -> QImage:
        """A frame that is not there."""
        return QImage()

    def set_sheet(self, sheet: QImage, columns: int = COLUMNS) -> None:
        """Show another sheet; a null one leaves the places empty."""
        before = len(self._tiles)
        self._sheet, self._columns = sheet, columns
        self._tiles = tiles_of(sheet, columns)
        if len(self._tiles) != before:
            self.updateGeometry()
        self.update()

    def set_words(self, words: Sequence[str]) -> None:
        """What each picture was asked for, in reading order; none where nothing was."""
        self._words = list(words)
        self.setMouseTracking(bool(self._words))
        told = [f"{place}: {text}" for place, text in enumerate(self._words[:USUAL], 1) if text]
        self.setAccessibleDescription("; ".join(told))

    def words_at(self, point: QPoint) -> str:
        """What the picture at that place was asked for; "" beside all pictures."""
        step = self.side(self.width()) + GAP
        column, row = point.x() // step, point.y() // step
        across = self.across(self.width())
        place = row * across + column
        inside = 0 <= column < across and 0 <= row < self._rows and place < len(self._tiles)
        return self._words[place] if inside and place < len(self._words) else ""

    def sheet(self) -> QImage:
        """The sheet in sight."""
        return self._sheet

    def across(self, width: int) -> int:
        """Places in one row of that width: about as many as fit, so that rows end even."""
        most = max(4, (width + GAP) // (SIDE + GAP))
        count = len(self._tiles) or USUAL
        return min(range(most, max(3, most - 4), -1), key=lambda across: -count % across)

    def rows(self, width: int) -> int:
        """Rows in use at that width."""
        return min(self._rows, -(-(len(self._tiles) or USUAL) // self.across(width)))

    def side(self, width: int) -> int:
        """Pixels of one place: the row fills the width."""
        count = self.across(width)
        return max(8, (width - GAP * (count - 1)) // count)

    def shown(self) -> int:
        """How many pictures are in sight."""
        return min(len(self._tiles), self.across(self.width()) * self._rows)

    def hasHeightForWidth(self) -> bool:
        """Places are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows at `width`."""
        return self.rows(width) * (self.side(width) + GAP) - GAP

    def sizeHint(self) -> QSize:
        """A row of ten."""
        width = 10 * (SIDE + GAP) - GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Four places."""
        return QSize(4 * 40, 40)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Look closely."""
        self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what was asked for here."""
        super().mouseMoveEvent(event)
        self.pointed.emit(self.words_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self.pointed.emit("")

    def event(self, event: QEvent) -> bool:
        """The words as a tooltip, where they fit on more than one line."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words_at(event.pos())
            QToolTip.showText(event.globalPos(), words, self) if words else QToolTip.hideText()
            return True
        return super().event(event)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Pictures, and quiet places for those that are not there yet."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, across = self.side(self.width()), self.across(self.width())
        count = min(len(self._tiles) or USUAL, across * self._rows)
        for place in range(count):
            row, column = divmod(place, across)
            rect = QRect(column * (side + GAP), row * (side + GAP), side, side)
            if self._tiles:
                painter.drawPixmap(rect.topLeft(), self._pixmap(place, side))
            else:
                painter.setPen(color("line"))
                painter.setBrush(color("raised"))
                frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(frame, RADIUS_PICTURE, RADIUS_PICTURE)

    def _pixmap(self, place: int, side: int) -> QPixmap:
        dpr = self.devicePixelRatioF()
        key = (self._sheet.cacheKey(), place, side, dpr)
        found = self._drawn.get(key)
        if found is None:
            tile = self._tiles[place]
            # Small pictures are looked at pixel by pixel: a smooth blur would flatter them.
            smooth = tile.width() > 64 and images.smooth_for(tile, "auto")
            found = images.rounded(tile, QSize(side, side), RADIUS_PICTURE, dpr, smooth)
            self._drawn[key] = found
            if len(self._drawn) > 400:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        return found
