"""A list of rows with a picture, two lines of words, a state and facts in columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_BOX, color, font, theme
from genstudio.ui.widgets import images

HEIGHT, SIDE, PAD, GAP = 76, 52, 12, 8
_STATE_WIDTH = 132
_NARROW = 620
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """`state` is a word with its colour token; `facts` stand in columns at the right."""

    key: str
    title: str
    text: str = ""
    state: str = ""
    token: str = "dim"
    facts: tuple[str, ...] = ()
    tip: str = ""

    def spoken(self) -> str:
        """The whole row for a screen reader."""
        return ", ".join(word for word in (self.title, self.state, self.text, *self.facts) if word)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def rowCount(self, _parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """How many rows there are."""
        return len(self.rows)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, its words for screen readers, its tip."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return row.tip if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, image: Callable[[str], QImage | None]) -> None:
        super().__init__()
        self._image = image
        self._drawn: dict[tuple[int, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, _index: _AnyIndex) -> QSize:
        """All rows are equal."""
        return QSize(option.rect.width(), HEIGHT + GAP)  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Draw pictures anew."""
        self._drawn.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """One row as a box."""
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        rect = option.rect.adjusted(3, GAP // 2, -3, -GAP // 2)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_box(painter, rect, state)
        picture = QRect(rect.left() + PAD, rect.top() + PAD, SIDE, SIDE)
        self._paint_picture(painter, picture, row.key)
        narrow = rect.width() < _NARROW
        facts = row.facts[:1] if narrow else row.facts
        right = self._paint_facts(painter, rect, facts)
        left = right - _STATE_WIDTH
        self._paint_state(painter, QRect(left, rect.top(), _STATE_WIDTH, rect.height()), row)
        words = QRect(picture.right() + 14, rect.top() + 17, left - picture.right() - 26, 20)
        self._paint_line(painter, words, row.title, 600, "text")
        self._paint_line(painter, words.translated(0, 22), row.text, 400, "dim")
        painter.restore()

    def _paint_box(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(color("focus" if focus else "accent" if chosen else "line"))
        painter.setBrush(color("wash" if chosen else "hover" if over else "panel"))
        frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, RADIUS_BOX, RADIUS_BOX)
        if focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), RADIUS_BOX - 1, RADIUS_BOX - 1)

    def _paint_picture(self, painter: QPainter, place: QRect, key: str) -> None:
        image = self._image(key)
        if image is None or image.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("raised"))
            painter.drawRoundedRect(place, 8, 8)
            icons.paint(painter, "train", place.adjusted(15, 15, -15, -15), "dim")
            return
        dpr = painter.device().devicePixelRatioF()
        found = self._drawn.get((image.cacheKey(), dpr))
        if found is None:
            smooth = image.width() > 128
            found = images.rounded(image, QSize(SIDE, SIDE), 8, dpr, smooth)
            self._drawn[(image.cacheKey(), dpr)] = found
        painter.drawPixmap(place.topLeft(), found)

    def _paint_facts(self, painter: QPainter, rect: QRect, facts: tuple[str, ...]) -> int:
        """Columns from the right; where they begin."""
        widths = (144, 150, 84)
        x = rect.right() - PAD
        for text, width in reversed(list(zip(facts, widths, strict=False))):
            place = QRect(x - width, rect.top(), width - 12, rect.height())
            painter.setFont(font(12, tabular=True))
            painter.setPen(color("dim"))
            metrics = painter.fontMetrics()
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            x -= width
        return x

    def _paint_state(self, painter: QPainter, place: QRect, row: Row) -> None:
        if not row.state:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(row.token))
        painter.drawEllipse(QRectF(place.left(), place.center().y() - 3, 8, 8))
        painter.setFont(font(12))
        painter.setPen(color("text"))
        words = place.adjusted(15, 0, -8, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, row.state)

    def _paint_line(
        self, painter: QPainter, place: QRect, text: str, weight: int, token: str
    ) -> None:
        face = font(13 if weight == 600 else 12, weight)
        painter.setFont(face)
        painter.setPen(color(token))
        fitted = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, fitted)


class RowList(QListView):
    """Rows to choose one or several of; Enter or a double click opens the current one."""

    selection_changed = Signal()
    opened = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Rows()
        self._pictures: dict[str, QImage] = {}
        self._delegate = _Delegate(self._pictures.get)
        self.setModel(self._items)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(24)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(
            lambda index: self.opened.emit(self._items.rows[index.row()].key)
        )
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.viewport().update)
        theme().changed.connect(self._delegate.forget)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Other rows; the selection stays on those that are still there."""
        if list(rows) == self._items.rows:
            return
        chosen = self.selected()
        current = self.current()
        self._items.beginResetModel()
        self._items.rows = list(rows)
        self._items.endResetModel()
        known = {row.key for row in rows}
        for gone in [key for key in self._pictures if key not in known]:
            del self._pictures[gone]
        self.select([key for key in chosen if key in known], current)
        self.selection_changed.emit()

    def rows(self) -> list[Row]:
        """What is listed."""
        return list(self._items.rows)

    def put(self, key: str, image: QImage) -> None:
        """The picture of a row."""
        self._pictures[key] = image
        self._later.start(0)

    def selected(self) -> list[str]:
        """Keys of the chosen rows, from the top."""
        places = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._items.rows[place].key for place in places]

    def current(self) -> str:
        """Key of the row that the arrows start from; "" while there is none."""
        place = self.currentIndex().row()
        return self._items.rows[place].key if 0 <= place < len(self._items.rows) else ""

    def select(self, keys: Sequence[str], current: str = "") -> None:
        """Choose these rows."""
        flag = QItemSelectionModel.SelectionFlag
        model = self.selectionModel()
        model.clearSelection()
        for place, row in enumerate(self._items.rows):
            if row.key in keys:
                model.select(self._items.index(place), flag.Select)
            if row.key == (current or (keys[-1] if keys else "")):
                model.setCurrentIndex(self._items.index(place), flag.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current():
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the chosen rows."""
        self.menu_wanted.emit(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        """Draw again on another screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._delegate.forget()
