"""One axis of a sweep: which setting changes, and the values it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Button, OptionWords, Select
from genstudio.ui.widgets.panel_frame import label, note


@dataclass(frozen=True)
class AxisWords:
    """What an axis holds: name of the setting ("" = none), typed values, words to find."""

    name: str = ""
    values: str = ""
    find: str = ""


class _Staying(QMenu):
    """A menu in which several entries can be checked before it goes."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on what can be checked does not close."""
        entry = self.activeAction()
        if entry is not None and entry.isCheckable():
            entry.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nor does the space bar."""
        entry = self.activeAction()
        if entry is not None and entry.isCheckable() and event.key() == Qt.Key.Key_Space:
            entry.trigger()
        else:
            super().keyPressEvent(event)


class AxisEdit(QWidget):
    """A select, a field for the values, for texts one more for what they replace.

    Values of settings with a list can be picked from a menu too; they stand in the same field.
    """

    changed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._options: tuple[tuple[str, str], ...] = ()
        self.setting = Select()
        self.find, self.values = QLineEdit(), QLineEdit()
        self.pick = Button("Pick…", kind="plain")
        self.told = note("")
        self.setting.setAccessibleName(f"{title}: setting")
        self.find.setAccessibleName(f"{title}: words to replace")
        self.values.setAccessibleName(f"{title}: values")
        self.pick.setAccessibleName(f"{title}: pick values")
        self.find.setPlaceholderText("Words to replace (empty: all)")
        self._lay_out()
        self.setting.chosen.connect(lambda _value: self.changed.emit())
        self.find.textEdited.connect(lambda _text: self.changed.emit())
        self.values.textEdited.connect(lambda _text: self.changed.emit())
        self.pick.clicked.connect(self._open_menu)

    def _lay_out(self) -> None:
        head = label(self._title)
        head.setBuddy(self.setting)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setColumnMinimumWidth(0, 56)
        grid.setColumnStretch(1, 1)
        grid.addWidget(head, 0, 0)
        grid.addWidget(self.setting, 0, 1)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.values, 1)
        line.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(grid)
        column.addWidget(self.find)
        column.addLayout(line)
        column.addWidget(self.told)

    def set_settings(self, options: Sequence[OptionWords]) -> None:
        """What can be chosen as (name, words)."""
        self.setting.set_options(options)

    def words(self) -> AxisWords:
        """What stands there."""
        return AxisWords(self.setting.value(), self.values.text(), self.find.text())

    def show_words(self, axis: AxisWords) -> None:
        """Show without saying so; what is being typed is left alone."""
        self.setting.set_value(axis.name)
        for field, text in ((self.values, axis.values), (self.find, axis.find)):
            if field.text() != text:
                field.setText(text)

    def show_kind(
        self, hint: str, options: Sequence[tuple[str, str]] = (), text: bool = False
    ) -> None:
        """How values of the chosen setting are written; `options` can be picked; `text` is found
        and replaced."""
        self._options = tuple(options)
        chosen = bool(self.setting.value())
        self.values.setPlaceholderText(hint)
        self.values.setVisible(chosen)
        self.pick.setVisible(chosen and bool(options))
        self.find.setVisible(chosen and text)

    def say(self, text: str, fault: bool = False) -> None:
        """What the values mean, or why they cannot be used."""
        self.told.setText(text)
        self.told.setVisible(bool(text))
        role = "amber" if fault else "dim"
        if self.told.property("role") != role:
            self.told.setProperty("role", role)
            self.told.style().unpolish(self.told)
            self.told.style().polish(self.told)
        self.values.setAccessibleDescription(text)

    def menu(self) -> QMenu:
        """The options, those that stand in the field checked; more than one can be picked."""
        menu = _Staying(self)
        picked = [word.strip().lower() for word in self.values.text().split(",")]
        everything = {"all", "*"} & set(picked)
        for value, words in self._options:
            entry = QAction(words, menu)
            entry.setCheckable(True)
            known = {value.lower(), words.lower()}
            entry.setChecked(bool(everything) or bool(known & set(picked)))
            entry.setData(value)
            menu.addAction(entry)
            entry.toggled.connect(lambda _on, menu=menu: self._take(menu))
        menu.addSeparator()
        menu.addAction("All of them").triggered.connect(lambda: self._put("all"))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.pick.mapToGlobal(self.pick.rect().bottomLeft() + QPoint(0, 4)))

    def _take(self, menu: QMenu) -> None:
        chosen = [str(e.data()) for e in menu.actions() if e.isCheckable() and e.isChecked()]
        self._put(", ".join(f'"{word}"' if "," in word else word for word in chosen))

    def _put(self, text: str) -> None:
        self.values.setText(text)
        self.changed.emit()
