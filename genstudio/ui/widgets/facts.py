"""Facts about a thing: label and value, to be read, selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from genstudio.ui.theme import font


class FactsView(QWidget):
    """Two columns; values wrap and can be selected with mouse and keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: list[tuple[str, str]] = []
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(6)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Other facts; empty values are left out."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._facts = [(label, value) for label, value in facts if value]
        for label, value in self._facts:
            name = QLabel(label)
            name.setProperty("role", "dim")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            text = QLabel(value)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            text.setFont(font(13, tabular=True))
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(f"{label}: {value}")
            self._form.addRow(name, text)
            for part in (name, text):
                part.show()  # at once: who asks for the height now must not get that of nothing

    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return list(self._facts)

    def text(self) -> str:
        """All facts as lines."""
        return "\n".join(f"{label}: {value}" for label, value in self._facts)

    def copy(self) -> None:
        """All facts into the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
