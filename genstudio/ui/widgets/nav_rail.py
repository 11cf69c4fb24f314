"""The rail on the left: an icon over a word for each area."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.painting import painting

WIDTH = 76
BUTTON = QSize(60, 56)
ICON = 22
HOVER_MS = 500
"""So long something is held over an area before it is shown."""


class RailButton(QAbstractButton):
    """One area."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFixedSize(BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

        self.setAcceptDrops(True)
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(HOVER_MS)
        self._hover.timeout.connect(self.click)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Something of this window hangs over it: its area is shown, to be dropped there."""
        if event.source() is None:
            event.ignore()  # from another program: the window says where it may go
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._hover.start()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """It went on."""
        self._hover.stop()

    def dropEvent(self, event: QDropEvent) -> None:
        """Nothing is let go here."""
        self._hover.stop()
        event.ignore()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Icon over word, on a raised ground when chosen."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, over = self.isChecked(), self.underMouse()
        if on or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("raised" if on else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        side = QRect((self.width() - ICON) // 2, 8, ICON, ICON)
        icons.paint(painter, self._icon, side, "accent" if on else "text" if over else "dim")
        painter.setFont(font(11))
        painter.setPen(color("text" if on or over else "dim"))
        words = QRect(0, 33, self.width(), 16)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())


class NavRail(QWidget):
    """`chosen(key)` when an area is pressed; the last `at_foot` areas stand at the foot."""

    chosen = Signal(str)

    def __init__(
        self,
        areas: Sequence[tuple[str, str, str]],
        at_foot: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Areas")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(4)
        for number, (key, text, icon) in enumerate(areas):
            if number == len(areas) - at_foot:
                column.addStretch(1)
            button = RailButton(text, icon, self)
            button.clicked.connect(lambda _on=False, area=key: self.chosen.emit(area))
            self._group.addButton(button)
            self._buttons[key] = button
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def keys(self) -> list[str]:
        """The areas in order."""
        return list(self._buttons)

    def current(self) -> str:
        """The chosen area, or ""."""
        return next((key for key, b in self._buttons.items() if b.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose without saying so."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def set_tip(self, key: str, text: str) -> None:
        """What hovering says (the key that does the same)."""
        self._buttons[key].setToolTip(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        keys = self.keys()
        focused = next((k for k, b in self._buttons.items() if b.hasFocus()), "")
        if event.key() in steps and focused:
            place = (keys.index(focused) + steps[Qt.Key(event.key())]) % len(keys)
            self._buttons[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
