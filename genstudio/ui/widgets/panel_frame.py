"""The frame all panels share: a column that asks, a wide area that answers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

ASK_WIDTH = 320
BAR_HEIGHT = 64


def _label(text: str, role: str, wrap: bool = False) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def label(text: str) -> QLabel:
    """A small dim heading above a group."""
    return _label(text, "label")


def title(text: str) -> QLabel:
    """A panel's or dialog's title."""
    return _label(text, "title")


def note(text: str) -> QLabel:
    """A dim explaining sentence that wraps."""
    return _label(text, "dim", wrap=True)


def strong(text: str) -> QLabel:
    """Emphasised text."""
    return _label(text, "strong")


def line() -> QFrame:
    """A hairline."""
    frame = QFrame()
    frame.setObjectName("line")
    return frame


def box(raised: bool = False) -> tuple[QFrame, QVBoxLayout]:
    """A bordered box and its layout."""
    frame = QFrame()
    frame.setProperty("box", "raised" if raised else "true")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 14, 16, 14)
    column.setSpacing(8)
    return frame, column


def scrolled(page: QWidget) -> QScrollArea:
    """`page` in a quiet scroll area that only scrolls upright."""
    area = QScrollArea()
    page.setObjectName("page")
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area


class AskingColumn(QWidget):
    """320 px: a title, what is asked from top to bottom, the one primary button at the foot."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ask")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(ASK_WIDTH)
        self.heading = title(words)
        self.heading.setContentsMargins(16, 0, 16, 0)
        self.heading.setFixedHeight(48)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(16, 0, 16, 16)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(16, 8, 16, 16)
        self._foot.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        outer.addWidget(self.heading)
        self.scroll = scrolled(page)
        outer.addWidget(self.scroll, 1)
        outer.addLayout(self._foot)

    def add(self, widget: QWidget, words: str = "") -> QWidget:
        """Put `widget` below the others, under a small heading if `words`; returns it."""
        if words:
            heading = label(words)
            heading.setContentsMargins(0, 8 if self._column.count() else 0, 0, 0)
            heading.setBuddy(widget)
            self._column.addWidget(heading)
        self._column.addWidget(widget)
        return widget

    def add_stretch(self) -> None:
        """Push what follows down."""
        self._column.addStretch(1)

    def set_foot(self, *widgets: QWidget) -> None:
        """What stays in sight at the foot: the primary button, below a note perhaps."""
        for widget in widgets:
            self._foot.addWidget(widget)


class AnsweringArea(QWidget):
    """The bar with a title, things on its left and actions on its right; below it, pages."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = title(words)
        self.left, self.right = QHBoxLayout(), QHBoxLayout()
        for side in (self.left, self.right):
            side.setSpacing(8)
        self.bar = QWidget()
        self.bar.setFixedHeight(BAR_HEIGHT)
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(10)
        row.addWidget(self.title)
        row.addLayout(self.left)
        row.addStretch(1)
        row.addLayout(self.right)
        self.stack = QStackedWidget()
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pages: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)

    def add(self, name: str, widget: QWidget) -> QWidget:
        """Add a page; the first is in sight."""
        self._pages[name] = widget
        self.stack.addWidget(widget)
        return widget

    def show_page(self, name: str) -> None:
        """Bring page `name` into sight; raises KeyError."""
        self.stack.setCurrentWidget(self._pages[name])

    def page(self) -> str:
        """Name of the page in sight."""
        current = self.stack.currentWidget()
        return next((name for name, widget in self._pages.items() if widget is current), "")

    def set_content(self, widget: QWidget) -> None:
        """The only page."""
        self.add("content", widget)


class Panel(QWidget):
    """A panel: `ask` on the left, `answer` on the right. Subclass and fill both."""

    def __init__(self, words: str, answer: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = AskingColumn(words)
        self.answer = AnsweringArea(answer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.ask)
        row.addWidget(self.answer, 1)
