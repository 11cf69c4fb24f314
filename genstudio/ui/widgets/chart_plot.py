"""The drawing of a chart with pyqtgraph. Importing this costs half a second: chart.py does it
beside the window's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent

from genstudio.ui.numbers import short
from genstudio.ui.theme import color, font, theme
from genstudio.ui.widgets.chart_words import FEW, Curve, limits, thinned

# The program ends by itself; pyqtgraph's clean-up at exit only hides other people's faults.
pg.setConfigOption("exitCleanup", False)
_FAINT = 70
_DOTS = 60
_WIDE = 400
_TINY = 1e-300
_RIGHT = 14  # half of a number below the right end


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """Ticks as people write numbers, a hairline for each across the plot."""

    def __init__(self, side: str, whole: bool) -> None:
        super().__init__(side)
        self._whole = whole
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: Sequence[float], scale: float, _spacing: float) -> list[str]:
        """The words at the ticks."""
        if self._whole:
            return [f"{value * scale:,.0f}" for value in values]
        return [short(10**value if self.logMode else value * scale) for value in values]

    def dress(self) -> None:
        """Colours and font of the theme."""
        hidden = color("line")
        hidden.setAlpha(0)
        self.setPen(pg.mkPen(hidden))
        self.setTickPen(pg.mkPen(color("line"), width=1))
        self.setTextPen(color("dim"))
        self.setTickFont(font(11, tabular=True))
        self.setStyle(tickLength=0, tickTextOffset=6, maxTickLevel=0, hideOverlappingLabels=False)


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """Curves over steps. `pointed(step)` follows the mouse, None when it leaves."""

    pointed = Signal(object)

    def __init__(self) -> None:
        self._left, self._bottom = _Axis("left", whole=False), _Axis("bottom", whole=True)
        super().__init__(axisItems={"left": self._left, "bottom": self._bottom})
        self._curves: list[Curve] = []
        self._best: float | None = None
        self._smooth = self._log = self._closed = False
        self._lines: list[tuple[Any, Any]] = []
        self._used = 0
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        for part in (self, self.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.getPlotItem().setContentsMargins(0, 4, _RIGHT, 0)
        self._left.setWidth(48)
        self._left.setGrid(255)
        self._rule = pg.InfiniteLine(angle=90, movable=False)
        self._spots = pg.ScatterPlotItem(size=8, pxMode=True)
        self._mark = pg.InfiniteLine(
            angle=90, movable=False, label="best", labelOpts={"position": 0.94, "anchors": _ANCHORS}
        )
        for item in (self._rule, self._spots, self._mark):
            item.setZValue(20)
            item.hide()
            self.addItem(item, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._moved)
        theme().changed.connect(self.dress)
        self.dress()

    # ---- contents

    def show_curves(
        self, curves: Sequence[Curve], smooth: bool, log: bool, best: float | None
    ) -> None:
        """Draw `curves`; `best`: the step to mark."""
        self._curves, self._smooth, self._log, self._best = list(curves), smooth, log, best
        self._redraw()

    def show_cursor(self, step: float | None) -> None:
        """A rule at `step` with a dot on each curve; None takes it away."""
        for item in (self._rule, self._spots):
            item.setVisible(step is not None)
        if step is None:
            return
        self._rule.setPos(step)
        spots = []
        for curve in self._curves:
            place = curve.at(step)
            if place >= 0:
                value = curve.shown(self._smooth)[place]
                at = (curve.steps[place], self._y(value))
                pen = pg.mkPen(color("panel"))
                spots.append({"pos": at, "brush": color(curve.token), "pen": pen})
        self._spots.setData(spots)

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.setBackground(color("panel"))
        for axis in (self._left, self._bottom):
            axis.dress()
        self._rule.setPen(pg.mkPen(color("dim"), width=1, style=Qt.PenStyle.DashLine))
        self._mark.setPen(pg.mkPen(color("good"), width=1, style=Qt.PenStyle.DotLine))
        self._mark.label.setColor(color("good"))
        self._mark.label.fill = pg.mkBrush(color("panel"))
        self._mark.label.textItem.setFont(font(11, 600))
        self._redraw()

    def _redraw(self) -> None:
        self._left.setLogMode(False, self._log)
        self._used = 0
        for curve in self._curves:
            self._draw(curve)
        for line, dots in self._lines[self._used :]:
            line.hide()
            dots.hide()
        self._mark.setVisible(self._best is not None)
        if self._best is not None:
            self._mark.setPos(self._best)
        self._fit()

    def _draw(self, curve: Curve) -> None:
        count = len(curve.steps)
        if not count:
            return
        tint = color(curve.token)
        if self._smooth and not curve.sparse and count >= FEW:
            faint = color(curve.token)
            faint.setAlpha(_FAINT)
            self._line(curve, curve.values, pg.mkPen(faint, width=1))
        style = Qt.PenStyle.DashLine if curve.sparse else Qt.PenStyle.SolidLine
        # Wide lines that go up and down at every pixel take Qt long to draw, and are a blot.
        width = 1.6 if self._smooth or count <= _WIDE else 1
        dotted = count <= (_DOTS if curve.sparse else 1)
        self._line(curve, curve.shown(self._smooth), pg.mkPen(tint, width=width, style=style),
                   tint if dotted else None)  # fmt: skip

    def _line(self, curve: Curve, values: Sequence[float], pen: Any, dots: Any = None) -> None:
        """Take the next pair of line and dots for one curve; items are made once and used again."""
        if self._used == len(self._lines):
            self._lines.append((pg.PlotCurveItem(), pg.ScatterPlotItem(size=5)))
            for item in self._lines[-1]:
                self.addItem(item, ignoreBounds=True)
        line, spots = self._lines[self._used]
        self._used += 1
        steps, heights = thinned(curve.steps, values, max(_WIDE, self.width()))
        x, y = np.asarray(steps, np.float64), np.asarray(heights, np.float64)
        if self._log:
            y = np.log10(np.maximum(y, _TINY))
        # Noise a pixel wide needs no antialiasing, which would take four times as long.
        line.setData(x, y, pen=pen, antialias=pen.widthF() > 1)
        line.show()
        spots.setVisible(dots is not None)
        if dots is not None:
            spots.setData(x, y, brush=pg.mkBrush(dots), pen=None)

    def _fit(self) -> None:
        found = limits(self._curves, self._smooth)
        ends = [step for curve in self._curves for step in (*curve.steps[:1], *curve.steps[-1:])]
        if found is None:
            self.setXRange(0, 1, padding=0)
            self.setYRange(0, 1, padding=0)
            return
        first, last = min(ends), max(ends)
        self.setXRange(first, max(last, first + 1), padding=0.03)
        low, high = (self._y(value) for value in found)
        self.setYRange(low, high, padding=0.06)

    def _y(self, value: float) -> float:
        return float(np.log10(max(value, _TINY))) if self._log else value

    # ---- hands

    def _moved(self, where: QPointF) -> None:
        view = self.getViewBox()
        if self._curves and view.sceneBoundingRect().contains(where):
            self.pointed.emit(float(view.mapSceneToView(where).x()))
        else:
            self.pointed.emit(None)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def sizeHint(self) -> QSize:
        """Whatever there is room for."""
        return QSize(240, 120)

    def close(self) -> bool:
        """pyqtgraph takes the plot apart here: no theme may dress it afterwards."""
        if self._closed:
            return True
        self._closed = True
        theme().changed.disconnect(self.dress)
        return bool(super().close())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls, not the plot."""
        event.ignore()


_ANCHORS = [(0, 0.5), (1, 0.5)]
"""The label of the mark stands to the right of its line, at the right border to its left."""
