"""The Advanced part of the Train panel: every option of the family and of the trainer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.core.controls import Control
from genstudio.core.family import Preset
from genstudio.studio import kinds, trainer_controls
from genstudio.ui.state.training_state import TrainingState
from genstudio.ui.widgets.buttons import Button, Select
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note


class AdvancedPart(Folded):
    """Its forms are built when it is first opened, and kept in step with the TrainingState."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__("Advanced", parent=parent)
        self._state = state
        self._built = False
        self._shown: tuple[Control, ...] = ()
        self.toggled.connect(lambda on: self.show_values() if on else None)
        state.changed.connect(self.show_values)
        state.planned.connect(self.show_values)

    def _build(self) -> None:
        self._built = True
        self.preset = Select()
        self.preset.setAccessibleName("Start values")
        self.fixed = note("Size and shape stay those of the model that it goes on from.")
        self.options, self.augmentation = ControlForm(), ControlForm(trainer_controls.AUGMENTATION)
        self.trainer = ControlForm((*trainer_controls.MAIN, *trainer_controls.MORE))
        self.held = ControlForm((trainer_controls.HOLD_OUT,))
        self.reset = Button("Back to the start values", "undo", kind="quiet")
        self._augmentation = _group("Augmentation", self.augmentation)
        self._preset_row = _group("Start values", self.preset)
        for widget in (
            self._preset_row,
            self.fixed,
            _group("Networks", self.options),
            self._augmentation,
            _group("Training", self.trainer),
            self.held,
        ):
            self.body.addWidget(widget)
        self.body.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        state = self._state
        self.preset.chosen.connect(state.choose_preset)
        self.options.changed.connect(lambda name, value, _drag: state.set_option(name, value))
        for form in (self.augmentation, self.trainer):
            form.changed.connect(lambda name, value, _drag: state.set_setting(name, value))
        self.held.changed.connect(lambda _name, text, _drag: state.set_hold_out(text))
        self.reset.clicked.connect(state.reset)

    def show_values(self) -> None:
        """The values that would be trained with."""
        if not self.is_open():
            return
        if not self._built:
            self._build()
        state, family = self._state, self._state.family
        parent = state.ancestor
        controls = kinds.open_options(family, parent, state.dataset) if family else ()
        if controls != self._shown:
            self._shown = controls
            self.options.set_controls(controls)
        self.options.set_values({k: v for k, v in state.options().items() if k in _names(controls)})
        settings = state.settings().model_dump()
        for form in (self.augmentation, self.trainer):
            form.set_values({name: settings[name] for name in _names(form.controls())})
        said = state.dataset is not None and state.dataset.facts.captions
        pictures = state.dataset is None or state.dataset.kind == "image"
        self._augmentation.setVisible(family is None or (family.learns("image") and pictures))
        reads = family is not None and (family.captions or family.needs_captions)
        self.held.setVisible(said and reads)
        self.held.set_values({trainer_controls.HOLD_OUT.name: state.choices.hold_out})
        presets = [_preset_words(preset) for preset in family.presets] if family else []
        self.preset.set_options(presets)
        self.preset.set_value(state.choices.preset(family) if family else "")
        self._preset_row.setVisible(parent is None and bool(presets))
        self.fixed.setVisible(parent is not None)
        self.reset.setVisible(state.changed_by_hand())


def _preset_words(preset: Preset) -> tuple[str, str, str]:
    """`Small` in the box; how long it takes, and what for, in its help."""
    word, _, rest = preset.title.partition(" (")
    return preset.name, word, f"{rest.rstrip(')').capitalize()}. {preset.help}".lstrip(". ")


def _names(controls: tuple[Control, ...]) -> list[str]:
    return [control.name for control in controls]


def _group(words: str, widget: QWidget) -> QWidget:
    group = QWidget()
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 4, 0, 4)
    column.setSpacing(6)
    heading = label(words)
    heading.setBuddy(widget)
    column.addWidget(heading)
    column.addWidget(widget)
    return group
