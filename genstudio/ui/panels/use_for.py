"""The menu "Use for…": every task of every model that a picture can go into."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from genstudio.core.artifact import Artifact
from genstudio.ui import icons
from genstudio.ui.state.slots import Slot
from genstudio.ui.state.studio_state import StudioState


class UseFor:
    """Builds the menu for chosen results and does what is chosen."""

    def __init__(self, state: StudioState, owner: QWidget) -> None:
        self._state, self._owner = state, owner

    def menu(self, paths: Sequence[Path], artifact: Artifact | None = None) -> QMenu:
        """The menu for pictures at `paths`; the last one goes where one picture is wanted.

        `artifact` is that last one's record: a mask it was made with can be used again.
        """
        menu = QMenu(self._owner)
        menu.setAccessibleName("Use for")
        mask = self._mask_of(artifact)
        if mask is not None:
            _entry(menu, "Fill the same region again", "brush").triggered.connect(
                lambda: self._fill_again(artifact, paths[-1], mask)  # type: ignore[arg-type]
            )
            menu.addSeparator()
        slots = self._state.generation.ask.slots("image")
        for number, (model, found) in enumerate(groupby(slots, key=lambda slot: slot.model)):
            here = model == self._state.generation.ask.model_id
            self._add_model(menu, model, list(found), paths[-1], here)
            if number == 0 and here:
                menu.addSeparator()
        menu.addSeparator()
        words = "Training data…" if len(paths) == 1 else f"Training data ({len(paths)} pictures)…"
        _entry(menu, words, "data").triggered.connect(lambda: self._learn(paths))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def open(self, paths: Sequence[Path], artifact: Artifact | None, where: QPoint) -> None:
        """Show the menu at a place of the screen; a task that lies open is chosen already."""
        menu = self.menu(paths, artifact)
        menu.popup(where)
        first = next((entry for entry in menu.actions() if entry.isEnabled()), None)
        if first is not None and first.menu() is None:
            menu.setActiveAction(first)

    def take(self, slot: Slot, path: Path) -> None:
        """Choose model and task, put the picture in and show the Image panel."""
        self._state.area_wanted.emit("image")
        slot.take(self._state.generation.ask, path)
        self._state.said.emit(f"The picture is in {slot.text}", "", None)

    # ---- parts

    def _add_model(
        self, menu: QMenu, model: str, slots: list[Slot], path: Path, here: bool
    ) -> None:
        """The chosen model's tasks lie open, those of another model in a menu of its own."""
        title = self._state.models.title(model)
        if here:
            head = menu.addAction(title)
            head.setEnabled(False)
        target = menu if here else menu.addMenu(title)
        many = {slot.task for slot in slots if sum(s.task == slot.task for s in slots) > 1}
        for slot in slots:
            words = f"{slot.title}: {slot.label.lower()}" if slot.task in many else slot.title
            entry = _entry(target, words)
            entry.triggered.connect(lambda _on=False, slot=slot: self.take(slot, path))

    def _mask_of(self, artifact: Artifact | None) -> tuple[Slot, Path] | None:
        """Where the mask went that a result was made with, and its file, if both are there."""
        if artifact is None:
            return None
        request = artifact.provenance.request
        for slot in self._state.generation.ask.slots("mask"):
            path = Path(request.inputs.get(slot.name, ""))
            if (slot.model, slot.task) == (request.model, request.task) and path.is_file():
                return slot, path
        return None

    def _fill_again(self, artifact: Artifact, path: Path, mask: tuple[Slot, Path]) -> None:
        """Model, task and settings of the result, over it, with its mask."""
        generation = self._state.generation
        self._state.area_wanted.emit("image")
        generation.remix(artifact)
        pictures = [s for s in generation.ask.slots("image") if s.task == mask[0].task]
        if pictures:
            pictures[0].take(generation.ask, path)
            generation.ask.set_input(mask[0].name, mask[1])

    def _learn(self, paths: Sequence[Path]) -> None:
        self._state.data.look(list(paths))
        self._state.area_wanted.emit("train")


def _entry(menu: QMenu, words: str, icon: str = "") -> QAction:
    entry = menu.addAction(words)
    if icon:
        entry.setIcon(icons.icon(icon))
    return entry
