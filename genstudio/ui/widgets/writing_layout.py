"""How lines lie on the page: some room between them, right-to-left paragraphs at the right.

Qt's layout of plain text knows neither; both are done where a paragraph's lines are measured,
which happens for paragraphs in sight only.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

SPACE = 0.3
"""Room between lines, as a share of a line's height; half of it above and half below a line."""


class WritingLayout(QPlainTextDocumentLayout):
    """The layout of one document; keep a reference, or Qt forgets what is overridden here."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._margin = document.documentMargin()

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The room of a paragraph, its lines put in their places."""
        rect = super().blockBoundingRect(block)
        layout = block.layout() if block.isValid() and block.isVisible() else None
        if layout is None or layout.lineCount() == 0:
            return rect
        height = layout.lineAt(0).height()
        half = round(height * SPACE / 2)
        if layout.lineAt(0).y() < half:
            self._spread(block, half)
            rect = super().blockBoundingRect(block)
        return rect.adjusted(0, 0, 0, half)

    def _spread(self, block: QTextBlock, half: int) -> None:
        layout, top = block.layout(), float(half)
        right = block.textDirection() == Qt.LayoutDirection.RightToLeft
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            left = self._margin + line.width() - line.naturalTextWidth() if right else line.x()
            line.setPosition(QPointF(left, top))
            top += line.height() + 2 * half
