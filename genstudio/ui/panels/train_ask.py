"""The asking side of the Train panel: data, kind of model, how long, what it takes, a name."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from genstudio.core.budget import BUDGETS
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError
from genstudio.core.family import Family
from genstudio.studio import kinds
from genstudio.ui.panels.train_advanced import AdvancedPart
from genstudio.ui.panels.train_data import DataPart
from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.training_state import TrainingState
from genstudio.ui.widgets.buttons import PillRow, Select
from genstudio.ui.widgets.control_form import LABEL_WIDTH
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import AskingColumn, note
from genstudio.ui.widgets.plan_box import Level, PlanBox

SCRATCH = ("", "From scratch", "Begins with random weights")
LEVELS: dict[str, Level] = {"fits": "good", "tight": "amber", "no": "red", "unknown": "text"}


class AskingSide(QObject):
    """Fills an AskingColumn and keeps it and the TrainingState in step."""

    planned = Signal()

    def __init__(
        self, column: AskingColumn, state: TrainingState, data: DataState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._cards: list[ModelCard] = []
        self.data = DataPart(data, self)
        self.kinds = ModelCards(thumbs=False)
        self.kinds.setAccessibleName("Kind of model")
        self.nothing = note("")
        self.parents = Select()
        self.parents.setAccessibleName("Continue from")
        self.going_on = note("")
        self.times = PillRow([(b.name, b.title, b.help) for b in BUDGETS])
        self.times.setAccessibleName("How long")
        for budget in BUDGETS:
            self.times.pill(budget.name).setAccessibleName(f"How long: {budget.title}")
            self.times.pill(budget.name).setAccessibleDescription(budget.help)
        self.own_steps = note("")
        self.plan = PlanBox()
        self.advanced = AdvancedPart(state)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the model")
        self.name.setMaxLength(200)
        self._lay_out(column)
        self._connect()
        self.show_choices()

    def _lay_out(self, column: AskingColumn) -> None:
        column.add(self.data.widget, "1 · Data")
        column.add(self.kinds, "2 · Kind of model")
        column.add(self.nothing)
        self.continue_row = _row("Continue from", self.parents)
        column.add(self.continue_row)
        column.add(self.going_on)
        column.add(self.times, "3 · How long")
        column.add(self.own_steps)
        column.add(self.plan)
        column.add(_row("Model name", self.name))
        column.add(self.advanced)
        column.add_stretch()

    def _connect(self) -> None:
        state = self._state
        self.kinds.chosen.connect(state.choose_family)
        self.parents.chosen.connect(state.continue_from)
        self.times.changed.connect(state.choose_budget)
        self.name.textEdited.connect(state.set_title)
        self.plan.knob_wanted.connect(self._turn)
        self.plan.again_wanted.connect(state.plan.again)
        state.changed.connect(self.show_choices)
        state.planned.connect(self.show_plan)

    # ---- state -> widgets

    def show_choices(self) -> None:
        """Everything that was chosen."""
        state, families = self._state, self._state.families
        cards = [_card(family, state.dataset) for family in families]
        if cards != self._cards:
            self._cards = cards
            self.kinds.set_models(cards)
        family, parent = state.family, state.ancestor
        self.kinds.set_current(family.name if family else "")
        self.kinds.setVisible(bool(families))
        kind = state.dataset.kind if state.dataset else ""
        self.nothing.setText("" if families else f"No kind of model here learns from {kind} yet.")
        self.nothing.setVisible(not families)
        models = [(m.id, m.title, m.family.title) for m in state.parents]
        self.parents.set_options([SCRATCH, *models])
        self.parents.set_value(parent.id if parent else "")
        self.continue_row.setVisible(bool(models))
        self._show_time()
        self._show_name()
        self.show_plan()

    def _show_going_on(self) -> None:
        text = self._state.going_on()
        self.going_on.setText(text)
        self.going_on.setVisible(bool(text))

    def _show_time(self) -> None:
        state = self._state
        self.times.set_value(state.choices.budget)
        steps = state.choices.own_settings.get("steps")
        self.own_steps.setText(f"{steps:,} steps, as set under Advanced." if steps else "")
        self.own_steps.setVisible(bool(steps))

    def _show_name(self) -> None:
        state = self._state
        if self.name.text().strip() != state.choices.title:
            self.name.setText(state.choices.title)
        try:
            suggested = state.recipe().title
        except GenStudioError:
            suggested = ""
        self.name.setPlaceholderText("" if state.choices.title else suggested)
        self.name.setToolTip(suggested)

    # ---- the plan

    def show_plan(self) -> None:
        """What it takes, or why that is not known."""
        self._show_going_on()  # a time decides the steps as soon as one is measured
        plan, box = self._state.plan, self.plan
        box.setVisible(self._state.dataset is not None and self._state.family is not None)
        box.show_advice("")
        box.show_knob("")
        box.show_again(plan.status in ("failed", "stopped"))
        box.show_busy(plan.status in ("measuring", "resting"))
        if plan.status == "failed" and plan.problem is not None:
            box.show_words(plan.problem.sentence, "Cannot be trained so.", "red")
        elif plan.status in ("measuring", "resting"):
            box.show_words(self._measuring())
        elif plan.status == "ready":
            self._show_forecast()
        else:
            self._show_guess()
        self.planned.emit()

    def _measuring(self) -> str:
        state = self._state
        told = state.plan.text or "Measuring a few steps…"
        return f"{told} The training starts then." if state.pressed else told

    def _show_forecast(self) -> None:
        told, box = self._state.forecast, self.plan
        box.show_words(f"{told.text} {told.source}", told.head, LEVELS[told.verdict])
        box.show_advice(told.advice)
        if told.knob is not None:
            box.show_knob(told.knob.title, "Changes the settings so that it fits")

    def _show_guess(self) -> None:
        told = self._state.forecast
        if self._state.plan.status == "busy":
            why = "It cannot be measured while another training runs."
            text = f"{told.text} {told.source}" if told.source else f"{told.text} {why}"
        elif self._state.plan.status == "stopped":
            text = f"{told.text} It was not measured."
        else:
            text = " ".join(part for part in (told.text, told.source) if part)
        self.plan.show_words(text)

    def _turn(self) -> None:
        knob = self._state.forecast.knob
        if knob is not None:
            self._state.use_knob(knob)


def _row(words: str, widget: QWidget) -> QWidget:
    """A field beside its label."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    heading = QLabel(words)
    heading.setProperty("role", "dim")
    heading.setFixedWidth(LABEL_WIDTH)
    heading.setBuddy(widget)
    line.addWidget(heading)
    line.addWidget(widget, 1)
    return row


def _card(family: Family, data: Dataset | None) -> ModelCard:
    words = kinds.in_short(family, data)
    return ModelCard(family.name, family.title, words, None, family.summary)
