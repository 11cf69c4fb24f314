"""The things of a dataset as a grid of pictures or a list of excerpts, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from genstudio.ui.state.browse_state import BrowseState, Row
from genstudio.ui.state.data_words import length_words, many
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.image_view import ImageView
from genstudio.ui.widgets.images import from_png
from genstudio.ui.widgets.item_list import ItemList, Line
from genstudio.ui.widgets.result_grid import Cell, ResultGrid

SIDE = 124
LARGE = 1024
_SPLITS = {"valid": "held out", "test": "test"}


class ItemsView(QStackedWidget):
    """Binds grid, list, large picture and empty state to the BrowseState."""

    chosen_changed = Signal()
    exclude_wanted = Signal(list)
    menu_wanted = Signal(QPoint)
    clear_wanted = Signal()

    def __init__(self, state: BrowseState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.grid, self.list = ResultGrid(name="Pictures"), ItemList(name="Items")
        self.large = ImageView(name="Picture")
        self.empty = EmptyState("search", "Nothing found", "", "Show all")
        self.grid.set_side(SIDE)
        for page in (self.grid, self.list, self.large, self.empty):
            self.addWidget(page)
        self._connect()
        self._open = -1

    def _connect(self) -> None:
        state = self._state
        state.opened.connect(self._reset)
        state.page_asked.connect(self._lay_out)
        state.page_ready.connect(self._fill)
        state.preview_ready.connect(self._put)
        state.rows_changed.connect(self._rows_changed)
        for view in (self.grid, self.list):
            view.reached_end.connect(state.more)
            view.selection_changed.connect(self.chosen_changed)
            view.delete_wanted.connect(self.exclude_wanted)
            view.menu_wanted.connect(lambda _row, where: self.menu_wanted.emit(where))
        self.grid.opened.connect(self.open_place)
        self.grid.compare_wanted.connect(lambda rows: self.open_place(rows[0] if rows else -1))
        self.large.closed.connect(self.close_large)
        self.large.stepped.connect(lambda by: self.open_place(self._open + by))
        self.empty.clicked.connect(self.clear_wanted)

    # ---- contents

    @property
    def view(self) -> ResultGrid | ItemList:
        """The grid or the list, whichever suits the kind."""
        return self.grid if self._state.kind == "image" else self.list

    def chosen(self) -> list[int]:
        """Selected places that are loaded."""
        if self.currentWidget() is self.large:
            return [self._open]
        return [place for place in self.view.selected() if place < len(self._state.rows)]

    def rows(self) -> list[Row]:
        """What is selected."""
        return [self._state.rows[place] for place in self.chosen()]

    def image(self, place: int) -> QImage | None:
        """The small picture of a place, if it is there."""
        inside = self._state.kind == "image" and 0 <= place < self.grid.count()
        return self.grid.cell(place).image if inside else None

    def samples(self, count: int) -> list[int]:
        """Places to show as samples: the selected, then others that are used."""
        chosen, rows = self.chosen(), self._state.rows
        others = [i for i, row in enumerate(rows) if not row.excluded and i not in chosen]
        return [*chosen, *others[:count]][:count]

    def _reset(self, _name: str) -> None:
        self._open = -1
        kind = self._state.kind
        self.grid.setAccessibleName(many(kind).capitalize())
        self.list.setAccessibleName(many(kind).capitalize())
        self.setCurrentWidget(self.view)

    def _lay_out(self, first: int, count: int) -> None:
        if self._state.kind != "image":
            if first == 0:
                self.list.set_lines([])
            return
        cells = [Cell(key=str(place)) for place in range(first, first + count)]
        if first == 0:
            self.grid.set_cells(cells)
        else:
            self.grid.append(cells)

    def _fill(self, first: int) -> None:
        rows = self._state.rows
        if self._state.kind == "image":
            for place in range(first, len(rows)):
                if place < self.grid.count():
                    self.grid.put(place, **cell_words(rows[place]))
                else:
                    self.grid.append([Cell(key=str(place), **cell_words(rows[place]))])
            self.grid.cut(len(rows))
        else:
            self.list.cut(first)
            self.list.append([line_of(row, self._state.kind) for row in rows[first:]])
        self._show_page()

    def _show_page(self) -> None:
        if self.currentWidget() is self.large:
            return
        empty = not self._state.rows and not self._state.loading
        if empty:
            text = "Nothing here fits this search." if self._state.filtered else "It is empty."
            self.empty.set_text("Nothing found", text, "Show all" if self._state.filtered else "")
        self.setCurrentWidget(self.empty if empty else self.view)

    def _put(self, place: int, png: bytes) -> None:
        self.grid.put(place, from_png(png))

    def _rows_changed(self, places: list[int]) -> None:
        for place in places:
            row = self._state.rows[place]
            if self._state.kind == "image":
                self.grid.put(place, **cell_words(row))
            else:
                line = line_of(row, self._state.kind)
                self.list.put(place, name=line.name, facts=line.facts, faded=line.faded)
        if not set(places).isdisjoint(self.chosen()):
            self.chosen_changed.emit()

    # ---- a closer look

    def open_place(self, place: int) -> None:
        """One picture as large as there is room."""
        if not 0 <= place < len(self._state.rows) or self._state.kind != "image":
            return
        self._open = place
        row = self._state.rows[place]
        self.large.set_image(self.image(place), row.name)
        self.setCurrentWidget(self.large)
        self.large.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.select([place])
        if max(row.width, row.height) > SIDE:
            self._state.large(place, LARGE, lambda png: self._sharpen(place, png))
        if place + 2 > len(self._state.rows):
            self._state.more()
        self.chosen_changed.emit()

    def close_large(self) -> bool:
        """Back to the grid; False when one is there already."""
        if self.currentWidget() is not self.large:
            return False
        self.setCurrentWidget(self.view)
        self._open = -1
        self.view.setFocus()
        self.chosen_changed.emit()
        return True

    def _sharpen(self, place: int, png: bytes) -> None:
        if self._open == place:
            self.large.set_image(from_png(png), self._state.rows[place].name)


def cell_words(row: Row) -> dict[str, Any]:
    """What a place of the grid says of its row."""
    badge = "excluded" if row.excluded else row.label
    split = _SPLITS.get(row.split, "")
    told: Sequence[str] = (row.name, row.label, row.caption, split)
    return {
        "label": row.caption or row.name,
        "name": ", ".join(part for part in told if part),
        "badge": badge,
        "faded": row.excluded,
        "tip": "\n".join(part for part in told if part),
    }


def line_of(row: Row, kind: str) -> Line:
    """A row of a dataset that is no pictures."""
    split = _SPLITS.get(row.split, "")
    out = "excluded" if row.excluded else ""
    facts = [part for part in (row.label, length_words(kind, row.length), split, out) if part]
    return Line(row.name, " · ".join(facts), row.excerpt or row.caption, row.excluded)
