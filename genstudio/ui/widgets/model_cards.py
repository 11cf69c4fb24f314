"""Cards to choose a model: its preview, its name, what kind it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting

COLUMNS = 2
HEIGHT = 60
THUMB = 44
LOW = 48
"""Height of a card that is all words, if its title is one line."""
USUAL, EDGES = 139, 18
"""Width of a card in a column of 320 pixels, and what of it is no room for words."""


_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def _wrap(text: str, face: QFont, width: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `width` pixels, the last one cut short with "…"."""
    metrics = QFontMetricsF(face)
    lines: list[str] = []
    words = text.split(" ")  # not at a no-break space
    while words and len(lines) < most:
        line = words.pop(0)
        last = len(lines) == most - 1
        while words and (last or metrics.horizontalAdvance(f"{line} {words[0]}") <= width):
            line = f"{line} {words.pop(0)}"
        cut = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
        lines.append(cut.removesuffix(" ·…"))  # the first fact is whole
    return lines


@dataclass(frozen=True)
class ModelCard:
    """What a card shows. `preview` is a picture or the path of one."""

    id: str
    title: str
    subtitle: str = ""
    preview: str | Path | QImage | None = None
    help: str = ""


class _Card(QAbstractButton):
    def __init__(self, card: ModelCard, parent: QWidget, thumbs: bool = True) -> None:
        super().__init__(parent)
        self.card = card
        self._thumbs = thumbs
        self._height = HEIGHT if thumbs or self.lines(USUAL - EDGES) > 1 else LOW
        preview = card.preview
        self._image = (
            preview
            if isinstance(preview, QImage)
            else QImage(str(preview))
            if preview
            else QImage()
        )
        self._thumb = None
        self.setCheckable(True)
        self.setText(card.title)
        self.setAccessibleName(f"{card.title}, {card.subtitle}" if card.subtitle else card.title)
        self.setAccessibleDescription(card.help)
        self.setToolTip(card.help)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def lines(self, width: int) -> int:
        """Lines that the title takes in a room of so many pixels."""
        return len(_wrap(self.card.title, font(13, 600), width, 2))

    def set_height(self, height: int) -> None:
        """As high as the highest of its neighbours."""
        self._height = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(136, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self._height)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(color("accent" if on else "line"))
        painter.setBrush(color("wash" if on else "hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        left = 12
        if self._thumbs:
            top = (HEIGHT - THUMB) // 2
            self._paint_thumb(painter, QRect(top, top, THUMB, THUMB))
            left = top + THUMB + 8
        room = QRect(left, 0, self.width() - left - 6, self._height)
        bold, small = font(13, 600), font(12)
        high = self._height == HEIGHT
        titles = _wrap(self.card.title, bold, room.width(), 2 if high else 1)
        most = 3 - len(titles) if self._thumbs else 1
        below = _wrap(self.card.subtitle, small, room.width(), most)
        top = (self._height - 16 * len(titles) - 15 * len(below)) // 2
        painter.setPen(color("text"))
        painter.setFont(bold)
        for text in titles:
            painter.drawText(QRect(left, top, room.width(), 16), _MIDDLE, text)
            top += 16
        painter.setPen(color("dim"))
        painter.setFont(small)
        for text in below:
            painter.drawText(QRect(left, top, room.width(), 15), _MIDDLE, text)
            top += 15

    def _paint_thumb(self, painter: QPainter, rect: QRect) -> None:
        if self._image.isNull():
            icons.paint(painter, "models", rect.adjusted(10, 10, -10, -10), "dim")
            return
        dpr = self.devicePixelRatioF()
        if self._thumb is None or self._thumb.devicePixelRatio() != dpr:
            self._thumb = images.rounded(self._image, rect.size(), 6, dpr)
        painter.drawPixmap(rect.topLeft(), self._thumb)


class ModelCards(QWidget):
    """Two cards in a row; arrows walk, the chosen one has the accent.

    Without `thumbs` a card is two lines of words, or three where a title needs two. With `fold`
    only so many cards are in sight, the chosen one among them, until "All … models" is pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, thumbs: bool = True, fold: int = 0) -> None:
        super().__init__(parent)
        self._thumbs, self._fold = thumbs, fold
        self.every = Button("", kind="fold", parent=self)
        self.every.setCheckable(True)
        self.every.toggled.connect(lambda _on: self._arrange())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._group = QButtonGroup(self)
        self._cards: dict[str, _Card] = {}
        self.setAccessibleName("Models")

    def set_models(self, cards: Sequence[ModelCard]) -> None:
        """Show these; the one in force stays chosen while it is there, else the first is."""
        before = self.current()
        for card in self._cards.values():
            self._group.removeButton(card)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = {}
        for data in cards:
            card = _Card(data, self, self._thumbs)
            card.clicked.connect(lambda _on=False, key=data.id: self._on_click(key))
            self._group.addButton(card)
            self._cards[data.id] = card
        tallest = max((card.sizeHint().height() for card in self._cards.values()), default=LOW)
        for card in self._cards.values():
            card.set_height(tallest)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.set_current(before if before in self._cards else next(iter(self._cards), ""))
        self._arrange()

    def _on_click(self, key: str) -> None:
        self.chosen.emit(key)
        if self.every.isChecked():
            self.every.setChecked(False)  # chosen: make room for what comes below
            self._cards[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _in_sight(self) -> list[str]:
        keys, current = list(self._cards), self.current()
        if not self._folds() or self.every.isChecked():
            return keys
        first = keys[: self._fold]
        return first if current in first or not current else [*first[:-1], current]

    def _folds(self) -> bool:
        return 0 < self._fold < len(self._cards)

    def _arrange(self) -> None:
        """Lay out the cards in sight, and the button below them."""
        shown = self._in_sight()
        for key, card in self._cards.items():
            self._grid.removeWidget(card)
            card.setVisible(key in shown)
        for number, key in enumerate(shown):
            self._grid.addWidget(self._cards[key], number // COLUMNS, number % COLUMNS)
        self._grid.removeWidget(self.every)
        self._grid.addWidget(self.every, len(shown) // COLUMNS + 1, 0, 1, COLUMNS)
        open_ = self.every.isChecked()
        self.every.set_text("Fewer models" if open_ else f"All {len(self._cards)} models")
        self.every.set_icon("chevron-up" if open_ else "chevron-down")
        self.every.setVisible(self._folds())

    def ids(self) -> list[str]:
        """The models shown, in order."""
        return list(self._cards)

    def current(self) -> str:
        """Id of the chosen model, or ""."""
        return next((key for key, card in self._cards.items() if card.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose without saying so; unknown ids are ignored."""
        if key in self._cards and not self._cards[key].isChecked():
            self._cards[key].setChecked(True)
            if self._cards[key].isHidden():
                self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows up and down walk between rows; left and right are the group's own."""
        steps = {Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
        keys = self._in_sight()
        if event.key() in steps and self.current() in keys:
            place = keys.index(self.current()) + steps[Qt.Key(event.key())]
            if 0 <= place < len(keys):
                self._cards[keys[place]].setFocus()
                self._cards[keys[place]].click()
            return
        super().keyPressEvent(event)
