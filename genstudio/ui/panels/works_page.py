"""The page beside a work of one's own: its title, a new one, all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.state.words import ago
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.item_list import ItemList, Line
from genstudio.ui.widgets.panel_frame import label


class WorksPage(QWidget):
    """The name of what is open, a new one, and all others. `noun` is what they are called;
    `facts(head)` stands at the right of a line."""

    def __init__(self, state: Any, noun: str, facts: Callable[[Any], str]) -> None:
        super().__init__()
        self._state, self._facts, self._ids = state, facts, [""]
        self.name, self.list = QLineEdit(), ItemList()
        self.name.setAccessibleName(f"Title of this {noun}")
        self.name.setPlaceholderText("Title")
        self.name.setMaxLength(200)
        self.list.setAccessibleName(f"{noun.capitalize()}s")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setViewportMargins(0, 0, 4, 0)
        self.new, self.remove = Button(f"New {noun}", "plus"), Button("", "trash", "quiet")
        self.remove.setAccessibleName(f"Move this {noun} to the trash")
        self.remove.setToolTip(f"Move this {noun} to the trash")
        row = QHBoxLayout()
        row.addWidget(self.new, 1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Title"))
        column.addWidget(self.name)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.name.editingFinished.connect(self._rename)
        self.new.clicked.connect(lambda: state.new())
        self.remove.clicked.connect(lambda: state.remove(state.current.id))
        self.list.selection_changed.connect(self._choose)
        self.list.delete_wanted.connect(lambda rows: state.remove(self._ids[rows[0]]))
        state.listed.connect(self.show_all)
        state.renamed.connect(self.show_all)

    def show_all(self) -> None:
        """The list; nothing is read from the disk while it is not in sight."""
        if not self.isVisible():
            return
        current, heads = self._state.current, self._state.heads
        if not self.name.hasFocus():
            self.name.setText(current.title if current.named else "")
            self.name.setPlaceholderText(current.title)
        self._ids = [head.id for head in heads]
        lines = [Line(h.title, ago(h.changed), self._facts(h)) for h in heads]
        self.list.blockSignals(True)
        self.list.set_lines(lines)
        if current.id in self._ids:
            self.list.select([self._ids.index(current.id)])
        self.list.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: what changed meanwhile is shown."""
        super().showEvent(event)
        self.show_all()

    def _choose(self) -> None:
        rows = self.list.selected()
        if rows and self._ids[rows[0]] != self._state.current.id:
            self._state.open(self._ids[rows[0]])

    def _rename(self) -> None:
        current = self._state.current
        if self.name.text().strip() != (current.title if current.named else ""):
            self._state.rename(self.name.text())
