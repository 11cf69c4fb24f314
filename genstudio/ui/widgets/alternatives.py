"""The list that opens over a word: how likely it was, and what else could have stood there."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from genstudio.ui.theme import color, font, text_width
from genstudio.ui.widgets.chances import Chance, percent, visible

ROW, PAD, WIDTH, BAR, NUMBER = 28, 6, 300, 72, 76
_ROLE = Qt.ItemDataRole.UserRole


class _Rows(QStyledItemDelegate):
    """Words, a bar for the probability, its number."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """All rows are equal."""
        return QSize(WIDTH - 2 * PAD, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One row."""
        text, p, own = index.data(_ROLE)
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        lively = state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if lively and not own:
            painter.setBrush(color("wash"))
            painter.drawRoundedRect(QRectF(rect), 6, 6)
        bar = QRectF(rect.right() - NUMBER - BAR, rect.center().y() - 2, BAR, 6)
        painter.setBrush(color("line"))
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(3.0, BAR * p))
        painter.setBrush(color("accent" if own else "dim"))
        painter.drawRoundedRect(bar, 3, 3)
        words = rect.adjusted(8, 0, -NUMBER - BAR - 8, 0)
        painter.setFont(font(13, 600 if own else 400))
        painter.setPen(color("text"))
        shown = painter.fontMetrics().elidedText(
            visible(text), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(font(12, tabular=True))
        painter.setPen(color("dim"))
        number = rect.adjusted(0, 0, -8, 0)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(number, right, percent(p))
        painter.restore()


class Alternatives(QListWidget):
    """`taken(text)` by mouse or Enter; the word that stands there comes first and is no choice."""

    taken = Signal(str)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("popup")
        self.setAccessibleName("Other words that could stand here")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self.itemClicked.connect(self._take)
        self.hide()

    def open_at(self, chance: Chance, word: QRect) -> None:
        """Show the alternatives below `word` (pixels of the window), above where room is short."""
        self.clear()
        others = [(text, p) for text, p in chance.top if text != chance.text]
        for text, p, own in [(chance.text, chance.p, True), *((t, p, False) for t, p in others)]:
            item = QListWidgetItem(self)
            item.setData(_ROLE, (text, p, own))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{visible(text)}, {percent(p)}")
            item.setToolTip("What stands here" if own else "Go on from this word instead")
            if own:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setCurrentRow(-1)
        self.setAccessibleDescription(f"{visible(chance.text)} had {percent(chance.p)}")
        window = self._window.rect()
        widest = max((text_width(visible(text), 13, 600) for text, _ in chance.top), default=0)
        width = min(max(WIDTH, widest + NUMBER + BAR + 48), window.width())
        height = self.count() * ROW + 2 * PAD
        x = max(0, min(word.left() - 10, window.width() - width))
        below = word.bottom() + 2
        y = below if below + height <= window.height() else word.top() - height - 2
        self.setGeometry(QRect(x, max(0, y), width, height))
        self.show()
        self.raise_()

    def words(self) -> list[str]:
        """What is listed, the word that stands there first."""
        return [self.item(row).data(_ROLE)[0] for row in range(self.count())]

    def step(self, by: int) -> None:
        """Choose the next or previous alternative; over the ends to none."""
        row = self.currentRow() + by
        row = 1 if self.currentRow() < 1 <= by else row
        self.setCurrentRow(row if 1 <= row < self.count() else -1)

    def take_current(self) -> bool:
        """Take the chosen alternative; False while none is chosen."""
        item = self.currentItem() if self.currentRow() >= 1 else None
        if item is None:
            return False
        self._take(item)
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse went elsewhere."""
        super().leaveEvent(event)
        self.left.emit()

    def _take(self, item: QListWidgetItem) -> None:
        text, _p, own = item.data(_ROLE)
        if not own:
            self.hide()
            self.taken.emit(text)
