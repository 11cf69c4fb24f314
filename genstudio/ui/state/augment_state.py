"""AugmentState and FitState: what training will see, shown before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Control, Float, Switch
from genstudio.core.dataset import Dataset
from genstudio.core.errors import Problem
from genstudio.core.stored import Json
from genstudio.ui.state.browse_state import BrowseState
from genstudio.ui.state.looks import Looks

VARIANTS = 5
ROWS = 5
SAMPLES = 8
SIDE = 192
SIZES = (28, 32, 48, 64, 96, 128)
POLICY = "color,translation,cutout"
CONTROLS: tuple[Control, ...] = (
    Switch(
        name="flip",
        label="Mirror",
        help="Half of the pictures are mirrored left to right. Not for letters.",
    ),
    Float(
        name="shift",
        label="Shift",
        default=0.0,
        low=0.0,
        high=0.5,
        help="Pictures are moved by up to this share of their side.",
    ),
    Float(
        name="colour",
        label="Colour",
        default=0.0,
        low=0.0,
        high=1.0,
        help="Brightness, contrast and saturation change by up to this share.",
    ),
    Float(
        name="cutout",
        label="Cut out",
        default=0.0,
        low=0.0,
        high=0.9,
        help="A square with up to this share of the side is blanked.",
    ),
)
"""The same names and ranges as in TrainerSettings."""
SWITCHED = Switch(
    name="policy",
    label="For GANs",
    help=(
        "Differentiable augmentation: real and made pictures are changed alike before the "
        "critic sees them, which lets a GAN learn from few pictures."
    ),
)
NONE: dict[str, Json] = {"flip": False, "shift": 0.0, "colour": 0.0, "cutout": 0.0, "policy": ""}


def training_size(dataset: Dataset | None) -> int:
    """The side of square (pixels) that a model of these pictures would likely have."""
    least = dataset.facts.size if dataset else 0
    return max((size for size in SIZES if size <= least), default=SIZES[1])


class AugmentState(QObject):
    """`values` as they stand on the sheet; `ready(index, png)`: variant of a sample picture.

    index = picture * (VARIANTS + 1) + variant; variant 0 is the picture as it is.
    """

    asked = Signal(int)
    ready = Signal(int, bytes)
    changed = Signal()
    chosen = Signal(object)
    problem = Signal(object)

    def __init__(self, looks: Looks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = looks
        self.values: dict[str, Json] = dict(NONE)
        self.seed = 1
        self._name, self._rows = "", ()
        self._size, self._channels = 0, 0

    def show(self, dataset: Dataset | None, rows: Sequence[int]) -> None:
        """Sample pictures: these rows of the dataset, a few of them at most."""
        facts = dataset.facts if dataset else None
        wanted = (dataset.name if dataset else "", tuple(rows[:ROWS]))
        if wanted == (self._name, self._rows):
            return
        self._name, self._rows = wanted
        self._size = training_size(dataset)
        self._channels = facts.channels if facts and facts.channels else 3
        self.asked.emit(len(self._rows))
        if self._rows:
            self._request("plain", dict(NONE), 1, 0)
        self._ask()

    def set_value(self, name: str, value: Json) -> None:
        """Turn one of flip, shift, colour, cutout or policy."""
        if name in self.values and self.values[name] != value:
            self.values[name] = value
            self.changed.emit()
            self._ask()

    def set_values(self, values: dict[str, Json]) -> None:
        """Show other values (those of a recipe), without choosing them."""
        known = {name: values.get(name, default) for name, default in NONE.items()}
        if known != self.values:
            self.values = known
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
    def plain(self) -> bool:
        """Whether nothing is changed at all."""
        return self.values == NONE

    def leave(self) -> None:
        """Nobody looks any more."""
        self._looks.forget("plain")
        self._looks.forget("augment")
        self._name, self._rows = "", ()

    def _ask(self) -> None:
        if not self._name or not self._rows:
            return
        self._request("augment", self.values, VARIANTS, 1)

    def _request(self, slot: str, values: dict[str, Json], count: int, first: int) -> None:
        settings = {name: value for name, value in values.items() if name != "policy"}
        body: dict[str, Json] = {
            "name": self._name,
            "rows": list(self._rows),
            "size": self._size,
            "channels": self._channels,
            "settings": settings,
            "policy": values["policy"],
            "count": count,
            "seed": self.seed,
        }

        def put(index: int, png: bytes) -> None:
            picture, variant = divmod(index, count)
            self.ready.emit(picture * (VARIANTS + 1) + first + variant, png)

        self._looks.ask(slot, "augment_preview", body, lambda data: None, put, self._refused)

    def _refused(self, problem: Problem) -> None:
        self.problem.emit(problem)


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
