"""What of a picture is left at a strength: the picture, and where the model starts from."""

from __future__ import annotations

import math
import random
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

SIDE = 64
"""Pixels of the sample that is worked on."""
TILE = 76
_SEED = 4
_WORDS = (
    (0.2, "Almost the picture itself"),
    (0.45, "Details change, shapes stay"),
    (0.7, "Rough shapes and colours stay"),
    (0.9, "Hardly more than colours stay"),
    (1.01, "Nothing of the picture is left"),
)


def signal_left(share: float, schedule: str = "cosine") -> float:
    """The factor α of the picture after `share` (0–1) of the noising, for a known schedule.

    "cosine": Nichol & Dhariwal 2021, eq. 17 (without its small offset); "linear": DDPM's β from
    1e-4 to 0.02 over 1000 steps (Ho et al. 2020), in the continuous form of Song et al. 2021,
    eq. 33. Variance is preserved: the noise has √(1 − α²).
    """
    share = min(1.0, max(0.0, share))
    if schedule == "linear":
        return math.exp(-0.25 * share * share * (20 - 0.1) - 0.5 * share * 0.1)
    return math.cos(math.pi / 2 * share)


def words_for(share: float) -> str:
    """What to expect, in a few words."""
    return next(words for most, words in _WORDS if share <= most)


@lru_cache(maxsize=1)
def _noise() -> tuple[float, ...]:
    draw = random.Random(_SEED)
    return tuple(draw.gauss(0, 127.5) for _ in range(SIDE * SIDE * 3))


def noised(picture: QImage, share: float, schedule: str = "cosine") -> QImage:
    """`picture` (cut to a square of SIDE pixels) as the model receives it at `share`."""
    side = QSize(SIDE, SIDE)
    part = picture.copy(images.cover_rect(picture.size(), side).toRect())
    smooth = Qt.TransformationMode.SmoothTransformation
    small = part.scaled(side, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    small = small.convertToFormat(QImage.Format.Format_RGB888)
    keep = signal_left(share, schedule)
    blur = math.sqrt(max(0.0, 1 - keep * keep))
    data, line = bytes(small.constBits()), small.bytesPerLine()
    flat = b"".join(data[y * line : y * line + SIDE * 3] for y in range(SIDE))
    middle = 127.5 * (1 - keep) + 0.5
    mixed = [
        keep * value + middle + blur * grain for value, grain in zip(flat, _noise(), strict=True)
    ]
    made = bytes([0 if v < 0 else 255 if v > 255 else int(v) for v in mixed])
    return QImage(made, SIDE, SIDE, SIDE * 3, QImage.Format.Format_RGB888).copy()


class StartPreview(QWidget):
    """Two tiles and a sentence; follows the strength while it is dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QImage | None = None
        self._start: QImage | None = None
        self._share, self._schedule = 0.5, "cosine"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What is left of the picture")
        self._refresh()

    def set_picture(self, picture: QImage | None) -> None:
        """The picture the model starts from; None hides the widget."""
        self._picture = None if picture is None or picture.isNull() else picture
        self._refresh()

    def set_strength(self, share: float, schedule: str = "cosine") -> None:
        """How far towards noise, 0–1, by which schedule."""
        if (share, schedule) != (self._share, self._schedule):
            self._share, self._schedule = share, schedule
            self._refresh()

    def start(self) -> QImage | None:
        """What the model starts from."""
        return self._start

    def _refresh(self) -> None:
        picture = self._picture
        self._start = noised(picture, self._share, self._schedule) if picture else None
        self.setAccessibleDescription(words_for(self._share))
        self.setToolTip(f"{words_for(self._share)}: this is where the model starts from.")
        self.setVisible(picture is not None and self.parentWidget() is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Two tiles and their words."""
        return QSize(240, TILE)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Picture, arrow, start, words."""
        if self._picture is None or self._start is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dpr, side = self.devicePixelRatioF(), QSize(TILE, TILE)
        smooth = images.smooth_for(self._picture, "auto")
        painter.drawPixmap(0, 0, images.rounded(self._picture, side, 6, dpr, smooth))
        icons.paint(painter, "chevron-right", QRectF(TILE + 4, TILE / 2 - 8, 16, 16), "dim")
        painter.drawPixmap(
            QPointF(TILE + 24, 0), images.rounded(self._start, side, 6, dpr, smooth=False)
        )
        left = 2 * TILE + 24 + 12
        painter.setFont(font(12))
        painter.setPen(QPen(color("dim")))
        room = QRectF(left, 0, self.width() - left, TILE)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), words_for(self._share))
