"""Pages of the answering side that are more than one widget: report, file, animation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.core.stored import Json
from genstudio.ui import icons
from genstudio.ui.theme import color, font
from genstudio.ui.widgets.animation_player import AnimationPlayer
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.images import rounded
from genstudio.ui.widgets.panel_frame import note, scrolled, title

if TYPE_CHECKING:
    from genstudio.core.family import Task
    from genstudio.studio.library import Model

RESERVED = ("artifact", "width", "height")
BAR_HEIGHT = 34
BARS_AT_MOST = 20
PICTURE = 220
BETWEEN = "  ·  "


def facts_of(data: Mapping[str, Json]) -> dict[str, Json]:
    """What a result says about itself, without what the gallery added."""
    return {name: value for name, value in data.items() if name not in RESERVED}


def facts_text(data: Mapping[str, Json]) -> str:
    """`Score 0.0213 · Percentile 97.2`: the plain facts in one line."""
    words = []
    for name, value in facts_of(data).items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value == "":
            continue
        shown = f"{value:.4g}" if isinstance(value, float) else f"{value}"
        words.append(f"{name.replace('_', ' ').capitalize()} {shown}")
    return BETWEEN.join(words)


def shares_of(data: Mapping[str, Json]) -> list[tuple[str, float]]:
    """The numbers from 0 to 1 of a report, the largest first."""
    numbers = [
        (name, float(value))
        for name, value in facts_of(data).items()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
    ]
    return sorted(numbers, key=lambda pair: -pair[1])[:BARS_AT_MOST]


def card(lines: Sequence[str], side: int = 264) -> QImage:
    """A few words as a picture, the first one large: stands for a result that is no picture."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(color("raised"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    top = (side - 34 - 28 * (len(lines) - 1)) // 2
    for row, line in enumerate(lines):
        painter.setFont(font(24 if row == 0 else 20, 600 if row == 0 else 400))
        painter.setPen(color("text" if row == 0 else "dim"))
        height = 34 if row == 0 else 28
        words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, side - 32)
        painter.drawText(QRectF(0, top, side, height), Qt.AlignmentFlag.AlignCenter, words)
        top += height
    painter.end()
    return image


def beside(pages: QWidget, sheet: QWidget) -> QWidget:
    """Pages with a sheet on their right that can be hidden."""
    body = QWidget()
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(pages, 1)
    side = QHBoxLayout()
    side.setContentsMargins(0, 0, 20, 20)
    side.addWidget(sheet)
    row.addLayout(side)
    return body


def describe_model(empty: EmptyState, model: Model, task: Task) -> None:
    """What the chosen model is, where nothing has been made with it yet."""
    about = model.manifest.description.split(". ")[0].rstrip(".")
    empty.set_text(model.title, f"{about}." if about else task.help, task.verb)
    empty.set_image(QImage(str(model.preview)) if model.preview.is_file() else None)


class Bars(QWidget):
    """Shares as horizontal bars with their words and numbers; a text says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: list[tuple[str, float]] = []
        self.setAccessibleName("Shares")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shares(self, shares: list[tuple[str, float]]) -> None:
        """Show these, largest first."""
        self._shares = shares
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What the bars say, in words."""
        return ", ".join(f"{name} {share:.1%}" for name, share in self._shares)

    def sizeHint(self) -> QSize:
        """A line for each."""
        return QSize(420, BAR_HEIGHT * max(1, len(self._shares)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        room = self.width() - 120 - 64
        for row, (name, share) in enumerate(self._shares):
            top = row * BAR_HEIGHT
            first = row == 0
            painter.setFont(font(13, 600 if first else 400))
            painter.setPen(color("text" if first else "dim"))
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 112)
            painter.drawText(QRectF(0, top, 112, BAR_HEIGHT), middle, words)
            painter.setFont(font(13, 600 if first else 400, tabular=True))
            number = QRectF(self.width() - 60, top, 60, BAR_HEIGHT)
            painter.drawText(number, middle | right, f"{share:.1%}")
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(120, top + 13, room, 8)
            painter.setBrush(color("line"))
            painter.drawRoundedRect(track, 4, 4)
            track.setWidth(max(8.0 if share > 0.001 else 0.0, room * share))
            painter.setBrush(color("accent" if first else "dim"))
            painter.drawRoundedRect(track, 4, 4)


class ReportPage(QWidget):
    """A picture and what was found in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAccessibleName("The picture that was looked at")
        self.head = title("")
        self.bars = Bars()
        self.words = note("")
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(20, 0, 20, 20)
        row.setSpacing(24)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(12)
        for widget in (self.head, self.bars, self.words):
            column.addWidget(widget)
        column.addStretch(1)
        row.addLayout(column, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))

    def show_picture(self, image: QImage | None) -> None:
        """The picture the report is about."""
        if image is None:
            self.picture.clear()
            return
        side = QSize(PICTURE, PICTURE)
        self.picture.setPixmap(rounded(image, side, 10, self.devicePixelRatioF()))

    def show_report(self, data: Mapping[str, Json]) -> None:
        """Shares as bars, the rest as words; empty data: still at work."""
        shares = shares_of(data)
        self.head.setText(f"{shares[0][0]}, {shares[0][1]:.0%} sure" if shares else "Looking…")
        self.bars.set_shares(shares)
        rest = {k: v for k, v in data.items() if k not in dict(shares)}
        self.words.setText(facts_text(rest))


class FilePage(QWidget):
    """A result that is a file and no picture: what it is and how to get it."""

    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel()
        self.head, self.words = title(""), note("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setMinimumWidth(360)
        self.export = Button("Export…", "export")
        self.export.clicked.connect(self.export_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._sign, self.head, self.words, self.export):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_file(self, name: str, size: str, data: Mapping[str, Json]) -> None:
        """Name, size and facts; an empty name: still at work."""
        self._sign.setPixmap(icons.pixmap("external", 40, "dim", self.devicePixelRatioF()))
        self.head.setText(f"{name} · {size}" if name else "Working…")
        self.words.setText(facts_text(data))
        self.export.setVisible(bool(name))


class AnimationPage(QWidget):
    """The player with room around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = AnimationPlayer()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 16)
        column.addWidget(self.player, 1)
