"""How a mask looks with a soft edge."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

WORK_SIDE = 96
"""Long side at which the edge is softened: it is soft anyway, and this takes few milliseconds."""
_GREY = QImage.Format.Format_Grayscale8


def soft_edge(mask: QImage, width: float) -> QImage:
    """`mask` (Grayscale8) with its edges spread over `width` mask pixels, in the same size.

    A running mean over `width`, first along rows, then along columns; a half-transparent place
    stays where the edge was.
    """
    if mask.isNull() or width <= 0:
        return QImage(mask)
    small = _small(mask)
    radius = width * small.width() / mask.width() / 2
    wide, high = small.width(), small.height()
    data, line = bytes(small.constBits()), small.bytesPerLine()
    rows = [list(data[y * line : y * line + wide]) for y in range(high)]
    rows = [_mean(row, radius) for row in rows]
    columns = [_mean(list(column), radius) for column in zip(*rows, strict=True)]
    soft = bytes(round(value) for row in zip(*columns, strict=True) for value in row)
    made = QImage(soft, wide, high, wide, _GREY)
    return _scaled(made, mask.size())


def _small(mask: QImage) -> QImage:
    longest = max(mask.width(), mask.height())
    factor = min(1.0, WORK_SIDE / longest)
    size = QSize(max(1, round(mask.width() * factor)), max(1, round(mask.height() * factor)))
    return _scaled(mask, size)


def _scaled(mask: QImage, size: QSize) -> QImage:
    scaled = mask.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return scaled.convertToFormat(_GREY)


def _mean(line: list[float], radius: float) -> list[float]:
    """The mean over `radius` on both sides of each place; the ends go on as they are.

    The share of the outermost places makes a radius of 1.5 differ from 1 and from 2.
    """
    whole = int(radius)
    part = radius - whole
    reach = whole + 1
    padded = [line[0]] * reach + line + [line[-1]] * reach
    sums = [0.0, *accumulate(padded)]
    length = 2 * radius + 1
    result = []
    for i in range(len(line)):
        inner = sums[i + reach + whole + 1] - sums[i + reach - whole]
        outer = padded[i] + padded[i + 2 * reach]
        result.append((inner + part * outer) / length)
    return result
