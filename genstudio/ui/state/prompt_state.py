"""PromptState: prompts asked before, styles in use, and what the chosen model understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Control, Text
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.stored import Json, first_fault
from genstudio.core.style import Style, dressed, prompt_controls
from genstudio.ui.state.ask_state import AskState

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

MOST_HISTORY = 200
MOST_EXAMPLES = 20
ROLES = ("prompt", "negative")


@dataclass(frozen=True)
class Knowledge:
    """What a model reads of a prompt: its words (the most frequent first), how many at once."""

    words: tuple[str, ...] = ()
    most: int = 0
    examples: tuple[str, ...] = ()


class PromptState(QObject):
    """History goes by modality and role, newest first; the texts themselves live in AskState."""

    history_changed = Signal()
    styles_changed = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)
    edited = Signal()

    def __init__(self, studio: Studio, ask: AskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf, self._ask = studio.styles, ask
        self._history: dict[str, dict[str, list[str]]] = {}
        self._active: list[str] = []
        ask.dress = self._dress
        ask.adopted.connect(self._undress)

    # ---- the model

    def knowledge(self) -> Knowledge:
        """What the chosen model understands, as its config says."""
        model = self._ask.model
        config = model.manifest.config if model else {}
        length = config.get("length")
        return Knowledge(
            words=tuple(_texts(config.get("words"))),
            most=max(0, length - 1) if isinstance(length, int) else 0,  # one place is the start
            examples=tuple(_texts(config.get("examples"))[:MOST_EXAMPLES]),
        )

    # ---- history

    def history(self, role: str) -> list[str]:
        """Texts asked before with `role`, newest first."""
        return list(self._history.get(self._modality, {}).get(role, []))

    def remember(self) -> None:
        """The prompt and the negative prompt that stand there now were asked for."""
        values, changed = self._ask.values, False
        for role, control in zip(ROLES, prompt_controls(self._ask.controls), strict=True):
            text = str(values.get(control.name, "")).strip() if control else ""
            old = self.history(role)
            if text and old[:1] != [text]:
                new = [text, *(other for other in old if other != text)][:MOST_HISTORY]
                self._history.setdefault(self._modality, {})[role] = new
                changed = True
        if changed:
            self.history_changed.emit()
            self.edited.emit()

    def forget_history(self) -> None:
        """Empty the history of this modality; it can be undone."""
        before = self._history.pop(self._modality, {})
        if before:
            where = self._modality
            self.said.emit("Prompt history cleared", "Undo", lambda: self._bring(where, before))
            self.history_changed.emit()
            self.edited.emit()

    def _bring(self, modality: str, before: dict[str, list[str]]) -> None:
        for role, texts in before.items():
            newer = self._history.setdefault(modality, {}).get(role, [])
            kept = [*newer, *(text for text in texts if text not in newer)]
            self._history[modality][role] = kept[:MOST_HISTORY]
        self.history_changed.emit()
        self.edited.emit()

    @property
    def _modality(self) -> str:
        return self._ask.model.modality if self._ask.model else "image"

    # ---- styles

    @property
    def styles(self) -> list[Style]:
        """All styles, by name."""
        return self._shelf.list()

    @property
    def active(self) -> list[str]:
        """Names of the styles in use, in the order in which they were taken."""
        return [style.name for style in self._in_use()]

    def use(self, name: str, on: bool = True) -> None:
        """Lay a style around every prompt from now on, or no more; its settings are set once."""
        style = self._shelf.find(name)
        rest = [other for other in self.active if style is None or other != style.name]
        self._active = [*rest, style.name] if on and style else rest
        self.styles_changed.emit()
        self.edited.emit()
        if on and style is not None:
            self._set_values(style)

    def keep(self, name: str, with_values: bool = False) -> bool:
        """Keep what stands there as a style; False (and a problem) where it is none."""
        try:
            before = self._shelf.keep(self._style(name, with_values))
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        name = " ".join(name.split())
        if before is not None:
            self.said.emit(f"Style “{name}” is replaced", "Undo", lambda: self._restore(before))
        else:
            self.said.emit(f"Style “{name}” is kept", "Use it now", lambda: self._swap(name))
        self.styles_changed.emit()
        return True

    def rename(self, name: str, to: str) -> bool:
        """Give a style another name; False (and a problem) where that is not possible."""
        try:
            renamed = self._shelf.rename(name, to)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self._active = [renamed.name if n == name else n for n in self._active]
        self.styles_changed.emit()
        self.edited.emit()
        return True

    def delete(self, name: str) -> None:
        """Take a style away; it can be undone."""
        used = name in self.active
        try:
            gone = self._shelf.remove(name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        self._active = [other for other in self._active if other != name]
        self.said.emit(f"Style “{name}” is deleted", "Undo", lambda: self._restore(gone, used))
        self.styles_changed.emit()
        self.edited.emit()

    def _style(self, name: str, with_values: bool) -> Style:
        """The style that the fields describe; raises UsageError."""
        values, controls = self._ask.values, self._ask.controls
        prompt, negative = prompt_controls(controls)
        texts = [str(values.get(c.name, "")).strip() if c else "" for c in (prompt, negative)]
        others = {
            control.name: values[control.name]
            for control in controls
            if with_values and control.name != "count" and not _is_role(control)
        }
        if not any(texts) and not others:
            raise UsageError("A style is made of the prompt; write one first")
        try:
            return Style(name=name, prompt=texts[0], negative=texts[1], values=others)
        except ValidationError as error:
            raise UsageError(f"This cannot be kept as a style: {first_fault(error)}") from error

    def _restore(self, style: Style, use: bool = False) -> None:
        try:
            self._shelf.keep(style)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return
        if use and style.name not in self.active:
            self._active.append(style.name)
        self.styles_changed.emit()
        self.edited.emit()

    def _swap(self, name: str) -> None:
        """Empty the fields that the style was made of, and use it."""
        controls = prompt_controls(self._ask.controls)
        self._ask.set_values({control.name: "" for control in controls if control is not None})
        self.use(name)

    def _set_values(self, style: Style) -> None:
        labels = {c.name: c.label for c in self._ask.controls if not _is_role(c)}
        before = self._ask.values
        wanted = {name: value for name, value in style.values.items() if name in labels}
        self._ask.set_values(wanted)
        after = self._ask.values
        changed = {name: before[name] for name in wanted if before[name] != after[name]}
        if changed:
            words = ", ".join(labels[name].lower() for name in changed)
            text = f"“{style.name}” changed {words}"
            self.said.emit(text, "Undo", lambda: self._ask.set_values(changed))

    def _in_use(self) -> list[Style]:
        found = (self._shelf.find(name) for name in self._active)
        return [style for style in found if style is not None]

    def _dress(self, controls: tuple[Control, ...], values: dict[str, Json]) -> dict[str, Json]:
        return dressed(controls, values, self._in_use())

    def _undress(self) -> None:
        """Settings of a finished picture hold the words of its styles already."""
        if self._active:
            self._active = []
            self.styles_changed.emit()

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """History and styles in use, as JSON."""
        return {"history": self._history, "styles": list(self._active)}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Put a snapshot back; what is not text is left out."""
        history = saved.get("history")
        self._history = {
            str(modality): {role: _texts(roles.get(role))[:MOST_HISTORY] for role in ROLES}
            for modality, roles in (history.items() if isinstance(history, dict) else ())
            if isinstance(roles, dict)
        }
        self._active = _texts(saved.get("styles"))
        self.history_changed.emit()
        self.styles_changed.emit()


def _is_role(control: Control) -> bool:
    return isinstance(control, Text) and bool(control.role)


def _texts(value: object) -> list[str]:
    """The texts in a list; nothing of anything else."""
    entries: Sequence[object] = value if isinstance(value, (list, tuple)) else ()
    return [text for text in entries if isinstance(text, str) and text.strip()]
