"""The outline of a sound: where it is loud, where it plays, and which part is chosen.

A press sets the playhead, a drag chooses a part; arrows move the playhead, with Shift the end of
the part.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.media import sound_picture
from genstudio.ui.theme import color, font
from genstudio.ui.widgets.painting import painting

HEIGHT, RULER, TICKS = 170, 18, 6
STEP = 0.02
"""Share of the sound that an arrow goes."""
_FAR = 4  # pixels from which a press is a drag
_NICE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

Span = tuple[float, float]


class WaveView(QWidget):
    """`seek(second)` and `part_changed(span or None)`, in seconds. Knows the samples only as peaks
    of its own width."""

    seek = Signal(float)
    part_changed = Signal(object)

    def __init__(self, name: str = "Waveform", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = np.zeros(0, np.float32)
        self._seconds = 0.0
        self._peaks = np.zeros((0, 2), np.float32)
        self._growing: list[list[float]] = []
        self._place = 0.0
        self._part: Span | None = None
        self._pressed: float | None = None
        self._dragged = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._tell()

    # ---- what is shown

    def set_sound(self, samples: np.ndarray, rate: int) -> None:
        """Another sound: float32 (n,) or (n, channels); the part is forgotten."""
        line = samples if samples.ndim == 1 else samples.mean(axis=1)
        self._samples, self._seconds = line, len(line) / rate
        self._growing, self._place, self._part = [], 0.0, None
        self._measure()

    def grow(self, peaks: list[list[float]], seconds: float) -> None:
        """A sound on its way: [lowest, highest] of its stretches so far; `seconds` is how long it
        may become."""
        self._samples, self._seconds = np.zeros(0, np.float32), seconds
        self._growing, self._place, self._part = peaks, 0.0, None
        self._measure()

    def clear(self) -> None:
        """Nothing to see."""
        self.grow([], 0.0)

    def set_place(self, second: float) -> None:
        """Move the playhead; it does not ask for a seek."""
        self._place = min(max(0.0, second), self._seconds)
        self._tell()
        self.update()

    def set_part(self, part: Span | None) -> None:
        """Choose a part in seconds, or none; tells nobody."""
        self._part = part
        self._tell()
        self.update()

    def part(self) -> Span | None:
        """The chosen part in seconds."""
        return self._part

    def seconds(self) -> float:
        """How long the sound is."""
        return self._seconds

    def text(self) -> str:
        """What is seen, in words."""
        if not self._seconds:
            return "No sound"
        words = f"{self._seconds:.2f} seconds, at {self._place:.2f}"
        chosen = f", chosen from {self._part[0]:.2f} to {self._part[1]:.2f}" if self._part else ""
        return words + chosen

    # ---- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A seek, or the beginning of a part."""
        if self._seconds and event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position().x(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose from the press to here."""
        if self._pressed is None:
            return
        x = event.position().x()
        self._dragged = self._dragged or abs(x - self._pressed) >= _FAR
        if self._dragged:
            ends = sorted((self._second(self._pressed), self._second(x)))
            self._choose((ends[0], ends[1]) if ends[0] < ends[1] else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a drag goes there and chooses nothing."""
        if self._pressed is not None and not self._dragged:
            self._choose(None)
            self._go(self._second(event.position().x()))
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End go; with Shift they choose; Esc chooses nothing."""
        steps = {
            Qt.Key.Key_Left: self._place - STEP * self._seconds,
            Qt.Key.Key_Right: self._place + STEP * self._seconds,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._seconds,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._part is not None:
            self._choose(None)
        elif key not in steps or not self._seconds:
            super().keyPressEvent(event)
        else:
            target = min(max(0.0, steps[key]), self._seconds)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._stretch(target)
            self._go(target)

    def _stretch(self, target: float) -> None:
        """The part goes from its far end to `target`."""
        first, last = self._part or (self._place, self._place)
        fixed = first if abs(self._place - last) <= abs(self._place - first) else last
        ends = sorted((fixed, target))
        self._choose((ends[0], ends[1]) if ends[0] < ends[1] else None)

    def _choose(self, part: Span | None) -> None:
        if part != self._part:
            self.set_part(part)
            self.part_changed.emit(part)

    def _go(self, second: float) -> None:
        self.set_place(second)
        self.seek.emit(self._place)

    # ---- drawing

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(480, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other peaks."""
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        if len(self._samples):
            self._peaks = sound_picture.peaks(self._samples, max(1, self.width()))
        else:
            self._peaks = np.array(self._growing, np.float32).reshape(-1, 2)
        self._tell()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.text())

    def _second(self, x: float) -> float:
        return min(max(0.0, x / max(1, self.width())), 1.0) * self._seconds

    def _x(self, second: float) -> float:
        return second / self._seconds * self.width() if self._seconds else 0.0

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Ground, part, outline, playhead, ruler."""
        ground = QRectF(0, 0, self.width(), HEIGHT - RULER)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("panel"))
        painter.drawRoundedRect(ground, 6, 6)
        if self._part is not None:
            first, last = (self._x(second) for second in self._part)
            painter.fillRect(QRectF(first, 0, last - first, ground.height()), color("wash"))
        painter.setPen(color("line"))
        painter.drawLine(QLineF(0, ground.center().y(), self.width(), ground.center().y()))
        self._paint_outline(painter, ground)
        self._paint_ruler(painter)
        if self._seconds and len(self._samples):
            painter.setPen(QPen(color("text"), 1.5))
            x = self._x(self._place)
            painter.drawLine(QLineF(x, 0, x, ground.height()))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_outline(self, painter: QPainter, ground: QRectF) -> None:
        if not len(self._peaks):
            return
        each = self.width() / len(self._peaks)
        if not len(self._samples):  # on its way: so many stretches of 1/50 s
            each = self.width() / max(1.0, self._seconds * 50)
        middle, half = ground.center().y(), ground.height() / 2 - 4
        painter.setPen(QPen(color("accent"), max(1.0, each)))
        painter.drawLines(
            [
                QLineF(QPointF(x, middle - high * half), QPointF(x, middle - low * half + 0.5))
                for x, (low, high) in zip(
                    (np.arange(len(self._peaks)) + 0.5) * each, self._peaks.tolist(), strict=True
                )
            ]
        )

    def _paint_ruler(self, painter: QPainter) -> None:
        if not self._seconds:
            return
        step = next((s for s in _NICE if self._seconds / s <= 10), 60)
        painter.setFont(font(11, tabular=True))
        painter.setPen(color("dim"))
        top = HEIGHT - RULER
        for number in range(int(self._seconds / step) + 1):
            x = self._x(number * step)
            painter.drawLine(QLineF(x, top, x, top + TICKS))
            painter.drawText(QPointF(x + 3, HEIGHT - 4), f"{number * step:g} s")
