"""Names with counts, as bars: how many pictures each class has. A text says the same."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.ui.theme import color, font, text_width
from genstudio.ui.widgets.painting import painting

ROW, GAP, THIN = 22, 20, 6
WIDEST_NAME = 150
SMALLEST_COLUMN = 230


class CountBars(QWidget):
    """Rows in the order given, in as many columns as fit."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[tuple[str, int]] = []
        self._most = 1
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_counts(self, counts: Mapping[str, int], most: int = 0) -> None:
        """Show these; `most` is what a full bar stands for (0: the largest of them)."""
        self._counts = list(counts.items())
        self._most = max(1, most or max(counts.values(), default=1))
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What the bars say, in words."""
        return ", ".join(f"{name} {count:,}" for name, count in self._counts)

    def columns(self, width: int) -> int:
        """How many columns stand side by side."""
        fit = max(1, (width + GAP) // (SMALLEST_COLUMN + GAP))
        return max(1, min(fit, len(self._counts), 3))

    def hasHeightForWidth(self) -> bool:
        """More columns are lower."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all rows."""
        return ROW * -(-len(self._counts) // self.columns(width))

    def sizeHint(self) -> QSize:
        """A line for each, in one column."""
        return QSize(SMALLEST_COLUMN, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but no row is lost."""
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def event(self, event: QEvent) -> bool:
        """The whole name of a row below the mouse."""
        if isinstance(event, QHelpEvent):
            row = self.row_at(event.pos())
            name, count = self._counts[row] if row >= 0 else ("", 0)
            QToolTip.showText(event.globalPos(), f"{name}: {count:,}" if name else "", self)
            return True
        return super().event(event)

    def row_at(self, where: QPoint) -> int:
        """The row below a point, or -1."""
        columns = self.columns(self.width())
        rows = -(-len(self._counts) // columns)
        width = (self.width() + GAP) / columns
        row = int(where.x() // width) * rows + where.y() // ROW
        return row if 0 <= row < len(self._counts) else -1

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Name, bar, number."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self.columns(self.width())
        rows = -(-len(self._counts) // columns)
        width = (self.width() - GAP * (columns - 1)) / columns
        for number, (name, count) in enumerate(self._counts):
            left = number // rows * (width + GAP)
            self._paint_row(painter, QRectF(left, number % rows * ROW, width, ROW), name, count)

    def _paint_row(self, painter: QPainter, place: QRectF, name: str, count: int) -> None:
        words = f"{count:,}"
        numbers = max(text_width(f"{self._most:,}", 12), text_width(words, 12)) + 2
        longest = max(text_width(name, 12) for name, _ in self._counts)
        names = min(longest + 2, WIDEST_NAME, place.width() * 0.45)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(12))
        painter.setPen(color("text"))
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(names))
        painter.drawText(QRectF(place.left(), place.top(), names, ROW), middle, shown)
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        right = QRectF(place.right() - numbers, place.top(), numbers, ROW)
        painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, words)
        room = place.width() - names - numbers - 20
        if room < 12:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(place.left() + names + 10, place.center().y() - THIN / 2, room, THIN)
        painter.setBrush(color("line"))
        painter.drawRoundedRect(track, 3, 3)
        if count:
            track.setWidth(max(float(THIN), room * min(1.0, count / self._most)))
            painter.setBrush(color("dim"))
            painter.drawRoundedRect(track, 3, 3)
