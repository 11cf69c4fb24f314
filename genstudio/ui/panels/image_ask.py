"""The asking side of the Image panel: model, task, form, inputs, and the one button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.core.controls import Control, ImageInput, Seed, is_input
from genstudio.ui import shortcuts
from genstudio.ui.panels import pictures
from genstudio.ui.panels.prompt_ask import PromptSide
from genstudio.ui.panels.sweep_ask import SweepAsk
from genstudio.ui.state.ask_state import MOST_TIMES
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.state.sweep_state import ONCE
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import AskingColumn, note
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.times_button import TimesButton

SEED = Seed(
    name="seed",
    label="Seed",
    help="The number all noise comes from: the same seed and settings give the same pictures.",
)
PAINTED = "painted here"
_PASTED = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")


class AskingSide(QObject):
    """Fills an AskingColumn and keeps it and the GenerationState in step."""

    mask_requested = Signal(str)
    pick_requested = Signal(str)

    def __init__(
        self, column: AskingColumn, state: GenerationState, fast: FastState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._state, self._ask, self._fast = state, state.ask, fast
        self._loader = pictures.Loader(self)
        self._loader.ready.connect(self._show_input)
        self._wanted: dict[str, Path] = {}
        self._options: list[tuple[str, str, str]] = []
        self.cards, self.tasks, self.form = ModelCards(fold=4), PillRow(), ControlForm()
        self.tasks.setAccessibleName("Task")
        self.about = note("")
        self.sources, self.paste, self.pick = self._source_row()
        self.prompt, self.times = PromptSide(state, self, column), TimesButton(MOST_TIMES)
        self.many = SweepAsk(state.many, column)
        self.hint = note("")
        self.generate = Button("Generate", kind="primary", key=shortcuts.keys_text("generate"))
        self.stop = Button("Cancel", kind="plain", key=shortcuts.keys_text("cancel"))
        column.add(self.cards, "Model")
        column.add(self.prompt.box)
        column.add(self.tasks, "Task")
        column.add(self.about)
        column.add(self.sources)
        column.add(self.form)
        column.add(self.many)
        column.add_stretch()
        column.set_foot(self.hint, self._foot())
        self._connect()
        self.show_models()
        self.show_task()

    def close(self) -> None:
        """Let the loader end."""
        self._loader.close()
        self.many.close_asking()

    # ---- building

    def _source_row(self) -> tuple[QWidget, Button, Button]:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        paste, pick = Button("Paste", "copy"), Button("From gallery", "gallery")
        paste.setToolTip("Use the picture of the clipboard (Ctrl V)")
        pick.setToolTip("Use a result as the picture")
        for button in (paste, pick):
            line.addWidget(button, 1)
        return row, paste, pick

    def _foot(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.stop)
        line.addWidget(self.generate, 1)
        line.addWidget(self.times)
        return row

    def _connect(self) -> None:
        ask, state = self._ask, self._state
        self.cards.chosen.connect(ask.set_model)
        self.tasks.changed.connect(ask.set_task)
        self.form.changed.connect(self._on_field)
        self.prompt.changed.connect(self._on_prompt)
        self.times.changed.connect(ask.set_times)
        self.form.input_changed.connect(self._on_input)
        self.form.mask_requested.connect(self.mask_requested)
        self.form.mask_again.connect(ask.use_former)
        self.paste.clicked.connect(self.paste_picture)
        self.pick.clicked.connect(lambda: self.pick_requested.emit(self.open_slot()))
        self.generate.clicked.connect(state.submit)
        self.stop.clicked.connect(state.cancel)
        ask.models_changed.connect(self.show_models)
        ask.model_changed.connect(self.show_task)
        ask.task_changed.connect(self.show_task)
        ask.values_changed.connect(self.show_values)
        ask.seed_changed.connect(self.show_seed)
        ask.inputs_changed.connect(self.show_input)
        ask.edited.connect(lambda _name: self._show_foot())
        state.many.changed.connect(self._show_foot)
        state.running_changed.connect(self._show_foot)
        state.round_changed.connect(self._show_foot)
        state.needs_input.connect(self._point_at)
        self._fast.changed.connect(self._on_copy)

    # ---- state -> widgets

    def show_models(self) -> None:
        """The cards."""
        self.cards.set_models([_card(model) for model in self._ask.models])
        self.cards.set_current(self._ask.model_id)

    def show_task(self) -> None:
        """Task pills and the form of the chosen task."""
        ask = self._ask
        self.cards.set_current(ask.model_id)
        options = [(t.name, t.title, t.help) for t in ask.tasks]
        if options != self._options:
            self._options = options
            self.tasks.set_options(options)
        self.tasks.set_value(ask.task_name)
        self.tasks.setVisible(len(ask.tasks) > 1)
        self.about.setText(ask.task.help if ask.task else "")
        self.about.setVisible(bool(self.about.text()))
        self.prompt.show_task()
        self.form.set_controls(self._form_controls())
        self.prompt.dress(self.form.findChildren(PromptEdit))
        if ask.model is not None:
            self.form.set_schedule(str(ask.model.manifest.config.get("schedule", "cosine")))
        self.sources.setVisible(bool(self.open_slot()))
        self.show_values()
        for control in ask.task.inputs() if ask.task else ():
            self.show_input(control.name)
        self._show_foot()

    def _form_controls(self) -> tuple[Control, ...]:
        """The task's controls but for those that stand in the prompt's box."""
        above = self.prompt.controls()
        controls = form_controls(self._ask.task.controls if self._ask.task else ())
        controls = self._fast.dressed(self._ask.model, controls)
        return tuple(control for control in controls if control not in above)

    def show_values(self) -> None:
        """The fields."""
        self.form.set_values(self._ask.values)
        self.prompt.show_values()
        self.times.set_value(self._ask.times)
        self.show_seed()
        self._show_foot()

    def show_seed(self) -> None:
        """The seed as it was drawn or locked."""
        if self._ask.seed_locked:
            self.form.set_seed(self._ask.seed, True)
        else:
            self.form.set_seed(None, False)
            if self._ask.seed_known:
                self.form.show_drawn_seed(self._ask.seed)

    def show_input(self, name: str) -> None:
        """A file in its slot; its picture follows when it has been read."""
        given = self._ask.given(name)
        self._wanted.pop(name, None)
        self.form.offer_former(name, name in self._ask.former)
        if given is None:
            self.form.clear_input(name)
        elif isinstance(given, bytes):
            self.form.set_input(name, PAINTED, QImage.fromData(given))
        else:
            self.form.set_input(name, str(given))
            self._wanted[name] = given
            self._loader.ask((name, given), lambda: pictures.of_any_file(given, self._state.looker))
        self._show_foot()

    def _show_input(self, key: object, made: object) -> None:
        name, path = key  # type: ignore[misc]
        if self._wanted.get(name) != path:
            return
        if isinstance(made, QImage):
            self.form.set_input(name, str(path), made)

    def _show_foot(self) -> None:
        task, ask = self._ask.task, self._ask
        many = self._state.many
        count = ask.values.get("count") if task else None
        verb = task.verb if task else "Generate"
        total = count * ask.times if isinstance(count, int) else 0
        self.generate.set_text(many.button(verb) or (f"{verb} {total}" if total else verb))
        self.times.setVisible(many.mode == ONCE)
        missing = many.missing()
        running = self._state.running is not None
        self.generate.setEnabled(task is not None and not missing and many.ready())
        hint = _hint(task is not None, missing, self._state.sketch is not None)
        self.hint.setText(hint or many.summary())
        self.hint.setVisible(bool(self.hint.text()))
        self.stop.setVisible(running or self._state.sketch is not None)
        self.stop.set_text("Cancel" if running else "Discard")
        # Three buttons share the foot then: the words of the first matter most.
        room = self.stop.isHidden()
        self.generate.set_key(shortcuts.keys_text("generate") if room else "")

    def _point_at(self, name: str) -> None:
        try:
            self.form.field(name).setFocus(Qt.FocusReason.OtherFocusReason)
        except KeyError:
            self.mask_requested.emit(name)

    def _on_copy(self, model_id: str) -> None:
        if model_id == self._ask.model_id:
            self.show_task()  # its switch comes or goes

    # ---- widgets -> state

    def _on_field(self, name: str, value: object, _dragging: bool) -> None:
        control = next((c for c in self.form.controls() if c.name == name), None)
        if control is None:
            return
        if isinstance(control, Seed):
            seed = value if isinstance(value, int) else None
            self._ask.blockSignals(True)
            self._ask.set_seed(self._ask.seed if seed is None else seed, seed is not None)
            self._ask.blockSignals(False)
            self._ask.edited.emit(name)
            return
        self._ask.set_value(name, value)  # type: ignore[arg-type]
        if control.live:
            self._state.submit_live()

    def _on_prompt(self, name: str, text: str) -> None:
        self._ask.set_value(name, text)
        if any(c.name == name and c.live for c in self.prompt.controls()):
            self._state.submit_live()

    def _on_input(self, name: str, path: str) -> None:
        if self._ask.take_file(name, Path(path) if path else None) and path:
            self._ask.picture_placed.emit(name)

    def open_slot(self) -> str:
        """The picture slot a paste goes into: the first empty one, else the first."""
        task = self._ask.task
        slots = [c.name for c in task.inputs() if isinstance(c, ImageInput)] if task else []
        return next((s for s in slots if s not in self._ask.inputs), slots[0] if slots else "")

    def paste_picture(self) -> bool:
        """Use the clipboard's picture or picture file; False when there is none."""
        slot, mime = self.open_slot(), QGuiApplication.clipboard().mimeData()
        if not slot or mime is None:
            return False
        for url in mime.urls():
            path = Path(url.toLocalFile())
            if url.isLocalFile() and path.suffix.lower() in _PASTED:
                self._on_input(slot, str(path))
                return True
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._state.said.emit("The clipboard holds no picture", "", None)
            return False
        self._ask.set_input_bytes(slot, png_of(image), ".png")
        self._ask.picture_placed.emit(slot)
        return True


def form_controls(controls: tuple[Control, ...]) -> tuple[Control, ...]:
    """What the form shows: the task's controls, with a seed where pictures are drawn from one."""
    seeded = any(isinstance(c, Seed) for c in controls)
    needs_files = any(is_input(c) and c.required for c in controls)  # type: ignore[union-attr]
    if seeded or needs_files:
        return controls
    shown = [c for c in controls if not c.more]
    return (*shown, SEED, *(c for c in controls if c.more))


def png_of(image: QImage) -> bytes:
    """PNG bytes of a picture."""
    from PySide6.QtCore import QBuffer

    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _card(model) -> ModelCard:  # type: ignore[no-untyped-def]
    size = model.manifest.config.get("size")
    makes = size and model.modality == "image"
    kind = f"{model.family.title} · {size}\u00a0px" if makes else model.family.title
    preview = model.preview if model.preview.is_file() else None
    return ModelCard(model.id, model.title, kind, preview, model.manifest.description)


def _hint(has_task: bool, missing: list[Control], sketch: bool) -> str:
    if not has_task:
        return "Import a model in Models first."
    if missing:
        words = " and ".join(c.label.lower() for c in missing)
        return f"Still needed: {words}."
    return "A live preview is shown. Generate makes and keeps it." if sketch else ""
