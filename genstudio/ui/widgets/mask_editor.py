"""The mask canvas below its tools."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.mask_canvas import LARGEST, SMALLEST, MaskCanvas
from genstudio.ui.widgets.number_edit import Slider


class MaskEditor(QWidget):
    """The canvas below a row of tools; B brush, E eraser, [ and ] size, Ctrl+Z undo."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MaskCanvas(self)
        self._brush = Button("Brush", "brush", key=shortcuts.keys_text("brush"))
        self._eraser = Button("Eraser", "eraser", key=shortcuts.keys_text("eraser"))
        for button in (self._brush, self._eraser):
            button.setCheckable(True)
            button.setAutoExclusive(True)
        self._brush.setChecked(True)
        self._slider = Slider(self)
        self._slider.setRange(SMALLEST, LARGEST)
        self._slider.setValue(self.canvas.brush_size())
        self._slider.setFixedWidth(110)
        self._slider.setAccessibleName("Brush size in percent of the width")
        self._number = QLabel()
        self._number.setProperty("role", "dim")
        self._build()
        self._connect()
        self._show_size(self.canvas.brush_size())

    def _build(self) -> None:
        tools = QWidget()
        row = FlowLayout(tools, gap=8)
        sized = QWidget()
        pair = QHBoxLayout(sized)
        pair.setContentsMargins(4, 0, 4, 0)
        pair.addWidget(self._slider)
        pair.addWidget(self._number)
        for widget in (self._brush, self._eraser, sized):
            row.addWidget(widget)
        for text, icon, action in (
            ("Undo", "undo", self.canvas.undo),
            ("Redo", "redo", self.canvas.redo),
            ("Invert", "invert", self.canvas.invert),
            ("Clear", "close", self.canvas.clear),
        ):
            button = Button(text, icon)
            button.clicked.connect(action)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(tools)
        column.addWidget(self.canvas, 1)

    def _connect(self) -> None:
        canvas = self.canvas
        self._brush.clicked.connect(lambda: canvas.set_erasing(False))
        self._eraser.clicked.connect(lambda: canvas.set_erasing(True))
        self._slider.valueChanged.connect(canvas.set_brush_size)
        canvas.size_changed.connect(self._show_size)
        canvas.tool_changed.connect(self._show_tool)
        canvas.changed.connect(self.changed)
        for name, action in (
            ("brush", lambda: canvas.set_erasing(False)),
            ("eraser", lambda: canvas.set_erasing(True)),
            ("smaller", lambda: canvas.set_brush_size(canvas.brush_size() - 3)),
            ("larger", lambda: canvas.set_brush_size(canvas.brush_size() + 3)),
            ("undo", canvas.undo),
            ("redo", canvas.redo),
        ):
            shortcuts.bind(self, name, action)

    def _show_size(self, percent: int) -> None:
        self._slider.setValue(percent)
        self._number.setText(f"{percent} %")

    def _show_tool(self, erasing: bool) -> None:
        (self._eraser if erasing else self._brush).setChecked(True)

    def set_image(self, image: QImage) -> None:
        """Another picture, with an empty mask."""
        self.canvas.set_image(image)

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


def png_bytes(image: QImage) -> bytes:
    """A picture as PNG in memory."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
