"""A number: a slider together with the box in which it can be typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSlider,
    QSpinBox,
    QWidget,
)

from genstudio.core.controls import Float, Int
from genstudio.ui.theme import color, font
from genstudio.ui.widgets.painting import painting

MOST_STEPS = 1000
BOX_WIDTH = 66
KNOB = 14


class Slider(QSlider):
    """A level slider drawn our way; a click on its line goes there, the wheel needs the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(80)

    def sizeHint(self) -> QSize:
        """As high as the boxes beside it."""
        return QSize(120, 32)

    def _span(self) -> float:
        return max(1.0, self.width() - KNOB)

    def knob(self) -> QRectF:
        """Where the knob is, in pixels."""
        steps = max(1, self.maximum() - self.minimum())
        x = (self.sliderPosition() - self.minimum()) / steps * self._span()
        return QRectF(x, (self.height() - KNOB) / 2, KNOB, KNOB)

    def value_at(self, x: float) -> int:
        """The value below pixel `x`."""
        share = min(1.0, max(0.0, (x - KNOB / 2) / self._span()))
        return self.minimum() + round(share * (self.maximum() - self.minimum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the knob, wherever the line was touched."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self.value_at(event.position().x()))
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self.isSliderDown():
            self.setSliderPosition(self.value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self.isSliderDown():
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must not change its values."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Line, filled part, knob."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        knob, middle = self.knob(), self.height() / 2
        painter.setBrush(color("line"))
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        painter.setBrush(color("accent"))
        painter.drawRoundedRect(QRectF(0, middle - 2, knob.center().x(), 4), 2, 2)
        painter.setBrush(color("panel"))
        painter.drawEllipse(knob.adjusted(-2, -2, 2, 2))
        painter.setBrush(color("accent" if self.isSliderDown() else "text"))
        painter.drawEllipse(knob.adjusted(1, 1, -1, -1))


class NumberEdit(QWidget):
    """Edits an Int or Float control. `changed(value, dragging)`: dragging while held.

    A number that is typed is told even where it is the one that stood there: it is meant now.
    While somebody types, `set_value` does not take the text away.
    """

    changed = Signal(object, bool)

    def __init__(self, control: Int | Float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._whole = isinstance(control, Int)
        self._typing: int | float | None = None
        self.box = self._make_box(control)
        steps = round((control.high - control.low) / control.step)
        self.slider = self._make_slider(steps) if steps <= MOST_STEPS else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        if self.slider is not None:
            row.addWidget(self.slider, 1)
            self.box.setFixedWidth(BOX_WIDTH + (28 if control.unit else 0))
        row.addWidget(self.box, 0 if self.slider is not None else 1)
        self.setFocusProxy(self.box)
        self.set_value(control.default)

    def _make_box(self, control: Int | Float) -> QSpinBox | QDoubleSpinBox:
        # QSpinBox holds 31 bits; a seed has 32.
        small = isinstance(control, Int) and control.high < 2**31
        box = _WholeBox(self) if small else _RealBox(self)
        if isinstance(box, QDoubleSpinBox):
            box.setDecimals(control.decimals if isinstance(control, Float) else 0)
        box.setRange(control.low, control.high)  # type: ignore[arg-type]
        box.setSingleStep(control.step)  # type: ignore[arg-type]
        box.setSuffix(f" {control.unit}" if control.unit else "")
        box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        box.setKeyboardTracking(False)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setFont(font(13, tabular=True))
        box.setAccessibleName(control.label)
        box.setAccessibleDescription(control.help)
        box.valueChanged.connect(self._from_box)
        box.lineEdit().textEdited.connect(self._on_typed)
        box.editingFinished.connect(self._on_finished)
        return box

    def _make_slider(self, steps: int) -> Slider:
        slider = Slider(self)
        slider.setRange(0, max(1, steps))
        slider.setPageStep(max(1, steps // 10))
        slider.setAccessibleName(f"{self._control.label}, slider")
        slider.setAccessibleDescription(self._control.help)
        slider.valueChanged.connect(self._from_slider)
        slider.sliderReleased.connect(lambda: self.changed.emit(self.value(), False))
        return slider

    def value(self) -> int | float:
        """The number in force."""
        value = self.box.value()
        return int(value) if self._whole else round(float(value), self._control.decimals)  # type: ignore[union-attr]

    def set_value(self, value: int | float) -> None:
        """Show another number without saying so."""
        if self._typing is not None:
            return
        self.box.blockSignals(True)
        self.box.setValue(value)  # type: ignore[arg-type]
        self.box.blockSignals(False)
        self._show_on_slider()

    def _show_on_slider(self) -> None:
        if self.slider is not None:
            self.slider.blockSignals(True)
            share = (self.box.value() - self._control.low) / self._control.step
            self.slider.setValue(round(share))
            self.slider.blockSignals(False)

    def _from_slider(self, position: int) -> None:
        value = min(self._control.high, self._control.low + position * self._control.step)
        self.box.blockSignals(True)
        self.box.setValue(round(value) if self._whole else value)  # type: ignore[arg-type]
        self.box.blockSignals(False)
        held = self.slider is not None and self.slider.isSliderDown()
        self.changed.emit(self.value(), held)

    def _on_typed(self) -> None:
        if self._typing is None:
            self._typing = self.value()

    def _on_finished(self) -> None:
        before, self._typing = self._typing, None
        if before is not None and before == self.value():
            self.changed.emit(self.value(), False)

    def _from_box(self) -> None:
        self._show_on_slider()
        self.changed.emit(self.value(), False)


class _Box:
    """What both boxes share. A style sheet's border makes Qt give the text of a box without
    buttons one pixel of room; the text is placed by hand.
    """

    def _place(self) -> None:
        self.lineEdit().setGeometry(self.rect().adjusted(10, 1, -6, -1))  # type: ignore[attr-defined]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the text's room."""
        super().resizeEvent(event)  # type: ignore[misc]
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the text's room."""
        super().showEvent(event)  # type: ignore[misc]
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the text's room in another theme."""
        super().changeEvent(event)  # type: ignore[misc]
        self._place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must not change its values."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class _WholeBox(_Box, QSpinBox):
    """Whole numbers."""


class _RealBox(_Box, QDoubleSpinBox):
    """Numbers with decimals."""
