"""Sheets over the Models panel: what to evaluate, and how the card goes out. Never modal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from genstudio.core import files
from genstudio.ui.state.quality_state import SAMPLES, USUAL_SAMPLES, QualityState
from genstudio.ui.widgets.buttons import Button, Pill, PillRow, Select, Switch
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note, scrolled, title

if TYPE_CHECKING:
    from genstudio.studio.library import Model

WIDTH, TOP, MARGIN, SIDE = 400, 60, 20, 16
SCROLL_BAR, LEAST_MEASURES = 12, 64
REST = 520
"""Height of a sheet without its measures, with its distance from above and below, at most."""


class Sheet(QFrame):
    """A small window at the top right of its parent; Esc or Close leaves."""

    closed = Signal()

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("box", "raised")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(words)
        self._before: QWidget | None = None
        self.head = title(words)
        self.leave = Button("Close", kind="quiet")
        self.leave.setAccessibleName(f"Close: {words}")
        self.leave.clicked.connect(self.close_sheet)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SIDE, 12, SIDE, SIDE)
        self.column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.head, 1)
        row.addWidget(self.leave)
        self.column.addLayout(row)
        self.hide()

    def open_sheet(self, first: QWidget) -> None:
        """Come into sight with the focus on `first`; it goes back when the sheet leaves."""
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._before = focus
        self.show()
        self.place()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Top right of the parent, below its bar."""
        self.adjustSize()
        self.move(self.parentWidget().width() - self.width() - MARGIN, TOP)

    def close_sheet(self) -> None:
        """Leave."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)


class EvaluateSheet(Sheet):
    """Which pictures to compare with, how many samples, which measures."""

    data_wanted = Signal()

    def __init__(self, state: QualityState, parent: QWidget) -> None:
        super().__init__("Evaluate", parent)
        self._state = state
        self._model = ""
        self.data = Select()
        self.data.setAccessibleName("Compare with")
        self.samples = PillRow([(count, f"{int(count):,}") for count in SAMPLES])
        self.samples.setAccessibleName("Samples")
        self.samples.set_value(USUAL_SAMPLES)
        self.missing = note("There are no pictures to compare with yet: add data first.")
        self.add = Button("Add data…", "plus")
        self.picks = Folded("Measures and judge")
        self.judge = Select()
        self.judge.setAccessibleName("Judge")
        self.judge.setToolTip("Models are compared only where the same judge looked at them")
        self._judge_label = label("Judge")
        self._pills: dict[str, Pill] = {}
        self._flow = QWidget()
        FlowLayout(self._flow, gap=6)
        self._room = scrolled(self._flow)
        self.all = Button("All", kind="quiet")
        self.all.setAccessibleName("All measures")
        self.go = Button("Evaluate", "check", kind="primary")
        self._lay_out()
        self.go.clicked.connect(self._run)
        self.all.clicked.connect(self._take_all)
        self.add.clicked.connect(self._want_data)
        self.picks.toggled.connect(self._unfold)

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(label("Compare with the unseen pictures of"))
        column.addWidget(self.data)
        column.addWidget(self.missing)
        column.addWidget(self.add)
        column.addWidget(label("Samples"))
        column.addWidget(self.samples)
        column.addWidget(note("More samples make the numbers surer and take longer."))
        self.picks.head.addWidget(self.all)
        self.all.hide()
        self.picks.body.addWidget(self._room)
        self.picks.body.addWidget(self._judge_label)
        self.picks.body.addWidget(self.judge)
        column.addWidget(self.picks)
        column.addWidget(
            note("It runs in the queue: you can go on working. The card shows the results at once.")
        )
        column.addSpacing(4)
        column.addWidget(self.go)

    def open_for(self, model: Model) -> None:
        """Offer to evaluate this model."""
        self._model = model.id
        self.head.setText(f"Evaluate {model.title}")
        found = self._state.datasets(model)
        self.data.set_options([(data.name, data.title) for data in found])
        if found:
            self.data.set_value(found[0].name)
        for widget, on in (
            (self.data, bool(found)),
            (self.missing, not found),
            (self.add, not found),
        ):
            widget.setVisible(on)
        self.go.setEnabled(bool(found))
        judges = [(judge.id, judge.title) for judge in self._state.judges(model)]
        self.judge.set_options([("", "The one that suits best"), *judges])
        self.judge.setCurrentIndex(0)
        for widget in (self.judge, self._judge_label):
            widget.setVisible(bool(judges))
        self._fill(model)
        self.open_sheet(self.go if found else self.add)

    def chosen(self) -> list[str]:
        """The measures asked for; none means all."""
        on = [name for name, pill in self._pills.items() if pill.isChecked()]
        return [] if len(on) == len(self._pills) else on

    def _fill(self, model: Model) -> None:
        for pill in self._pills.values():
            self._flow.layout().removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills = {}
        for measure in self._state.measures(model):
            pill = Pill(measure.title)
            pill.setToolTip(measure.meaning)
            pill.setAccessibleDescription(measure.meaning)
            pill.setChecked(True)
            pill.toggled.connect(self._look)
            self._flow.layout().addWidget(pill)
            self._pills[measure.name] = pill

    def _look(self) -> None:
        any_on = any(pill.isChecked() for pill in self._pills.values())
        self.go.setEnabled(any_on and self.data.count() > 0)

    def _take_all(self) -> None:
        for pill in self._pills.values():
            pill.setChecked(True)

    def place(self) -> None:
        """The measures scroll where the window is too low for all of them."""
        whole = self._flow.layout().heightForWidth(WIDTH - 2 * SIDE - SCROLL_BAR)
        spare = self.parentWidget().height() - REST
        self._flow.setMinimumHeight(whole)
        self._room.setFixedHeight(max(LEAST_MEASURES, min(whole, spare)))
        inner: QWidget = self._room
        while inner is not self:
            inner.updateGeometry()  # else the layouts around it know of the change a turn later
            inner = inner.parentWidget()
        super().place()

    def _unfold(self, open: bool) -> None:
        self.all.setVisible(open)
        self.place()

    def _want_data(self) -> None:
        self.close_sheet()
        self.data_wanted.emit()

    def _run(self) -> None:
        samples = int(self.samples.value())
        data, judge = self.data.value(), self.judge.value()
        if self._state.evaluate(self._model, data, samples, self.chosen(), judge=judge):
            self.close_sheet()


class CardSheet(Sheet):
    """The card as a file: HTML or Markdown, where to."""

    def __init__(self, state: QualityState, parent: QWidget) -> None:
        super().__init__("Export the card", parent)
        self._state = state
        self._model = ""
        places = QStandardPaths.StandardLocation.DocumentsLocation
        self.folder = Path(QStandardPaths.writableLocation(places) or Path.home())
        self.format = PillRow(
            [
                ("html", "HTML", "One file with its pictures, for any browser"),
                ("md", "Markdown", "Plain text, for repositories and notes"),
            ]
        )
        self.format.setAccessibleName("Format")
        self.pairs = Switch("With the nearest training pictures")
        self.warning = note("They show some of the data that it was trained on.")
        self.where = QLabel()
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setWordWrap(True)
        self.choose = Button("Change…", "folder")
        self.choose.setAccessibleName("Change the file")
        self.go = Button("Export", "export", kind="primary")
        self._target: Path | None = None
        self._has_pairs = False
        column = self.column
        column.addWidget(label("Format"))
        column.addWidget(self.format)
        column.addWidget(self.pairs)
        column.addWidget(self.warning)
        column.addWidget(label("File"))
        row = QHBoxLayout()
        row.addWidget(self.where, 1)
        row.addWidget(self.choose)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(self.go)
        self.format.changed.connect(lambda _value: self._show())
        self.choose.clicked.connect(self._choose)
        self.go.clicked.connect(self._run)

    def open_for(self, model: Model) -> None:
        """Offer to export this model's card."""
        self._model, self._target = model.id, None
        self._has_pairs = self._state.pairs(model) is not None
        self.pairs.setChecked(False)
        self._show()
        self.open_sheet(self.go)

    def target(self) -> Path:
        """The file to write."""
        ending = f".{self.format.value()}"
        if self._target is not None:
            return self._target.with_suffix(ending)
        return files.free_name(self.folder / f"{self._model}-card{ending}")

    def _show(self) -> None:
        offered = self._has_pairs and self.format.value() == "html"
        self.pairs.setVisible(offered)
        self.warning.setVisible(offered)
        self.where.setText(str(self.target()))
        self.where.setAccessibleName(f"File: {self.target()}")
        self.place()

    def _choose(self) -> None:
        kind = "Web page (*.html)" if self.format.value() == "html" else "Markdown (*.md)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export the card", str(self.target()), kind)
        if chosen:
            self._target = Path(chosen)
            self.folder = self._target.parent
            self._show()

    def _run(self) -> None:
        pairs = self.pairs.isChecked() and self._has_pairs and self.format.value() == "html"
        if self._state.export_card(self._model, self.target(), pairs):
            self.close_sheet()
