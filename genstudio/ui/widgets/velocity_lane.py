"""How hard each note is struck, as bars below the roll; a drag across them sets them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from genstudio.ui.theme import color
from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_marks import mixed, picture, runs, voice

HEIGHT = 74
PAD = 8
STEP = 5
"""What an arrow key changes."""
WIDE = 5
"""Pixels of a bar."""
MOST_ROUND = 400
_REACH = 5


class VelocityLane(QWidget):
    """Where notes are selected, a drag changes only those; Shift-drag goes in a straight line."""

    def __init__(self, canvas: RollCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._last: QPointF | None = None
        self._rows: np.ndarray | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Velocities")
        self.setToolTip("Drag across the bars to set how hard notes are struck")
        canvas.viewed.connect(self.update)
        canvas.model.looked.connect(self.update)
        canvas.model.selected.connect(self._describe)
        for changed in (canvas.model.edited, canvas.model.reset):
            changed.connect(self._forget)

    def sizeHint(self) -> QSize:
        """Low."""
        return QSize(400, HEIGHT)

    def _forget(self) -> None:
        """Other notes than those that a drag began on."""
        self._rows = None
        self._describe()

    def _describe(self) -> None:
        rows = self._canvas.model.rows()
        chosen = rows["velocity"][rows["selected"]]
        words = "No note is selected"
        if len(chosen):
            low, high = int(chosen.min()), int(chosen.max())
            span = f"{low}" if low == high else f"{low} to {high}"
            words = f"Velocity {span} of 127. Up and down change it."
        self.setAccessibleDescription(words)
        self.update()

    # ---- hands

    def velocity(self, y: float) -> int:
        """The velocity at a height, 1 to 127."""
        share = (self.height() - PAD - y) / (self.height() - 2 * PAD)
        return max(1, min(127, round(127 * share)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the bars."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._rows = self._canvas.model.rows().copy()
            self._last = event.position()
            self._set(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set those on the way."""
        if self._rows is not None:
            self._set(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """One step of undo."""
        rows, self._rows = self._rows, None
        if rows is not None:
            self._canvas.model.apply(rows, "Change velocities")

    def _set(self, at: QPointF) -> None:
        """Every bar between the last place and this: along the line between them."""
        model, view = self._canvas.model, self._canvas.view
        rows, last = self._rows, self._last or at
        if rows is None:
            return
        x = view.x(rows["start"].astype(np.float64))
        low, high = min(at.x(), last.x()) - _REACH, max(at.x(), last.x()) + _REACH
        hit = (x >= low) & (x <= high) & model.seen()
        if rows["selected"].any():
            hit &= rows["selected"]
        else:
            hit &= rows["track"] == model.track
        span = at.x() - last.x()
        share = np.clip((x[hit] - last.x()) / span, 0, 1) if span else np.ones(int(hit.sum()))
        heights = last.y() + share * (at.y() - last.y())
        rows["velocity"][hit] = [self.velocity(float(y)) for y in heights]
        self._last = at
        model.preview(rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down change the selected notes, left and right go to the next."""
        keys = Qt.Key
        change = {keys.Key_Up: STEP, keys.Key_Down: -STEP}.get(Qt.Key(event.key()))
        model = self._canvas.model
        if change is not None and len(model.chosen()):
            model.apply(roll_rows.louder(model.rows(), change), "Change velocities")
        elif event.key() in (keys.Key_Left, keys.Key_Right):
            self._canvas.key_pressed.emit(event)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As over the roll, but for the rows."""
        if event.modifiers() or event.angleDelta().x():
            QApplication.sendEvent(self._canvas.viewport(), event)

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A bar for each note in sight; of notes that begin together the track in hand on top."""
        model, view = self._canvas.model, self._canvas.view
        painter.fillRect(self.rect(), color("roll_white"))
        foot, room = self.height() - PAD, self.height() - 2 * PAD
        painter.fillRect(QRectF(0, foot, self.width(), 1), color("roll_beat"))
        if model.region is not None:
            left, right = (float(view.x(tick)) for tick in model.region[:2])
            painter.fillRect(QRectF(left, 0, right - left, self.height()), color("wash"))
        rows = model.shown()
        x = view.x(rows["start"].astype(np.float64))
        which = np.flatnonzero((x > -8) & (x < self.width()) & model.seen(rows))
        lively = rows["selected"] if rows["selected"].any() else rows["track"] == model.track
        which = which[np.argsort(lively[which], kind="stable")]
        height = room / 127 * rows["velocity"].astype(np.float64)
        if len(which) > MOST_ROUND:
            self._paint_many(painter, rows, x, which, lively, height)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in which.tolist():
            painter.setBrush(_ink(int(rows["track"][number]), bool(lively[number])))
            high = float(height[number])
            painter.drawRoundedRect(QRectF(float(x[number]) + 1, foot - high, WIDE, high), 2, 2)

    def _paint_many(
        self, painter: QPainter, rows: np.ndarray, x: np.ndarray, which: np.ndarray,
        lively: np.ndarray, height: np.ndarray,
    ) -> None:  # fmt: skip
        """The tallest bar of each column of pixels, those that can be set on top."""
        ratio = self.devicePixelRatioF()
        columns = np.maximum(0, np.floor((x + 1) * ratio).astype(int))
        # Small whole numbers, which are sorted in no time.
        rank = rows["velocity"][which].astype(np.int16) + 128 * lively[which]
        order = which[np.argsort(rank.astype(np.int16), kind="stable")]
        tallest = np.full(int(columns[order].max()) + 1, -1)
        tallest[columns[order]] = order
        order = tallest[tallest >= 0]
        order = order[np.argsort(lively[order], kind="stable")]
        inks = _inks(rows["track"][order], lively[order])
        shape = (round(self.width() * ratio), round(self.height() * ratio))
        foot = np.full(len(order), round((self.height() - PAD) * ratio))
        top = foot - np.rint(height[order] * ratio).astype(int)
        wide = range(max(1, round(2 * ratio)))
        line = np.concatenate([columns[order] + part for part in wide])
        many = (np.tile(part, len(wide)) for part in (top, foot, inks))
        drawn = np.ascontiguousarray(runs(shape, line, *many).T)
        painter.drawImage(QPointF(0, 0), picture(drawn, ratio))


def _inks(tracks: np.ndarray, lively: np.ndarray) -> np.ndarray:
    """The colour (n,) uint32 of each bar."""
    code = 2 * tracks.astype(int) + lively
    table = np.zeros(int(code.max()) + 1, np.uint32)
    for number in np.flatnonzero(np.bincount(code)).tolist():
        table[number] = _ink(number // 2, bool(number % 2)).rgba()
    return table[code]


def _ink(track: int, lively: bool) -> QColor:
    return color(voice(track)) if lively else mixed(voice(track), "roll_white", 0.32)
