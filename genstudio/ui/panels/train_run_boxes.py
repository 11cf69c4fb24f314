"""The boxes of the page of a run: curves, doctor, notice, log."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from genstudio.core.events import Advice
from genstudio.core.run import Change
from genstudio.ui.state.run_curves import Group, groups
from genstudio.ui.state.run_reading import Curves, LogLine
from genstudio.ui.state.run_words import Notice, change_text
from genstudio.ui.theme import font
from genstudio.ui.widgets.advice_list import AdviceList, Said
from genstudio.ui.widgets.buttons import Select
from genstudio.ui.widgets.chart import Chart, Curve
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, scrolled

_TRAINED = ("series_1", "series_3", "series_4", "series_5")
_VALIDATED = ("series_2", "series_6")
DOCTOR_WIDTH = 308
_LOG_HEIGHT = 168
_WIDE = 700
_MOST_WORDS = 70  # of the last line, on the folded head
_QUIET = "It watches from the first numbers on."
_NOTHING = "It had nothing to say."


def plain_box() -> tuple[QFrame, QVBoxLayout]:
    """A bordered box with less room at its top and foot than that of the forms."""
    frame = QFrame()
    frame.setProperty("box", "true")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(8)
    return frame, column


class CurvesBox(QFrame):
    """The curves of one group of numbers, and a choice where there are several groups."""

    group_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self._curves: Curves = {}
        self._best: int | None = None
        self.chart = Chart("Loss")
        self.which = Select()
        self.which.setAccessibleName("Numbers to show")
        self.which.setFixedWidth(116)
        self.which.hide()
        self.which.chosen.connect(self._choose)
        self.chart.head.insertWidget(1, self.which, 0, Qt.AlignmentFlag.AlignVCenter)
        self.chart.setMinimumHeight(204)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.addWidget(self.chart)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_curves(self, curves: Curves, best_step: int) -> None:
        """The numbers of a run; `best_step` 0: validation has chosen nothing yet."""
        self._curves, self._best = curves, best_step or None
        found = groups(curves)
        self.which.set_options([(group.key, group.title) for group in found])
        self.which.setVisible(len(found) > 1)
        self.chart.title.setVisible(len(found) < 2)
        self._draw(found)

    def _choose(self, key: str) -> None:
        self._draw(groups(self._curves))
        self.group_chosen.emit(key)

    def _draw(self, found: list[Group]) -> None:
        group = next((g for g in found if g.key == self.which.value()), found[0] if found else None)
        if group is None:
            self.chart.set_curves([])
            return
        self.chart.set_title(group.title)
        self.chart.set_curves(_drawn(group, self._curves), self._best)


def _drawn(group: Group, curves: Curves) -> list[Curve]:
    """The lines of a group in their colours."""
    made = []
    counts = {True: 0, False: 0}
    for line in group.lines:
        tokens = _VALIDATED if line.valid else _TRAINED
        token = tokens[counts[line.valid] % len(tokens)]
        counts[line.valid] += 1
        steps, values = curves[line.name]
        made.append(Curve(line.title, steps, values, token, sparse=line.valid))
    return made


class DoctorBox(QFrame):
    """What the training doctor sees; `acted(name, place)`: a remedy was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "true")
        self.list = AdviceList(_QUIET, "Training doctor")
        self.acted = self.list.acted
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(label("Training doctor"))
        column.addWidget(scrolled(self.list), 1)

    def show_advice(self, advice: Sequence[Advice], able: bool) -> None:
        """The newest sentence of every detector, warnings first; `able`: remedies can be taken."""
        order = {"warning": 0, "note": 1, "good": 2}
        ranked = sorted(advice, key=lambda one: order.get(one.level, 1))
        self.list.set_advice(
            [
                Said(
                    one.name,
                    one.level,
                    one.text,
                    f"step {one.step:,}" if one.step and one.level != "good" else "",
                    tuple(remedy.title for remedy in one.remedies),
                )
                for one in ranked
            ]
        )
        self.list.set_able(able)
        self.list.set_empty(_QUIET if able else _NOTHING)


class NoticeBox(QFrame):
    """How the run stands and what can be done next; hidden while all goes its way."""

    acted = Signal(str)

    def __init__(self, words: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._notice: Notice | None = None
        self.setProperty("box", "true")
        self.list = AdviceList("", "State of the run")
        self.list.acted.connect(self._act)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.list)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Another notice, or none."""
        self._notice = notice
        self.setVisible(notice is not None)
        if notice is not None:
            actions = tuple(self._words[name] for name in notice.actions)
            self.list.set_advice([Said("notice", notice.level, notice.text, actions=actions)])
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons stand beside the sentence where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for row in self.list.rows():
            row.set_wide(self.width() > _WIDE)

    def text(self) -> str:
        """The sentence in sight, "" while there is none."""
        return self._notice.text if self._notice else ""

    def _act(self, _key: str, place: int) -> None:
        if self._notice is not None:
            self.acted.emit(self._notice.actions[place])


class LogBox(Folded):
    """All that the training said, folded; what was changed on the way stands first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Log", parent=parent)
        self._lines: list[str] = []
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setAccessibleName("Log of the training")
        self.view.setFixedHeight(_LOG_HEIGHT)
        self.view.setFont(font(12, tabular=True))
        self.view.setTabChangesFocus(True)
        self.view.setMaximumBlockCount(3000)
        self.body.addWidget(self.view)
        self.toggled.connect(lambda _open: self._show_last())

    def show_log(self, lines: Sequence[LogLine], changes: Sequence[Change]) -> None:
        """Other lines; new ones are added at the end, so that reading is not disturbed."""
        words = [_change_line(change) for change in changes] + [_log_line(line) for line in lines]
        same = words[: len(self._lines)] == self._lines
        if not same:
            self.view.clear()
        for text in words[len(self._lines) :] if same else words:
            self.view.appendPlainText(text)
        self._lines = words
        self._show_last()

    def _show_last(self) -> None:
        """The folded head tells the newest line."""
        last = self._lines[-1] if self._lines else ""
        last = f"{last[:_MOST_WORDS]}…" if len(last) > _MOST_WORDS else last
        self.set_text(f"Log · {last}" if last and not self.is_open() else "Log")

    def text(self) -> str:
        """The whole log."""
        return "\n".join(self._lines)


def _log_line(line: LogLine) -> str:
    mark = {"warning": "Attention: ", "error": "Error: "}.get(line.level, "")
    return f"step {line.step:,}  {mark}{line.text}"


def _change_line(change: Change) -> str:
    values = change_text(change.options, change.settings)
    return f"step {change.step:,}  Changed: {change.what}{f' ({values})' if values else ''}"
