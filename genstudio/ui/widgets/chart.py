"""Curves with legend, smoothing, log scale and readout; readable by mouse, keys and ears.

pyqtgraph is imported beside the window's thread at the first showing of a chart.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.numbers import short
from genstudio.ui.theme import color, font
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.chart_words import Curve, can_log, trend
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import label

__all__ = ["Chart", "Curve"]
_PLOT = "genstudio.ui.widgets.chart_plot"
_DOT = 8


def load_plot() -> Any:
    """The module that draws, imported now; exceptions go on being ours to report."""
    hooks = sys.excepthook, threading.excepthook
    try:
        return importlib.import_module(_PLOT)
    finally:
        sys.excepthook, threading.excepthook = hooks


class _Told(QObject):
    loaded = Signal()


class _Import(QRunnable):
    def __init__(self, told: _Told) -> None:
        super().__init__()
        self._told = told

    def run(self) -> None:
        """Import beside the window."""
        load_plot()
        self._told.loaded.emit()


@lru_cache(maxsize=1)
def _told() -> _Told:
    return _Told()


class LegendEntry(QWidget):
    """A dot in the curve's colour, its name and the number at the cursor or at the end."""

    def __init__(self, curve: Curve, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = curve.token
        row = QHBoxLayout(self)
        row.setContentsMargins(_DOT + 6, 0, 6, 0)
        self.words = QLabel()
        self.words.setFont(font(12, tabular=True))
        self.words.setProperty("role", "dim")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.words)
        self._name = curve.name
        self.show_value(None)

    def show_value(self, value: float | None) -> None:
        """Another number; None: there is none."""
        self.words.setText(self._name if value is None else f"{self._name} {short(value)}")

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The dot."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._token))
        painter.drawEllipse(0, (self.height() - _DOT) // 2, _DOT, _DOT)


class _Canvas(QWidget):
    """Takes the focus for the plot; left and right walk along the curves."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def event(self, event: QEvent) -> bool:
        """Keys that walk belong to the curves while they have the focus."""
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in keys:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One point, ten with Shift, to the ends with Home and End."""
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Left: -far, Qt.Key.Key_Right: far,
            Qt.Key.Key_Home: -(10**9), Qt.Key.Key_End: 10**9,
        }  # fmt: skip
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(move)

    def focusOutEvent(self, event: Any) -> None:
        """The cursor of the keyboard goes with the focus."""
        super().focusOutEvent(event)
        self.left.emit()


class Chart(QWidget):
    """`set_curves` draws; `read_step()` is the step that is read out, None while none is."""

    cursor_moved = Signal(object)

    def __init__(self, title: str = "Loss", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: list[Curve] = []
        self._best: float | None = None
        self._step: float | None = None
        self._by_keys = False
        self._plot: Any = None
        self.title = label(title)
        self.legend_room = QWidget()
        self._legend = FlowLayout(self.legend_room, gap=4)
        self._entries: list[LegendEntry] = []
        self.at = QLabel()
        self.at.setFont(font(12, tabular=True))
        self.at.setProperty("role", "dim")
        self.smooth, self.log = Pill("smooth"), Pill("log")
        self.canvas = _Canvas(self)
        self._lay_out()
        self.smooth.setChecked(True)
        self.smooth.toggled.connect(lambda _on: self._redraw())
        self.log.toggled.connect(lambda _on: self._redraw())
        self.canvas.stepped.connect(self.walk)
        self.canvas.left.connect(self._left)
        self._tell()

    def _lay_out(self) -> None:
        self.smooth.setToolTip("Draw the running mean; single steps stay as a faint line")
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        top = Qt.AlignmentFlag.AlignVCenter
        self.head.addWidget(self.title, 0, top)
        self.head.addWidget(self.legend_room, 1, top)
        for widget in (self.at, self.smooth, self.log):
            self.head.addWidget(widget, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self.head)
        column.addWidget(self.canvas, 1)

    def set_title(self, title: str) -> None:
        """Another heading."""
        self.title.setText(title)
        self._tell()

    # ---- contents

    def set_curves(self, curves: Sequence[Curve], best: float | None = None) -> None:
        """Draw these; `best`: the step of the state that validation likes best."""
        names = [(curve.name, curve.token) for curve in curves]
        same = names == [(curve.name, curve.token) for curve in self._curves]
        self._curves, self._best = list(curves), best
        if not same:
            self._make_legend()
        last = max((curve.steps[-1] for curve in curves if curve.steps), default=-1.0)
        if self._step is not None and self._step > last:
            self._step = None  # other curves, or cut ones
        able = can_log(curves)
        self.log.setEnabled(able)
        self.log.setToolTip("" if able else "Numbers below zero have no logarithm")
        self._redraw()

    def curves(self) -> list[Curve]:
        """What is drawn."""
        return list(self._curves)

    def is_smooth(self) -> bool:
        """Whether the running mean is drawn."""
        return self.smooth.isChecked()

    def is_log(self) -> bool:
        """Whether values are drawn on a logarithmic scale."""
        return self.log.isChecked() and self.log.isEnabled()

    def description(self) -> str:
        """The curves in words."""
        if not self._curves:
            return "No numbers yet."
        text = " ".join(trend(curve) for curve in self._curves)
        if self._best is not None:
            text += f" Best state at step {self._best:,.0f}."
        return text

    def _make_legend(self) -> None:
        for entry in self._entries:
            self._legend.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self._entries = [LegendEntry(curve, self.legend_room) for curve in self._curves]
        for entry in self._entries:
            self._legend.addWidget(entry)
            entry.show()

    def _redraw(self) -> None:
        if self._plot is not None:
            self._plot.show_curves(self._curves, self.is_smooth(), self.is_log(), self._best)
        self.point(self._step)

    # ---- reading out

    def read_step(self) -> float | None:
        """The step that is read out."""
        return self._step

    def walk(self, by: int) -> None:
        """Move the cursor by so many points of the curve with most of them."""
        longest = max(self._curves, key=lambda curve: len(curve.steps), default=None)
        if longest is None or not longest.steps:
            return
        count = len(longest.steps)
        self._by_keys = True
        place = longest.at(self._step) if self._step is not None else (count if by < 0 else -1)
        self.point(longest.steps[max(0, min(count - 1, place + by))])

    def point(self, step: float | None) -> None:
        """Read out at `step`; None: at the end of the curves."""
        self._step = step
        for curve, entry in zip(self._curves, self._entries, strict=True):
            entry.show_value(self._value(curve, step))
        self.at.setText("" if step is None else f"step {step:,.0f}")
        if self._plot is not None:
            self._plot.show_cursor(step)
        self.cursor_moved.emit(step)
        self._tell()

    def _value(self, curve: Curve, step: float | None) -> float | None:
        if not curve.values:
            return None
        values = curve.shown(self.is_smooth())
        return values[-1 if step is None else curve.at(step)]

    def readout(self) -> str:
        """The numbers of the legend in words."""
        return ", ".join(entry.words.text() for entry in self._entries)

    def _tell(self) -> None:
        """Name and description for those who do not see it."""
        self.canvas.setAccessibleName(f"{self.title.text()} curves")
        text = self.description()
        if self._step is not None:
            text = f"Step {self._step:,.0f}: {self.readout()}"
        if text != self.canvas.accessibleDescription():
            self.canvas.setAccessibleDescription(text)
            if self.canvas.hasFocus():
                changed = QAccessibleEvent(self.canvas, QAccessible.Event.DescriptionChanged)
                QAccessible.updateAccessibility(changed)

    # ---- drawing

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the plot, as soon as pyqtgraph is there."""
        super().showEvent(event)
        if self._plot is not None:
            return
        if _PLOT in sys.modules:
            self.build()
        else:
            _told().loaded.connect(self.build)
            QThreadPool.globalInstance().start(_Import(_told()))

    def build(self) -> None:
        """Make the plot now (again does nothing)."""
        if self._plot is not None:
            return
        self._plot = load_plot().Plot()
        self._plot.pointed.connect(self._pointed)
        self.canvas.column.addWidget(self._plot)
        self._redraw()

    def _left(self) -> None:
        """The cursor of the keys goes with the focus."""
        if self._by_keys:
            self._by_keys = False
            self.point(None)

    def _pointed(self, step: float | None) -> None:
        """The mouse: where it leaves, a cursor set by keys stays."""
        if step is not None or not self._by_keys:
            self._by_keys = False
            self.point(step)

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(560, 260)
