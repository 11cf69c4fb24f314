"""A tree of versions as a list with lines: what was written, by whom, from where it branched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets.version_lanes import Lanes, lanes

HEIGHT, STEP, DOT, LEFT, MOST_LANES = 50, 14, 4.5, 14, 6
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class VersionRow:
    """A version: `parent` is the row it was made from (-1: none); `own` where a person wrote."""

    title: str
    facts: str = ""
    parent: int = -1
    own: bool = False


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[VersionRow] = []
        self.lanes: list[Lanes] = []
        self.used = -1

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many versions there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, its words for screen readers."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row, self.lanes[index.row()], index.row() == self.used
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            used = "in use" if index.row() == self.used else ""
            return ", ".join(part for part in (row.title, row.facts, used) if part)
        return row.title if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """All rows are equal."""
        return QSize(option.rect.width(), HEIGHT)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Lines and a dot, two lines of words."""
        row, place, used = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = state & QStyle.StateFlag.State_Selected
            focus = chosen and state & QStyle.StateFlag.State_HasFocus
            painter.setPen(color("focus") if focus else Qt.PenStyle.NoPen)
            painter.setBrush(color("wash" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        _paint_lines(painter, rect, place)
        _paint_dot(painter, rect, place, row, used)
        widest = max((place.lane, *place.through, *place.out))
        left = LEFT + STEP * min(widest, MOST_LANES) + 16
        words = rect.adjusted(left, 7, -10, -7)
        painter.setPen(color("text"))
        painter.setFont(font(13, 600 if used else 400))
        title = painter.fontMetrics().elidedText(
            row.title, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, title)
        painter.setPen(color("dim"))
        painter.setFont(font(12))
        facts = " · ".join(part for part in ("in use" if used else "", row.facts) if part)
        shown = painter.fontMetrics().elidedText(facts, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, shown)
        painter.restore()


class VersionTree(QListView):
    """`chosen(row)` when another row is current; `opened(row)` by Enter or double click."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Rows()
        self.setModel(self._items)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Versions")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.selectionModel().currentChanged.connect(lambda index, _: self._tell(index.row()))

    def set_rows(self, rows: Sequence[VersionRow], used: int) -> None:
        """All versions; row `used` is the one that stands in the editor, and is chosen."""
        self.selectionModel().blockSignals(True)
        self._items.beginResetModel()
        self._items.rows, self._items.used = list(rows), used
        self._items.lanes = lanes([row.parent for row in rows])
        self._items.endResetModel()
        self.selectionModel().blockSignals(False)
        if 0 <= used < len(rows):
            self.setCurrentIndex(self._items.index(used))
            self.scrollTo(self._items.index(used))

    def rows(self) -> list[VersionRow]:
        """What is listed."""
        return list(self._items.rows)

    def used(self) -> int:
        """The row that stands in the editor, -1 for none."""
        return self._items.used

    def current(self) -> int:
        """The chosen row, -1 for none."""
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() >= 0:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)

    def _tell(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)


def _x(rect: QRect, lane: int) -> float:
    return rect.left() + LEFT + STEP * min(lane, MOST_LANES)


def _paint_lines(painter: QPainter, rect: QRect, place: Lanes) -> None:
    pen = QPen(color("faint"))
    pen.setWidthF(1.6)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    top, middle, bottom = float(rect.top()), rect.center().y() + 0.5, rect.bottom() + 1.0
    x = _x(rect, place.lane)
    for lane in place.through:
        painter.drawLine(QPointF(_x(rect, lane), top), QPointF(_x(rect, lane), bottom))
    if place.above:
        painter.drawLine(QPointF(x, top), QPointF(x, middle))
    if place.below:
        painter.drawLine(QPointF(x, middle), QPointF(x, bottom))
    for lane in place.out:
        path = QPainterPath(QPointF(x, middle))
        there = _x(rect, lane)
        path.cubicTo(QPointF(x, bottom), QPointF(there, middle), QPointF(there, bottom))
        painter.drawPath(path)


def _paint_dot(painter: QPainter, rect: QRect, place: Lanes, row: VersionRow, used: bool) -> None:
    middle = QPointF(_x(rect, place.lane), rect.center().y() + 0.5)
    painter.setPen(QPen(color("accent" if used else "dim"), 1.6))
    painter.setBrush(color("window") if row.own else color("accent" if used else "dim"))
    painter.drawEllipse(middle, DOT, DOT)
