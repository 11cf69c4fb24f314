"""DropState: what a dropped file is, where it may go and what will happen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import Problem, classify
from genstudio.core.foreign import Foreign
from genstudio.core.request import Request
from genstudio.studio.importing import Described
from genstudio.studio.looking import Looker
from genstudio.ui.state.foreign_state import ForeignState
from genstudio.ui.state.slots import Slot

if TYPE_CHECKING:
    from genstudio.ui.state.data_state import DataState
    from genstudio.ui.state.generation_state import GenerationState
    from genstudio.ui.state.models_state import ModelsState

PROMPT_LETTERS = 90
_PICTURES = ("ours", "picture", "animation")
_DATA = ("dataset", *_PICTURES)


@dataclass(frozen=True)
class DropChoice:
    """One place a drop may go: what it is called and what will happen."""

    key: str
    title: str
    text: str
    icon: str
    area: str


@dataclass(frozen=True)
class Offer:
    """A drop with its choices; `text` says what it is, also when nothing takes it."""

    paths: tuple[Path, ...]
    text: str = ""
    choices: tuple[DropChoice, ...] = ()
    request: Request | None = None
    slots: dict[str, Slot] = field(default_factory=dict)
    foreign: Foreign | None = None


class DropState(QObject):
    """`describe` answers with `described(offer)`; `accept` does what was chosen."""

    described = Signal(object)
    area_wanted = Signal(str)
    problem = Signal(object)
    said = Signal(str, str, object)

    def __init__(
        self,
        generation: GenerationState,
        models: ModelsState,
        looker: Looker,
        data: DataState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._looker = looker
        self._data = data
        self._generation = generation
        self._models = models
        self.foreign = ForeignState(generation, self)
        self.foreign.said.connect(self.said)
        self.foreign.area_wanted.connect(self.area_wanted)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted: tuple[Path, ...] = ()
        self._looks = _Looks(self)
        self._looks.ready.connect(self._answer)

    def describe(self, paths: Sequence[str | Path]) -> None:
        """Have another process look at the first of `paths`."""
        self._wanted = tuple(Path(p) for p in paths)
        if self._wanted:
            self._pool.start(_Look(self._wanted, self._looker, self._looks))

    def accept(self, offer: Offer, key: str) -> None:
        """Do what choice `key` of `offer` says."""
        choice = next((c for c in offer.choices if c.key == key), None)
        if choice is None:
            return
        if key == "data":
            self._data.look(offer.paths)
        elif key == "import":
            self._models.import_paths(offer.paths)
        elif key == "settings" and offer.request is not None:
            if self._generation.use_request(offer.request):
                self.said.emit(f"Settings of {offer.paths[0].name} are in the form", "", None)
        elif key == "foreign" and offer.foreign is not None:
            self.foreign.open(offer.paths[0], offer.foreign)
            return
        elif key in offer.slots:
            offer.slots[key].take(self._generation.ask, offer.paths[0])
        self.area_wanted.emit(choice.area)

    def wait(self) -> None:
        """Let the look under way end (at closing, and in tests)."""
        self._pool.waitForDone()

    def _answer(self, paths: tuple[Path, ...], found: object) -> None:
        if paths != self._wanted:
            return
        if isinstance(found, Problem):
            # Of many files the first may be a stray: the report tells what the others are.
            choices = (_as_data(paths),) if len(paths) > 1 else ()
            self.described.emit(Offer(paths, found.sentence, choices))
        elif isinstance(found, Described):
            self.described.emit(self.offer(paths, found))

    def offer(self, paths: tuple[Path, ...], found: Described) -> Offer:
        """The choices for what was found."""
        choices: list[DropChoice] = []
        slots: dict[str, Slot] = {}
        request = found.provenance.request if found.provenance else None
        if request is not None:
            text = f"{request.model} · {request.task} · seed {request.seed}"
            choices.append(DropChoice("settings", "Use its settings", text, "settings", "image"))
        foreign = _foreign(found)
        if foreign is not None:
            choices.append(_as_settings(foreign))
        if found.kind == "package":
            text = f"{paths[0].name} is copied into the library and checked"
            choices.append(DropChoice("import", "Import this model", text, "models", "models"))
        ask = self._generation.ask
        picture = found.kind in _PICTURES
        slot = ask.slot_for("image") if picture else ask.slot_for("file", paths[0].suffix)
        if slot is not None:
            title = "Use as picture" if picture else "Use as input"
            slots["input"] = slot
            choices.append(DropChoice("input", title, slot.text, "image", "image"))
        if found.kind in _DATA:
            # Several files are rarely meant for one place; one picture rarely for training.
            choices.insert(0 if len(paths) > 1 else len(choices), _as_data(paths))
        return Offer(paths, _words(paths, found), tuple(choices), request, slots, foreign)


def _as_data(paths: tuple[Path, ...]) -> DropChoice:
    what = f"{len(paths):,} things to train on" if len(paths) > 1 else "Something to train on"
    text = f"{what}: a report comes first, before anything is added"
    return DropChoice("data", "Add as data", text, "data", "train")


def _foreign(found: Described) -> Foreign | None:
    """What another program wrote into the picture, where it is more than its name."""
    said = found.data.get("settings")
    if found.kind == "ours" or not isinstance(said, dict):
        return None
    settings = Foreign.model_validate(said)
    return settings if settings.says_anything() else None


def _as_settings(found: Foreign) -> DropChoice:
    words = " ".join(found.prompt.split())
    short = words if len(words) <= PROMPT_LETTERS else words[: PROMPT_LETTERS - 1] + "…"
    text = short or ", ".join(label for label, _words in found.facts()[:4])
    return DropChoice("foreign", "Its prompt and settings", text, "settings", "image")


def _words(paths: tuple[Path, ...], found: Described) -> str:
    if len(paths) == 1 or found.kind not in _DATA:
        return found.sentence or paths[0].name
    return f"{paths[0].name} and {len(paths) - 1} more can become a dataset."


class _Looks(QObject):
    ready = Signal(object, object)


class _Look(QRunnable):
    def __init__(self, paths: tuple[Path, ...], looker: Looker, looks: _Looks) -> None:
        super().__init__()
        self._paths, self._looker = paths, looker
        self._looks = looks

    def run(self) -> None:
        """Wait for the answer; every failure becomes a sentence."""
        found: object
        try:
            found = self._looker.describe(self._paths[0])
        except Exception as error:
            found = classify(error, "looking at the file", self._paths[0])
        self._looks.ready.emit(self._paths, found)
