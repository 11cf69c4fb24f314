"""Which frequencies sound when: loud ones bright, low ones below. Follows the playhead."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.media import spectrogram
from genstudio.ui.theme import color, font, theme
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

HEIGHT = 150
_RAMP = ("panel", "heat_2", "accent", "amber", "text")
"""Colours from silent to loud."""


class SpectrogramView(QWidget):
    """Shows one sound; an image is made once for each sound and theme."""

    def __init__(self, name: str = "Spectrogram", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strengths = np.zeros((0, 0), np.float32)
        self._image: QImage | None = None
        self._seconds = self._place = 0.0
        self._rate = 0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        theme().changed.connect(self._colour)
        self.clear()

    def set_sound(self, samples: np.ndarray, rate: int) -> None:
        """Another sound: float32 (n,) or (n, channels)."""
        line = samples if samples.ndim == 1 else samples.mean(axis=1)
        self._strengths = spectrogram.strengths(line)
        self._seconds, self._rate, self._place = len(line) / rate, rate, 0.0
        self.setAccessibleDescription(self.text())
        self._colour()

    def clear(self) -> None:
        """Nothing to see."""
        self._strengths, self._image = np.zeros((0, 0), np.float32), None
        self._seconds, self._rate = 0.0, 0
        self.setAccessibleDescription(self.text())
        self.update()

    def set_place(self, second: float) -> None:
        """Move the playhead."""
        self._place = second
        self.update()

    def text(self) -> str:
        """What is seen, in words."""
        if not self._strengths.size or not self._strengths.max():
            return "No sound"
        loud = int(self._strengths.mean(axis=1).argmax())
        hertz = loud * self._rate / (2 * (len(self._strengths) - 1))
        return f"Loudest around {hertz:,.0f} Hz, up to {self._rate / 2:,.0f} Hz"

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(480, HEIGHT)

    def _colour(self) -> None:
        if self._strengths.size:
            found = [color(name) for name in _RAMP]
            colours = np.array([[c.red(), c.green(), c.blue()] for c in found], np.float64)
            self._image = images.from_array(spectrogram.picture(self._strengths, colours))
        self.update()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The picture, its highest frequency, the playhead."""
        place = QRectF(0, 0, self.width(), HEIGHT)
        painter.fillRect(place, color("panel"))
        if self._image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.setFont(font(11, tabular=True))
        words = f"{self._rate / 2000:g} kHz"
        box = QRectF(painter.fontMetrics().boundingRect(words)).adjusted(-4, -2, 4, 2)
        box.moveTo(4, 4)
        painter.fillRect(box, color("panel"))  # the ground of dim words, whatever sounds there
        painter.setPen(color("dim"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        x = self._place / self._seconds * self.width() if self._seconds else 0.0
        painter.setPen(QPen(color("text"), 1.5))
        painter.drawLine(QLineF(x, 0, x, HEIGHT))
