"""All keys on one page; press one to give it another key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui.shortcuts import TABLE, Key, shortcuts, spoken
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import label, note, scrolled, title

_MODIFIERS = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
}


class KeyButton(Button):
    """Shows the keys of a command. Pressed, it takes the next key; Esc leaves it as it is."""

    _listening = False  # Qt sends events before __init__ is through

    def __init__(self, key: Key) -> None:
        super().__init__("")
        self.command = key
        self.setMinimumWidth(150)
        self.clicked.connect(self.listen)
        self.refresh()

    def refresh(self) -> None:
        """Show the keys in force."""
        keys = "   ".join(spoken(key) for key in shortcuts().keys(self.command.name))
        self.setText(keys or "none")
        self.setAccessibleName(f"{self.command.label}: {keys or 'no key'}. Press to change it")

    def listen(self) -> None:
        """Wait for a key."""
        self._listening = True
        self.setText("Press a key…")

    def event(self, event: QEvent) -> bool:
        """While waiting, every key is ours."""
        if self._listening and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._listening and event.type() == QEvent.Type.KeyPress:
            self._take(event)  # type: ignore[arg-type]
            return True
        if self._listening and event.type() == QEvent.Type.FocusOut:
            self._end()
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _MODIFIERS:
            return
        if event.key() == Qt.Key.Key_Escape:
            self._end()
            return
        self._end()
        sheet = self.window()
        if isinstance(sheet, KeySheet):
            sheet.assign(self.command.name, QKeySequence(event.keyCombination()).toString())

    def _end(self) -> None:
        self._listening = False
        self.refresh()


class KeySheet(QDialog):
    """Non-modal; the search box filters; Reset gives back the keys as delivered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.resize(560, 640)
        self._rows: list[tuple[QLabel, KeyButton, str]] = []
        self._heads: dict[str, QLabel] = {}
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search")
        self._search.setAccessibleName("Search keys")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._hint = note("Press a key's button, then the new key. Esc leaves it as it is.")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 16, 0, 16)
        outer.setSpacing(10)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 20, 0)
        for widget in (title("Keys"), self._hint, self._search):
            top.addWidget(widget)
        outer.addLayout(top)
        outer.addWidget(scrolled(self._page()), 1)
        outer.addLayout(self._buttons())
        shortcuts().changed.connect(self._refresh)

    def _page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(20, 0, 20, 0)
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(4)
        row = 0
        for key in TABLE:
            if key.group not in self._heads:
                head = label(key.group)
                head.setContentsMargins(0, 12, 0, 2)
                self._heads[key.group] = head
                grid.addWidget(head, row, 0, 1, 2)
                row += 1
            name, button = QLabel(key.label), KeyButton(key)
            grid.addWidget(name, row, 0)
            grid.addWidget(button, row, 1)
            self._rows.append((name, button, key.group))
            row += 1
        grid.setRowStretch(row, 1)
        return page

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        reset = Button("Reset all keys")
        reset.clicked.connect(lambda: shortcuts().reset())
        close = Button("Close")
        close.clicked.connect(self.close)
        row.addWidget(reset)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def assign(self, name: str, key: str) -> None:
        """Give command `name` the key `key` unless another command has it."""
        taken = shortcuts().clash(name, key)
        if taken:
            other = next(k.label for k in TABLE if k.name == taken)
            self._hint.setText(f"{spoken(key)} is taken by “{other}”; nothing was changed.")
            return
        shortcuts().remap(name, (key,))
        self._hint.setText(f"{spoken(key)} is set.")

    def _refresh(self) -> None:
        for _name, button, _group in self._rows:
            button.refresh()

    def _filter(self, text: str) -> None:
        seen = set()
        for name, button, group in self._rows:
            fits = text.lower() in f"{name.text()} {button.text()}".lower()
            name.setVisible(fits)
            button.setVisible(fits)
            if fits:
                seen.add(group)
        for group, head in self._heads.items():
            head.setVisible(group in seen)
