"""One model: its picture, its facts, where it came from, its card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from genstudio.core import measures
from genstudio.core.manifest import Manifest, Score
from genstudio.ui.panels.fast_box import FastBox
from genstudio.ui.state import words
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.models_state import Check, Origin
from genstudio.ui.theme import font
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.images import rounded
from genstudio.ui.widgets.panel_frame import box, note, scrolled

if TYPE_CHECKING:
    from genstudio.studio.library import Model

PICTURE = 184
MOST_NUMBERS = 4
_MOVE = QTextCursor.MoveOperation
_VERDICTS = {
    "good": ("good", "Sound"),
    "bad": ("red", "Not sound"),
    "checking": ("dim", "Checking"),
    "unknown": ("dim", "Not checked on this computer yet"),
}
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


class ModelPage(QWidget):
    """Everything on one scrolling page. `followed(what)`: "run", "data" or "parent" is wanted."""

    followed = Signal(str)

    def __init__(self, fast: FastState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fast = FastBox(fast)
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.about = note("")
        self.verdict, self.verdict_text = QLabel(), note("")
        self.facts, self.card = FactsView(), CardView()
        self.ways = {
            name: Button(text, icon)
            for name, (text, icon) in {
                "run": ("Show training", "train"),
                "data": ("Show data", "folder"),
                "parent": ("Show parent model", "models"),
            }.items()
        }
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 0, 20, 20)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.addWidget(self.fast)
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
        self.links = QWidget()
        flow = FlowLayout(self.links)
        for name, button in self.ways.items():
            flow.addWidget(button)
            button.clicked.connect(lambda _on=False, name=name: self.followed.emit(name))
        column.addWidget(self.links)
        column.addStretch(1)
        row.addLayout(column, 1)
        return row

    def show_origin(self, origin: Origin) -> None:
        """Buttons for what can still be found of where the model came from."""
        for name in self.ways:
            self.ways[name].setVisible(bool(getattr(origin, name)))
        self.ways["data"].setToolTip(origin.data_title)
        self.ways["parent"].setToolTip(origin.parent_title)
        self.links.setVisible(any((origin.run, origin.data, origin.parent)))

    def show_model(self, model: Model, card: str, scores: tuple[Score, ...] = ()) -> None:
        """Another model; `scores` are the newest."""
        image = QImage(str(model.preview)) if model.preview.is_file() else QImage()
        self.picture.setVisible(not image.isNull())
        if not image.isNull():
            side = QSize(PICTURE, PICTURE)
            self.picture.setPixmap(rounded(image, side, 12, self.devicePixelRatioF()))
            self.picture.setAccessibleName(f"Preview of {model.title}")
        about = model.manifest.description
        self.about.setText(about)
        self.about.setVisible(bool(about))
        facts = model_facts(model.manifest, model.family.title, model.bundled)
        self.facts.set_facts([*facts, ("Quality", quality(scores))])
        self.card.set_card(card, about)
        self.card_box.setVisible(bool(card))
        self.fast.show_model(model)

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
        ("Continued from", str(getattr(made, "parent", "") or "")),
        ("Training", training),
        ("Machine", made.machine),
        ("Licence", manifest.licence),
        ("On disk", words.size(sum(entry.size for entry in manifest.files))),
        ("Made", words.moment(manifest.created) if manifest.created else ""),
        ("Hash", getattr(manifest, "sha256", "")[:16]),
    ]


def quality(scores: tuple[Score, ...]) -> str:
    """The first numbers of each question that people ask, in a line."""
    first = [some[0] for _, some in measures.in_order(scores)][:MOST_NUMBERS]
    return " · ".join(
        f"{measures.of(s).title} {measures.number(s.value)} {s.unit}".strip() for s in first
    )


def _data(data) -> str:  # type: ignore[no-untyped-def]
    licence = f" ({data.licence})" if data.licence else ""
    return f"{data.name}, {data.count:,} pictures{licence}"
