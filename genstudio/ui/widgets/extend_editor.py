"""The extending frame between its tools."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.extend_canvas import SIDES, ExtendCanvas
from genstudio.ui.widgets.panel_frame import note
from genstudio.ui.widgets.zoom_row import ZoomRow

WAYS = (
    ("All sides", ("left", "right", "up", "down")),
    ("Wider", ("left", "right")),
    ("Taller", ("up", "down")),
    ("Not at all", ()),
)


class ExtendEditor(QWidget):
    """Ready-made shapes above the canvas; zoom and the size in words below it."""

    changed = Signal(str, int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = ExtendCanvas(self)
        self.ways = {words: Button(words) for words, _sides in WAYS}
        self.size_words = note("")
        self.size_words.setWordWrap(False)
        self._size = QSize()
        tools, foot = QHBoxLayout(), QHBoxLayout()
        for words, sides in WAYS:
            button = self.ways[words]
            button.clicked.connect(lambda _on=False, sides=sides: self._extend(sides))
            tools.addWidget(button)
        tools.addStretch(1)
        for row in (tools, foot):
            row.setSpacing(8)
        foot.addWidget(ZoomRow(self.canvas, self))
        foot.addStretch(1)
        foot.addWidget(self.size_words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self.canvas, 1)
        column.addLayout(foot)
        self.canvas.changed.connect(self._on_changed)

    def set_image(self, image: QImage, size: QSize) -> None:
        """The picture, shown as `size` pixels."""
        self._size = QSize(size)
        self.canvas.set_image(image, size)
        self._show_size()

    def set_values(self, values: Mapping[str, int]) -> None:
        """Pixels by side, without saying so."""
        self.canvas.set_values(values)
        self._show_size()

    def _extend(self, sides: tuple[str, ...]) -> None:
        """By half of the picture to these sides, not at all to the others."""
        half = {
            "left": self._size.width() // 2,
            "right": self._size.width() // 2,
            "up": self._size.height() // 2,
            "down": self._size.height() // 2,
        }
        self.canvas.extend({side: half[side] if side in sides else 0 for side in SIDES})

    def _on_changed(self, side: str, value: int, held: bool) -> None:
        self._show_size()
        self.changed.emit(side, value, held)

    def _show_size(self) -> None:
        now, then = self._size, self.canvas.extended()
        words = f"{now.width()} × {now.height()}"
        if then != now:
            words += f"  →  {then.width()} × {then.height()}"
        self.size_words.setText(f"{words} pixels")
