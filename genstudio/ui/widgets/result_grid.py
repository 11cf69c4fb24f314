"""Results as a grid: places laid out at once, pictures sharpened in place, all by keyboard too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QMargins,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

from genstudio.ui.theme import theme
from genstudio.ui.widgets.grid_delegate import GAP, GridDelegate, star_rect
from genstudio.ui.widgets.grid_model import Cell, GridItemModel

MARGIN = 20 - GAP // 2
SMALLEST, LARGEST, TINIEST = 96, 420, 32
NEAR_END = 400

__all__ = ["Cell", "ResultGrid"]


class ResultGrid(QListView):
    """See the signals; the grid itself changes nothing but its selection."""

    selection_changed = Signal()
    opened = Signal(int)
    compare_wanted = Signal(list)
    menu_wanted = Signal(int, QPoint)
    star_wanted = Signal(list)
    delete_wanted = Signal(list)
    reached_end = Signal()
    fitted = Signal()

    def __init__(self, parent: QWidget | None = None, name: str = "Results") -> None:
        super().__init__(parent)
        self._items = GridItemModel()
        self._delegate = GridDelegate()
        self._side, self._fill, self._columns = 160, False, 0
        self._loader: Callable[[int], object] | None = None
        self._asked: set[int] = set()
        self._cell = 0
        self.setModel(self._items)
        self.setItemDelegate(self._delegate)
        self._set_up()
        self.setAccessibleName(name)
        self._ask = self._soon(self._ask_for_images)
        self._again = self._soon(self.viewport().update)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme().changed.connect(self._redraw)

    def _soon(self, callback: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(callback)
        return timer

    def _set_up(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setViewportMargins(MARGIN, 0, 6, 0)
        self.verticalScrollBar().setSingleStep(40)

    # ---- contents

    def lay_out(self, count: int, names: Sequence[str] = ()) -> None:
        """`count` empty places with keys "0", "1" …; nothing moves when they fill."""
        self.set_cells(
            Cell(key=str(i), name=names[i] if i < len(names) else "") for i in range(count)
        )

    def set_cells(self, cells: Iterable[Cell]) -> None:
        """Other contents; the selection is emptied."""
        self._asked.clear()
        self._items.reset(cells)
        self._fit()
        self.selection_changed.emit()

    def append(self, cells: Sequence[Cell]) -> None:
        """More places at the end."""
        self._items.add(cells)
        self._fit()

    def put(self, index: int, image: QImage | None = None, **changes: Any) -> None:
        """Fill a place: a picture and any fields of Cell. Places outside are ignored."""
        if 0 <= index < self.count():
            if image is not None:
                changes["image"] = image
            self._items.change(index, changes)

    def update_key(self, key: str, /, **changes: Any) -> None:
        """Change the place of `key`, if it is there."""
        self.put(self._items.place(key), **changes)

    def remove(self, keys: Iterable[str]) -> None:
        """Take places away; the selection moves to the neighbour."""
        row = self.current()
        self._items.drop(keys)
        self._asked.clear()
        self._fit()
        if self.count() and not self.selected():
            self.select([min(max(row, 0), self.count() - 1)])
        self.selection_changed.emit()

    def cut(self, count: int) -> None:
        """Keep the first `count` places only."""
        self._items.cut(count)

    def count(self) -> int:
        """How many places there are."""
        return self._items.rowCount()

    def cells(self) -> list[Cell]:
        """All places in order."""
        return list(self._items.cells)

    def cell(self, index: int) -> Cell:
        """Place `index`; raises IndexError."""
        return self._items.cells[index]

    def index_of(self, key: str) -> int:
        """The place of `key`, or -1."""
        return self._items.place(key)

    def set_loader(self, loader: Callable[[int], object] | None) -> None:
        """`loader(index)` is called once for a place that comes into view without a picture."""
        self._loader = loader
        self._asked.clear()

    # ---- selection

    def selected(self) -> list[int]:
        """Selected places in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def current(self) -> int:
        """The place the arrows start from, or -1."""
        return self.currentIndex().row()

    def select(self, indexes: Sequence[int]) -> None:
        """Select these places, the last becoming the current one."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for row in indexes:
            self.selectionModel().select(self._items.index(row), flag.Select)
        if indexes:
            last = self._items.index(indexes[-1])
            self.selectionModel().setCurrentIndex(last, flag.NoUpdate)
            self.scrollTo(last)

    # ---- size

    def set_side(self, side: int) -> None:
        """About how large a picture is, in pixels; a row fills the width."""
        self._side = max(SMALLEST, min(LARGEST, side))
        self._fit()

    def show_labels(self) -> None:
        """Words on every place: pictures of sounds are hard to tell apart."""
        self._delegate.labels = True
        self.viewport().update()

    def set_fill(self, fill: bool) -> None:
        """Let a few results grow to use the height as well."""
        self._fill = fill
        self._fit()

    def set_columns(self, columns: int) -> None:
        """Exactly so many places in a row, as large as fits; 0: as many as there is room for."""
        if columns != self._columns:
            self._columns = columns
            self._fit()

    def set_whole(self, whole: bool) -> None:
        """Show pictures that are no squares whole, instead of cut to their places."""
        self._delegate.whole = whole
        self.viewport().update()

    def set_scaling(self, scaling: str) -> None:
        """ "auto", "smooth" or "nearest"."""
        self._delegate.scaling = scaling
        self._redraw()

    def cell_side(self) -> int:
        """The side of a place in pixels, gap included."""
        return self._cell

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the places to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Qt wraps as if the style's own scroll bar were there; leave room for the wider one.
        bar = self.verticalScrollBar().sizeHint().width()
        extent = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        width = self.width() - MARGIN - 6 - max(bar, extent) - 2
        if width < SMALLEST:
            return
        side = self._filling_side(width) if self._fill else 0
        if self._columns:
            cell = self._cell_in_columns(width)
        elif side > self._side:
            cell = side + GAP
        else:
            cell = width // max(1, round(width / (self._side + GAP)))
        # What a row of fixed columns leaves over would hold one more: it is taken away.
        spare = max(0, width - self._columns * cell) if self._columns else 0
        margins = QMargins(MARGIN, 0, 6 + spare, 0)
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)
        if cell != self._cell:
            self._cell = cell
            self._delegate.side = cell
            self.setGridSize(QSize(cell, cell))
            self.setIconSize(QSize(cell - GAP, cell - GAP))
        self.fitted.emit()

    def _cell_in_columns(self, width: int) -> int:
        """All rows fit as well where that leaves the places of a fair size."""
        rows = -(-max(1, self.count()) // self._columns)
        across, down = width // self._columns, (self.height() - 8) // rows
        return max(min(across, max(down, SMALLEST + GAP), LARGEST + GAP), TINIEST)

    def _filling_side(self, width: int) -> int:
        """The largest side at which all places fit without scrolling, at least `_side`."""
        count, height = max(1, self.count()), self.height() - 8
        best = self._side
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            best = max(best, min(width // columns, height // rows, LARGEST + GAP) - GAP)
        return best

    # ---- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens large, space compares; arrows walk."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() >= 0:
            self.opened.emit(self.current())
        elif plain and event.key() == Qt.Key.Key_Space:
            self.compare_wanted.emit(self._to_compare())
        elif plain and event.key() == Qt.Key.Key_Delete and self.selected():
            self.delete_wanted.emit(self.selected())
        elif plain and event.key() == Qt.Key.Key_Period and self.selected():
            self.star_wanted.emit(self.selected())
        elif plain and event.text() and event.text().isprintable():
            event.ignore()  # letters are commands here, never a search in the list
        else:
            super().keyPressEvent(event)

    def _to_compare(self) -> list[int]:
        chosen = self.selected()
        if len(chosen) == 1 and self.count() > 1:
            neighbour = chosen[0] + 1 if chosen[0] + 1 < self.count() else chosen[0] - 1
            return sorted([chosen[0], neighbour])
        return chosen[:2]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a star does not change the selection."""
        if not (event.button() == Qt.MouseButton.LeftButton and self._star_at(event) >= 0):
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a star."""
        row = self._star_at(event)
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.star_wanted.emit([row])
            return
        super().mouseReleaseEvent(event)

    def _star_at(self, event: QMouseEvent) -> int:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or not self.cell(index.row()).path:
            return -1
        inside = star_rect(self.visualRect(index)).contains(event.position().toPoint())
        return index.row() if inside else -1

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click, or the menu key at the current place."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        if index.row() not in self.selected():
            self.select([index.row()])
        where = self.visualRect(index).center() if keyboard else event.pos()
        self.menu_wanted.emit(index.row(), self.viewport().mapToGlobal(where))

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Drag the files of the selected places out."""
        indexes = [self._items.index(row) for row in self.selected() if self.cell(row).path]
        if not indexes:
            return
        drag = QDrag(self)
        drag.setMimeData(self._items.mimeData(indexes))
        image = self.cell(indexes[0].row()).image
        if image is not None:
            from genstudio.ui.widgets.images import rounded

            drag.setPixmap(rounded(image, QSize(96, 96), 8, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then ask for the pictures that were missing."""
        self._delegate.begin()
        super().paintEvent(event)
        if self._delegate.unfinished:
            self._again.start()
        if self._loader and any(row not in self._asked for row in self._delegate.wanted):
            self._ask.start()

    def changeEvent(self, event: QEvent) -> None:
        """Scale again on another screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()

    def _ask_for_images(self) -> None:
        rows = [row for row in self._delegate.wanted if row not in self._asked]
        self._asked.update(rows)
        for row in rows:
            if self._loader and row < self.count():
                self._loader(row)

    def _scrolled(self, value: int) -> None:
        if value > self.verticalScrollBar().maximum() - NEAR_END and self.count():
            self.reached_end.emit()

    def _redraw(self) -> None:
        self._delegate.forget()
        self.viewport().update()
