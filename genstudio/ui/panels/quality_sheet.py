"""The sheet that asks how to evaluate a model: data, samples, measures, judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from genstudio.core import subjects
from genstudio.core.subjects import Subject
from genstudio.ui.panels.sheet import SIDE, WIDTH, Sheet
from genstudio.ui.state.quality_state import QualityState
from genstudio.ui.widgets.buttons import Button, Pill, PillRow, Select
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note, scrolled

if TYPE_CHECKING:
    from genstudio.studio.library import Model

SCROLL_BAR, LEAST_MEASURES = 12, 64
REST = 520
"""Height of the sheet without its measures, with its distance from above and below, at most."""


class EvaluateSheet(Sheet):
    """Which pictures to compare with, how many samples, which measures."""

    data_wanted = Signal()

    def __init__(self, state: QualityState, parent: QWidget) -> None:
        super().__init__("Evaluate", parent)
        self._state = state
        self._model = ""
        self.data = Select()
        self.data.setAccessibleName("Compare with")
        self.samples = PillRow()
        self.samples.setAccessibleName("Samples")
        self.missing = note("")
        self._against, self._counted = label(""), label("")
        self.add = Button("Add data…", "plus")
        self.picks = Folded("Measures and judge")
        self.judge = Select()
        self.judge.setAccessibleName("Judge")
        self.judge.setToolTip("Models are compared only where the same judge looked at them")
        self._judge_label = label("Judge")
        self.lists = Button("Edit word lists…", kind="quiet")
        self.lists.setToolTip("Opens the folder with the words that the bias audit asks for")
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
        self.lists.clicked.connect(self._open_lists)

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self._against)
        column.addWidget(self.data)
        column.addWidget(self.missing)
        column.addWidget(self.add)
        column.addWidget(self._counted)
        column.addWidget(self.samples)
        column.addWidget(note("More samples make the numbers surer and take longer."))
        self.picks.head.addWidget(self.all)
        self.all.hide()
        self.picks.body.addWidget(self._room)
        self.picks.body.addWidget(self._judge_label)
        self.picks.body.addWidget(self.judge)
        self.picks.body.addWidget(self.lists)
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
        about = subjects.of(model.modality)
        self._against.setText(f"Compare with the unseen {about.things} of")
        self._counted.setText(about.made)
        self.picks.set_text(about.picks)
        self.missing.setText(f"There are no {about.things} to compare with yet: add data first.")
        self.lists.setVisible(about.lists)
        self._offer_samples(about)
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

    def _offer_samples(self, about: Subject) -> None:
        """Keep the number that was chosen last where it is offered again."""
        options = [str(count) for count in about.counts]
        before = self.samples.value()
        self.samples.set_options([(count, f"{int(count):,}") for count in options])
        self.samples.set_value(before if before in options else str(about.usual))

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

    def _open_lists(self) -> None:
        folder = self._state.word_lists()
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _want_data(self) -> None:
        self.close_sheet()
        self.data_wanted.emit()

    def _run(self) -> None:
        samples = int(self.samples.value())
        data, judge = self.data.value(), self.judge.value()
        if self._state.evaluate(self._model, data, samples, self.chosen(), judge=judge):
            self.close_sheet()
