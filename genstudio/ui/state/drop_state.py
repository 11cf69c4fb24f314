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
from genstudio.media import sound_reading
from genstudio.studio import lists
from genstudio.studio.importing import Described
from genstudio.studio.looking import Looker
from genstudio.ui.state.foreign_state import ForeignState
from genstudio.ui.state.list_state import PICTURES, PROMPTS
from genstudio.ui.state.music_opening import is_music
from genstudio.ui.state.slots import Slot
from genstudio.ui.state.sweep_state import LIST
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.ui.state.data_state import DataState
    from genstudio.ui.state.generation_state import GenerationState
    from genstudio.ui.state.models_state import ModelsState
    from genstudio.ui.state.music_state import MusicState
    from genstudio.ui.state.writing_state import WritingState

PROMPT_LETTERS = 90
_PICTURES = ("ours", "picture", "animation")
_DATA = ("dataset", *_PICTURES)
_TEXTS = (".txt", ".md", ".docx", ".html", ".htm")
LISTS = (PICTURES, PROMPTS)


@dataclass(frozen=True)
class DropChoice:
    """One place a drop may go: what it is called and what will happen."""

    key: str
    title: str
    text: str
    icon: str
    area: str


_FONT = DropChoice(
    "font",
    "Play music with it",
    "Music is played, and exported as sound, with its instruments; Settings lead back",
    "music",
    "settings",
)


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
    drum_wanted = Signal(object)
    font_wanted = Signal(object)

    def __init__(
        self,
        generation: GenerationState,
        models: ModelsState,
        looker: Looker,
        data: DataState,
        writing: WritingState,
        music: MusicState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._looker, self._writing, self._music = looker, writing, music
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
        elif key == "text":
            self._writing.opening.open(offer.paths[0])
        elif key == "colours":
            self._music.colours.open(offer.paths[0])
        elif key == "music":
            self._music.opening.open(offer.paths[0])
        elif key == "drum":
            self.drum_wanted.emit(offer.paths[0])
            return
        elif key == "font":
            self.font_wanted.emit(offer.paths[0])
        elif key == "settings" and offer.request is not None and choice.area == "text":
            self._writing.use_request(offer.request)
        elif key == "settings" and offer.request is not None and choice.area == "music":
            self._music.use_request(offer.request)
        elif key == "settings" and offer.request is not None:
            if self._generation.use_request(offer.request):
                self.said.emit(f"Settings of {offer.paths[0].name} are in the form", "", None)
        elif key == "foreign" and offer.foreign is not None:
            self.foreign.open(offer.paths[0], offer.foreign)
            return
        elif key in LISTS:
            self._list(key, offer)
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
            area = _area(paths[0])
            choices.append(DropChoice("settings", "Use its settings", text, "settings", area))
        foreign = _foreign(found)
        if foreign is not None:
            choices.append(_as_settings(foreign))
        if found.kind == "font":
            choices.append(_FONT)
        if found.kind == "package":
            text = f"{paths[0].name} is copied into the library and checked"
            choices.append(DropChoice("import", "Import this model", text, "models", "models"))
        if _is_text(paths[0]) and found.kind in ("dataset", "ours"):
            choices.append(_as_document(paths))
        if is_music(paths[0]) and found.kind in ("dataset", "ours"):
            choices.append(_as_piece(paths))
        if _is_sound(paths[0]) and found.kind in ("dataset", "ours"):
            choices.append(_as_drum(paths))
        ask = self._generation.ask
        picture = found.kind in _PICTURES and _area(paths[0]) == "image"
        masks = self._masks(found)
        if masks and found.data.get("mask"):
            choices.append(_as_mask(masks[0], slots))
        slot = ask.slot_for("image") if picture else ask.slot_for("file", paths[0].suffix)
        if slot is not None:
            title = "Use as picture" if picture else "Use as input"
            slots["input"] = slot
            choices.append(DropChoice("input", title, slot.text, "image", "image"))
        if masks and "mask" not in slots and masks[0].task == ask.task_name:
            choices.append(_as_mask(masks[0], slots))
        choices += self._as_list(paths, found, slots)
        if picture and found.kind != "animation" and self._music.colours.possible:
            choices.append(_as_colours())
        if found.kind in _DATA:
            # Several files are rarely meant for one place; one picture rarely for training.
            choices.insert(0 if len(paths) > 1 else len(choices), _as_data(paths))
        return Offer(paths, _words(paths, found), tuple(choices), request, slots, foreign)

    def _masks(self, found: Described) -> list[Slot]:
        """Where a picture may go as a mask."""
        still = found.kind in ("ours", "picture") and _area(found.path) == "image"
        return self._generation.ask.slots("mask") if still else []

    def _as_list(
        self, paths: tuple[Path, ...], found: Described, slots: dict[str, Slot]
    ) -> list[DropChoice]:
        """A folder of pictures or a file of prompts, one item after the other."""
        ask = self._generation.ask
        pictures = found.data.get("pictures")
        if isinstance(pictures, int) and pictures > 0:
            slot = ask.slot_for("image")
            if slot is None or len(paths) > 1:
                return []
            slots[PICTURES] = slot
            text = f"{several(pictures, 'picture')}, one after the other: {slot.text}"
            return [DropChoice(PICTURES, "Use as a list", text, "queue", "image")]
        if paths[0].suffix.lower() in lists.LISTS and len(paths) == 1:
            task = ask.task
            if ask.model is None or task is None or lists.prompt_control(task) is None:
                return []
            text = f"Its lines are prompts: {ask.model.manifest.title} · {task.title}"
            return [DropChoice(PROMPTS, "Use as a list", text, "queue", "image")]
        return []

    def _list(self, kind: str, offer: Offer) -> None:
        """Ask for all of a folder or file with the next press of the button."""
        many, ask = self._generation.many, self._generation.ask
        if kind in offer.slots:
            ask.set_model(offer.slots[kind].model)
            ask.set_task(offer.slots[kind].task)
        many.set_mode(LIST)
        many.list.set_kind(kind)
        many.list.set_source(offer.paths[0])


def _as_mask(slot: Slot, slots: dict[str, Slot]) -> DropChoice:
    slots["mask"] = slot
    return DropChoice("mask", "Use as mask", f"{slot.text}: white is made anew", "brush", "image")


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in _TEXTS


def _area(path: Path) -> str:
    """The panel where files of this name are made."""
    return "text" if _is_text(path) else "music" if is_music(path) else "image"


def _as_piece(paths: tuple[Path, ...]) -> DropChoice:
    text = f"{paths[0].name} becomes a new piece; the file itself stays as it is"
    return DropChoice("music", "Open in Music", text, "music", "music")


def _is_sound(path: Path) -> bool:
    return path.suffix.lower() in sound_reading.SUFFIXES


def _as_drum(paths: tuple[Path, ...]) -> DropChoice:
    text = f"{paths[0].name} is played in place of a drum of the open piece: choose its row"
    return DropChoice("drum", "Use as a drum", text, "music", "music")


def _as_colours() -> DropChoice:
    text = "Its colours fill in key and tempo of the piece that is to be composed"
    return DropChoice("colours", "Use for music", text, "music", "music")


def _as_document(paths: tuple[Path, ...]) -> DropChoice:
    text = f"{paths[0].name} becomes a new document; the file itself stays as it is"
    return DropChoice("text", "Open in Text", text, "text", "text")


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
