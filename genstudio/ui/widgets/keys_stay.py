"""Buttons that leave the keyboard where the work is when they are pressed with the mouse."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


def keys_stay_with(work: QWidget, buttons: Iterable[QAbstractButton]) -> None:
    """A press with the mouse on one of `buttons` leaves the keys to `work`.

    Who came to a button by Tab stays there: the press was a key then, and the next one is too.
    """
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        _Keys(work, button)


class _Keys(QObject):
    """Gives the keys back after each press of a button that did not have them."""

    def __init__(self, work: QWidget, button: QAbstractButton) -> None:
        super().__init__(button)
        self._work, self._button, self._by_key = work, button, False
        button.pressed.connect(self._note)
        button.clicked.connect(self._give_back)

    def _note(self) -> None:
        self._by_key = self._button.hasFocus()  # what the press does may move the focus

    def _give_back(self) -> None:
        if not self._by_key and self._work.isVisible():
            self._work.setFocus(Qt.FocusReason.OtherFocusReason)
