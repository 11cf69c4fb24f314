"""Everything around a prompt: styles, the editor, its numbers, examples, the negative prompt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from genstudio.core.controls import Text
from genstudio.ui import shortcuts
from genstudio.ui.widgets.buttons import Button, Pill
from genstudio.ui.widgets.folded import Folded
from genstudio.ui.widgets.panel_frame import label, note
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.prompt_marks import PromptReader
from genstudio.ui.widgets.prompt_styles import ChipRow, StyleBar, chip

EXAMPLES, IN_MENU, MENU_LETTERS = 3, 20, 60
HEAD_HEIGHT = 24


class PromptBox(QWidget):
    """`changed(control, text)` while one writes; `history_cleared` from its menu."""

    changed = Signal(str, str)
    history_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompt: Text | None = None
        self._negative: Text | None = None
        self._history: dict[str, list[str]] = {}
        self._examples: list[str] = []
        self._reader = PromptReader()
        self.edit, self.negative = self._editors(None, None)
        self.heading, self.words, self.past, self.looks = self._head_widgets()
        self.styles, self.numbers = StyleBar(), note("")
        self.numbers.setProperty("role", "small")
        self.examples = ChipRow("Examples")
        self.fold = Folded("Negative prompt")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(self._head())
        for widget in (self.styles, self.edit, self.numbers, self.examples, self.fold):
            self._column.addWidget(widget)
        self.fold.body.addWidget(self.negative)
        self.fold.toggled.connect(lambda _open: self._show())
        self._show()

    # ---- building

    def _head_widgets(self) -> tuple[QWidget, Button, Button, Button]:
        words, past, looks = (Button(t, kind="fold") for t in ("Words", "History", "Styles"))
        words.setToolTip(f"Words that this model knows  ({shortcuts.keys_text('prompt_words')})")
        keys = f"{shortcuts.keys_text('prompt_older')}, {shortcuts.keys_text('prompt_newer')}"
        past.setToolTip(f"Prompts asked before  ({keys})")
        looks.setToolTip("Named words around the prompt")
        words.setAccessibleName("Words that this model knows")
        past.setAccessibleName("Prompt history")
        looks.setAccessibleName("Styles of prompts")
        words.clicked.connect(lambda: self.edit.show_words())
        past.clicked.connect(lambda: self._drop(self.history_menu(), past))
        looks.clicked.connect(lambda: self._drop(self.styles.menu(self), looks))
        return label("Prompt"), words, past, looks

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.heading, 1)
        for button in (self.words, self.past, self.looks):
            button.setFixedHeight(HEAD_HEIGHT)
            row.addWidget(button)
        return row

    def _editors(self, prompt: Text | None, negative: Text | None) -> tuple[PromptEdit, PromptEdit]:
        made = []
        for control, lines in ((prompt, 3), (negative, 2)):
            shown = control or Text(name="none", label="Prompt")
            editor = PromptEdit(shown, self, lines)
            editor.set_reader(self._reader)
            editor.changed.connect(lambda text, name=shown.name: self.changed.emit(name, text))
            editor.marked.connect(self._show)
            made.append(editor)
        return made[0], made[1]

    # ---- what is shown

    def set_controls(self, prompt: Text | None, negative: Text | None) -> None:
        """The controls that are asked here; nothing is rebuilt for the same ones."""
        if (prompt, negative) == (self._prompt, self._negative):
            return
        self._prompt, self._negative = prompt, negative
        old = (self.edit, self.negative)
        self.edit, self.negative = self._editors(prompt, negative)
        self._column.replaceWidget(old[0], self.edit)
        self.fold.body.replaceWidget(old[1], self.negative)
        for editor in old:
            editor.hide()
            editor.deleteLater()
        self.heading.setText(prompt.label if prompt else "")  # type: ignore[attr-defined]
        self.fold.set_text(negative.label if negative else "")
        self.fold.setToolTip(negative.help if negative else "")
        self.fold.set_open(False)
        self._tell_history()
        self._show()

    def set_texts(self, prompt: str, negative: str) -> None:
        """Show texts without saying so; a negative prompt that is used unfolds."""
        self.edit.set_text(prompt)
        self.negative.set_text(negative)
        if negative.strip():
            self.fold.set_open(True)
        self._show()

    def set_reader(self, reader: PromptReader, examples: Sequence[str]) -> None:
        """What the model understands, and prompts to begin with."""
        self._reader, self._examples = reader, list(examples)[:EXAMPLES]
        for editor in (self.edit, self.negative):
            editor.set_reader(reader)
        self.words.setVisible(bool(reader.words))
        self.examples.set_chips([self._example(text) for text in self._examples])
        self._show()

    def set_history(self, prompts: Sequence[str], negatives: Sequence[str]) -> None:
        """What was asked before, newest first."""
        self._history = {"prompt": list(prompts), "negative": list(negatives)}
        self._tell_history()

    def _tell_history(self) -> None:
        self.edit.set_history(self._history.get("prompt", []))
        self.negative.set_history(self._history.get("negative", []))
        self.past.setEnabled(bool(self._history.get("prompt")))

    def _example(self, text: str) -> Pill:
        pill = chip(text, "", f"Example: {text}", text)
        pill.clicked.connect(lambda: self._take(text))
        return pill

    def _show(self) -> None:
        words = [self.edit.summary()]
        aside = self.negative.summary() if self._negative and not self.fold.is_open() else ""
        words += [f"avoiding {aside}"] if aside else []
        text = " · ".join(part for part in words if part)
        self.numbers.setText(text)
        self.numbers.setVisible(bool(text))
        self.examples.setVisible(bool(self._examples) and not self.edit.text().strip())
        self.fold.setVisible(self._negative is not None)

    # ---- menus

    def history_menu(self) -> QMenu:
        """The newest prompts to take again."""
        menu = QMenu(self)
        for text in self._history.get("prompt", [])[:IN_MENU]:
            line = " ".join(text.split())
            short = line if len(line) <= MENU_LETTERS else line[: MENU_LETTERS - 1].rstrip() + "…"
            action = menu.addAction(short.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, t=text: self._take(t))
        menu.addSeparator()
        menu.addAction("Clear history").triggered.connect(self.history_cleared)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _take(self, text: str) -> None:
        self.edit.take(text)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, menu: QMenu, button: Button) -> None:
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
