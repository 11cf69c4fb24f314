"""The names of the rows at the roll's left: piano keys, or the sounds of a drum kit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from genstudio.ui.theme import color, font
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_drags import VELOCITY
from genstudio.ui.widgets.roll_names import drum_name, is_black, pitch_name

KEYS, SOUNDS = 48, 104
"""Pixels of width for piano keys and for words."""
HELP = "Press to hear. Drop a sound here, or press the right button for more."


class RollSide(QWidget):
    """A press on a row lets it sound (the canvas says `heard`).

    `row_menu(pitch, where)`: a row of drums is asked what can be done with it.
    """

    row_menu = Signal(int, QPoint)

    def __init__(self, canvas: RollCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._held = -1
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Keys")
        self.setToolTip("Press to hear")
        canvas.viewed.connect(self._viewed)
        self._viewed()

    def sizeHint(self) -> QSize:
        """Wide enough for names."""
        return QSize(SOUNDS if self._canvas.view.hits else KEYS, 100)

    def _viewed(self) -> None:
        width = self.sizeHint().width()
        if width != self.minimumWidth():
            self.setFixedWidth(width)
        self.update()

    def _sound(self, y: float) -> None:
        pitch = self._canvas.view.pitch(y)
        if pitch != self._held:
            self._held = pitch
            self._canvas.heard.emit(pitch, VELOCITY, self._canvas.model.track)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """It sounds."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._sound(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """So do the others on the way."""
        if self._held >= 0:
            self._sound(event.position().y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As over the roll."""
        QApplication.sendEvent(self._canvas.viewport(), event)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """One row after the other."""
        view = self._canvas.view
        painter.fillRect(self.rect(), color("panel"))
        size = max(8, min(11, int(view.row) - 1))
        painter.setFont(font(size, tabular=True))
        first = max(0, int(view.top // view.row))
        last = min(len(view.pitches) - 1, int((view.top + self.height()) // view.row))
        rows = [
            (pitch, QRectF(0, number * view.row - view.top, self.width() - 1, view.row))
            for number, pitch in enumerate(view.pitches[first : last + 1].tolist(), first)
        ]
        if view.hits:
            for pitch, box in rows:
                self._paint_sound(painter, pitch, box)
        else:
            self._paint_keys(painter, rows)
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), color("line"))

    def _paint_keys(self, painter: QPainter, rows: list[tuple[int, QRectF]]) -> None:
        """All of a kind at once: a frame of the roll has no time to draw each by itself."""
        painter.setPen(Qt.PenStyle.NoPen)
        black = [
            (pitch, box.adjusted(0, 1, -box.width() * 0.42, -1))
            for pitch, box in rows
            if is_black(pitch)
        ]
        painter.setBrush(color("roll_bar"))
        painter.drawRects([box for _, box in black])
        painter.setBrush(color("line"))
        touching = [box for pitch, box in rows if pitch % 12 in (0, 5)]  # two white keys
        painter.drawRects([QRectF(0, box.bottom() - 1, box.width(), 1) for box in touching])
        for pitch, box in rows:
            if pitch == self._held:
                painter.fillRect(box, color("wash"))
        for pitch, box in black:
            if pitch == self._held:
                painter.fillRect(box, color("accent"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for pitch, box in rows:
            if pitch % 12 == 0 or (box.height() >= 16 and not is_black(pitch)):
                painter.setPen(color("text" if pitch % 12 == 0 else "dim"))
                painter.drawText(box.adjusted(0, 0, -5, 0), side, pitch_name(pitch))

    def _paint_sound(self, painter: QPainter, pitch: int, box: QRectF) -> None:
        if pitch in (self._held, self._canvas.over_row):
            painter.fillRect(box, color("wash"))
        if self._canvas.view.row >= 9:
            own = self._sounds().get(pitch)
            painter.setPen(color("accent" if own else "text"))
            room = box.adjusted(8, 0, -4, 0)
            words = painter.fontMetrics().elidedText(
                own or drum_name(pitch), Qt.TextElideMode.ElideRight, round(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _sounds(self) -> dict[int, str]:
        """Names of the recordings in place of drums, by pitch."""
        model = self._canvas.model
        track = model.piece().tracks[min(model.track, len(model.piece().tracks) - 1)]
        return {one.pitch: one.name for one in track.sounds}

    def event(self, event: QEvent) -> bool:
        """A row says what sounds there."""
        view = self._canvas.view
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and view.hits:
            pitch = view.pitch(event.pos().y())
            own = self._sounds().get(pitch)
            words = f"{drum_name(pitch)}: {own}" if own else drum_name(pitch)
            QToolTip.showText(event.globalPos(), f"{words}\n{HELP}", self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a row of drums."""
        if self._canvas.view.hits:
            self.row_menu.emit(self._canvas.view.pitch(event.pos().y()), event.globalPos())
