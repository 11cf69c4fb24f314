"""The prompt in the asking column: binds a PromptBox to what is asked, to history and styles."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from genstudio.core.controls import Text
from genstudio.core.style import PLACE, Style, prompt_controls
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.widgets.prompt_box import PromptBox
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.prompt_marks import reader
from genstudio.ui.widgets.prompt_styles import StyleWords


class PromptSide(QObject):
    """`box` is there while the task asks for a prompt; `changed(control, text)` by hand."""

    changed = Signal(str, str)

    def __init__(
        self, state: GenerationState, parent: QObject, place: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ask, self._prompts = state.ask, state.prompts
        self.box = PromptBox(place)  # shown without a parent it would flash up as a window
        self._connect()
        self.show_task()
        self._show_history()
        self._show_styles()

    def _connect(self) -> None:
        box, prompts = self.box, self._prompts
        box.changed.connect(self.changed)
        box.history_cleared.connect(prompts.forget_history)
        box.styles.used.connect(prompts.use)
        box.styles.kept.connect(prompts.keep)
        box.styles.renamed.connect(prompts.rename)
        box.styles.deleted.connect(prompts.delete)
        prompts.history_changed.connect(self._show_history)
        prompts.styles_changed.connect(self._show_styles)

    def controls(self) -> tuple[Text, ...]:
        """The controls that are asked here and not in the form."""
        found = prompt_controls(self._ask.controls)
        return tuple(control for control in found if control is not None and found[0] is not None)

    def show_task(self) -> None:
        """The prompts of the chosen task, and what its model understands."""
        prompt, negative = prompt_controls(self._ask.controls)
        self.box.setVisible(prompt is not None)
        if prompt is None:
            return
        knowledge = self._prompts.knowledge()
        self.box.set_controls(prompt, negative)
        self.box.set_reader(reader(knowledge.words, knowledge.most), knowledge.examples)
        self.show_values()

    def show_values(self) -> None:
        """The texts as they stand in the state."""
        values = self._ask.values
        texts = [
            str(values.get(c.name, "")) if c else "" for c in prompt_controls(self._ask.controls)
        ]
        self.box.set_texts(texts[0], texts[1])

    def dress(self, editors: list[PromptEdit]) -> None:
        """Further prompts of a task, which stand in the form, read and remember alike."""
        knowledge = self._prompts.knowledge()
        for editor in editors:
            editor.set_reader(reader(knowledge.words, knowledge.most))
            editor.set_history(self._prompts.history("prompt"))

    def _show_history(self) -> None:
        self.box.set_history(*(self._prompts.history(role) for role in ("prompt", "negative")))

    def _show_styles(self) -> None:
        styles = [StyleWords(style.name, _help(style)) for style in self._prompts.styles]
        self.box.styles.set_styles(styles, self._prompts.active)


def _help(style: Style) -> str:
    """What a style adds, in a few lines."""
    lines = [style.prompt.replace(PLACE, "…")] if style.prompt else []
    lines += [f"avoids {style.negative}"] if style.negative else []
    lines += [", ".join(f"{name} {value}" for name, value in style.values.items())]
    return "\n".join(line for line in lines if line)
