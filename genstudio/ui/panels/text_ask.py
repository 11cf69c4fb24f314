"""The asking side of the Text panel: model, task, manner, settings, and the one button."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.core.controls import Control, Seed, Text
from genstudio.studio.library import Model
from genstudio.ui import shortcuts
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.writing_presets import MANNERS, OWN
from genstudio.ui.state.writing_state import GIVEN, WritingState
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import AskingColumn, label, note

NO_MODEL = "There is no model that writes yet: train one on texts, or import one in Models."


class TextAsk(QObject):
    """Fills an AskingColumn and keeps it and the WritingState in step.

    `write_wanted`: the button; `set_verb` says what it would do.
    """

    write_wanted = Signal()
    stop_wanted = Signal()

    def __init__(
        self, column: AskingColumn, state: WritingState, fast: FastState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._state, self._ask, self._fast = state, state.ask, fast
        # A page of text as a picture says nothing; its room is the names'.
        self.cards, self.tasks = ModelCards(thumbs=False, fold=4), PillRow()
        self.manners, self.form = PillRow(_manners()), ControlForm()
        self.heading = label("Task")
        self.heading.setContentsMargins(0, 8, 0, 0)
        self.heading.setBuddy(self.tasks)
        self.tasks.setAccessibleName("Task")
        self.manners.setAccessibleName("Manner")
        self.hint = note("")
        self.generate = Button("Write", kind="primary", key=shortcuts.keys_text("generate"))
        self.stop = Button("Stop", kind="plain", key=shortcuts.keys_text("cancel"))
        self._options: list[tuple[str, str, str]] = []
        column.add(self.cards, "Model")
        column.add(self.heading)
        column.add(self.tasks)
        column.add(self.manners, "Manner")
        column.add(self.form)
        column.add_stretch()
        column.set_foot(self.hint, self._foot())
        self._connect()
        self.show_models()
        self.show_task()

    def _foot(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.stop)
        line.addWidget(self.generate, 1)
        return row

    def _connect(self) -> None:
        ask, state = self._ask, self._state
        self.cards.chosen.connect(ask.set_model)
        self.tasks.changed.connect(ask.set_task)
        self.manners.changed.connect(state.set_manner)
        self.form.changed.connect(self._on_field)
        self.generate.clicked.connect(self.write_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        ask.models_changed.connect(self.show_models)
        ask.model_changed.connect(self.show_task)
        ask.task_changed.connect(self.show_task)
        ask.values_changed.connect(self.show_values)
        ask.seed_changed.connect(self.show_seed)
        ask.edited.connect(lambda _name: self._show_manner())
        state.running_changed.connect(self.show_foot)
        self._fast.changed.connect(self._on_copy)

    # ---- state -> widgets

    def show_models(self) -> None:
        """The cards."""
        self.cards.set_models([_card(model) for model in self._ask.models])
        self.cards.set_current(self._ask.model_id)
        self.show_foot()

    def show_task(self) -> None:
        """Task pills and the form of the chosen task."""
        state = self._state
        self.cards.set_current(self._ask.model_id)
        options = [(task.name, task.title, task.help) for task in state.tasks]
        if options != self._options:
            self._options = options
            self.tasks.set_options(options)
        if state.task is not None:
            self.tasks.set_value(state.task.name)
        for widget in (self.heading, self.tasks):
            widget.setVisible(len(options) > 1)
        self.manners.setVisible(bool(options))
        self.form.set_controls(self._controls())
        self.show_values()
        self.show_foot()

    def _controls(self) -> tuple[Control, ...]:
        """The task's settings; the texts come from the editor."""
        task = self._state.task
        controls = task.controls if task else ()
        shown = tuple(c for c in controls if not (isinstance(c, Text) and c.role in GIVEN))
        return self._fast.dressed(self._ask.model, shown)

    def show_values(self) -> None:
        """The fields."""
        self.form.set_values(self._ask.values)
        self.show_seed()
        self._show_manner()

    def show_seed(self) -> None:
        """The seed as it was drawn or locked."""
        if self._ask.seed_locked:
            self.form.set_seed(self._ask.seed, True)
        else:
            self.form.set_seed(None, False)
            if self._ask.seed_known:
                self.form.show_drawn_seed(self._ask.seed)

    def _show_manner(self) -> None:
        manner = self._state.manner
        self.manners.set_value(manner)

    def show_foot(self) -> None:
        """The button and what stands above it."""
        there, running = self._state.task is not None, self._state.running
        self.generate.setEnabled(there and not running)
        self.stop.setVisible(running)
        self.hint.setText("" if there else NO_MODEL)
        self.hint.setVisible(not there)

    def set_verb(self, words: str) -> None:
        """What the button would do now."""
        if words != self.generate.text():
            self.generate.set_text(words)

    def _on_copy(self, model_id: str) -> None:
        if model_id == self._ask.model_id:
            self.show_task()  # its switch comes or goes

    # ---- widgets -> state

    def _on_field(self, name: str, value: object, _dragging: bool) -> None:
        control = next((c for c in self.form.controls() if c.name == name), None)
        if isinstance(control, Seed):
            seed = value if isinstance(value, int) else None
            self._ask.blockSignals(True)
            self._ask.set_seed(self._ask.seed if seed is None else seed, seed is not None)
            self._ask.blockSignals(False)
            self._ask.edited.emit(name)
        elif control is not None:
            self._ask.set_value(name, value)  # type: ignore[arg-type]


def _manners() -> list[tuple[str, str, str]]:
    own = (OWN, "Own", "The settings below, as you set them.")
    return [*((m.name, m.title, m.help) for m in MANNERS), own]


def _card(model: Model) -> ModelCard:
    return ModelCard(model.id, model.title, model.family.title, None, model.manifest.description)
