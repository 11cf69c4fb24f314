"""SettingsState: what the user chose, checked by the declared controls and kept by the Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Control, check_values
from genstudio.core.errors import GenStudioError
from genstudio.core.settings import CONTROLS, Settings
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio


class SettingsState(QObject):
    """`changed(name)` after every change that was taken; `problem` where it could not be kept."""

    changed = Signal(str)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio

    @property
    def values(self) -> Settings:
        """The settings in force."""
        return self._studio.settings

    @property
    def controls(self) -> tuple[Control, ...]:
        """How they are declared."""
        return CONTROLS

    def change(self, name: str, value: Json) -> bool:
        """Change one setting; False (and `problem`) when it does not fit or cannot be kept."""
        current = {c.name: getattr(self.values, c.name) for c in CONTROLS}
        if current.get(name) == value:
            return True
        try:
            checked = check_values(CONTROLS, {**current, name: value})
            kept = self.values.model_dump()
            self._studio.save_settings(Settings(**{**kept, **checked}))
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self.changed.emit(name)
        return True

    def use_soundfont(self, path: str) -> bool:
        """Remember the SoundFont that plays music, "" for the one that ships; False (and
        `problem`) when it cannot be kept."""
        try:
            self._studio.save_settings(self.values.model_copy(update={"soundfont": path}))
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return False
        self.changed.emit("soundfont")
        return True
