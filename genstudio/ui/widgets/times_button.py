"""How often one press asks: a small button with a menu; up, down and the wheel count too."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QWidget

from genstudio.ui.widgets.buttons import Button

CHOICES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


class TimesButton(Button):
    """`changed(times)` when the user chooses; `value` is 1 … `most`."""

    changed = Signal(int)

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._most, self._value = most, 1
        self.setToolTip("How often to ask, each time with the next seed")
        self.clicked.connect(self._open)
        self.set_value(1)

    def value(self) -> int:
        """How often."""
        return self._value

    def set_value(self, times: int) -> None:
        """Show another number without saying so."""
        self._value = min(max(1, times), self._most)
        self.setText(f"× {self._value}")
        self.setAccessibleName(f"How often: {self._value}")
        self.updateGeometry()

    def menu_of_times(self) -> QMenu:
        """The usual numbers."""
        menu = QMenu(self)
        for times in (number for number in CHOICES if number <= self._most):
            action = menu.addAction("Once" if times == 1 else f"{times} times")
            action.setCheckable(True)
            action.setChecked(times == self._value)
            action.triggered.connect(lambda _on=False, n=times: self._choose(n))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down count."""
        by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if by:
            self._choose(self._value + by)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel counts while the button has the focus."""
        if self.hasFocus() and event.angleDelta().y():
            self._choose(self._value + (1 if event.angleDelta().y() > 0 else -1))
        else:
            event.ignore()

    def _choose(self, times: int) -> None:
        before = self._value
        self.set_value(times)
        if self._value != before:
            self.changed.emit(self._value)

    def _open(self) -> None:
        menu = self.menu_of_times()
        corner = self.mapToGlobal(self.rect().topLeft())
        corner.setY(corner.y() - menu.sizeHint().height())
        menu.popup(corner)
