"""The Quality page of the Models panel: how good a model is, and how to find that out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.core import measures, subjects
from genstudio.core.manifest import Score
from genstudio.ui.panels.quality_rows import ScoreGroup, copies_sentence
from genstudio.ui.state.quality_state import Measuring, QualityState
from genstudio.ui.widgets import images
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import box, label, note, scrolled

if TYPE_CHECKING:
    from genstudio.studio.library import Model

MOST_SHEET = 560
MOST_ROWS = 60
"""A package from elsewhere may list any number of scores."""


class SheetView(QWidget):
    """A sheet of pictures, as wide as there is room, never blurred more than it must be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_image(self, image: QImage, words: str) -> None:
        """Show a picture; `words` say what is on it."""
        self._image = image
        self.setAccessibleName(words)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(max(1, math.ceil(self._room(self.width()).height())))

    def _room(self, width: int) -> QRectF:
        """Whole enlargements where the sheet is small, so that pixels stay square."""
        size = self._image.size()
        if size.isEmpty():
            return QRectF()
        scale = min(width, 2 * MOST_SHEET) / size.width()
        scale = float(int(scale)) if scale >= 2 else scale
        scale = min(scale, max(1.0, MOST_SHEET / size.height()))
        return QRectF(0, 0, size.width() * scale, size.height() * scale)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The sheet."""
        room = self._room(self.width())
        enlarged = not self._image.isNull() and room.width() >= 2 * self._image.width()
        smooth = not enlarged and images.smooth_for(self._image, "auto")
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(room, self._image)


class Progress(QWidget):
    """An evaluation on its way, with the button that ends it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the evaluation")
        self.cancel = Button("Cancel")
        self.cancel.setAccessibleName("Cancel the evaluation")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.text, 1)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)

    def show_work(self, work: Measuring) -> None:
        """What it does now."""
        if work.waiting and not work.total:
            words = "Waits for its turn in the queue"
        else:
            words = f"Evaluating: {work.text}" if work.text else "Evaluating"
        self.text.setText(words)
        self.bar.setRange(0, 1000 if work.total else 0 if not work.waiting else 1)
        self.bar.setValue(round(1000 * work.done / work.total) if work.total else 0)
        self.setAccessibleName(words)


class QualityPage(QWidget):
    """`evaluate_wanted` when somebody asks to evaluate the model in sight."""

    evaluate_wanted = Signal()

    def __init__(self, state: QualityState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._model: Model | None = None
        self._shown: tuple[str, tuple[Score, ...]] | None = None
        self._sheet: tuple[tuple[str, int], QImage] = (("", 0), QImage())
        self.groups: list[ScoreGroup] = []
        self.progress = Progress()
        self.progress.cancel.clicked.connect(self._cancel)
        self.intro = note("")
        self.empty = EmptyState(
            "check", "Not evaluated yet", subjects.PICTURES.meaning, "Evaluate…"
        )
        self.empty.clicked.connect(self.evaluate_wanted)
        self.empty.setMinimumHeight(420)
        self.sheet, self.sheet_words = SheetView(), note("")
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(20, 0, 20, 20)
        self._column.setSpacing(16)
        self.progress_box, inner = box()
        self.progress_box.hide()
        inner.addWidget(self.progress)
        self._column.addWidget(self.progress_box)
        self._column.addWidget(self.intro)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(16)
        self._column.addLayout(self._groups)
        self.sheet_box, inner = box()
        inner.addWidget(label("Samples (above) and the training pictures nearest to them (below)"))
        inner.addWidget(self.sheet_words)
        inner.addWidget(self.sheet)
        self._column.addWidget(self.sheet_box)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))
        state.changed.connect(self._changed)
        state.progressed.connect(lambda _id: self._show_work())

    def show_model(self, model: Model) -> None:
        """Another model, or the same one with other scores."""
        self._model = model
        scores = self._state.scores(model)[:MOST_ROWS]
        if self._shown != (model.id, scores):
            self._shown = (model.id, scores)
            self._fill(scores)
        self._show_sheet(model, scores)
        self._show_work()
        self.intro.setText(intro(scores))
        self.intro.setVisible(bool(scores))
        self.empty.setVisible(not scores)
        self._say_empty(self._state.measuring(model.id) is not None)

    def text(self) -> str:
        """All scores as lines of text, with how they were measured."""
        rows = [row.score for group in self.groups for row in group.rows]
        return "\n".join(f"{measures.sentence(s)} ({measures.measured(s)})" for s in rows)

    def _fill(self, scores: tuple[Score, ...]) -> None:
        for group in self.groups:
            self._groups.removeWidget(group)
            group.hide()
            group.deleteLater()
        self.groups = [ScoreGroup(title, some) for title, some in measures.in_order(scores)]
        for group in self.groups:
            self._groups.addWidget(group)

    def _show_sheet(self, model: Model, scores: tuple[Score, ...]) -> None:
        image = self._sheet_of(self._state.pairs(model))
        words = copies_sentence(scores)
        self.sheet_words.setText(words)
        self.sheet_words.setVisible(bool(words))
        self.sheet.set_image(image, f"Samples beside their nearest training pictures. {words}")
        self.sheet_box.setVisible(not image.isNull())

    def _sheet_of(self, path: Path | None) -> QImage:
        """The picture at `path`, read once until it changes."""
        stamp = (str(path), path.stat().st_mtime_ns) if path is not None else ("", 0)
        if stamp != self._sheet[0]:
            self._sheet = stamp, QImage(stamp[0]) if path is not None else QImage()
        return self._sheet[1]

    def _show_work(self) -> None:
        work = self._state.measuring(self._model.id) if self._model else None
        if self.progress_box.isHidden() == (work is not None):
            self.progress_box.setVisible(work is not None)
            self._say_empty(work is not None)
        if work is not None:
            self.progress.show_work(work)

    def _say_empty(self, working: bool) -> None:
        about = subjects.of(self._model.modality if self._model is not None else "")
        self.empty.set_text(
            "Being evaluated" if working else "Not evaluated yet",
            about.meaning,
            "" if working else "Evaluate…",
        )

    def _changed(self, model_id: str) -> None:
        if self._model is not None and model_id == self._model.id:
            self.show_model(self._model)

    def _cancel(self) -> None:
        if self._model is not None:
            self._state.cancel(self._model.id)


def intro(scores: tuple[Score, ...]) -> str:
    """How to read the bars, in a sentence or two; "" without scores."""
    if not scores:
        return ""
    words = "The band is the 95 % interval, the dot the value."
    if any(score.floor is not None for score in scores):
        things = measures.things(scores[0])
        words += f" “real” marks what other real {things} reach in the same test."
    if any(score.settings.get("floor") == "chance" for score in scores):
        words += " “chance” marks how large a difference is that means nothing."
    return words
