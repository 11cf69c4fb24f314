"""Samples of text beside each other: what a model was given, dim, and what it wrote."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.painting import painting

Written = tuple[str, str]
"""What a model was given and what it wrote."""
USUAL = 4
ROWS = 2
LINES = {1: 4, 2: 6}
"""Lines of a card by the rows of pictures that there would be room for."""
MOST_LINES = 9
LINE = 19
PAD = 12
GAP = 8
NARROW = 560
"""Below this width samples stand one below the other."""
LETTERS = 4000
"""More of a sample is not laid out."""
_BREAK = "\u2028"  # a line's end inside of one layout


class WritingTiles(QWidget):
    """Two rows of two cards; a `film_strip.Shower`."""

    opened = Signal()
    pointed = Signal(str)

    def __init__(self, rows: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = LINES.get(rows, MOST_LINES)
        self._samples: Sequence[Written] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def nothing(self) -> Sequence[Written]:
        """A frame that is not there."""
        return ()

    def sheet(self) -> Sequence[Written]:
        """The samples in sight."""
        return self._samples

    def set_sheet(self, sheet: Sequence[Written]) -> None:
        """Show other samples; none leave their places empty."""
        before = len(self._samples)
        self._samples = sheet
        told = [f"{place}: {given}{made}" for place, (given, made) in enumerate(sheet, 1)]
        self.setAccessibleDescription("\n".join(told)[:LETTERS])
        if len(sheet) != before:
            self.updateGeometry()
        self.update()

    def set_words(self, words: Sequence[str]) -> None:
        """What samples were asked for stands in them already."""

    def set_rows(self, rows: int) -> None:
        """Rows of pictures that there would be room for: with more the cards are higher."""
        lines = LINES.get(rows, MOST_LINES)
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    @property
    def high(self) -> int:
        """Pixels of a card."""
        return self._lines * LINE + 2 * PAD

    def across(self, width: int) -> int:
        """Cards beside each other at that width."""
        return 1 if width < NARROW else 2

    def shown(self, width: int) -> int:
        """How many samples are in sight at that width."""
        return min(len(self._samples) or USUAL, ROWS * self.across(width))

    def hasHeightForWidth(self) -> bool:
        """One column is higher than two."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows at `width`."""
        rows = -(-self.shown(width) // self.across(width))
        return rows * (self.high + GAP) - GAP

    def sizeHint(self) -> QSize:
        """Two cards beside each other."""
        return QSize(2 * NARROW, self.heightForWidth(2 * NARROW))

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(160, self.high)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Look closely."""
        self.opened.emit()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Cards, and quiet places for samples that are not there yet."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = self.across(self.width())
        wide, high = (self.width() - GAP * (across - 1)) // across, self.high
        for place in range(self.shown(self.width())):
            row, column = divmod(place, across)
            room = QRect(column * (wide + GAP), row * (high + GAP), wide, high)
            painter.setPen(color("line"))
            painter.setBrush(color("raised"))
            painter.drawRoundedRect(QRectF(room).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            if place < len(self._samples):
                inner = room.adjusted(PAD, PAD, -PAD, -PAD)
                draw(painter, inner, self._samples[place], self._lines)


def draw(painter: QPainter, room: QRect, sample: Written, lines: int) -> None:
    """Draw the first `lines` lines of a sample into `room`."""
    given, made = (part.replace("\n", _BREAK) for part in sample)
    skipped = len(given) - len(given.lstrip(_BREAK))
    text = (given + made)[skipped:][:LETTERS]
    layout = QTextLayout(text, font(13))
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, number * LINE))
    layout.endLayout()
    faint = QTextCharFormat()
    faint.setForeground(color("dim"))
    dim = QTextLayout.FormatRange()
    dim.start, dim.length = 0, _places(given[skipped:])  # type: ignore[attr-defined]
    dim.format = faint  # type: ignore[attr-defined]
    painter.setPen(color("text"))
    layout.draw(painter, QPointF(room.topLeft()), [dim])


def _places(text: str) -> int:
    """How many of Qt's places `text` takes: characters beyond U+FFFF take two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def page(sample: Written, side: int = 96) -> QImage:
    """A sample as a small square picture, for lists."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(color("raised"))
    painter = QPainter(image)
    draw(painter, image.rect().adjusted(7, 5, -4, -5), sample, (side - 10) // LINE)
    painter.end()
    return image
