"""A number that stands for noise, with what it leaves of the picture below it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.core.controls import Float
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.start_preview import StartPreview


class StrengthEdit(QWidget):
    """Edits a Float of role "noise"; `changed(value, dragging)` as a NumberEdit has it."""

    changed = Signal(object, bool)

    def __init__(self, control: Float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schedule = "cosine"
        self.number = NumberEdit(control)
        self.preview = StartPreview(self)
        self.preview.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.number)
        column.addWidget(self.preview)
        self.setFocusProxy(self.number)
        self.number.changed.connect(self._on_changed)
        self._show()

    def value(self) -> float:
        """The number in force."""
        return float(self.number.value())

    def set_value(self, value: float) -> None:
        """Show another number without saying so."""
        self.number.set_value(value)
        self._show()

    def set_picture(self, picture: QImage | None) -> None:
        """The picture that the number is about; None: there is none."""
        self.preview.set_picture(picture)

    def set_schedule(self, schedule: str) -> None:
        """How the chosen model noises: "cosine" or "linear"."""
        self._schedule = schedule
        self._show()

    def _on_changed(self, value: float, dragging: bool) -> None:
        self._show()
        self.changed.emit(value, dragging)

    def _show(self) -> None:
        self.preview.set_strength(self.value(), self._schedule)
