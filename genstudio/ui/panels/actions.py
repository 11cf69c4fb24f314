"""What can be done with selected results: a row of buttons that folds into "More"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from genstudio.ui import icons, shortcuts
from genstudio.ui.widgets.buttons import Button

GAP = 8


@dataclass(frozen=True)
class Act:
    """One action. `key` names a shortcut; those not `shown` live in "More" only."""

    name: str
    text: str
    icon: str = ""
    key: str = ""
    shown: bool = True
    kind: str = "plain"


class ActionBar(QWidget):
    """Buttons in the order of `acts`; what does not fit moves into the menu "More"."""

    def __init__(
        self,
        acts: Sequence[Act],
        run: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._acts = tuple(acts)
        self._run = run
        self._able: dict[str, bool] = {act.name: True for act in acts}
        self._hidden: set[str] = set()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addStretch(1)
        self._buttons = {act.name: self._button(act) for act in self._acts if act.shown}
        self._more = Button("More")
        self._more.setAccessibleName("More actions")
        self._more.clicked.connect(self._open_more)
        self._row.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def button(self, name: str) -> Button:
        """The button of an action; raises KeyError."""
        return self._buttons[name]

    def place_of(self, name: str, otherwise: QWidget) -> QPoint:
        """Where on the screen a menu of action `name` belongs: below its button, or over the
        middle of `otherwise` while the button is folded away."""
        button = self._buttons.get(name)
        if button is not None and button.isVisible():
            return button.mapToGlobal(button.rect().bottomLeft() + QPoint(0, 4))
        return otherwise.mapToGlobal(otherwise.rect().center())

    def set_able(self, **able: bool) -> None:
        """Switch actions on or off by name."""
        for name, on in able.items():
            self._able[name] = on
            if name in self._buttons:
                self._buttons[name].setEnabled(on)

    def able(self, name: str) -> bool:
        """Whether an action can be used now."""
        return self._able.get(name, False) and name not in self._hidden

    def set_text(self, name: str, text: str) -> None:
        """Other words on a button ("Star" becomes "Unstar")."""
        if name in self._buttons and self._buttons[name].text() != text:
            self._buttons[name].set_text(text)
            self._fold()

    def set_hidden(self, names: set[str]) -> None:
        """Take actions away altogether (the place has no such thing)."""
        if names != self._hidden:
            self._hidden = set(names)
            self._fold()

    def menu(self) -> QMenu:
        """All actions as a menu, for the right mouse button."""
        return self._menu([act for act in self._acts if act.name not in self._hidden])

    def open_menu(self, where: QPoint) -> None:
        """Show all actions at a place of the screen."""
        self.menu().popup(where)

    def sizeHint(self) -> QSize:
        """Room for all buttons."""
        shown = [b for n, b in self._buttons.items() if n not in self._hidden]
        widths = [button.sizeHint().width() for button in [*shown, self._more]]
        return QSize(sum(widths) + GAP * len(widths), self._more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for "More" alone."""
        return self._more.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fold()

    def _button(self, act: Act) -> Button:
        # Words alone: with signs beside them half of the buttons would not fit.
        button = Button(act.text, kind=act.kind)
        button.setToolTip(_tip(act))
        button.clicked.connect(lambda: self._run(act.name))
        self._row.addWidget(button)
        return button

    def _fold(self) -> None:
        width = -1
        while width != self.width():
            # Showing a button may lay everything out at once, and give more or less room.
            width = self.width()
            self._fold_into(width)
        self._more.setVisible(bool(self._left_over()))
        self.updateGeometry()

    def _fold_into(self, width: int) -> None:
        room = width - self._more.sizeHint().width()
        for act in self._acts:
            button = self._buttons.get(act.name)
            if button is None:
                continue
            room -= button.sizeHint().width() + GAP
            button.setVisible(room >= 0 and act.name not in self._hidden)
            if act.name in self._hidden:
                room += button.sizeHint().width() + GAP

    def _left_over(self) -> list[Act]:
        def folded(act: Act) -> bool:
            button = self._buttons.get(act.name)
            return act.name not in self._hidden and (button is None or button.isHidden())

        return [act for act in self._acts if folded(act)]

    def _open_more(self) -> None:
        menu = self._menu(self._left_over())
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft() + QPoint(0, 4)))

    def _menu(self, acts: Sequence[Act]) -> QMenu:
        menu = QMenu(self)
        for act in acts:
            if act.kind == "danger":
                menu.addSeparator()
            entry = QAction(act.text, menu)
            if act.icon:
                entry.setIcon(icons.icon(act.icon))
            if act.key:
                # Shown only: the panel binds the key itself.
                entry.setText(f"{act.text}\t{shortcuts.keys_text(act.key)}")
            entry.setEnabled(self._able.get(act.name, False))
            entry.triggered.connect(lambda _on=False, name=act.name: self._run(name))
            menu.addAction(entry)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu


def _tip(act: Act) -> str:
    keys = shortcuts.keys_text(act.key) if act.key else ""
    return f"{act.text}  ({keys})" if keys else act.text
