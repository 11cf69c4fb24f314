"""A result grid with the values of two axes beside it; without axes it is the grid alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.ui.theme import color, font, theme
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.result_grid import ResultGrid

LEFT, LINE, WIDEST = 20, 17, 132
_TEXT, _LINES = 12, 2


class LabelledGrid(QWidget):
    """Draws the labels in its own margins; rows of labels scroll with the grid."""

    def __init__(self, grid: ResultGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self._columns: tuple[str, ...] = ()
        self._rows: tuple[str, ...] = ()
        self._x = self._y = ""
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.addWidget(grid)
        self.setFocusProxy(grid)
        grid.fitted.connect(self.update)
        grid.verticalScrollBar().valueChanged.connect(lambda _value: self.update())
        theme().changed.connect(self.update)

    def set_labels(
        self, columns: Sequence[str], rows: Sequence[str] = (), x: str = "", y: str = ""
    ) -> None:
        """The values across and down with the names of both axes; () for none."""
        wanted = (tuple(columns), tuple(rows), x, y)
        if wanted == (self._columns, self._rows, self._x, self._y):
            return
        self._columns, self._rows, self._x, self._y = wanted
        self._room.setContentsMargins(self._left(), self._top(), 0, 0)
        self.grid.set_columns(len(self._columns))
        self.setAccessibleDescription(self.text())
        self.update()

    def text(self) -> str:
        """What the labels say, in words."""
        if not self._columns:
            return ""
        words = f"Across {self._x}: {', '.join(self._columns)}"
        return f"{words}. Down {self._y}: {', '.join(self._rows)}" if self._rows else words

    def _left(self) -> int:
        if not self._rows:
            return 0
        metrics = QFontMetrics(font(_TEXT))
        names = [metrics.horizontalAdvance(word) for word in self._rows]
        title = QFontMetrics(font(_TEXT, 600)).horizontalAdvance(self._y)
        return LEFT + min(max(*names, title), WIDEST)

    def _top(self) -> int:
        return LINE * (1 + _LINES) + 2 if self._columns else 0

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The names of the axes, then every label at its column or row."""
        if not self._columns or not self.grid.count():
            return
        self._paint_titles(painter)
        painter.setFont(font(_TEXT, tabular=True))
        painter.setPen(color("text"))
        for column, words in enumerate(self._columns):
            place = self._place(column)
            room = QRect(place.left() + 6, LINE, place.width() - 12, LINE * _LINES)
            self._paint(painter, words, room, Qt.AlignmentFlag.AlignHCenter, low=True)
        painter.setClipRect(QRect(0, self._top(), self._left() + 2, self.height() - self._top()))
        for row, words in enumerate(self._rows):
            place = self._place(row * len(self._columns))
            middle = place.center().y()
            width = self._left() - LEFT + 2
            room = QRect(LEFT, middle - LINE, width, LINE * _LINES)
            self._paint(painter, words, room, Qt.AlignmentFlag.AlignLeft)

    def _paint_titles(self, painter: QPainter) -> None:
        painter.setFont(font(_TEXT, 600))
        painter.setPen(color("dim"))
        side = Qt.AlignmentFlag.AlignVCenter
        foot = self._top() - LINE - 2
        painter.drawText(QRect(LEFT, foot, self._left(), LINE), side, self._y)
        first = self._place(0).left()
        room = QRect(max(first, LEFT) + 4, 0, self.width() - first, LINE)
        painter.drawText(room, side, self._x)

    def _paint(
        self, painter: QPainter, words: str, room: QRect, side: Qt.AlignmentFlag, low: bool = False
    ) -> None:
        """Two lines at most, the second one cut; `low`: they stand on the lower edge."""
        metrics = painter.fontMetrics()
        lines = _lines(words, metrics, room.width())
        height = LINE * len(lines)
        top = room.bottom() - height if low else room.center().y() - height // 2
        for number, line in enumerate(lines):
            place = QRect(room.left(), top + number * LINE, room.width(), LINE)
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, line)

    def _place(self, cell: int) -> QRect:
        """Where a cell is, in the coordinates of this widget."""
        grid = self.grid
        rect = grid.visualRect(grid.model().index(cell, 0))
        return rect.translated(grid.viewport().mapTo(self, QPoint(0, 0)))


def _lines(words: str, metrics: QFontMetrics, width: int) -> list[str]:
    """The words in at most two lines of `width` pixels."""
    if metrics.horizontalAdvance(words) <= width:
        return [words]
    parts, first = words.split(), ""
    while parts and metrics.horizontalAdvance(f"{first} {parts[0]}".strip()) <= width:
        first = f"{first} {parts.pop(0)}".strip()
    rest = " ".join(parts)
    elide = Qt.TextElideMode.ElideRight
    if not first:
        return [metrics.elidedText(words, elide, width)]
    return [first, metrics.elidedText(rest, elide, width)] if rest else [first]
