"""A radar plot: several things compared on several axes; outward is better on every one.

Drawn with a sign and a dash of its own for each thing, so that colour is not needed to tell them
apart. Left and right walk through the axes and read the values there; the whole is also text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import SERIES, color, font
from genstudio.ui.widgets.painting import painting

RINGS = (0.25, 0.5, 0.75, 1.0)
LABEL_WIDTH, LABEL_HEIGHT, LEGEND_WIDTH, LEGEND_ROW = 132, 34, 232, 24
LEAST_LEGEND = 680
ACROSS, UPRIGHT = 0.12, 0.85
_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
    Qt.PenStyle.SolidLine,
)
# Corners of each sign as (angle in degrees); none: a circle.
_SIGNS: tuple[tuple[int, ...], ...] = (
    (),
    (45, 135, 225, 315),
    (90, 210, 330),
    (0, 90, 180, 270),
    (270, 30, 150),
    (90, 162, 234, 306, 18),
)


@dataclass(frozen=True)
class Series:
    """One thing: `shares` from 0 (centre) to 1 (rim), None where it has none; `texts` in words."""

    name: str
    shares: tuple[float | None, ...]
    texts: tuple[str, ...]


def paint_sign(painter: QPainter, number: int, centre: QPointF, side: float) -> None:
    """The sign of thing `number`, filled with the painter's brush, `side` pixels across."""
    corners = _SIGNS[number % len(_SIGNS)]
    if not corners:
        painter.drawEllipse(centre, side / 2, side / 2)
        return
    reach = side * 0.62
    points = [
        QPointF(centre.x() + reach * math.cos(a), centre.y() - reach * math.sin(a))
        for a in map(math.radians, corners)
    ]
    painter.drawPolygon(QPolygonF(points))


class Radar(QWidget):
    """`read(text)` says what stands at the axis that the keys or the mouse chose."""

    read = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axes: tuple[str, ...] = ()
        self._series: tuple[Series, ...] = ()
        self._axis = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(420)
        self.setAccessibleName("Radar plot, outward is better")

    def set_data(self, axes: Sequence[str], series: Sequence[Series]) -> None:
        """Other axes and things; raises ValueError where a series has another length."""
        if any(len(s.shares) != len(axes) or len(s.texts) != len(axes) for s in series):
            raise ValueError("each series needs one share and one text for each axis")
        self._axes, self._series = tuple(axes), tuple(series)
        self._axis = -1
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def axis(self) -> int:
        """The axis that is read, -1 for none."""
        return self._axis

    def set_axis(self, axis: int) -> None:
        """Read an axis; the numbers go round."""
        if not self._axes:
            return
        self._axis = axis % len(self._axes)
        words = self.words(self._axis)
        self.setAccessibleDescription(words)
        self.read.emit(words)
        self.update()

    def words(self, axis: int) -> str:
        """What all things have on one axis."""
        values = "; ".join(f"{s.name} {s.texts[axis]}" for s in self._series)
        return f"{self._axes[axis]}: {values}"

    def text(self) -> str:
        """The whole plot as text, a line for each axis."""
        return "\n".join(self.words(axis) for axis in range(len(self._axes)))

    # ---- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk, Home goes to the first axis."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() in steps and self._axes:
            first = 0 if event.key() == Qt.Key.Key_Right else -1
            self.set_axis(self._axis + steps[event.key()] if self._axis >= 0 else first)  # type: ignore[index]
        elif event.key() == Qt.Key.Key_Home:
            self.set_axis(0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Read the axis nearest to the mouse."""
        place = event.position() - self._centre()
        if not self._axes or math.hypot(place.x(), place.y()) > self._radius() + LABEL_WIDTH:
            return
        angle = math.atan2(place.x(), -place.y())
        self.set_axis(round(angle / math.tau * len(self._axes)))

    # ---- places

    def sizeHint(self) -> QSize:
        """Wide enough for plot, labels and legend."""
        return QSize(720, 380)

    def _area(self) -> QRectF:
        left = LEGEND_WIDTH if self.width() >= LEAST_LEGEND else 0
        return QRectF(self.rect()).adjusted(left, 0, 0, 0)

    def _centre(self) -> QPointF:
        return self._area().center()

    def _radius(self) -> float:
        area = self._area()
        across = area.width() / 2 - LABEL_WIDTH - 12
        return max(40.0, min(across, area.height() / 2 - LABEL_HEIGHT - 10))

    def point(self, axis: int, share: float) -> QPointF:
        """Where `share` of an axis lies; the first axis points up, the others follow clockwise."""
        angle = math.tau * axis / max(1, len(self._axes))
        reach = share * self._radius()
        centre = self._centre()
        return QPointF(centre.x() + reach * math.sin(angle), centre.y() - reach * math.cos(angle))

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Web, things, labels, legend."""
        if not self._axes:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_web(painter)
        for number, series in enumerate(self._series):
            self._paint_series(painter, number, series)
        for axis, words in enumerate(self._axes):
            self._paint_label(painter, axis, words)
        self._paint_legend(painter)

    def _paint_web(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color("line"), 1))
        axes = range(len(self._axes))
        for ring in RINGS:
            painter.drawPolygon(QPolygonF([self.point(axis, ring) for axis in axes]))
        for axis in axes:
            chosen = axis == self._axis
            painter.setPen(QPen(color("text" if chosen else "line"), 2 if chosen else 1))
            painter.drawLine(self._centre(), self.point(axis, 1.0))

    def _paint_series(self, painter: QPainter, number: int, series: Series) -> None:
        tint = color(SERIES[number % len(SERIES)])
        points = [
            None if share is None else self.point(axis, min(1.0, max(0.0, share)))
            for axis, share in enumerate(series.shares)
        ]
        painter.setPen(QPen(tint, 2, _DASHES[number % len(_DASHES)]))
        if all(points):
            wash = color(SERIES[number % len(SERIES)])
            wash.setAlphaF(0.07)
            painter.setBrush(wash)
            painter.drawPolygon(QPolygonF(points))  # type: ignore[arg-type]
        else:
            for one, other in zip(points, [*points[1:], *points[:1]], strict=True):
                if one is not None and other is not None:
                    painter.drawLine(one, other)
        painter.setPen(QPen(color("panel"), 1))
        painter.setBrush(tint)
        for place in points:
            if place is not None:
                paint_sign(painter, number, place, 9)

    def _paint_label(self, painter: QPainter, axis: int, words: str) -> None:
        rim, centre = self.point(axis, 1.0), self._centre()
        away = rim - centre
        reach = math.hypot(away.x(), away.y()) or 1.0
        x = rim.x() + 10 * away.x() / reach
        y = rim.y() + 8 * away.y() / reach
        side, up = away.x() / reach, away.y() / reach
        # Words begin or end at their axis; only those straight above and below lie across it.
        left, across = x - LABEL_WIDTH / 2, Qt.AlignmentFlag.AlignHCenter
        if side > ACROSS:
            left, across = x, Qt.AlignmentFlag.AlignLeft
        elif side < -ACROSS:
            left, across = x - LABEL_WIDTH, Qt.AlignmentFlag.AlignRight
        top = y - LABEL_HEIGHT / 2 + up * LABEL_HEIGHT / 2
        upright = Qt.AlignmentFlag.AlignVCenter
        if abs(up) > UPRIGHT:
            upright = Qt.AlignmentFlag.AlignTop if up > 0 else Qt.AlignmentFlag.AlignBottom
        painter.setFont(font(12, 600 if axis == self._axis else 400))
        painter.setPen(color("text" if axis == self._axis else "dim"))
        place = QRectF(left, top, LABEL_WIDTH, LABEL_HEIGHT)
        painter.drawText(place, int(across | upright | Qt.TextFlag.TextWordWrap), words)

    def _paint_legend(self, painter: QPainter) -> None:
        if self.width() < LEAST_LEGEND:
            return
        painter.setFont(font(13))
        metrics = painter.fontMetrics()
        for number, series in enumerate(self._series):
            y = 12 + number * LEGEND_ROW
            tint = color(SERIES[number % len(SERIES)])
            painter.setPen(QPen(tint, 2, _DASHES[number % len(_DASHES)]))
            painter.drawLine(QPointF(0, y), QPointF(28, y))
            painter.setPen(QPen(color("panel"), 1))
            painter.setBrush(tint)
            paint_sign(painter, number, QPointF(14, y), 9)
            painter.setPen(color("text"))
            words = metrics.elidedText(series.name, Qt.TextElideMode.ElideRight, LEGEND_WIDTH - 40)
            place = QRectF(36, y - LEGEND_ROW / 2, LEGEND_WIDTH - 36, LEGEND_ROW)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
