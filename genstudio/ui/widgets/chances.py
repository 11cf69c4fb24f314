"""How likely a model found its words: levels, their words, and a legend of the colours."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import color, font, text_width
from genstudio.ui.widgets.painting import painting

STEPS = (0.5, 0.2, 0.05, 0.01)
"""The lowest probability of each level but the last."""
WORDS = ("over 50 %", "20–50 %", "5–20 %", "1–5 %", "under 1 %")
MEANINGS = ("expected", "likely", "possible", "unlikely", "surprising")
_SWATCH, _GAP, _HEIGHT = 12, 6, 22


@dataclass(frozen=True)
class Chance:
    """A token as it stands in a text: its words, its probability 0 … 1, the likeliest others."""

    text: str
    p: float
    top: tuple[tuple[str, float], ...] = ()


def level_of(p: float) -> int:
    """1 (expected) … 5 (surprising)."""
    return next((number for number, low in enumerate(STEPS, 1) if p >= low), len(STEPS) + 1)


def percent(p: float) -> str:
    """A probability as people read it: `62 %`, `0.4 %`, `under 0.1 %`."""
    if p < 0.001:
        return "under 0.1 %"
    if p < 0.0995:
        return f"{100 * p:.1f} %"
    return f"{100 * p:.0f} %" if p < 0.995 else "over 99 %"


def visible(text: str) -> str:
    """A token's words with spaces and line ends that can be seen."""
    shown = text.replace("\n", "↵").replace("\t", "⇥")
    if not shown.strip(" "):
        return "␣" * len(shown) or "(nothing)"
    left = len(shown) - len(shown.lstrip(" "))
    right = len(shown) - len(shown.rstrip(" "))
    return "␣" * left + shown.strip(" ") + "␣" * right


class Legend(QWidget):
    """The five colours with their words, in as many rows as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colours by probability")
        said = (f"{meaning}: {words}" for meaning, words in zip(MEANINGS, WORDS, strict=True))
        self.setAccessibleDescription(", ".join(said))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Everything in one row."""
        return QSize(sum(_room(words) for words in WORDS), _HEIGHT)

    def hasHeightForWidth(self) -> bool:
        """A narrow one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the rows that fit into `width`."""
        return _HEIGHT * (self._places(width)[-1][1] + 1)

    def _places(self, width: int) -> list[tuple[int, int]]:
        """(x, row) of each colour."""
        found, x, row = [], 0, 0
        for words in WORDS:
            if x and x + _room(words) > width:
                x, row = 0, row + 1
            found.append((x, row))
            x += _room(words)
        return found

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """Swatches and words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        for level, (x, row) in enumerate(self._places(self.width()), 1):
            top = row * _HEIGHT + (_HEIGHT - _SWATCH) / 2
            painter.setPen(color("line"))
            painter.setBrush(color(f"chance_{level}"))
            painter.drawRoundedRect(QRectF(x + 0.5, top, _SWATCH, _SWATCH), 3, 3)
            painter.setPen(color("dim"))
            words = QRectF(x + _SWATCH + _GAP, row * _HEIGHT, 200, _HEIGHT)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, WORDS[level - 1])


def _room(words: str) -> int:
    return _SWATCH + _GAP + text_width(words, 12) + 12
