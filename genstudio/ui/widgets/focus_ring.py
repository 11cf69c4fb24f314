"""A ring around whatever has the keyboard's focus, the same for every widget.

It is drawn when the focus came by key (no mouse button was down), as people know it from
browsers; a text box shows its accent border in any case.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen, QRegion
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QDialog,
    QListView,
    QMainWindow,
    QMenu,
    QWidget,
)

from genstudio.ui.theme import RADIUS, color
from genstudio.ui.widgets.painting import painting

OUTSIDE = 3
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
}


class FocusRing(QWidget):
    """One ring per window; follows the focus, its widget's movements and scrolling."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]
        self._focus_changed(None, QApplication.focusWidget())

    def target(self) -> QWidget | None:
        """The widget the ring is around."""
        return self._target

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._unwatch()
        window = self.parentWidget()
        inside = new is not None and window is not None and new.window() is window
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        # A grid shows the focus at the place it is on, a page of text by its caret.
        draws_own = isinstance(new, (QListView, QMenu)) or (
            new is not None and new.property("ring") == "caret"
        )
        ground = isinstance(window, QMainWindow) and new is window.centralWidget()
        if not inside or by_mouse or draws_own or ground or new is window:
            self._target = None
            self.hide()
            return
        self._target = _outer(new)
        self._watch()
        self._follow()

    def _watch(self) -> None:
        widget = self._target
        while widget is not None and widget is not self.parentWidget():
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()

    def _unwatch(self) -> None:
        import shiboken6

        for widget in self._watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Move with the widget."""
        if event.type() in _MOVES:
            self._follow()
        return False

    def _follow(self) -> None:
        target, window = self._target, self.parentWidget()
        if target is None or window is None or not target.isVisible():
            self.hide()
            return
        place = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        seen = _seen(target, window)
        if not seen.intersects(place):
            self.hide()
            return
        grown = place.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)
        self.setGeometry(grown.intersected(seen.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)))
        left = QRegion(self.rect())
        for sheet in _sheets_over(target, window):
            place = QRect(sheet.mapTo(window, QPoint(0, 0)), sheet.size())
            left -= QRegion(place.translated(-self.pos()))
        if left.isEmpty():  # all of it is covered: where the focus is must be seen all the same
            self.clearMask()
        else:
            self.setMask(left)
        self.raise_()
        self.show()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Two pixels of the focus colour."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("focus"), 2))
        radius = 6 if isinstance(self._target, QAbstractSlider) else RADIUS + 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


def _outer(widget: QWidget) -> QWidget:
    """The box around a text field that has the focus on its behalf."""
    parent = widget.parentWidget()
    return parent if parent is not None and parent.focusProxy() is widget else widget


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """The part of the window in which `widget` may show, cut by the areas that scroll it."""
    seen = window.rect()
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        seen = seen.intersected(QRect(parent.mapTo(window, QPoint(0, 0)), parent.size()))
        parent = parent.parentWidget()
    return seen


def _sheets_over(widget: QWidget, window: QWidget) -> list[QWidget]:
    """What floats over `widget`: it says so by its property "floats", and is no parent of it."""
    found, parent, child = [], widget.parentWidget(), widget
    while parent is not None:
        for other in parent.children():
            if other is not child and isinstance(other, QWidget) and other.property("floats"):
                found.append(other)
        if parent is window:
            break
        child, parent = parent, parent.parentWidget()
    return [sheet for sheet in found if sheet.isVisible()]


class FocusRings(QObject):
    """Gives a ring to every window and dialog that gets the focus."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        window = new.window() if new is not None else None
        if isinstance(window, (QMainWindow, QDialog)) and ring_of(window) is None:
            FocusRing(window)


def ring_of(window: QWidget) -> FocusRing | None:
    """The ring of a window, if it has one yet."""
    found = window.findChildren(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found[0] if found else None
