"""ForeignState: a picture made elsewhere: what it says, what of that fits here, and using it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.studio.fitting import Fit, best_fit

if TYPE_CHECKING:
    from genstudio.ui.state.generation_state import GenerationState
    from genstudio.ui.state.slots import Slot


class ForeignState(QObject):
    """`shown` asks for the sheet of `path` and `found`. The file itself is never written to.

    An empty prompt is filled at once; typed words are only replaced on request, with undo.
    """

    shown = Signal()
    used = Signal(str)
    area_wanted = Signal(str)
    said = Signal(str, str, object)

    def __init__(self, generation: GenerationState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = generation.ask
        self.path = Path()
        self.found: Foreign | None = None

    def open(self, path: Path, found: Foreign) -> None:
        """Show what `path` says; its prompt goes into the form where that is empty."""
        self.path, self.found = path, found
        self.shown.emit()
        fits = self.fit()
        if fits is not None and fits.prompts and self._is_free(fits):
            self.use_prompt()
        else:
            self.area_wanted.emit("image")

    def fit(self) -> Fit | None:
        """What of it fits, for the form at hand if possible; None where nothing does."""
        if self.found is None:
            return None
        return best_fit(self.found, self._ask.models, self._ask.model_id, self._ask.task_name)

    def slot(self) -> Slot | None:
        """Where the picture itself could go."""
        return self._ask.slot_for("image")

    def use_prompt(self) -> bool:
        """Put the prompts into the form; everything else stays as it is."""
        fits = self.fit()
        if fits is None or not fits.prompts:
            return False
        back = self._taken(fits, fits.prompts)
        self._tell(f"The prompt of {self.path.name} is in the form", "prompt", back)
        return True

    def use_all(self) -> bool:
        """Put all that fits into the form, the seed too (noise differs between programs)."""
        fits = self.fit()
        if fits is None or not (fits.prompts or fits.fits_more):
            return False
        back = self._taken(fits, fits.values, fits.seed)
        self._tell(f"The settings of {self.path.name} are in the form", "all", back)
        return True

    def use_picture(self) -> bool:
        """Put the picture itself into the first task that takes one."""
        slot = self.slot()
        if slot is None:
            return False
        slot.take(self._ask, self.path)
        self._tell(f"{self.path.name} is the picture of {slot.text}", "picture", None)
        return True

    def _is_free(self, fits: Fit) -> bool:
        ask = self._ask
        here = (ask.model_id, ask.task_name) == (fits.model, fits.task)
        return here and not any(str(ask.values.get(name, "")).strip() for name in fits.prompts)

    def _taken(
        self, fits: Fit, values: Mapping[str, Json], seed: int | None = None
    ) -> Callable[[], None]:
        """Fill the form; the way back to what it said before."""
        ask = self._ask
        before = (ask.model_id, ask.task_name)
        ask.set_model(fits.model)
        ask.set_task(fits.task)
        old = {name: ask.values[name] for name in values if name in ask.values}
        kept = (ask.seed, ask.seed_locked, ask.first)
        ask.set_values(values)
        if seed is not None:
            ask.set_seed(seed, locked=True)

        def back() -> None:
            ask.set_model(fits.model)
            ask.set_task(fits.task)
            ask.set_values(old)
            if seed is not None:
                ask.set_seed(kept[0], locked=kept[1], first=kept[2])
            ask.set_model(before[0])
            ask.set_task(before[1])

        return back

    def _tell(self, words: str, what: str, back: Callable[[], None] | None) -> None:
        self.area_wanted.emit("image")
        self.said.emit(words, "Undo" if back else "", back)
        self.used.emit(what)
