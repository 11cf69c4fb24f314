"""Samples of music beside each other: the roll of each, and a way to hear it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color
from genstudio.ui.widgets.painting import painting

Rolled = tuple[QImage, Any]
"""The picture of a piece or a recording, and that itself."""
USUAL = 4
GAP = 8
SHAPE = 0.42
"""Height of a card by its width."""
WIDE = 760
"""From this width on all stand in one row."""
MARK = 28


class RollTiles(QWidget):
    """A `film_strip.Shower`; `wanted(place)`: somebody wants to hear a sample, or no longer.

    Without `plays` it only shows.
    """

    opened = Signal()
    pointed = Signal(str)
    wanted = Signal(int)

    def __init__(self, plays: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plays = plays
        self._samples: Sequence[Rolled] = ()
        self._playing = self._hover = -1
        self._current = 0
        if plays:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setMouseTracking(True)
            self.setToolTip("Click to hear it")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def nothing(self) -> Sequence[Rolled]:
        """A frame that is not there."""
        return ()

    def sheet(self) -> Sequence[Rolled]:
        """The samples in sight."""
        return self._samples

    def set_sheet(self, sheet: Sequence[Rolled]) -> None:
        """Show other samples; none leave their places empty."""
        self._samples = sheet
        self._current = min(self._current, max(0, len(sheet) - 1))
        self._tell()
        self.updateGeometry()
        self.update()

    def set_words(self, words: Sequence[str]) -> None:
        """Samples of music are asked for nothing in words."""

    def set_playing(self, place: int) -> None:
        """Which sample is heard; -1 for none."""
        self._playing = place
        self._tell()
        self.update()

    def playing(self) -> int:
        """Which sample is heard; -1 for none."""
        return self._playing

    def across(self, width: int) -> int:
        """Cards beside each other at that width."""
        return USUAL if width >= WIDE else 2

    def room(self, place: int) -> QRect:
        """Where a card stands."""
        across = self.across(self.width())
        wide = (self.width() - GAP * (across - 1)) // across
        row, column = divmod(place, across)
        high = round(wide * SHAPE)
        return QRect(column * (wide + GAP), row * (high + GAP), wide, high)

    def place_at(self, point: QPoint) -> int:
        """The sample at a point; -1 beside all."""
        shown = range(len(self._samples))
        return next((place for place in shown if self.room(place).contains(point)), -1)

    def hasHeightForWidth(self) -> bool:
        """Two columns are higher than four."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows at `width`."""
        across = self.across(width)
        rows = -(-(len(self._samples) or USUAL) // across)
        high = round((width - GAP * (across - 1)) // across * SHAPE)
        return rows * (high + GAP) - GAP

    def sizeHint(self) -> QSize:
        """A row."""
        return QSize(WIDE, self.heightForWidth(WIDE))

    def minimumSizeHint(self) -> QSize:
        """Two small cards."""
        return QSize(240, 60)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hear what is under the mouse."""
        place = self.place_at(event.position().toPoint())
        if self._plays and event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self._current = place
            self.wanted.emit(place)
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would play."""
        self._point(self.place_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a sample, Enter or Space plays it."""
        count = len(self._samples)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and count:
            self._current = min(max(self._current + steps[Qt.Key(event.key())], 0), count - 1)
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and count:
            self.wanted.emit(self._current)
        else:
            super().keyPressEvent(event)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Cards, and quiet places for samples that are not there yet."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place in range(len(self._samples) or USUAL):
            self._paint(painter, place)

    def _paint(self, painter: QPainter, place: int) -> None:
        room = QRectF(self.room(place)).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = QPainterPath()
        edge.addRoundedRect(room, RADIUS, RADIUS)
        painter.fillPath(edge, color("raised"))
        if place < len(self._samples):
            painter.save()
            painter.setClipPath(edge)
            painter.drawImage(room, self._samples[place][0])
            painter.restore()
            if self._plays:
                self._paint_mark(painter, room, place)
        chosen = place == self._playing or (self.hasFocus() and place == self._current)
        painter.setPen(color("accent" if chosen else "line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(edge)

    def _paint_mark(self, painter: QPainter, room: QRectF, place: int) -> None:
        """What a click does, in a corner."""
        mark = QRectF(room.left() + 6, room.bottom() - MARK - 6, MARK, MARK)
        painter.setPen(color("line"))
        painter.setBrush(color("raised"))
        painter.drawEllipse(mark)
        plays = place == self._playing
        token = "accent" if plays or place == self._hover else "dim"
        icons.paint(painter, "pause" if plays else "play", mark.adjusted(7, 7, -7, -7), token)

    def _point(self, place: int) -> None:
        if place != self._hover:
            self._hover = place
            self.update()

    def _tell(self) -> None:
        """Which sample is chosen and which is heard, for those who do not see it."""
        words = [
            f"{place}: {_length(heard)}"
            + (", playing" if place - 1 == self._playing else "")
            + (", chosen" if place - 1 == self._current else "")
            for place, (_, heard) in enumerate(self._samples, 1)
        ]
        self.setAccessibleDescription("; ".join(words))


def _length(heard: Any) -> str:
    """How long a piece or a recording is, in words."""
    if hasattr(heard, "samples"):
        return f"{len(heard.samples) / heard.rate:.1f} seconds"
    return f"{len(heard.notes)} notes, {len(heard.bars()) - 1} bars"
