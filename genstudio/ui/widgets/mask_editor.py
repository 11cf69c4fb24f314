"""The mask canvas between its tools."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.mask_canvas import FAINTEST, LARGEST, SMALLEST, MaskCanvas
from genstudio.ui.widgets.number_edit import Slider
from genstudio.ui.widgets.zoom_row import ZoomRow

GROW = 3


class MaskEditor(QWidget):
    """Brush, eraser, size, undo above the canvas; zoom and opacity below it."""

    changed = Signal()
    load_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MaskCanvas(self)
        self._brush = Button("Brush", "brush", key=shortcuts.keys_text("brush"))
        self._eraser = Button("Eraser", "eraser", key=shortcuts.keys_text("eraser"))
        for button in (self._brush, self._eraser):
            button.setCheckable(True)
            button.setAutoExclusive(True)
        self._brush.setChecked(True)
        self._slider, self._number = _slider("Brush size in percent of the width")
        self._slider.setRange(SMALLEST, LARGEST)
        self._slider.setValue(self.canvas.brush_size())
        self.opacity, self._strength = _slider("How strongly the mask is shown, in percent")
        self.opacity.setRange(FAINTEST, 100)
        self.opacity.setValue(self.canvas.opacity())
        # Words alone: with signs beside them they would not fit into one row.
        self._undo, self._redo = Button("Undo"), Button("Redo")
        self._invert, self._clear = Button("Invert"), Button("Clear")
        self.load = Button("Load…")
        self.load.setToolTip("Take a mask from a picture file: white is made anew")
        self._build()
        self._connect()
        self._show_size(self.canvas.brush_size())
        self._show_opacity(self.canvas.opacity())
        self._show_steps()

    def _build(self) -> None:
        tools = QWidget()
        row = FlowLayout(tools, gap=8)
        sized = _pair(QLabel("Size"), self._slider, self._number)
        steps = (self._undo, self._redo, self._invert, self._clear, self.load)
        for widget in (self._brush, self._eraser, sized, *steps):
            row.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(ZoomRow(self.canvas, self))
        foot.addStretch(1)
        foot.addWidget(_pair(QLabel("Mask opacity"), self.opacity, self._strength))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(tools)
        column.addWidget(self.canvas, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        canvas = self.canvas
        self._brush.clicked.connect(lambda: canvas.set_erasing(False))
        self._eraser.clicked.connect(lambda: canvas.set_erasing(True))
        self._slider.valueChanged.connect(canvas.set_brush_size)
        self.opacity.valueChanged.connect(self._on_opacity)
        self.load.clicked.connect(self.load_wanted)
        canvas.size_changed.connect(self._show_size)
        canvas.tool_changed.connect(self._show_tool)
        canvas.changed.connect(self._show_steps)
        canvas.changed.connect(self.changed)
        for button, name, action in (
            (self._undo, "undo", canvas.undo),
            (self._redo, "redo", canvas.redo),
            (self._invert, "invert", canvas.invert),
            (self._clear, "", canvas.clear),
        ):
            button.clicked.connect(action)
            if name:
                button.setToolTip(f"{button.text()}  ({shortcuts.keys_text(name)})")
                shortcuts.bind(self, name, action)
        for name, action in (
            ("brush", lambda: canvas.set_erasing(False)),
            ("eraser", lambda: canvas.set_erasing(True)),
            ("smaller", lambda: canvas.set_brush_size(canvas.brush_size() - GROW)),
            ("larger", lambda: canvas.set_brush_size(canvas.brush_size() + GROW)),
        ):
            shortcuts.bind(self, name, action)

    def _show_size(self, percent: int) -> None:
        self._slider.setValue(percent)
        self._number.setText(f"{percent} %")

    def _on_opacity(self, percent: int) -> None:
        self.canvas.set_opacity(percent)
        self._show_opacity(percent)

    def _show_opacity(self, percent: int) -> None:
        self._strength.setText(f"{percent} %")

    def _show_tool(self, erasing: bool) -> None:
        (self._eraser if erasing else self._brush).setChecked(True)

    def _show_steps(self) -> None:
        self._undo.setEnabled(self.canvas.can_undo())
        self._redo.setEnabled(self.canvas.can_redo())
        self._clear.setEnabled(not self.canvas.is_empty())

    def set_image(self, image: QImage) -> None:
        """Another picture, with an empty mask."""
        self.canvas.set_image(image)

    def set_crop(self, crop: QRectF) -> None:
        """The part of the picture that will be used."""
        self.canvas.set_crop(crop)

    def mask(self) -> QImage:
        """Grayscale8, white is the part to make anew."""
        return self.canvas.mask()

    def set_mask(self, mask: QImage) -> None:
        """Take a mask."""
        self.canvas.set_mask(mask)

    def is_empty(self) -> bool:
        """True while nothing is painted."""
        return self.canvas.is_empty()

    def clear(self) -> None:
        """Nothing painted."""
        self.canvas.clear()

    def invert(self) -> None:
        """Painted becomes unpainted."""
        self.canvas.invert()

    def mask_png(self) -> bytes:
        """The mask as a PNG file's bytes."""
        return png_bytes(self.canvas.mask())


def _slider(name: str) -> tuple[Slider, QLabel]:
    slider, number = Slider(), QLabel()
    slider.setFixedWidth(110)
    slider.setAccessibleName(name)
    number.setProperty("role", "dim")
    number.setMinimumWidth(40)
    return slider, number


def _pair(label: QLabel, slider: Slider, number: QLabel) -> QWidget:
    """Words, slider and number side by side."""
    holder = QWidget()
    label.setProperty("role", "dim")
    label.setBuddy(slider)
    row = QHBoxLayout(holder)
    row.setContentsMargins(4, 0, 4, 0)
    row.setSpacing(8)
    for widget in (label, slider, number):
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return holder


def png_bytes(image: QImage) -> bytes:
    """A picture as PNG in memory."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
