"""The asking side of the Sound panel: model, task, settings, and the one button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.core.controls import Seed
from genstudio.studio.library import Model
from genstudio.ui import shortcuts
from genstudio.ui.state.sound_state import SoundState
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import AskingColumn, note

NO_MODEL = (
    "There is no model of sound yet: train one on a folder of sounds in Train, or import one in "
    "Models."
)


class SoundAsk(QObject):
    """Fills an AskingColumn and keeps it and the SoundState in step."""

    def __init__(self, column: AskingColumn, state: SoundState, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._ask = state, state.ask
        self.cards, self.tasks, self.form = ModelCards(fold=4), PillRow(), ControlForm()
        self.tasks.setAccessibleName("Task")
        self.about, self.hint = note(""), note("")
        self.generate = Button("Make sounds", kind="primary", key=shortcuts.keys_text("generate"))
        self.stop = Button("Stop", kind="plain", key=shortcuts.keys_text("cancel"))
        self._options: list[tuple[str, str, str]] = []
        column.add(self.cards, "Model")
        column.add(self.tasks, "Task")
        column.add(self.about)
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
        self.form.changed.connect(self._on_field)
        self.form.input_changed.connect(self._on_input)
        self.generate.clicked.connect(state.submit)
        self.stop.clicked.connect(state.cancel)
        ask.models_changed.connect(self.show_models)
        ask.model_changed.connect(self.show_task)
        ask.task_changed.connect(self.show_task)
        ask.values_changed.connect(self.show_values)
        ask.seed_changed.connect(self.show_seed)
        ask.inputs_changed.connect(self._show_input)
        ask.edited.connect(lambda _name: self.show_foot())
        state.running_changed.connect(self.show_foot)

    # ---- state -> widgets

    def show_models(self) -> None:
        """The cards."""
        self.cards.set_models([_card(model) for model in self._ask.models])
        self.cards.set_current(self._ask.model_id)
        self.cards.setVisible(bool(self._ask.models))
        self.show_foot()

    def show_task(self) -> None:
        """Task pills and the form of the chosen task."""
        ask = self._ask
        self.cards.set_current(ask.model_id)
        options = [(task.name, task.title, task.help) for task in ask.tasks]
        if options != self._options:
            self._options = options
            self.tasks.set_options(options)
        self.tasks.set_value(ask.task_name)
        self.tasks.setVisible(len(options) > 1)
        self.about.setText(ask.task.help if ask.task else "")
        self.about.setVisible(bool(self.about.text()))
        self.form.set_controls(ask.task.controls if ask.task else ())
        self.show_values()
        self.show_foot()

    def show_values(self) -> None:
        """The fields."""
        self.form.set_values(self._ask.values)
        for control in self._ask.task.inputs() if self._ask.task else ():
            self._show_input(control.name)
        self.show_seed()

    def show_seed(self) -> None:
        """The seed as it was drawn or locked."""
        if self._ask.seed_locked:
            self.form.set_seed(self._ask.seed, True)
        else:
            self.form.set_seed(None, False)
            if self._ask.seed_known:
                self.form.show_drawn_seed(self._ask.seed)

    def show_foot(self) -> None:
        """The button, which says what it would do, and what is missing."""
        task, running = self._ask.task, self._state.running is not None
        missing = self._ask.missing()
        count = self._ask.values.get("count") if task else None
        verb = task.verb if task else "Make sounds"
        words = f"Make {count} sounds" if verb == "Make sounds" and isinstance(count, int) else verb
        self.generate.set_text("Make 1 sound" if words == "Make 1 sounds" else words)
        self.generate.setEnabled(task is not None and not missing)
        self.stop.setVisible(running)
        needed = f"Still needed: {missing[0].label.lower()}." if missing else ""
        self.hint.setText(needed if task else NO_MODEL)
        self.hint.setVisible(bool(self.hint.text()))

    def _show_input(self, name: str) -> None:
        given = self._ask.given(name)
        if isinstance(given, Path):
            self.form.set_input(name, str(given))
        else:
            self.form.clear_input(name)
        self.show_foot()

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

    def _on_input(self, name: str, path: str) -> None:
        self._ask.take_file(name, Path(path) if path else None)


def _card(model: Model) -> ModelCard:
    rate = model.manifest.config.get("rate")
    kind = f"{model.family.title} · {rate:,} Hz" if isinstance(rate, int) else model.family.title
    preview = model.preview if model.preview.is_file() else None
    return ModelCard(model.id, model.title, kind, preview, model.manifest.description)
