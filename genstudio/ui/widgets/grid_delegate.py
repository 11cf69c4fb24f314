"""Draws one place of a result grid."""

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_PICTURE, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.grid_model import Cell

GAP = 10
KEPT = 600
TURN_SECONDS = 0.008
STAR = 26
FADED = 0.3


def picture_rect(cell_rect: QRect) -> QRect:
    """Where the picture is within its place."""
    half = GAP // 2
    return cell_rect.adjusted(half, half, -half, -half)


def whole_rect(place: QRect, image: QImage) -> QRect:
    """Where a picture lies in its place without being cut."""
    return images.contain_rect(image.size(), QRectF(place)).toRect()


def star_rect(cell_rect: QRect) -> QRect:
    """Where the star is."""
    picture = picture_rect(cell_rect)
    return QRect(picture.right() - STAR - 5, picture.top() + 6, STAR, STAR)


class GridDelegate(QStyledItemDelegate):
    """Picture with round corners, label, badge, star, ring of selection. Keeps drawn pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.scaling = "auto"
        self.side = 160
        self.whole = False
        self.labels = False
        """Whether words stand on every place, not only on the chosen ones."""
        self.wanted: list[int] = []
        self.unfinished = False
        self._spent = 0.0
        self._kept: OrderedDict[tuple[int, int, int, float], QPixmap] = OrderedDict()

    def begin(self) -> None:
        """A new turn of painting: its time for scaling pictures starts anew."""
        self.wanted, self.unfinished, self._spent = [], False, 0.0

    def forget(self) -> None:
        """Draw all pictures anew (theme or scaling changed)."""
        self._kept.clear()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every place is a square of `side` pixels, gap included."""
        return QSize(self.side, self.side)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One place."""
        cell: Cell = index.data(Qt.ItemDataRole.UserRole)
        rect = picture_rect(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        if self.whole and cell.image is not None and not cell.image.isNull():
            rect = whole_rect(rect, cell.image)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cell.image is None or cell.image.isNull():
            self.wanted.append(index.row())
            self._paint_empty(painter, rect)
        elif cell.passing:
            # The next one is on its way: nothing of it is worth keeping, and nothing may flicker.
            images.paint_rounded(painter, cell.image, rect, RADIUS_PICTURE, smooth=False)
        else:
            dpr = painter.device().devicePixelRatioF()
            painter.setOpacity(FADED if cell.faded else 1.0)
            self._paint_picture(painter, cell.image, rect, dpr)
            painter.setOpacity(1.0)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if cell.label and (over or chosen or self.labels):
            self._paint_words(painter, cell.label, rect, low=True)
        if cell.badge:
            self._paint_words(painter, cell.badge, rect, low=False)
        if cell.starred or (over and cell.image is not None and cell.path):
            self._paint_star(painter, star_rect(option.rect), cell.starred)  # type: ignore[attr-defined]
        self._paint_ring(painter, rect, chosen, bool(state & QStyle.StateFlag.State_HasFocus))
        painter.restore()

    def _paint_picture(self, painter: QPainter, image: QImage, rect: QRect, dpr: float) -> None:
        """The scaled picture with round corners; plainly while this turn's time is used up."""
        key = (image.cacheKey(), rect.width(), rect.height(), dpr)
        found = self._kept.get(key)
        if found is None and self._spent > TURN_SECONDS:
            self.unfinished = True
            images.paint_rounded(painter, image, rect, RADIUS_PICTURE, smooth=True)
            return
        if found is None:
            began = time.perf_counter()
            found = self._scale(image, rect.size(), dpr)
            self._kept[key] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            self._spent += time.perf_counter() - began
        else:
            self._kept.move_to_end(key)
        painter.drawPixmap(rect.topLeft(), found)

    def _scale(self, image: QImage, side: QSize, dpr: float) -> QPixmap:
        smooth = images.smooth_for(image, self.scaling)
        return images.rounded(image, side, RADIUS_PICTURE, dpr, smooth)

    def _paint_empty(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(color("line"))
        painter.setBrush(color("panel"))
        shape = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, RADIUS_PICTURE, RADIUS_PICTURE)

    def _paint_words(self, painter: QPainter, words: str, rect: QRect, low: bool) -> None:
        painter.setFont(font(12, tabular=True))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width() - 32)
        width = metrics.horizontalAdvance(words) + 14
        top = rect.bottom() - 8 - 20 if low else rect.top() + 8
        place = QRect(rect.left() + 8, top, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("scrim"))
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(color("on_scrim"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_star(self, painter: QPainter, place: QRect, starred: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("scrim"))
        painter.drawEllipse(place)
        name = "star-filled" if starred else "star"
        icons.paint(painter, name, place.adjusted(5, 5, -5, -5), "on_scrim")

    def _paint_ring(self, painter: QPainter, rect: QRect, chosen: bool, focus: bool) -> None:
        if not (chosen or focus):
            return
        pen = QPen(color("focus" if focus else "accent"), 3 if chosen and focus else 2)
        if not chosen:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = RADIUS_PICTURE + 2
        painter.drawRoundedRect(QRectF(rect).adjusted(-3, -3, 3, 3), radius, radius)
