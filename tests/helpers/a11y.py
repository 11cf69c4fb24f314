"""Walks a window as somebody without a mouse or without eyes does.

Every control that takes the focus has a name to be read, is reached by Tab, and shows that it
has the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
MOST_TABS = 400
AROUND = 4


def shown_controls(window: QWidget) -> list[QWidget]:
    """Every control in sight that works and is not the inner part of another control."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and _counts(widget) and not _inner(widget)
    ]


def _counts(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab or isinstance(widget, CONTROLS)


def _inner(widget: QWidget) -> bool:
    """Text fields within boxes and scroll bars belong to what holds them."""
    parent = widget.parentWidget()
    if isinstance(parent, (QAbstractSpinBox, QComboBox)):
        return True
    return type(widget).__name__ == "QScrollBar" or widget.focusPolicy() == Qt.FocusPolicy.NoFocus


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def nameless(window: QWidget) -> list[str]:
    """Controls in sight without a name."""
    return [describe(widget) for widget in shown_controls(window) if not name_of(widget).strip()]


def tab_order(
    window: QWidget, visit: Callable[[QWidget], None] = lambda widget: None
) -> list[QWidget]:
    """The widgets that Tab goes through until it comes round; `visit` is called at each."""
    seen: list[QWidget] = []
    for _ in range(MOST_TABS):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is None or focus in seen:
            break
        seen.append(focus)
        visit(focus)
    return seen


def unreachable(window: QWidget) -> list[str]:
    """Controls in sight that Tab never comes to.

    Of buttons that exclude each other one is enough: arrows walk between them.
    """
    reached = set(tab_order(window))
    groups = {_group(widget) for widget in reached} - {None}
    return [
        describe(widget)
        for widget in shown_controls(window)
        if bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget not in reached
        and not any(widget.isAncestorOf(other) for other in reached)
        and _group(widget) not in groups
    ]


def _group(widget: QWidget) -> object:
    if not isinstance(widget, QAbstractButton):
        return None
    if widget.group() is not None:
        return widget.group()
    return (widget.parentWidget(), "auto") if widget.autoExclusive() else None


def silent_focus(window: QWidget) -> list[str]:
    """Controls in the tab order that look the same with and without the focus."""
    same = []

    def look(widget: QWidget) -> None:
        focused = _grab(window, widget)
        widget.clearFocus()
        if _grab(window, widget) == focused:
            same.append(describe(widget))
        widget.setFocus(Qt.FocusReason.TabFocusReason)

    tab_order(window, look)
    return same


def _grab(window: QWidget, widget: QWidget) -> QImage:
    QApplication.processEvents()
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return window.grab(place.adjusted(-AROUND, -AROUND, AROUND, AROUND)).toImage()


def describe(widget: QWidget) -> str:
    """A widget in words, for the message of a failed test."""
    parents, parent = [], widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {name_of(widget)!r} in {' < '.join(parents)}"
