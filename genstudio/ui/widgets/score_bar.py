"""One score drawn: its value, the 95 % interval around it, and what real pictures reach."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.core import measures
from genstudio.core.manifest import Score
from genstudio.ui.theme import color, font, text_width
from genstudio.ui.widgets.painting import painting

HEIGHT, LINE_Y, TRACK, DOT = 36, 11, 6, 12
LEAST_BAND = 4.0
_CAPTION = 11
_STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def ends(score: Score) -> tuple[float, float]:
    """First and last value of the scale: 0 to 1 for shares, else with room behind all marks."""
    marks = [v for v in (score.value, score.low, score.high, score.floor) if v is not None]
    top = measures.of(score).top
    if top is not None and max(marks) <= top and min(marks) >= 0:
        return 0.0, top
    if score.better == "near" and score.floor is not None and min(marks) >= 0:
        return 0.0, max(2.0, _round_up(1.05 * max(marks)))
    first, last = min(0.0, *marks), max(0.0, *marks)
    room = (last - first) * 0.05 or 1.0
    return (first - room if first < 0 else 0.0), _round_up(last + room)


def _round_up(value: float) -> float:
    """The next number that is quickly read: 1, 1.5, 2, 3 … times a power of ten."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    step = next((s for s in _STEPS if value <= s * power * (1 + 1e-9)), 10)
    return float(f"{step * power:.6g}")


class ScoreBar(QWidget):
    """A line with a dot (value), a band (interval) and a mark "real" (the floor)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: Score | None = None
        self._ends = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(140)
        self.setMaximumWidth(560)

    def set_score(self, score: Score) -> None:
        """Draw another score."""
        self._score = score
        self._ends = ends(score)
        words = measures.sentence(score)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(260, HEIGHT)

    def x_of(self, value: float) -> float:
        """Where a value stands, in pixels; values off the scale stand at its end."""
        first, last = self._ends
        share = (value - first) / ((last - first) or 1.0)
        room = self.width() - DOT - 1
        return DOT / 2 + min(1.0, max(0.0, share)) * room

    def band(self) -> QRectF | None:
        """Where the interval lies; None where there is none."""
        score = self._score
        if score is None or score.low is None or score.high is None:
            return None
        left, right = self.x_of(score.low), self.x_of(score.high)
        spare = max(0.0, LEAST_BAND - (right - left)) / 2
        return QRectF(left - spare, LINE_Y - 5, right - left + 2 * spare, 10)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Track, band, floor, dot, captions."""
        if self._score is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("line"))
        track = QRectF(0.5, LINE_Y - TRACK / 2, self.width() - 1, TRACK)
        painter.drawRoundedRect(track, TRACK / 2, TRACK / 2)
        band = self.band()
        if band is not None:
            shade = color("accent")
            shade.setAlphaF(0.45)
            painter.setBrush(shade)
            painter.drawRoundedRect(band, 3, 3)
        painter.setPen(QPen(color("panel"), 2))
        painter.setBrush(color("accent"))
        painter.drawEllipse(QPointF(self.x_of(self._score.value), LINE_Y), DOT / 2, DOT / 2)
        self._paint_floor(painter)

    def _paint_floor(self, painter: QPainter) -> None:
        """The mark of real pictures over all else, its caption below it."""
        painter.setFont(font(_CAPTION, tabular=True))
        taken = QRectF()
        floor = self._score.floor if self._score else None
        if floor is not None:
            x = self.x_of(floor)
            painter.setPen(QPen(color("text"), 2))
            painter.drawLine(QPointF(x, LINE_Y - 9), QPointF(x, LINE_Y + 9))
            taken = self._caption(painter, f"{self._mark()} {measures.number(floor)}", x, "text")
        for value in self._ends:
            place = self._place(measures.number(value), self.x_of(value))
            if not taken.adjusted(-8, 0, 8, 0).intersects(place):
                self._caption(painter, measures.number(value), self.x_of(value), "dim")

    def _mark(self) -> str:
        """What the floor is, in a word: "real" data or "chance"."""
        named = self._score.settings.get("floor") if self._score else None
        return "chance" if named == "chance" else "real"

    def _place(self, text: str, x: float) -> QRectF:
        width = text_width(text, _CAPTION) + 6
        left = min(max(0.0, x - width / 2), max(0.0, self.width() - width))
        return QRectF(left, HEIGHT - 14, width, 14)

    def _caption(self, painter: QPainter, text: str, x: float, token: str) -> QRectF:
        place = self._place(text, x)
        painter.setPen(color(token))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        return place
