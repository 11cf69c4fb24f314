"""A failure in words: what happened, to which file, what to do next; details are folded."""

from __future__ import annotations

import platform
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

import genstudio
from genstudio.core.errors import Problem
from genstudio.ui import icons
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.folded import Folded


def report(problem: Problem) -> str:
    """The text for a bug report; the user's home folder is written as ~. Nothing is sent."""
    from pathlib import Path

    lines = [
        f"GenStudio {genstudio.__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Frozen: {bool(getattr(sys, 'frozen', False))}",
        "",
        problem.sentence,
        f"kind: {problem.kind}",
        "",
        problem.details,
    ]
    return "\n".join(lines).replace(str(Path.home()), "~").strip() + "\n"


class ErrorDialog(QDialog):
    """Non-modal, so that work can go on."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Something went wrong")
        self.setMinimumWidth(520)
        self._report = report(problem)
        head = QHBoxLayout()
        head.setSpacing(14)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("warning", 28, "amber", self.devicePixelRatioF()))
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._words(problem), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(head)
        self._fold = Folded("Details")
        text = QPlainTextEdit(self._report)
        text.setReadOnly(True)
        text.setFont(font(12))
        text.setMinimumHeight(200)
        text.setAccessibleName("Report")
        text.setTabChangesFocus(True)
        self._fold.body.addWidget(text)
        self._fold.toggled.connect(lambda _open: self.adjustSize())
        column.addWidget(self._fold)
        column.addLayout(self._buttons())

    def _words(self, problem: Problem) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        for text, role in (
            (problem.what, "title"),
            (problem.file, "dim"),
            (problem.next_step, ""),
        ):
            if text:
                label = QLabel(text)
                label.setProperty("role", role)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                column.addWidget(label)
        return column

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        copy = Button("Copy report", "copy")
        copy.clicked.connect(self.copy)
        close = Button("Go on", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        close.setFocus()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def copy(self) -> None:
        """The report into the clipboard."""
        QGuiApplication.clipboard().setText(self._report)


def show_problem(parent: QWidget | None, problem: Problem) -> ErrorDialog:
    """Show `problem` beside the work; returns the dialog."""
    dialog = ErrorDialog(problem, parent)
    dialog.show()
    return dialog
