"""The asking side of the Music panel: model, tracks, task, settings, and the one button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from genstudio.core.controls import Control, Seed
from genstudio.studio.exporting import PICTURES
from genstudio.studio.library import Model
from genstudio.ui import shortcuts
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.music_asking import GIVEN, PIECE
from genstudio.ui.state.music_state import MusicState
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import AskingColumn, label, note
from genstudio.ui.widgets.track_list import TrackList

NO_MODEL = (
    "There is no model of music yet: train one on MIDI files in Train, or import one in Models. "
    "Pieces can be opened, changed, heard and exported all the same."
)


class MusicAsk(QObject):
    """Fills an AskingColumn and keeps it and the MusicState in step.

    `write_wanted`: the button; `set_verb` says what it would do. `tracks` is filled by the page.
    """

    write_wanted = Signal()
    stop_wanted = Signal()

    def __init__(
        self, column: AskingColumn, state: MusicState, fast: FastState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._state, self._ask, self._fast = state, state.ask, fast
        self.cards, self.tasks, self.tracks = ModelCards(fold=4), PillRow(), TrackList()
        self.add_track = Button("Add a track", "plus", "fold")
        self.form = ControlForm()
        self.tasks.setAccessibleName("Task")
        self.picture = Button("Key and tempo from a picture…", "image", "fold")
        self.colours = note("")
        self.hint = note("")
        self.generate = Button("Compose", kind="primary", key=shortcuts.keys_text("generate"))
        self.stop = Button("Stop", kind="plain", key=shortcuts.keys_text("cancel"))
        self._options: list[tuple[str, str, str]] = []
        self.model_words, self.task_words = label("Model"), label("Task")
        column.add(self.model_words)
        column.add(self.cards)
        column.add(self._track_head())
        column.add(self.tracks)
        column.add(self.task_words)
        column.add(self.tasks)
        column.add(self.picture)
        column.add(self.colours)
        column.add(self.form)
        column.add_stretch()
        column.set_foot(self.hint, self._foot())
        self._connect()
        self.show_models()
        self.show_task()

    def _track_head(self) -> QWidget:
        """The heading of the tracks, with the way to one more."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 8, 0, 0)
        line.addWidget(label("Tracks"), 1)
        line.addWidget(self.add_track)
        return row

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
        self.picture.clicked.connect(self._choose_picture)
        state.colours.changed.connect(self.show_colours)
        self.generate.clicked.connect(self.write_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        ask.models_changed.connect(self.show_models)
        ask.model_changed.connect(self.show_task)
        ask.task_changed.connect(self.show_task)
        ask.values_changed.connect(self.show_values)
        ask.seed_changed.connect(self.show_seed)
        ask.inputs_changed.connect(self._show_input)
        state.running_changed.connect(self.show_foot)
        self._fast.changed.connect(self._on_copy)

    # ---- state -> widgets

    def show_models(self) -> None:
        """The cards."""
        self.cards.set_models([_card(model) for model in self._ask.models])
        self.cards.set_current(self._ask.model_id)
        for widget in (self.model_words, self.cards):
            widget.setVisible(bool(self._ask.models))
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
        for widget in (self.task_words, self.tasks):
            widget.setVisible(len(options) > 1)
        self.form.set_controls(self._controls())
        self.show_values()
        self.show_colours()
        self.show_foot()

    def _controls(self) -> tuple[Control, ...]:
        """The task's settings; the piece and the place come from the roll."""
        task = self._state.task
        hidden = (*GIVEN, PIECE)
        shown = tuple(c for c in (task.controls if task else ()) if c.name not in hidden)
        return self._fast.dressed(self._ask.model, shown)

    def show_values(self) -> None:
        """The fields."""
        self.form.set_values(self._ask.values)
        for control in self._state.task.inputs() if self._state.task else ():
            self._show_input(control.name)
        self.show_seed()

    def _show_input(self, name: str) -> None:
        given = self._ask.given(name)
        if isinstance(given, Path):
            self.form.set_input(name, str(given))
        else:
            self.form.clear_input(name)

    def show_seed(self) -> None:
        """The seed as it was drawn or locked."""
        if self._ask.seed_locked:
            self.form.set_seed(self._ask.seed, True)
        else:
            self.form.set_seed(None, False)
            if self._ask.seed_known:
                self.form.show_drawn_seed(self._ask.seed)

    def show_colours(self) -> None:
        """The way from a picture to a key, and what was read there."""
        colours = self._state.colours
        self.picture.setVisible(colours.fits)
        self.colours.setText(colours.sentence)
        self.colours.setVisible(colours.fits and bool(colours.sentence))

    def _choose_picture(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in PICTURES)
        path, _ = QFileDialog.getOpenFileName(
            self.form, "Key and tempo from a picture", "", f"Pictures ({kinds})"
        )
        if path:
            self._state.colours.open(Path(path))

    def show_foot(self) -> None:
        """The button and what stands above it; the focus goes along with what can be pressed."""
        there, running = self._state.task is not None, self._state.running
        focus = self.generate.hasFocus() or self.stop.hasFocus()
        self.stop.setVisible(running or self.stop.hasFocus())
        self.generate.setEnabled((there and not running) or self.generate.hasFocus())
        if focus:
            (self.stop if running else self.generate).setFocus()
        self.stop.setVisible(running)
        self.generate.setEnabled(there and not running)
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

    def _on_input(self, name: str, path: str) -> None:
        self._ask.take_file(name, Path(path) if path else None)


def _card(model: Model) -> ModelCard:
    preview = model.preview if model.preview.is_file() else None
    return ModelCard(model.id, model.title, model.family.title, preview, model.manifest.description)
