"""The Compare page of the Models panel: several models in a table and a radar plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from genstudio.core import subjects
from genstudio.core.comparing import Cell, Column, Table
from genstudio.core.measures import BETTER, named
from genstudio.ui.state.quality_state import MOST_COMPARED, QualityState
from genstudio.ui.theme import SERIES, color, font
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.panel_frame import box, label, note, scrolled
from genstudio.ui.widgets.radar import Radar, Series, paint_sign

if TYPE_CHECKING:
    from genstudio.studio.library import Model

LEAST_AXES = 3
_SMALL = Qt.ItemDataRole.UserRole + 1
_TOKEN = Qt.ItemDataRole.UserRole + 2
_STRONG = Qt.ItemDataRole.UserRole + 3
_PAD = 10


class _TwoLines(QStyledItemDelegate):
    """A cell of a value and a smaller line below it, in the colours of the theme."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The ground where it is chosen, the value, the small line."""
        painter.save()
        chosen = bool(option.state & option.state.State_Selected)  # type: ignore[attr-defined]
        painter.fillRect(option.rect, color("wash" if chosen else "panel"))  # type: ignore[attr-defined]
        room = option.rect.adjusted(_PAD, 8, -_PAD, -8)  # type: ignore[attr-defined]
        painter.setFont(_face(index))
        painter.setPen(color(str(index.data(_TOKEN) or "text")))
        value = painter.boundingRect(room, _WRAP, str(index.data()))
        painter.drawText(room, _WRAP, str(index.data()))
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        below = room.adjusted(0, value.height() + 2, 0, 0)
        painter.drawText(below, _WRAP, str(index.data(_SMALL) or ""))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())  # type: ignore[attr-defined]
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room for both lines at the width of the column."""
        table = self.parent()
        width = table.columnWidth(index.column()) - 2 * _PAD  # type: ignore[union-attr]
        room = QRect(0, 0, max(40, width), 1000)
        height = 0
        for face, text in ((_face(index), index.data()), (font(12), index.data(_SMALL))):
            if text:
                height += _height(face, room, str(text)) + 2
        return QSize(width, height + 16)


_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _face(index: QModelIndex | QPersistentModelIndex) -> QFont:
    return font(13, 600 if index.data(_STRONG) else 400, tabular=True)


def _height(face: QFont, room: QRect, text: str) -> int:
    return QFontMetrics(face).boundingRect(room, _WRAP, text).height()


class _Head(QHeaderView):
    """Model names with the sign that stands for them in the radar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setFixedHeight(36)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Sign and name."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = rect.left() + _PAD
        if section > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(SERIES[(section - 1) % len(SERIES)]))
            paint_sign(painter, section - 1, QPointF(x + 5, rect.center().y() + 1), 9)
            x += 18
        painter.setPen(color("text" if section else "dim"))
        painter.setFont(font(13 if section else 12, 600))
        place = QRect(x, rect.top(), rect.right() - x - 4, rect.height())
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class CompareTable(QTableWidget):
    """A row for each measure, a column for each model; arrows walk, as high as its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Scores compared")
        self.setHorizontalHeader(_Head(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(_TwoLines(self))

    def set_table(self, table: Table) -> None:
        """Other models."""
        self.clear()
        self.setColumnCount(1 + len(table.titles))
        self.setRowCount(len(table.columns))
        self.setHorizontalHeaderLabels(["Measure", *table.titles])
        for row, column in enumerate(table.columns):
            self.setItem(row, 0, _measure(column))
            compared = [c[row] for c in table.cells if c[row].score and not c[row].refused]
            alike = len(compared) > 1 and all(cell.best for cell in compared)
            for place, cells in enumerate(table.cells):
                item = _cell(cells[row], table.titles[place], column, alike)
                self.setItem(row, 1 + place, item)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns of one width: heights of rows follow from it, so it must be set by then."""
        columns = self.columnCount()
        for column in range(columns):
            left, right = (self.width() * (column + end) // columns for end in (0, 1))
            self.setColumnWidth(column, right - left)
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(rows + self.horizontalHeader().height() + 4)


def _measure(column: Column) -> QTableWidgetItem:
    better = BETTER.get(column.better, "")
    item = QTableWidgetItem(column.title)
    item.setData(_SMALL, better)
    item.setToolTip(f"{named(column.metric).meaning}\nCompared: {column.way}")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{column.title}, {better}")
    return item


def _cell(cell: Cell, title: str, column: Column, alike: bool) -> QTableWidgetItem:
    """`alike`: no interval stands apart from the others, so none is called the best."""
    value = cell.value if cell.score is not None else "not measured"
    small = cell.refused or cell.interval
    if cell.best:
        value = f"{value}  {'alike' if alike else 'best'}"
    item = QTableWidgetItem(value)
    item.setData(_SMALL, small)
    item.setData(_TOKEN, "dim" if cell.refused or cell.score is None else "text")
    item.setData(_STRONG, cell.best and not alike)
    words = f"{title}, {column.title}: {value}{f', {small}' if small else ''}"
    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
    item.setToolTip(words)
    return item


class ComparePage(QWidget):
    """Which models, their numbers, their shapes."""

    def __init__(self, state: QualityState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._pills: dict[str, Pill] = {}
        self.picks = QWidget()
        self.picks.setAccessibleName("Models to compare")
        FlowLayout(self.picks, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.picks.setSizePolicy(policy)
        self.table, self.radar = CompareTable(), Radar()
        self.refused, self.reading = note(""), note("")
        self.radar.setFixedHeight(440)
        self.empty = EmptyState(
            "compare",
            "Nothing to compare yet",
            "Models that were evaluated stand here side by side: evaluate this one and another.",
        )
        self.empty.setMinimumHeight(420)
        self._lay_out()
        self.radar.read.connect(self.reading.setText)
        state.compared_changed.connect(self.refresh)
        state.changed.connect(lambda _id: self.refresh() if self.isVisible() else None)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 0, 20, 20)
        column.setSpacing(16)
        column.addWidget(self.picks)
        self.table_box, inner = box()
        inner.setContentsMargins(8, 6, 8, 12)
        inner.addWidget(self.table)
        self.refused.setContentsMargins(_PAD, 0, _PAD, 0)
        inner.addWidget(self.refused)
        column.addWidget(self.table_box)
        self.radar_box, inner = box()
        self.shape = label("")
        inner.addWidget(self.shape)
        inner.addWidget(self.radar)
        inner.addWidget(self.reading)
        column.addWidget(self.radar_box)
        column.addWidget(self.empty)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))

    def refresh(self) -> None:
        """Show the models in the comparison."""
        models = self._state.comparable()
        self._show_picks(models)
        some = len(models) > 0
        for widget in (self.picks, self.table_box, self.radar_box):
            widget.setVisible(some)
        self.empty.setVisible(not some)
        if not some:
            return
        table = self._state.table()
        things = subjects.of(models[0].modality).things
        self.shape.setText(f"Shape: outward is better, the rim is as good as real {things}")
        self.table.set_table(table)
        left_out = len(table.refused)
        self.refused.setVisible(left_out > 0)
        self.refused.setText(
            "Numbers that were measured differently are not compared: evaluate the models again "
            "with the same data, samples and judge."
        )
        self._show_radar(table)

    def text(self) -> str:
        """The table as lines with tabs between their cells, as spreadsheets take them."""
        if not self._state.comparable():
            return ""
        table = self._state.table()
        lines = ["\t".join(["Measure", *table.titles])]
        for place, column in enumerate(table.columns):
            cells = [_plain(row[place]) for row in table.cells]
            lines.append("\t".join([column.title, *cells]))
        return "\n".join(lines)

    def _show_radar(self, table: Table) -> None:
        shapes = [table.polygon(number) for number in range(len(table.titles))]
        needed = min(2, len(shapes))
        # An axis that only one model has compares nothing.
        axes = [
            place
            for place in range(len(table.axes))
            if sum(shape[place] is not None for shape in shapes) >= needed
        ]
        self.radar_box.setVisible(len(axes) >= LEAST_AXES)
        places = {column.metric: place for place, column in enumerate(table.columns)}
        series = [
            Series(
                title,
                tuple(shapes[number][axis] for axis in axes),
                tuple(_words(table.cells[number][places[table.axes[axis]]]) for axis in axes),
            )
            for number, title in enumerate(table.titles)
        ]
        self.radar.set_data([named(table.axes[axis]).title for axis in axes], series)
        self.reading.setText("Left and right read the values of an axis; so does a click.")

    def _show_picks(self, models: list[Model]) -> None:
        on = {model.id for model in self._state.compared()}
        names = [(model.id, model.title) for model in models]
        if [(key, pill.text()) for key, pill in self._pills.items()] != names:
            self._make_picks(names)
        for key, pill in self._pills.items():
            pill.setChecked(key in on)
            pill.setEnabled(key in on or len(on) < MOST_COMPARED)

    def _make_picks(self, names: list[tuple[str, str]]) -> None:
        flow = self.picks.layout()
        for pill in self._pills.values():
            flow.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills = {}
        for key, text in names:
            pill = Pill(text)
            pill.setAccessibleDescription("in the comparison when pressed")
            pill.clicked.connect(lambda on, key=key: self._state.pick(key, on))
            flow.addWidget(pill)
            self._pills[key] = pill

    def changeEvent(self, event: QEvent) -> None:
        """Cells and plot are drawn anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "table"):
            self.table.viewport().update()
            self.radar.update()


def _plain(cell: Cell) -> str:
    if cell.score is None:
        return "not measured"
    more = cell.refused or cell.interval
    return f"{cell.value} ({more})" if more else cell.value


def _words(cell: Cell) -> str:
    if cell.score is None:
        return "not measured"
    return "not compared" if cell.refused else cell.value
