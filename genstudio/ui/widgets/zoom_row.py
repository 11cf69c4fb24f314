"""Fit, 100 % and how large things are now, for a picture space."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.ui import shortcuts
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.picture_space import STEP, PictureSpace


class ZoomRow(QWidget):
    """Binds the keys of zooming within `keys_within`."""

    def __init__(self, space: PictureSpace, keys_within: QWidget) -> None:
        super().__init__()
        self._space = space
        self.fit, self.actual = Button("Fit"), Button("100 %")
        self.number = QLabel()
        self.number.setProperty("role", "dim")
        self.number.setFont(font(12, tabular=True))
        self.number.setMinimumWidth(52)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.fit, self.actual, self.number):
            row.addWidget(widget)
        for button, name, action, words in (
            (self.fit, "zoom_fit", space.fit, "Show the whole picture"),
            (self.actual, "zoom_actual", space.actual, "One pixel on one pixel of the screen"),
        ):
            button.clicked.connect(action)
            button.setToolTip(f"{words}  ({shortcuts.keys_text(name)})")
            shortcuts.bind(keys_within, name, action)
        shortcuts.bind(keys_within, "zoom_in", lambda: space.zoom_by(STEP))
        shortcuts.bind(keys_within, "zoom_out", lambda: space.zoom_by(1 / STEP))
        space.zoomed.connect(self._show)
        self._show(space.zoom())

    def _show(self, zoom: float) -> None:
        self.number.setText(f"{zoom * self._space.devicePixelRatioF():.0%}".replace("%", " %"))
