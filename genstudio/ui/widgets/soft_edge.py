"""How a mask looks with the soft edge that a filling gives it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

_GREY = QImage.Format.Format_Grayscale8
_WORK = QImage.Format.Format_RGB32
_STEPS = ((1, 0), (-1, 0)), ((0, 1), (0, -1))


def model_size(mask: QSize, side: int) -> QSize:
    """The size in which a model sees a mask: `side` pixels on the shorter side."""
    scale = side / max(1, min(mask.width(), mask.height()))
    return QSize(max(1, round(mask.width() * scale)), max(1, round(mask.height() * scale)))


def soft_edge(mask: QImage, side: int, pixels: int) -> QImage:
    """`mask` (Grayscale8) rising from its edge inwards over so many pixels, in the same size.

    `side` and `pixels` count in the model's pixels. The mask is narrowed by one pixel at a time,
    `pixels` times; what is shown is the mean of all of these, so the outside stays untouched. The
    borders of the picture are no edge.
    """
    if mask.isNull() or pixels <= 0:
        return QImage(mask)
    small = _scaled(mask, model_size(mask.size(), side)).convertToFormat(_WORK)
    left = _hardened(small)
    mean = left.copy()
    for step in range(1, pixels + 1):
        left = _narrowed(left)
        painter = QPainter(mean)
        painter.setOpacity(1 / (step + 1))
        painter.drawImage(0, 0, left)
        painter.end()
    return _scaled(mean.convertToFormat(_GREY), mask.size())


def _hardened(small: QImage) -> QImage:
    """White where at least half of a pixel is."""
    grey = small.convertToFormat(_GREY)
    table = bytes(255 if value > 127 else 0 for value in range(256))
    data = bytes(grey.constBits()).translate(table)
    return QImage(data, grey.width(), grey.height(), grey.bytesPerLine(), _GREY).convertToFormat(
        _WORK
    )


def _narrowed(mask: QImage) -> QImage:
    """The darkest of each pixel and its eight neighbours."""
    for shifts in _STEPS:
        made = mask.copy()
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Darken)
        for x, y in shifts:
            painter.drawImage(x, y, mask)
        painter.end()
        mask = made
    return mask


def _scaled(mask: QImage, size: QSize) -> QImage:
    return mask.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(_GREY)
