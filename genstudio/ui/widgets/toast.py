"""Passing words at the foot of the window, with one button such as Undo. Never modal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_BOX, color, theme
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting

SHORT_MS, LONG_MS = 5_000, 12_000
MOST = 3
MARGIN = 16
WIDEST = 560
_SIGNS = {"problem": ("warning", "amber"), "good": ("check", "good")}


class Toast(QWidget):
    """One message. The mouse over it, or the focus in it, keeps it."""

    def __init__(
        self,
        text: str,
        action: str = "",
        callback: Callable[[], object] | None = None,
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._callback = callback
        self._words = text
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 8, 9)
        row.setSpacing(10)
        if kind in _SIGNS:
            name, token = _SIGNS[kind]
            sign = QLabel()
            sign.setPixmap(icons.pixmap(name, 18, token, self.devicePixelRatioF()))
            row.addWidget(sign)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(len(text) > 60)
        label.setMaximumWidth(WIDEST - 160)
        if len(text) > 60:
            label.setMinimumWidth(320)
        row.addWidget(label, 1)
        self.action = Button(action, kind="plain") if action else None
        if self.action is not None:
            self.action.clicked.connect(self._act)
            row.addWidget(self.action)
        self.close_button = Button("Close", kind="quiet")
        self.close_button.setAccessibleName(f"Close: {text}")
        self.close_button.clicked.connect(self.end)
        row.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LONG_MS if action or kind == "problem" else SHORT_MS)
        self._timer.timeout.connect(self._time_over)
        self._timer.start()

    def words(self) -> str:
        """What it says."""
        return self._words

    def end(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def stay(self) -> None:
        """No time runs any more: the window is closing."""
        self._timer.stop()

    def _act(self) -> None:
        callback, self._callback = self._callback, None
        self.end()
        if callback is not None:
            callback()

    def _time_over(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start(SHORT_MS)
        else:
            self.end()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A raised box."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        painter.setBrush(color("raised"))
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, RADIUS_BOX, RADIUS_BOX)


class ToastArea(QWidget):
    """Keeps at most three toasts in the lower middle of `host`, above its status line."""

    def __init__(self, host: QWidget, above: int = 44) -> None:
        super().__init__(host)
        self._above = above
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._place)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter)
        host.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        action: str = "",
        callback: Callable[[], object] | None = None,
        kind: str = "",
    ) -> Toast:
        """Show a message; `action` names the button that calls `callback`."""
        for old in self.toasts():
            if old.words() == text:
                old.end()
        kept = self.toasts()
        for old in kept[: max(0, len(kept) - MOST + 1)]:
            old.end()
        toast = Toast(text, action, callback, kind, self)
        toast.destroyed.connect(self._soon.start)
        self._column.addWidget(toast, 0, Qt.AlignmentFlag.AlignHCenter)
        toast.show()
        self._place()
        self._slide()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        return toast

    def toasts(self) -> list[Toast]:
        """Those in sight, oldest first."""
        items = [self._column.itemAt(i).widget() for i in range(self._column.count())]
        return [w for w in items if isinstance(w, Toast) and not w.isHidden()]

    def stop(self) -> None:
        """The window closes: nothing is to move or to end by itself any more."""
        self._soon.stop()
        for toast in self.toasts():
            toast.stay()

    def act_last(self) -> bool:
        """Press the button of the newest toast that has one (Ctrl+Z); False when none has."""
        for toast in reversed(self.toasts()):
            if toast.action is not None and toast.action.text() == "Undo":
                toast.action.click()
                return True
        return False

    def eventFilter(self, _host: QObject, event: QEvent) -> bool:
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _spot(self) -> QPoint:
        host = self.parentWidget()
        x = (host.width() - self.width()) // 2
        return QPoint(x, host.height() - self._above - MARGIN - self.height())

    def _place(self) -> None:
        if not self.toasts():
            self.hide()
            return
        self._column.activate()
        width = min(WIDEST, self.parentWidget().width() - 2 * MARGIN)
        self.resize(width, max(self.sizeHint().height(), self._column.totalHeightForWidth(width)))
        self.move(self._spot())
        self.show()
        self.raise_()

    def _slide(self) -> None:
        if theme().still or not self.isVisible():
            return
        motion = QPropertyAnimation(self, b"pos", self)
        motion.setDuration(theme().duration())
        motion.setStartValue(self._spot() + QPoint(0, 10))
        motion.setEndValue(self._spot())
        motion.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
