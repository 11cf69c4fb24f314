"""Scores as people read them: what was measured, how good, how sure, what real pictures reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from genstudio.core import bias_page, measures
from genstudio.core.manifest import Score
from genstudio.ui.theme import font
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import box, label, note
from genstudio.ui.widgets.score_bar import ScoreBar

VALUE_WIDTH = 150
MOST_PARTS, MOST_NAME, MOST_UNIT, MOST_SOURCE = 60, 40, 12, 200
"""Limits for what a package from elsewhere may say."""


class ScoreRow(QFrame):
    """One score: words on the left, its bar, its value with the interval on the right.

    `own_way` is what sets its measurement apart from the others of the group.
    """

    def __init__(self, score: Score, own_way: str = "") -> None:
        super().__init__()
        words = measures.of(score)
        self.score = score
        self.setAccessibleName(measures.sentence(score))
        self.setAccessibleDescription(f"{words.meaning} {measures.measured(score)}".strip())
        self.setToolTip(f"{score.help}\n{measures.measured(score)}".strip())
        self.bar = ScoreBar()
        self.bar.set_score(score)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 4)
        grid.setColumnMinimumWidth(2, VALUE_WIDTH)
        grid.addLayout(self._words(words, own_way), 0, 0)
        grid.addWidget(self.bar, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(self._value(), 0, 2)

    def _words(self, words: measures.Measure, own_way: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(_text(words.title, weight=600))
        better = measures.BETTER.get(self.score.better, "")
        if better:
            head.addWidget(_text(better, 12, role="small"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(_text(words.meaning, role="dim", wrap=True))
        if own_way:
            column.addWidget(_text(own_way, 12, role="small", wrap=True))
        return column

    def _value(self) -> QVBoxLayout:
        score = self.score
        unit = f" {score.unit[:MOST_UNIT]}" if score.unit else ""
        column = QVBoxLayout()
        column.setSpacing(2)
        right = Qt.AlignmentFlag.AlignRight
        column.addWidget(_text(f"{measures.number(score.value)}{unit}", 15, 600), 0, right)
        if score.low is not None and score.high is not None:
            span = f"{measures.number(score.low)} to {measures.number(score.high)}"
            column.addWidget(_text(span, 12, role="small"), 0, right)
        column.addStretch(1)
        return column


class BiasTable(QFrame):
    """The bias audit, a row for each pair of groups, with how to read it below."""

    def __init__(self, scores: Sequence[Score]) -> None:
        super().__init__()
        found = bias_page.rows(scores)
        self.setAccessibleName("Bias audit")
        self.setAccessibleDescription("; ".join(_spoken(row) for row in found))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 4)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for place, head in enumerate(bias_page.HEADS):
            grid.addWidget(_text(head, 12, role="small", wrap=True), 0, place)
            grid.setColumnStretch(place, 3 if place == 3 else 2)
        for line, row in enumerate(found, 1):
            for place, cell in enumerate(row):
                grid.addWidget(_text(cell, weight=400 if place else 600, wrap=True), line, place)
        grid.addWidget(note(bias_page.how(scores)), len(found) + 1, 0, 1, len(bias_page.HEADS))


def _spoken(row: Sequence[str]) -> str:
    """A row for people who do not see the table."""
    cells = zip(bias_page.HEADS, row, strict=True)
    return ", ".join(f"{head}: {cell}" for head, cell in cells if cell)


class ScoreGroup(QFrame):
    """Scores that answer one question, under their heading; details by class fold away."""

    def __init__(self, heading: str, scores: Sequence[Score]) -> None:
        super().__init__()
        frame, self.column = box()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setAccessibleName(heading)
        ways = [measures.measured_parts(score) for score in scores]
        common = _common(ways)
        head = QHBoxLayout()
        head.addWidget(label(heading))
        head.addStretch(1)
        self.way = _text(" · ".join(common), 12, role="small")
        head.addWidget(self.way)
        self.column.addLayout(head)
        self.rows = [
            ScoreRow(score, " · ".join(part for part in way if part not in common))
            for score, way in zip(scores, ways, strict=True)
        ]
        for row in self.rows:
            self.column.addWidget(row)
        if bias_page.rows(scores):
            self.column.addWidget(BiasTable(scores))
        details = [line for score in scores for line in details_of(score)]
        if details:
            folded = Folded("Details")
            for line in details:
                folded.body.addWidget(note(line))
            self.column.addWidget(folded)


def _common(ways: Sequence[Sequence[str]]) -> list[str]:
    """What stands in the heading: how most were measured, else what all have in common."""
    often, count = Counter(map(tuple, ways)).most_common(1)[0]
    if count > 1:
        return list(often)
    return [part for part in ways[0] if all(part in way for way in ways)]


_TABLES = (
    ("by_class", "by class"),
    ("by_slot", "by attribute"),
    ("by_slot_real", "by attribute, real pictures"),
    ("by_batch", "by batch, pictures a second"),
    ("by_length", "by length of the run"),
    ("by_length_real", "by length of the run, real texts"),
    ("by_lag", "by bars back"),
    ("by_lag_real", "by bars back, real pieces"),
    ("by_sound", "on average"),
    ("by_sound_real", "on average, real pieces"),
)


def details_of(score: Score) -> list[str]:
    """What the settings of a score add: by class, by batch, identical pictures, the machine."""
    title, known = measures.of(score).title, score.settings
    lines = []
    for key, words in _TABLES:
        table = known.get(key)
        if isinstance(table, dict) and table:
            shown = list(table.items())[:MOST_PARTS]
            gap = "; " if any(" " in str(value) for _, value in shown) else ", "
            parts = gap.join(f"{name[:MOST_NAME]} {_short(value)}" for name, value in shown)
            more = f" and {len(table) - MOST_PARTS:,} more" if len(table) > MOST_PARTS else ""
            lines.append(f"{title} {words}: {parts}{more}")
    for key, unit in (("longest_copy", "words"), ("longest_run", "steps")):
        longest = known.get(key)
        if isinstance(longest, int) and longest:
            source = str(known.get("longest_source", ""))[:MOST_SOURCE]
            lines.append(f"{title}: the longest copy has {longest:,} {unit}, from {source}")
    machine = [known.get("machine"), known.get("device")]
    if any(machine):
        threads = known.get("threads")
        several = f", {threads} thread{'s' if threads != 1 else ''}" if threads else ""
        lines.append(f"{title}: on {', '.join(str(part) for part in machine if part)}{several}")
    return lines


def copies_sentence(scores: Sequence[Score]) -> str:
    """What was found about copies, in one or two sentences; "" where it was not looked for."""
    found = next((score for score in scores if score.metric == "copies"), None)
    if found is None:
        return ""
    count = round(found.value * found.samples)
    chance = found.floor if found.floor is not None else 0.01
    first = (
        f"{count:,} of {found.samples:,} samples ({_percent(found.value)}) come nearer to a "
        f"training picture than {_percent(chance)} of unseen pictures do"
    )
    verdict = (
        "more than chance gives: it may repeat training pictures."
        if found.low is not None and found.low > chance
        else "no more than chance gives."
    )
    identical = found.settings.get("identical")
    if not isinstance(identical, int):
        return f"{first}: {verdict}"
    same = {0: "None is", 1: "1 is"}.get(identical, f"{identical:,} are")
    return f"{first}: {verdict} {same} identical to one."


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _short(value: object) -> str:
    return measures.number(value) if isinstance(value, (int, float)) else str(value)[:MOST_SOURCE]


def _text(
    text: str, size: int = 13, weight: int = 400, role: str = "", wrap: bool = False
) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(font(size, weight, tabular=True))
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made
