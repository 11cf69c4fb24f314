"""The seed: a number that is drawn anew each time, or locked."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from genstudio.core.controls import MAX_SEED
from genstudio.ui.theme import font

TOGGLE_WIDTH = 68


class SeedEdit(QWidget):
    """The number box and one toggle: "Random" shows the seed last drawn, "Locked" keeps it.

    Typing a number locks it; emptying the box goes back to random.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None, name: str = "Seed") -> None:
        super().__init__(parent)
        self._edit = QLineEdit(self)
        self._edit.setFont(font(13, tabular=True))
        self._edit.setTextMargins(-2, 0, -4, 0)
        self._edit.setPlaceholderText("any")
        self._edit.setAccessibleName(name)
        self._edit.setAccessibleDescription("A whole number; empty draws one")
        self._edit.setMaxLength(10)
        self._edit.setValidator(QRegularExpressionValidator(r"[0-9]{0,10}", self._edit))
        self._name = name
        self._lock = QPushButton(self)
        self._lock.setProperty("kind", "quiet")
        self._lock.setCheckable(True)
        self._lock.setFixedWidth(TOGGLE_WIDTH)
        self._lock.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._edit, 1)
        row.addWidget(self._lock)
        self.setFocusProxy(self._edit)
        self._edit.textEdited.connect(self._typed)
        self._edit.editingFinished.connect(self._tidy)
        self._lock.clicked.connect(self._choose)
        self._show(locked=False)

    def seed(self) -> int | None:
        """The locked seed, or None: draw one."""
        return self._number() if self.locked() else None

    def locked(self) -> bool:
        """Whether the same seed is used each time."""
        return self._lock.isChecked() and self._number() is not None

    def shown(self) -> int | None:
        """The number in the box, locked or drawn."""
        return self._number()

    def set_seed(self, seed: int | None, lock: bool | None = None) -> None:
        """Show `seed`; it is locked unless it is None or `lock` says otherwise."""
        self._edit.setText("" if seed is None else str(seed))
        self._show(locked=seed is not None if lock is None else lock and seed is not None)

    def show_drawn(self, seed: int) -> None:
        """Show the seed that was drawn; a locked seed stays."""
        if not self.locked():
            self._edit.setText(str(seed))

    def _number(self) -> int | None:
        text = self._edit.text()
        return min(int(text), MAX_SEED) if text else None

    def _show(self, locked: bool) -> None:
        self._lock.setChecked(locked)
        self._lock.setText("Locked" if locked else "Random")
        now = "the same each time" if locked else "a new one each time"
        then = "draw a new one each time" if locked else "keep this one"
        self._lock.setAccessibleName(f"{self._name}: {now}")
        self._lock.setToolTip(f"Now {now}; press to {then}")

    def _typed(self, text: str) -> None:
        self._show(locked=bool(text))
        self.changed.emit(self.seed())

    def _tidy(self) -> None:
        number = self._number()
        if number is not None and self._edit.text() != str(number):
            self._edit.setText(str(number))

    def _choose(self, lock: bool) -> None:
        if lock and self._number() is None:
            self._edit.setText(str(secrets.randbelow(MAX_SEED + 1)))
        self._show(lock)
        self.changed.emit(self.seed())
