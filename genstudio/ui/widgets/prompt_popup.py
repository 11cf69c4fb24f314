"""The list of words that opens under the place where one types; the editor keeps the focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from genstudio.ui.theme import font, text_width

ROW, ROWS, PAD = 28, 8, 6
NARROWEST, WIDEST = 140, 280


class WordPopup(QListWidget):
    """`taken(word)` by mouse; keys come through `step` and `current_word`."""

    taken = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Words this model knows")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setFont(font(13))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.itemClicked.connect(lambda item: self.taken.emit(item.text()))
        self.hide()

    def open_at(self, words: Sequence[str], caret: QRect) -> None:
        """Show `words` below `caret` (in the window's pixels), above it where there is no room."""
        self.clear()
        for word in words:
            item = QListWidgetItem(word, self)
            item.setSizeHint(QSize(0, ROW))
        self.setCurrentRow(-1)
        width = max((text_width(word, 13) for word in words), default=0) + 44
        width = min(max(width, NARROWEST), WIDEST)
        window = self.parentWidget().rect()
        height = min(min(len(words), ROWS) * ROW + 2 * PAD, window.height())
        x = max(0, min(caret.left() - 10, window.width() - width))
        below = caret.bottom() + 4
        y = below if below + height <= window.height() else caret.top() - height - 4
        self.setGeometry(QRect(x, max(0, y), width, height))
        self.show()
        self.raise_()

    def words(self) -> list[str]:
        """What is listed."""
        return [self.item(row).text() for row in range(self.count())]

    def step(self, by: int) -> None:
        """Choose the next or previous word; over the ends to none."""
        row = self.currentRow() + by
        self.setCurrentRow(row if 0 <= row < self.count() else -1)

    def current_word(self) -> str:
        """The chosen word, "" while none is."""
        item = self.currentItem() if self.currentRow() >= 0 else None
        return item.text() if item is not None else ""
