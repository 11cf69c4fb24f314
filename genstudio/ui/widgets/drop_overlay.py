"""Lies over the window while files are dragged in: where they may go and what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_BOX, color, font
from genstudio.ui.widgets.painting import painting

TILE_WIDTH, TILE_HEIGHT, GAP = 260, 172, 20
HEAD_WIDTH = 720
_MIDDLE = Qt.AlignmentFlag.AlignCenter


class Choice(Protocol):
    """One place a drop may go."""

    key: str
    title: str
    text: str
    icon: str


class DropOverlay(QWidget):
    """`chosen(key)` when the mouse is let go over a tile (or anywhere, for the first one).

    `refused(words)`: files that nothing here can use went away with the mouse; `words` say why.
    """

    chosen = Signal(str)
    left = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []
        self._words, self._known, self._let_go = "", False, False
        self._over = 0
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Drop files")
        self.hide()

    def begin(self, words: str) -> None:
        """Appear, before it is known what the files are."""
        self._choices, self._words = [], words
        self._known = self._let_go = False
        self._over = 0
        self.setGeometry(self.parentWidget().rect())
        self.show()
        self.raise_()
        self.update()

    def set_choices(self, choices: Sequence[Choice], words: str) -> None:
        """What the files are, and the places for them; none: they cannot be used."""
        self._choices, self._words, self._known = list(choices), words, True
        self.setAccessibleDescription("; ".join(f"{c.title}: {c.text}" for c in choices) or words)
        if self._let_go:
            self._refuse()
            self._finish()
        self.update()

    def is_asking(self) -> bool:
        """True until it is known what the files are."""
        return not self._known and (self.isVisible() or self._let_go)

    def words(self) -> str:
        """What it says the files are."""
        return self._words

    def tiles(self) -> list[QRect]:
        """Where the choices are, from left to right."""
        count = len(self._choices)
        width = min(TILE_WIDTH, (self.width() - 40 - GAP * (count - 1)) // max(1, count))
        left = (self.width() - count * width - (count - 1) * GAP) // 2
        top = (self.height() - TILE_HEIGHT) // 2
        return [QRect(left + i * (width + GAP), top, width, TILE_HEIGHT) for i in range(count)]

    def choice_at(self, at: QPointF) -> int:
        """The tile below the mouse; the first when it is over none."""
        hit = (i for i, tile in enumerate(self.tiles()) if tile.contains(at.toPoint()))
        return next(hit, 0)

    # ---- without a drag (the file came from a dialog): press a tile, or arrows and Return

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press a tile; beside them: nothing happens."""
        hit = [
            i for i, tile in enumerate(self.tiles()) if tile.contains(event.position().toPoint())
        ]
        self.hide()
        if hit:
            self.chosen.emit(self._choices[hit[0]].key)
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Return takes, Esc leaves."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._choices:
            self._over = (self._over + step) % len(self._choices)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._known:
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._choices = []
            self._finish()

    def event(self, event: QEvent) -> bool:
        """While it lies there, Esc is its own."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    # ---- the drag

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of other programs."""
        if event.mimeData().hasUrls() and event.source() is None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show which tile would take them."""
        usable = not self._known or bool(self._choices)
        event.setDropAction(Qt.DropAction.CopyAction if usable else Qt.DropAction.IgnoreAction)
        event.accept() if usable else event.ignore()
        over = self.choice_at(event.position())
        if over != self._over:
            self._over = over
            self.update()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """They went elsewhere, or were let go where nothing takes them: Qt does not tell."""
        self.hide()
        self._refuse()
        self.left.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        """Do what the tile says, as soon as it is known what the files are."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._over = self.choice_at(event.position())
        self._let_go = True
        if self._known:
            self._refuse()
            self._finish()

    def _refuse(self) -> None:
        if self._known and not self._choices:
            self.refused.emit(self._words)

    def _finish(self) -> None:
        self.hide()
        if self._choices:
            self.chosen.emit(self._choices[min(self._over, len(self._choices) - 1)].key)
        else:
            self.left.emit()

    # ---- drawing

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A veil, the words, the tiles."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), color("veil"))
        tiles = self.tiles()
        top = tiles[0].top() if tiles else self.height() // 2
        below = self._paint_head(painter, top - 36)
        if self._known and not tiles:
            painter.setFont(font(13))
            painter.setPen(color("dim"))
            text = "Nothing here can use it. Nothing happens when you let go."
            painter.drawText(QRect(40, below, self.width() - 80, 28), _MIDDLE, text)
        for number, (tile, choice) in enumerate(zip(tiles, self._choices, strict=True)):
            self._paint_tile(painter, tile, choice, number == self._over)

    def _paint_head(self, painter: QPainter, bottom: int) -> int:
        """What the files are, in as many lines as it takes; where they end."""
        painter.setFont(font(15, 600))
        painter.setPen(color("text"))
        width = min(HEAD_WIDTH, self.width() - 80)
        room = QRect((self.width() - width) // 2, 0, width, self.height())
        flags = int(_MIDDLE) | int(Qt.TextFlag.TextWordWrap)
        height = painter.boundingRect(room, flags, self._words).height() + 4
        lines = QRect(room.left(), bottom - max(28, height), width, max(28, height))
        painter.drawText(lines, flags, self._words)
        return lines.bottom() + 1

    def _paint_tile(self, painter: QPainter, tile: QRect, choice: Choice, over: bool) -> None:
        pen = QPen(color("accent" if over else "line"), 2 if over else 1)
        painter.setPen(pen)
        painter.setBrush(color("wash" if over else "raised"))
        painter.drawRoundedRect(QRectF(tile), RADIUS_BOX, RADIUS_BOX)
        sign = QRect(tile.center().x() - 16, tile.top() + 22, 32, 32)
        icons.paint(painter, choice.icon, sign, "accent" if over else "dim")
        painter.setFont(font(15, 600))
        painter.setPen(color("text"))
        line = QRect(tile.left() + 12, tile.top() + 64, tile.width() - 24, 24)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, choice.title)
        painter.setFont(font(13))
        painter.setPen(color("dim"))
        body = QRect(tile.left() + 16, tile.top() + 92, tile.width() - 32, tile.height() - 100)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(body, int(flags), choice.text)
