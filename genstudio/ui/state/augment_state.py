"""AugmentState and FitState: what training will see, shown before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from genstudio.core.stored import Json
from genstudio.ui.state.browse_state import BrowseState
from genstudio.ui.state.looks import Looks
from genstudio.ui.state.training_look import OFF, SETTINGS, TrainingLook

VARIANTS = 5
ROWS = 5
SAMPLES = 8
SIDE = 192


class AugmentState(QObject):
    """`values` as they stand on the sheet; `ready(index, png)`: variant of a sample picture.

    index = picture * (VARIANTS + 1) + variant; variant 0 is the picture as it is. Until one turns
    something, the sheet shows what training would do (`look`).
    """

    asked = Signal(int)
    ready = Signal(int, bytes)
    changed = Signal()
    chosen = Signal(object)
    problem = Signal(object)

    def __init__(self, looks: Looks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = looks
        self.look = TrainingLook()
        self.values: dict[str, Json] = dict(self.look.values)
        self.seed = 1
        self._name = ""
        self._rows: tuple[int, ...] = ()

    def follow(self, look: TrainingLook) -> None:
        """Training is prepared otherwise now; what was turned on the sheet stays."""
        shown, before = self._drawn(), self.look
        self.look = look
        if self.values == before.values:
            self.values = dict(look.values)
        elif (before.policies is None) != (look.policies is None):
            self.values["policy"] = look.values["policy"]
        self.changed.emit()
        if self._drawn()[2:] != shown[2:]:
            self._ask_plain()
        if self._drawn() != shown:
            self._ask()

    def show(self, name: str, rows: Sequence[int]) -> None:
        """Sample pictures: these rows of dataset `name`, a few of them at most."""
        wanted = (name, tuple(rows[:ROWS]))
        if wanted == (self._name, self._rows):
            return
        self._name, self._rows = wanted
        self.asked.emit(len(self._rows))
        self._ask_plain()
        self._ask()

    def set_value(self, name: str, value: Json) -> None:
        """Turn one of flip, shift, colour, cutout or policy."""
        if name in self.values and self.values[name] != value:
            self.values[name] = value
            self.changed.emit()
            self._ask()

    def clear(self) -> None:
        """Nothing is changed in any way."""
        self.values = dict(TrainingLook().values)
        self.values["policy"] = OFF if self.look.policies else ""
        self.changed.emit()
        self._ask()

    def draw_again(self) -> None:
        """Other random moves of the same strength."""
        self.seed += 1
        self._ask()

    def choose(self) -> None:
        """Hand the values to the training that is prepared."""
        self.chosen.emit(dict(self.values))

    @property
    def policy(self) -> str:
        """What the policy on the sheet comes to, "" for none."""
        return self.look.resolve(str(self.values["policy"]))

    @property
    def plain(self) -> bool:
        """Whether nothing is changed at all."""
        return not self.policy and not any(self.values[name] for name in SETTINGS)

    @property
    def in_use(self) -> bool:
        """Whether training would do just this."""
        return self.values == self.look.values

    def leave(self) -> None:
        """Nobody looks any more."""
        self._looks.forget("plain")
        self._looks.forget("augment")
        self._name, self._rows = "", ()

    def _drawn(self) -> tuple[object, ...]:
        """All that the pictures depend on, besides the samples and the seed."""
        settings = tuple(self.values[name] for name in SETTINGS)
        return settings, self.policy, self.look.size, self.look.channels

    def _ask_plain(self) -> None:
        self._request("plain", {}, "", 1, 0)

    def _ask(self) -> None:
        settings = {name: self.values[name] for name in SETTINGS}
        self._request("augment", settings, self.policy, VARIANTS, 1)

    def _request(
        self, slot: str, settings: dict[str, Json], policy: str, count: int, first: int
    ) -> None:
        if not self._name or not self._rows:
            return
        body: dict[str, Json] = {
            "name": self._name,
            "rows": list(self._rows),
            "size": self.look.size,
            "channels": self.look.channels,
            "settings": settings,
            "policy": policy,
            "count": count,
            "seed": self.seed,
        }

        def put(index: int, png: bytes) -> None:
            picture, variant = divmod(index, count)
            self.ready.emit(picture * (VARIANTS + 1) + first + variant, png)

        failed = self.problem.emit
        self._looks.ask(slot, "augment_preview", body, lambda data: None, put, failed)


class FitState(QObject):
    """How pictures meet the square: sample pictures as they are and as training crops them."""

    before_ready = Signal(int, bytes)
    after_ready = Signal(int, bytes)
    problem = Signal(object)

    def __init__(self, looks: Looks, browsing: BrowseState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks, self._browsing = looks, browsing

    def show(self, first: int, fit: str, size: int) -> None:
        """Ask for the pictures from place `first` on."""
        plain = self._browsing.body(first, SAMPLES, SIDE)
        cropped = plain | {"fit": fit, "size": size}
        self._ask("before", plain, self.before_ready)
        self._ask("after", cropped, self.after_ready)

    def leave(self) -> None:
        """Nobody looks any more."""
        self._looks.forget("before")
        self._looks.forget("after")

    def _ask(self, slot: str, body: dict[str, Json], ready: object) -> None:
        self._looks.ask(
            slot,
            "browse",
            body,
            lambda data: None,
            lambda index, png: ready.emit(index, png),  # type: ignore[attr-defined]
            self.problem.emit,
        )
