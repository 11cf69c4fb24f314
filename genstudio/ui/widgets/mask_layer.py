"""A mask over a picture: painted finely, with steps of undo; reading masks made elsewhere."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from genstudio.ui.widgets.images import from_array, to_array

FINE, MOST = 512, 1024
"""Long side of a mask in pixels: at least (small pictures are shown large), at most."""
KEPT = 50
_GREY = QImage.Format.Format_Grayscale8
_SAMPLE = 64


def mask_size(picture: QSize) -> QSize:
    """The size of the mask for a picture: a whole multiple of a small one, `MOST` at most."""
    longest = max(picture.width(), picture.height())
    if longest <= 0:
        return QSize()
    factor = math.ceil(FINE / longest) if longest < FINE else min(1.0, MOST / longest)
    return QSize(max(1, round(picture.width() * factor)), max(1, round(picture.height() * factor)))


def covered(mask: QImage) -> float:
    """Share of the picture that is to be made anew (white), 0 to 1."""
    if mask.isNull():
        return 0.0
    small = mask.convertToFormat(_GREY).scaled(
        _SAMPLE,
        _SAMPLE,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return sum(bytes(small.constBits())) / (255 * _SAMPLE * _SAMPLE)


def mask_of(image: QImage) -> QImage:
    """What a picture made elsewhere means as a mask (Grayscale8, white = make anew): the same as
    for the model (`media.masks.meant`)."""
    from genstudio.media.masks import meant  # it needs Pillow

    found = meant(to_array(image.convertToFormat(QImage.Format.Format_RGBA8888)))
    return from_array(found.round().astype("uint8"))


class MaskLayer:
    """Grayscale8, white is to be made anew. Points and widths are in picture pixels.

    A stroke runs through the middles of its points, so that quick turns of the hand stay round
    (a quadratic B-spline through the mouse's places).
    """

    def __init__(self, picture: QSize | None = None) -> None:
        size = mask_size(picture or QSize())
        self._mask = QImage(size, _GREY) if not size.isEmpty() else QImage()
        self._scale = size.width() / picture.width() if picture and not size.isEmpty() else 1.0
        self._undo: list[QImage] = []
        self._redo: list[QImage] = []
        self._points: list[QPointF] = []
        self._pen = QPen()
        if not self._mask.isNull():
            self._mask.fill(0)

    # ---- looking

    def image(self) -> QImage:
        """The mask; shared until one of the two is changed."""
        return QImage(self._mask)

    def is_null(self) -> bool:
        """True without a picture."""
        return self._mask.isNull()

    def is_empty(self) -> bool:
        """True while nothing is painted."""
        wide, line = self._mask.width(), self._mask.bytesPerLine()
        data = b"" if self._mask.isNull() else bytes(self._mask.constBits())
        rows = (data[y : y + wide] for y in range(0, len(data), line or 1))
        return not any(row.strip(b"\0") for row in rows)

    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    def can_redo(self) -> bool:
        """Whether a step that was taken back can be done again."""
        return bool(self._redo)

    def painting(self) -> bool:
        """True between `begin` and `end`."""
        return bool(self._points)

    # ---- changing as a whole

    def fill(self, value: int) -> None:
        """All 0 (kept) or all 255 (made anew)."""
        self._remember()
        self._mask.fill(value)

    def invert(self) -> None:
        """Painted becomes unpainted."""
        self._remember()
        self._mask.invertPixels()

    def take(self, mask: QImage) -> None:
        """Another mask, stretched over the picture."""
        self._remember()
        grey = mask.convertToFormat(_GREY)
        self._mask = grey.scaled(
            self._mask.size(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        ).convertToFormat(_GREY)

    def undo(self) -> bool:
        """Take back the last step; False when there is none."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Do it again; False when there is nothing."""
        return self._step(self._redo, self._undo)

    def _step(self, back: list[QImage], forth: list[QImage]) -> bool:
        self._points = []
        if not back:
            return False
        forth.append(self._mask)
        self._mask = back.pop()
        return True

    def _remember(self) -> None:
        self._points = []
        self._undo.append(self._mask.copy())
        del self._undo[:-KEPT]
        self._redo = []

    # ---- strokes

    def begin(self, at: QPointF, width: float, erase: bool) -> None:
        """Set the brush down; `width` in picture pixels. One step of undo until `end`."""
        self._remember()
        grey = 0 if erase else 255
        self._pen = QPen(QColor(grey, grey, grey), max(1.0, width * self._scale))
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._points = [at * self._scale]
        path = QPainterPath(self._points[0])
        # A line without length is not drawn: this one ends a hair further.
        path.lineTo(self._points[0] + QPointF(0.01, 0))
        self._draw(path)

    def go(self, at: QPointF) -> None:
        """Lead the brush on."""
        if not self._points or at * self._scale == self._points[-1]:
            return
        self._points.append(at * self._scale)
        *_, before, last = self._points
        if len(self._points) == 2:
            path = QPainterPath(before)
            path.lineTo((before + last) / 2)
        else:
            path = QPainterPath((self._points[-3] + before) / 2)
            path.quadTo(before, (before + last) / 2)
        self._draw(path)

    def end(self) -> None:
        """Lift the brush: the stroke reaches its last point."""
        for before, last in list(pairwise(self._points))[-1:]:
            path = QPainterPath((before + last) / 2)
            path.lineTo(last)
            self._draw(path)
        self._points = []

    def _draw(self, path: QPainterPath) -> None:
        painter = QPainter(self._mask)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, self._pen)
        painter.end()
