"""Things that are no pictures, as a list: a name, a few facts, an excerpt. By mouse and keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from genstudio.ui.theme import RADIUS, color, font, theme

ROW_HEIGHT = 68
NEAR_END = 400
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Line:
    """One entry; `facts` stand at the right of the name, `text` below it, `tip` at the mouse."""

    name: str = ""
    facts: str = ""
    text: str = ""
    faded: bool = False
    tip: str = ""


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            excluded = "excluded" if line.faded else ""
            return ", ".join(part for part in (line.name, line.facts, excluded) if part)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return line.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.tip or None
        return None

    def reset(self, lines: Iterable[Line]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def add(self, lines: Sequence[Line]) -> None:
        first = len(self.lines)
        self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
        self.lines.extend(lines)
        self.endInsertRows()


class _LineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), ROW_HEIGHT)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        state, whole = option.state, option.rect  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        rect = whole.adjusted(1, 2, -1, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("focus" if focus else "accent" if chosen else "line"))
        painter.setBrush(color("wash" if chosen else "hover" if over else "panel"))
        shape = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, RADIUS, RADIUS)
        painter.setOpacity(0.45 if line.faded else 1.0)
        self._paint_words(painter, rect.adjusted(14, 9, -14, -9), line)
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, line: Line) -> None:
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        wide = painter.fontMetrics().horizontalAdvance(line.facts)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, line.facts)
        painter.setFont(font(13, 600))
        painter.setPen(color("text"))
        left = room.width() - wide - 16
        painter.drawText(room, 0, painter.fontMetrics().elidedText(line.name, elide, left))
        painter.setFont(font(13))
        painter.setPen(color("dim"))
        text = painter.fontMetrics().elidedText(" ".join(line.text.split()), elide, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom, text)


class ItemList(QListView):
    """The same words and signals as a ResultGrid, where they fit."""

    selection_changed = Signal()
    opened = Signal(int)
    menu_wanted = Signal(int, QPoint)
    delete_wanted = Signal(list)
    reached_end = Signal()

    def __init__(self, parent: QWidget | None = None, name: str = "Items") -> None:
        super().__init__(parent)
        self._lines = _Lines()
        self.setModel(self._lines)
        self.setItemDelegate(_LineDelegate())
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setViewportMargins(20, 0, 6, 0)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme().changed.connect(self.viewport().update)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached without a current line, the first one shows where the focus is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.count():
            here = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._lines.index(0, 0), here)

    # ---- contents

    def set_lines(self, lines: Iterable[Line]) -> None:
        """Other contents; the selection is emptied."""
        self._lines.reset(lines)
        reached = Qt.FocusPolicy.StrongFocus if self.count() else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(reached)  # an empty list has nothing to show a focus on
        self.selection_changed.emit()

    def append(self, lines: Sequence[Line]) -> None:
        """More at the end."""
        if lines:
            self._lines.add(lines)

    def put(self, row: int, **changes: Any) -> None:
        """Change fields of a line; rows outside are ignored."""
        if 0 <= row < self.count():
            self._lines.lines[row] = replace(self._lines.lines[row], **changes)
            index = self._lines.index(row)
            self._lines.dataChanged.emit(index, index)

    def cut(self, count: int) -> None:
        """Keep the first `count` only."""
        if count < self.count():
            self._lines.beginRemoveRows(QModelIndex(), count, self.count() - 1)
            del self._lines.lines[count:]
            self._lines.endRemoveRows()

    def count(self) -> int:
        """How many there are."""
        return len(self._lines.lines)

    def line(self, row: int) -> Line:
        """One of them; raises IndexError."""
        return self._lines.lines[row]

    # ---- selection

    def selected(self) -> list[int]:
        """Selected rows in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def current(self) -> int:
        """The row the arrows start from, or -1."""
        return self.currentIndex().row()

    def select(self, rows: Sequence[int]) -> None:
        """Select these, the last becoming the current one."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for row in rows:
            self.selectionModel().select(self._lines.index(row), flag.Select)
        if rows:
            last = self._lines.index(rows[-1])
            self.selectionModel().setCurrentIndex(last, flag.NoUpdate)
            self.scrollTo(last)

    # ---- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, Delete leaves out; arrows walk."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() >= 0:
            self.opened.emit(self.current())
        elif plain and event.key() == Qt.Key.Key_Delete and self.selected():
            self.delete_wanted.emit(self.selected())
        elif plain and event.text() and event.text().isprintable():
            event.ignore()  # letters are commands here, never a search in the list
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click, or the menu key at the current line."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        if index.row() not in self.selected():
            self.select([index.row()])
        where = self.visualRect(index).center() if keyboard else event.pos()
        self.menu_wanted.emit(index.row(), self.viewport().mapToGlobal(where))

    def _scrolled(self, value: int) -> None:
        if value > self.verticalScrollBar().maximum() - NEAR_END and self.count():
            self.reached_end.emit()
