"""One model: its picture, its facts, its scores with their intervals, its card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.manifest import Manifest, Score
from genstudio.ui.state import words
from genstudio.ui.state.models_state import Check
from genstudio.ui.theme import font
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.images import rounded
from genstudio.ui.widgets.panel_frame import box, label, note, scrolled

if TYPE_CHECKING:
    from genstudio.studio.library import Model

PICTURE = 184
_MOVE = QTextCursor.MoveOperation
_VERDICTS = {
    "good": ("good", "Sound"),
    "bad": ("red", "Not sound"),
    "checking": ("dim", "Checking"),
    "unknown": ("dim", "Not checked on this computer yet"),
}
_BETTER = {"lower": "lower is better", "higher": "higher is better", "near": "near the real data"}
# The card repeats what stands above it: its title, and the scores.
_OWN_PARTS = re.compile(r"^# .*\n+|^## Scores\n(?:(?!^## ).*\n?)*", re.MULTILINE)


class CardView(QTextBrowser):
    """Markdown without pictures, links or scroll bars; as high as its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName("Card")
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setObjectName("plain")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)

    def loadResource(self, _kind: int, _name: object) -> object:
        """Nothing is fetched for a card, neither from the disk nor from elsewhere."""
        return None

    def set_card(self, text: str, shown_above: str = "") -> None:
        """Show markdown without its title and scores, and without what is `shown_above`."""
        rest = _OWN_PARTS.sub("", text).lstrip()
        self.setMarkdown(rest.removeprefix(shown_above) if shown_above else rest)
        self._quieten()
        self._fit()

    def _quieten(self) -> None:
        """Headings and lists at the size and spacing of the rest of the window."""
        document = self.document()
        document.setIndentWidth(14)
        heading = QTextCharFormat()
        heading.setFont(font(13, 600))
        block = document.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            cursor = QTextCursor(block)
            shape = QTextBlockFormat()
            shape.setTopMargin(0 if block == document.begin() else 14 if level else 3)
            shape.setBottomMargin(4 if level else 0)
            cursor.mergeBlockFormat(shape)
            if level:
                cursor.movePosition(_MOVE.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(heading)
            block = block.next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(round(self.document().size().height()) + 14)


class ScoreTable(QWidget):
    """Scores as rows: measure, value, interval, what real data reach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Scores")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)

    def set_scores(self, scores: tuple[Score, ...]) -> None:
        """Show these."""
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        heads = ("Measure", "Value", "95 % interval", "Real data", "Samples")
        for column, head in enumerate(heads):
            self._grid.addWidget(_cell(head, dim=True, right=column > 0), 0, column)
        for row, score in enumerate(scores, start=1):
            self._grid.addWidget(_measure(score), row, 0)
            for column, text in enumerate(score_words(score), start=1):
                self._grid.addWidget(_cell(text, strong=column == 1, right=True), row, column)
        self.setAccessibleDescription(
            "; ".join(f"{s.metric} {score_words(s)[0]}" for s in scores) or "none"
        )


class ModelPage(QWidget):
    """Everything on one scrolling page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.about = note("")
        self.verdict, self.verdict_text = QLabel(), note("")
        self.facts, self.scores, self.card = FactsView(), ScoreTable(), CardView()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 0, 20, 20)
        column.setSpacing(16)
        column.addLayout(self._head())
        self.score_box, inner = box()
        inner.addWidget(label("Scores"))
        inner.addWidget(self.scores)
        column.addWidget(self.score_box)
        card_box, inner = box()
        inner.addWidget(self.card)
        self.card_box = card_box
        column.addWidget(card_box)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addWidget(self.facts)
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self.verdict)
        verdict.addWidget(self.verdict_text, 1)
        column.addLayout(verdict)
        column.addStretch(1)
        row.addLayout(column, 1)
        return row

    def show_model(self, model: Model, card: str) -> None:
        """Another model."""
        image = QImage(str(model.preview)) if model.preview.is_file() else QImage()
        self.picture.setVisible(not image.isNull())
        if not image.isNull():
            side = QSize(PICTURE, PICTURE)
            self.picture.setPixmap(rounded(image, side, 12, self.devicePixelRatioF()))
            self.picture.setAccessibleName(f"Preview of {model.title}")
        about = model.manifest.description
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.facts.set_facts(model_facts(model.manifest, model.family.title, model.bundled))
        self.scores.set_scores(model.manifest.scores)
        self.score_box.setVisible(bool(model.manifest.scores))
        self.card.set_card(card, about)
        self.card_box.setVisible(bool(card))

    def show_check(self, check: Check) -> None:
        """What verifying has said."""
        role, text = _VERDICTS[check.verdict]
        self.verdict.setText(text)
        self.verdict.setProperty("role", role)
        self.verdict.style().polish(self.verdict)
        self.verdict_text.setText(check.text)


def model_facts(manifest: Manifest, family: str, bundled: bool) -> list[tuple[str, str]]:
    """The facts of a manifest as (label, words)."""
    config, made = manifest.config, manifest.training
    size, channels = config.get("size"), config.get("channels")
    colours = {1: "grey", 3: "colour", 4: "colour with transparency"}.get(channels, "")  # type: ignore[call-overload]
    names = config.get("class_names")
    classes = ", ".join(str(name) for name in names) if isinstance(names, list) else ""
    training = f"{made.steps:,} steps of {made.batch} on {made.device}" if made.steps else ""
    if made.seconds:
        training += f", {words.duration(made.seconds)}"
    return [
        ("Kind", f"{family}{' · came with GenStudio' if bundled else ''}"),
        ("Pictures", f"{size} × {size} px, {colours}" if size else ""),
        ("Classes", classes),
        ("Trained on", "; ".join(_data(data) for data in manifest.trained_on)),
        ("Training", training),
        ("Machine", made.machine),
        ("Licence", manifest.licence),
        ("On disk", words.size(sum(entry.size for entry in manifest.files))),
        ("Made", words.moment(manifest.created) if manifest.created else ""),
        ("Hash", getattr(manifest, "sha256", "")[:16]),
    ]


def score_words(score: Score) -> tuple[str, str, str, str]:
    """Value, interval, what real data reach, samples."""
    unit = f" {score.unit}" if score.unit else ""
    span = ""
    if score.low is not None and score.high is not None:
        span = f"{score.low:.4g} – {score.high:.4g}"
    floor = f"{score.floor:.4g}" if score.floor is not None else ""
    return f"{score.value:.4g}{unit}", span, floor, f"{score.samples:,}" if score.samples else ""


def _data(data) -> str:  # type: ignore[no-untyped-def]
    licence = f" ({data.licence})" if data.licence else ""
    return f"{data.name}, {data.count:,} pictures{licence}"


def _measure(score: Score) -> QLabel:
    better = _BETTER.get(score.better, "")
    text = score.metric.replace("_", " ").capitalize()
    made = _cell(f"{text}  ·  {better}" if better else text)
    made.setToolTip(score.help)
    made.setAccessibleDescription(score.help)
    return made


def _cell(text: str, dim: bool = False, strong: bool = False, right: bool = False) -> QLabel:
    made = QLabel(text)
    made.setFont(font(12 if dim else 13, 600 if strong else 400, tabular=True))
    if dim:
        made.setProperty("role", "small")
    made.setAlignment(
        (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        | Qt.AlignmentFlag.AlignVCenter
    )
    return made
