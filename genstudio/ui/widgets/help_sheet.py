"""A small page that explains every setting of a form in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.panel_frame import note, scrolled, strong, title


class HelpSheet(QDialog):
    """Non-modal; closes with Esc."""

    def __init__(self, entries: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What the settings mean")
        self.resize(420, min(560, 120 + 64 * len(entries)))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 4, 20, 12)
        column.setSpacing(4)
        for label, help_text in entries:
            column.addWidget(strong(label))
            sentence = note(help_text)
            sentence.setContentsMargins(0, 0, 0, 10)
            column.addWidget(sentence)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 16, 0, 16)
        heading = title("What the settings mean")
        heading.setContentsMargins(20, 0, 20, 0)
        outer.addWidget(heading)
        outer.addWidget(scrolled(page), 1)
        close = Button("Close")
        close.clicked.connect(self.close)
        outer.addWidget(close, 0, Qt.AlignmentFlag.AlignCenter)

    def open_near(self) -> None:
        """Show it beside its parent."""
        owner = self.parentWidget()
        if owner is not None:
            self.move(owner.mapToGlobal(QPoint(owner.width() + 16, 0)))
        self.show()
