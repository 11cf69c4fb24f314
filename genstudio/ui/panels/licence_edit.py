"""Choosing a licence: the usual ones, or words of one's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Select

OTHER = "…"
LICENCES = (
    ("", "Not stated"),
    ("own work", "My own work"),
    ("CC0 1.0", "CC0 1.0", "No rights reserved"),
    ("CC BY 4.0", "CC BY 4.0", "Credit must be given"),
    ("CC BY-SA 4.0", "CC BY-SA 4.0", "Credit must be given, and the same licence kept"),
    ("MIT", "MIT"),
    ("Apache-2.0", "Apache 2.0"),
    ("public domain", "Public domain"),
    (OTHER, "Another one…"),
)
CONSENTS = (
    ("", "Not stated"),
    ("nobody", "Nobody appears in it"),
    ("with consent", "People, with their consent"),
    ("without consent", "People, consent unknown"),
)


class LicenceEdit(QWidget):
    """`changed` when another licence was chosen or its words were finished."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice, self.words = Select(LICENCES), QLineEdit()
        self.choice.setAccessibleName("Licence")
        self.words.setAccessibleName("Name of the licence")
        self.words.setPlaceholderText("Name of the licence")
        self.words.setMaxLength(400)
        self.setFocusProxy(self.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.choice)
        column.addWidget(self.words)
        self.words.hide()
        self.choice.chosen.connect(self._chosen)
        self.words.editingFinished.connect(self.changed)

    def text(self) -> str:
        """The licence in words, "" where none is stated."""
        value = self.choice.value()
        return self.words.text().strip() if value == OTHER else value

    def set_text(self, licence: str) -> None:
        """Show a licence without saying so."""
        known = any(licence == option[0] for option in LICENCES)
        self.choice.set_value(licence if known else OTHER)
        self.words.setText("" if known else licence)
        self.words.setCursorPosition(0)
        self.words.setVisible(not known)

    def _chosen(self, value: str) -> None:
        self.words.setVisible(value == OTHER)
        if value == OTHER:
            self.words.setFocus()
        else:
            self.changed.emit()
