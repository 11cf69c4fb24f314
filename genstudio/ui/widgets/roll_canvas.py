"""The piano roll's ground with its notes: scrolled, zoomed, edited by hand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets import roll_marks, roll_paint
from genstudio.ui.widgets.roll_ground import ground
from genstudio.ui.widgets.roll_hands import Hands
from genstudio.ui.widgets.roll_model import RollModel
from genstudio.ui.widgets.roll_view import RollView

ZOOM_STEP = 1.25
TURN = 0.88
"""How far across the view the playhead goes before the page is turned."""


class RollCanvas(QAbstractScrollArea):
    """Shows a `RollModel`. `viewed`: scrolled or zoomed; `heard(pitch, velocity, track)`: a note
    was touched and may sound."""

    viewed = Signal()
    note_clicked = Signal(int)
    heard = Signal(int, int, int)
    menu_wanted = Signal(QPoint)
    tool_changed = Signal(str)
    key_pressed = Signal(object)
    cursor_moved = Signal(int, int)
    sound_dropped = Signal(int, str)
    """A sound file was let go over the row of a pitch of a drum track; -1: over other tracks."""

    def __init__(self, model: RollModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self.view = model, RollView()
        self.tool = "select"
        self.cursor_at: tuple[int, int] = (0, 60)
        self.rubber = QRectF()
        self.over_row = -1
        """Pitch of the row that a sound hangs over; -1 for none."""
        self._playhead: int | None = None
        self._untouched = True  # nobody scrolled or zoomed: the start stays fitted
        self._layer: QImage | None = None
        self._pixels = np.zeros((1, 1), np.uint32)  # what the layer's image lies on
        self.hands = Hands(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setCornerWidget(QWidget())
        self.setAccessibleName("Piano roll")
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._scrolled)
            bar.actionTriggered.connect(self.touch)
        # A drag that began on other notes must not bring those back.
        for changed in (model.edited, model.reset):
            changed.connect(self.hands.cancel)
        model.edited.connect(self.arrange)
        model.selected.connect(self.stale)
        model.looked.connect(self.arrange)
        theme().changed.connect(self.stale)

    # ---- the view

    def arrange(self) -> None:
        """Fit scroll bars and rows to the piece and its kit or keys."""
        model, view = self.model, self.view
        view.ppq, drums = model.grid.ppq, model.drums()
        if view.set_ladder(model.ladder()) or drums != view.hits:
            view.hits = drums
            self.show_notes()
        view.set_scale(view.scale)
        self._fit_bars()

    def _fit_bars(self) -> None:
        view, size = self.view, self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, round(self.model.grid.end * view.scale) - size.width()))
        across.setPageStep(size.width())
        across.setSingleStep(40)
        down.setRange(0, max(0, round(view.height()) - size.height()))
        down.setPageStep(size.height())
        down.setSingleStep(max(1, round(view.row)))
        self._scrolled()

    def _scrolled(self) -> None:
        view = self.view
        view.left = float(self.horizontalScrollBar().value())
        view.top = float(self.verticalScrollBar().value())
        self.stale()
        self.viewed.emit()

    def touch(self) -> None:
        """The view is somebody's choice from now on: it is not fitted again."""
        self._untouched = False

    def fit(self) -> None:
        """The whole piece across, its pitches down."""
        self.touch()
        width = max(1, self.viewport().width())
        end = max(self.model.piece().length, int(self.model.grid.bars[min(8, self._last_bar())]))
        self.view.set_scale(width / max(1, end))
        self.horizontalScrollBar().setValue(0)
        self.show_notes()

    def start_view(self) -> None:
        """The first eight bars, all pitches of the piece."""
        width = max(1, self.viewport().width())
        self.view.ppq = self.model.grid.ppq
        self.view.set_scale(width / int(self.model.grid.bars[min(8, self._last_bar())]))
        self.horizontalScrollBar().setValue(0)
        self.arrange()
        self.show_notes()
        self._untouched = True

    def _last_bar(self) -> int:
        return len(self.model.grid.bars) - 1

    def show_notes(self) -> None:
        """Rows so high that all pitches in use are seen, in the middle; of a kit all sounds."""
        view, height = self.view, max(1, self.viewport().height())
        if view.hits:
            view.set_row(min(34, max(16, height // len(view.pitches))))
            self._fit_bars()
            return
        rows = self.model.rows()[self.model.seen()]
        pitches = rows["pitch"] if len(rows) else np.array([52, 76])
        low, high = int(pitches.min()), int(pitches.max())
        view.set_row(min(18, max(8, height / (high - low + 7))))
        self._fit_bars()
        middle = (127 - (low + high) / 2 + 0.5) * view.row
        self.verticalScrollBar().setValue(round(middle - height / 2))

    def zoom_time(self, factor: float, x: float | None = None) -> None:
        """Stretch time, keeping what lies at `x` (the middle when None)."""
        self.touch()
        x = self.viewport().width() / 2 if x is None else x
        tick = self.view.tick(x)
        self.view.set_scale(self.view.scale * factor)
        self._fit_bars()
        self.horizontalScrollBar().setValue(round(tick * self.view.scale - x))

    def zoom_pitch(self, factor: float, y: float | None = None) -> None:
        """Higher or lower rows, keeping what lies at `y` (the middle when None)."""
        self.touch()
        y = self.viewport().height() / 2 if y is None else y
        place, before = (self.view.top + y) / self.view.row, self.view.row
        self.view.set_row(before * factor)
        if self.view.row == before and factor != 1:
            self.view.set_row(before + (1 if factor > 1 else -1))
        self._fit_bars()
        self.verticalScrollBar().setValue(round(place * self.view.row - y))

    def reveal(self, start: float, end: float, pitch: int | None = None) -> None:
        """Scroll, if need be, until a time (and a pitch) is in sight."""
        width, bar = self.viewport().width(), self.horizontalScrollBar()
        left, right = float(self.view.x(start)), float(self.view.x(end))
        if left < 0 or (right > width and left > 40):
            self.touch()
            bar.setValue(round(bar.value() + left - min(80, width / 4)))
        if pitch is not None:
            down, height = self.verticalScrollBar(), self.viewport().height()
            y = float(self.view.y(pitch))
            if y < 0 or y + self.view.row > height:
                self.touch()
                down.setValue(round(down.value() + y - height / 2))

    def set_tool(self, tool: str) -> None:
        """ "select", "draw" or "erase"."""
        if tool != self.tool:
            self.hands.cancel()
            self.tool = tool
            self.hands.show_cursor(None)
            self.tool_changed.emit(tool)
            self.viewport().update()

    def tell(self, words: str) -> None:
        """Say what is selected, or where the cursor is, to those who do not see it."""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if self.hasFocus():
                told = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
                QAccessible.updateAccessibility(told)

    # ---- playing

    def playhead(self) -> int | None:
        """The tick that is played, None while there is none to show."""
        return self._playhead

    def set_playhead(self, tick: int | None, follow: bool = True) -> None:
        """Show where it plays; with `follow` a page is turned where it leaves the view."""
        before, self._playhead = self._playhead, tick
        if tick is not None and follow:
            x, width = float(self.view.x(tick)), self.viewport().width()
            if x < 0 or x > width * TURN:
                self.touch()
                bar = self.horizontalScrollBar()
                bar.setValue(round(bar.value() + x - width * (1 - TURN)))
        for place in (before, tick):
            if place is not None:
                x = int(self.view.x(place))
                self.viewport().update(QRect(x - 3, 0, 7, self.viewport().height()))

    # ---- drawing

    def stale(self) -> None:
        """Draw anew what lies below the playhead."""
        self._layer = None
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The kept layer, then what moves."""
        if self._layer is None:
            self._layer = self._paint_layer()
        painter = QPainter(self.viewport())
        try:
            painter.drawImage(0, 0, self._layer)
            self._paint_moving(painter)
        finally:
            painter.end()

    def _paint_layer(self) -> QImage:
        ratio, size = self.devicePixelRatioF(), self.viewport().size()
        model, view = self.model, self.view
        self._pixels = ground(model, view, size.width(), size.height(), ratio)
        layer = roll_marks.picture(self._pixels, ratio, opaque=True)
        area = QRectF(0, 0, size.width(), size.height())
        painter = QPainter(layer)
        try:
            roll_paint.paint_region(painter, model, view, area.height())
            roll_paint.paint_notes(painter, self._pixels, model, view, area)
            roll_paint.paint_ghosts(painter, model, view, area)
        finally:
            painter.end()
        return layer

    def _paint_moving(self, painter: QPainter) -> None:
        height = self.viewport().height()
        if not self.rubber.isNull():
            wash = color("accent")
            wash.setAlphaF(0.15)
            painter.setBrush(wash)
            painter.setPen(QPen(color("accent"), 1))
            painter.drawRect(self.rubber)
        if self.hasFocus() and self.tool != "select":
            self._paint_cursor(painter)
        if self.over_row >= 0:
            row = QRectF(0, float(self.view.y(self.over_row)), self.width(), self.view.row)
            painter.fillRect(row, color("wash"))
        if self._playhead is not None:
            roll_paint.paint_playhead(painter, float(self.view.x(self._playhead)), height)

    def _paint_cursor(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color("focus"), 2))
        painter.drawRoundedRect(self.cursor_box().adjusted(1, 1, -1, -1), 3, 3)

    def cursor_box(self) -> QRectF:
        """Where the keyboard's cursor stands."""
        tick, pitch = self.cursor_at
        width = self.model.grid.step(self.model.snap, tick)
        box = self.view.place(tick, tick + width, pitch)
        box.setWidth(max(8.0, box.width()))
        return box

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less to be seen."""
        super().resizeEvent(event)
        self._layer = None
        if self._untouched:
            self.start_view()
        else:
            self._fit_bars()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """The view is drawn anew instead of being shifted."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the hands."""
        self.hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """To the hands."""
        self.hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """To the hands."""
        self.hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the hands."""
        self.hands.double(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu; what lies under the mouse becomes the selection."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.hands.choose_at(QPointF(event.pos()))
        self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; Ctrl stretches time, Alt the rows, Shift scrolls across."""
        self.touch()
        keys, delta = event.modifiers(), event.angleDelta()
        turn = delta.y() or delta.x()
        at = event.position()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom_time(ZOOM_STEP ** (turn / 120), at.x())
        elif keys & Qt.KeyboardModifier.AltModifier:
            self.zoom_pitch(ZOOM_STEP ** (turn / 120), at.y())
        elif keys & Qt.KeyboardModifier.ShiftModifier or not delta.y():
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - round(turn * 0.8))
        else:
            down = self.verticalScrollBar()
            down.setValue(down.value() - round(turn * 0.6))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Esc gives up a drag, before it means anything else in the window."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and self.hands.busy() and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up a drag; the rest is handed to whoever knows the keys."""
        if event.key() == Qt.Key.Key_Escape and self.hands.busy():
            self.hands.cancel()
            return
        event.ignore()
        self.key_pressed.emit(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor shows."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cursor goes, a movement under way is given up."""
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(720, 360)
