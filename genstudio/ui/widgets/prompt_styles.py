"""Styles above a prompt: those in use as chips, a menu of all, a line that asks for a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import text_width
from genstudio.ui.widgets.buttons import Button, Pill, Switch
from genstudio.ui.widgets.flow import FlowLayout

CHIP_WIDTH = 220


@dataclass(frozen=True)
class StyleWords:
    """A style as it is shown: its name and what it adds."""

    name: str
    help: str = ""


def chip(text: str, icon: str, name: str, tip: str) -> Pill:
    """A small button whose words are shortened at need; `name` is for a screen reader."""
    short = text
    while text_width(short, 13) > CHIP_WIDTH and len(short) > 2:
        short = short[:-2].rstrip() + "…"
    pill = Pill(short, checkable=False, icon=icon)
    pill.setAccessibleName(name)
    pill.setToolTip(tip)
    return pill


class ChipRow(QWidget):
    """Chips that wrap; not there while there are none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._flow = FlowLayout(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.chips: list[Pill] = []
        self.hide()

    def set_chips(self, chips: Sequence[Pill]) -> None:
        """Other chips."""
        for old in self.chips:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = list(chips)
        for pill in self.chips:
            self._flow.addWidget(pill)
        self.setVisible(bool(self.chips))


class NameLine(QWidget):
    """Asks for the name of a style: `done(name, with settings)`; Esc or Cancel leaves."""

    done = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.name, self.settings = QLineEdit(), Switch("With all settings")
        self.name.setAccessibleName("Name of the style")
        self.name.setMaxLength(60)
        self.settings.setToolTip("Guidance, steps and so on are set when the style is taken")
        self.ok, self.leave = Button("Keep"), Button("Cancel", kind="quiet")
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.name, 1)
        first.addWidget(self.ok)
        second.addWidget(self.settings, 1)
        second.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        self.name.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.name.returnPressed.connect(self._finish)
        self.name.installEventFilter(self)
        self.ok.clicked.connect(self._finish)
        self.leave.clicked.connect(self.hide)
        self.hide()

    def ask(self, verb: str, name: str, with_settings: bool) -> None:
        """Come into sight with the focus on the name."""
        self.ok.set_text(verb)
        self.name.setText(name)
        self.ok.setEnabled(bool(name.strip()))
        self.settings.setChecked(False)
        self.settings.setVisible(with_settings)
        self.show()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, and means nothing else then."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if escape and event.type() == QEvent.Type.KeyPress:
            self.hide()
            return True
        return super().eventFilter(watched, event)

    def _finish(self) -> None:
        if self.name.text().strip():
            self.hide()
            self.done.emit(self.name.text().strip(), self.settings.isChecked())


class StyleBar(QWidget):
    """The chips and the line for names; `open_menu` shows all that can be done with styles."""

    used = Signal(str, bool)
    kept = Signal(str, bool)
    renamed = Signal(str, str)
    deleted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._styles: list[StyleWords] = []
        self._active: list[str] = []
        self._renaming = ""
        self.row, self.line = ChipRow("Styles in use"), NameLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.row)
        column.addWidget(self.line)
        self.line.done.connect(self._named)

    def set_styles(self, styles: Sequence[StyleWords], active: Sequence[str]) -> None:
        """All styles, and the names of those in use."""
        self._styles, self._active = list(styles), list(active)
        helps = {style.name: style.help for style in styles}
        self.row.set_chips([self._chip(name, helps.get(name, "")) for name in active])

    def _chip(self, name: str, help_text: str) -> Pill:
        tip = f"{help_text}\nPress to take it off".strip()
        pill = chip(name, "close", f"Style {name}: take off", tip)
        pill.clicked.connect(lambda: self.used.emit(name, False))
        return pill

    def menu(self, parent: QWidget) -> QMenu:
        """All styles to switch on and off, and what else can be done."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        for style in self._styles:
            action = menu.addAction(style.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(style.name in self._active)
            action.setToolTip(style.help)
            action.triggered.connect(lambda on, n=style.name: self.used.emit(n, on))
        if self._styles:
            menu.addSeparator()
        menu.addAction("Keep this prompt as a style…").triggered.connect(self._ask_new)
        for words, act in (("Rename", self._ask_name), ("Delete", self.deleted.emit)):
            if not self._styles:
                continue
            under = menu.addMenu(words)
            for style in self._styles:
                action = under.addAction(style.name.replace("&", "&&"))
                action.triggered.connect(lambda _on=False, a=act, n=style.name: a(n))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _ask_new(self) -> None:
        self._renaming = ""
        self.line.ask("Keep", self._active[0] if len(self._active) == 1 else "", True)

    def _ask_name(self, name: str) -> None:
        self._renaming = name
        self.line.ask("Rename", name, False)

    def _named(self, name: str, with_settings: bool) -> None:
        if self._renaming:
            self.renamed.emit(self._renaming, name)
        else:
            self.kept.emit(name, with_settings)
