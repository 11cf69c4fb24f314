"""How loud it is: two bars of decibels with the peak of the last second, for eye and reader."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAccessible, QAccessibleValueChangeEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import color
from genstudio.ui.widgets.painting import painting

FLOOR = -48.0
"""Decibels at the left end."""
HOLD_SECONDS = 1.2
_FALL = 2.0
_ZONES = ((-9.0, "good"), (-2.0, "amber"), (0.0, "red"))


class LevelMeter(QWidget):
    """Peaks of left and right; they rise at once and fall by a few decibels a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels = [FLOOR, FLOOR]
        self._peak, self._since = FLOOR, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    def set_levels(self, left: float, right: float) -> None:
        """Shares of full, from 0 to 1."""
        before = (*self._levels, self._peak)
        for side, share in enumerate((left, right)):
            self._levels[side] = max(decibels(share), self._levels[side] - _FALL, FLOOR)
        now, loudest = time.monotonic(), max(decibels(left), decibels(right))
        if loudest >= self._peak or now - self._since > HOLD_SECONDS:
            self._peak, self._since = max(loudest, FLOOR), now
        if (*self._levels, self._peak) != before:
            self._say()
            self.update()

    def rest(self) -> None:
        """Nothing plays."""
        self._levels, self._peak = [FLOOR, FLOOR], FLOOR
        self._say()
        self.update()

    def text(self) -> str:
        """ "Silent" or the peak in words."""
        if self._peak <= FLOOR:
            return "Silent"
        return f"Peak {round(self._peak)} dB".replace("-", "−")

    def sizeHint(self) -> QSize:
        """Small."""
        return QSize(76, 20)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Ground, bars in zones, peak."""
        painter.fillRect(self.rect(), color("panel"))
        height = (self.height() - 8) / 2
        for side, level in enumerate(self._levels):
            top = 2 + side * (height + 4)
            painter.fillRect(QRectF(0, top, self.width(), height), color("raised"))
            since = 0.0
            for end, token in _ZONES:
                until = min(self._x(level), self._x(end))
                if until > since:
                    painter.fillRect(QRectF(since, top, until - since, height), color(token))
                since = self._x(end)
            if self._peak > FLOOR:
                mark = QRectF(self._x(self._peak) - 2, top, 2, height)
                painter.fillRect(mark, color("text"))

    def _x(self, level: float) -> float:
        return (min(level, 0.0) - FLOOR) / -FLOOR * self.width()

    def _say(self) -> None:
        words = self.text()
        if self.accessibleDescription() != words:
            self.setAccessibleName("Level")
            self.setAccessibleDescription(words)
            self.setToolTip(words)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, words))


def decibels(share: float) -> float:
    """Of a share of full; no less than `FLOOR`."""
    return max(FLOOR, 20.0 * math.log10(share)) if share > 1e-6 else FLOOR
