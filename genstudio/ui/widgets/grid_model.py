"""The places of a result grid and what lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QUrl,
)
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex


@dataclass
class Cell:
    """One place. `label` is shown on it (the seed), `name` is read aloud, `path` dragged out.

    `passing` marks a preview that will be replaced; `badge` is a short word in its corner
    ("48 frames"); `faded` ones are drawn pale; `data` is the owner's business.
    """

    key: str = ""
    label: str = ""
    name: str = ""
    path: str = ""
    image: QImage | None = None
    passing: bool = False
    starred: bool = False
    badge: str = ""
    faded: bool = False
    tip: str = ""
    data: Any = None
    version: int = 0


_FIELDS = {field.name for field in fields(Cell)} - {"version"}


class GridItemModel(QAbstractListModel):
    """Cells by place; every change raises the cell's `version`, which keys the drawn pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self._places: dict[str, int] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        """How many places there are."""
        return 0 if parent is not None and parent.isValid() else len(self.cells)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell (UserRole), its tool tip and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self.cells):
            return None
        cell = self.cells[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(cell, index.row())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All can be selected; those with a file can be dragged out."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.cells[index.row()].path:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files of these places, as any other program takes them."""
        mime = QMimeData()
        rows = sorted({index.row() for index in indexes})
        paths = [self.cells[row].path for row in rows if self.cells[row].path]
        mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
        return mime

    def mimeTypes(self) -> list[str]:
        """Files only."""
        return ["text/uri-list"]

    def place(self, key: str) -> int:
        """The place of `key`, or -1."""
        return self._places.get(key, -1)

    def reset(self, cells: Iterable[Cell]) -> None:
        """All places anew."""
        self.beginResetModel()
        self.cells = list(cells)
        self._index()
        self.endResetModel()

    def add(self, cells: Sequence[Cell]) -> None:
        """More places at the end."""
        if not cells:
            return
        first = len(self.cells)
        self.beginInsertRows(QModelIndex(), first, first + len(cells) - 1)
        self.cells.extend(cells)
        self._index()
        self.endInsertRows()

    def drop(self, keys: Iterable[str]) -> None:
        """Remove places by key."""
        gone = set(keys)
        for row in range(len(self.cells) - 1, -1, -1):
            if self.cells[row].key in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.cells[row]
                self.endRemoveRows()
        self._index()

    def cut(self, count: int) -> None:
        """Keep the first `count` places."""
        if count < len(self.cells):
            self.beginRemoveRows(QModelIndex(), count, len(self.cells) - 1)
            del self.cells[count:]
            self._index()
            self.endRemoveRows()

    def change(self, row: int, changes: dict[str, Any]) -> None:
        """Other values for some fields of a place; unknown fields raise TypeError."""
        unknown = set(changes) - _FIELDS
        if unknown:
            raise TypeError(f"a cell has no {', '.join(sorted(unknown))}")
        cell = self.cells[row]
        if "key" in changes:
            self._places.pop(cell.key, None)
            self._places[changes["key"]] = row
        for name, value in changes.items():
            setattr(cell, name, value)
        if "image" in changes:
            cell.version += 1
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def _index(self) -> None:
        self._places = {cell.key: row for row, cell in enumerate(self.cells) if cell.key}


def spoken(cell: Cell, row: int) -> str:
    """What a screen reader says of a place."""
    words = [cell.name or f"Result {row + 1}"]
    if cell.label and cell.label not in words[0]:
        words.append(cell.label)
    if cell.badge:
        words.append(cell.badge)
    if cell.starred:
        words.append("starred")
    if cell.image is None:
        words.append("still empty")
    elif cell.passing:
        words.append("preview")
    return ", ".join(words)
