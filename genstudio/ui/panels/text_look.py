"""A text of the gallery: small as a page, large for reading. What was given is paler."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QPainter,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from genstudio.core.artifact import Artifact
from genstudio.core.writing import START, WRITTEN
from genstudio.ui.theme import color, font, theme
from genstudio.ui.widgets.panel_frame import note
from genstudio.ui.widgets.text_places import units

SIDE = 264
EXCERPT = 700
"""Characters that a small page shows at most."""
GIVEN = 160
"""Characters of what was given that a small page begins with."""
MOST = 200_000
MEASURE = 760
"""Widest line in pixels: longer ones are hard to read."""
_MARGIN = 20
_LEADING = 1.2


def span_of(artifact: Artifact) -> tuple[int, int]:
    """(first, behind the last) character that the model wrote."""
    facts = artifact.provenance.facts
    start, length = facts.get(START), facts.get(WRITTEN)
    first = start if isinstance(start, int) else 0
    return first, first + (length if isinstance(length, int) else MOST)


def excerpt(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """The part worth a small picture: the end of what was given, then what was written."""
    first = max(0, span[0] - GIVEN)
    shown = text[first : first + EXCERPT]
    return ("…" if first else "") + shown, (span[0] - first + bool(first), span[1] - first + 1)


def page(text: str, span: tuple[int, int]) -> QImage:
    """A small page with the beginning of a text; may be drawn in any thread."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(color("panel"))
    words, (first, last) = excerpt(text, span)
    layout = QTextLayout(words.replace("\n", "\u2028"), font(15))
    layout.setFormats([_pale(words, 0, first), _pale(words, last, len(words))])
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    top = 0.0
    # In this order: a line that is made but not placed would be drawn over the first.
    while top < SIDE and (line := layout.createLine()).isValid():
        line.setLineWidth(SIDE - 2 * _MARGIN)
        line.setPosition(QPointF(0, top))
        top += line.height() * _LEADING
    layout.endLayout()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setClipRect(_MARGIN, _MARGIN, SIDE - 2 * _MARGIN, SIDE - 2 * _MARGIN)
    painter.setPen(color("text"))
    layout.draw(painter, QPointF(_MARGIN, _MARGIN))
    painter.end()
    return image


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _pale(words: str, start: int, end: int) -> QTextLayout.FormatRange:
    """Characters from `start` to `end` in the ink of what was given."""
    found = QTextLayout.FormatRange()
    found.start = units(words[:start])
    found.length = max(0, units(words[:end]) - found.start)
    found.format.setForeground(color("dim"))
    return found


class TextLook(QWidget):
    """One text to read and to copy from; `closed` on Esc."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QPlainTextEdit()
        self.edit.setReadOnly(True)
        self.edit.setObjectName("writing")
        self.edit.setAccessibleName("Written text")
        self.edit.setFont(font(16))
        self.edit.setProperty("ring", "caret")
        self.about = note("")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        for widget, stretch in ((self.edit, 1), (self.about, 0)):
            widget.setMaximumWidth(MEASURE)
            row = QHBoxLayout()
            row.addWidget(widget)
            column.addLayout(row, stretch)
        self.setFocusProxy(self.edit)
        self._text, self._span = "", (0, 0)
        theme().changed.connect(self._paint)

    def show_text(self, text: str, artifact: Artifact) -> None:
        """Show `text` of `artifact`, with what the model wrote in full ink."""
        self._text, self._span = text[:MOST], span_of(artifact)
        self.edit.setPlainText(self._text)
        self._paint()
        self.edit.moveCursor(QTextCursor.MoveOperation.Start)
        count = len(self._text[slice(*self._span)].split())
        self.about.setText(f"{count:,} {'word' if count == 1 else 'words'} written by the model")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _paint(self) -> None:
        """The ink of the theme: pale for what was given."""
        first, last = self._span
        for start, end, ink in ((0, None, "text"), (0, first, "dim"), (last, None, "dim")):
            form = QTextCharFormat()
            form.setForeground(color(ink))
            cursor = QTextCursor(self.edit.document())
            cursor.setPosition(units(self._text[:start]))
            cursor.setPosition(units(self._text[:end]), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(form)
