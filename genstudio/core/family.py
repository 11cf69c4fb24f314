"""Family: what one kind of model can be asked (tasks) and how it can be trained (options)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.controls import Control, Text, is_input
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json, Plain

Modality = Literal["image", "text", "music", "sound", "judge"]
OutputKind = Literal["image", "animation", "text", "music", "sound", "file", "report"]


class Task(Plain):
    """One thing a model can be asked.

    `verb` names the button. `live` tasks redraw while a slider is dragged (request.live).
    `compare_input` names the image input whose before/after is shown beside the result.
    Conventional names: a control called `count` gives the number of results.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    verb: str
    help: str = ""
    controls: tuple[Control, ...] = ()
    output: OutputKind = "image"
    live: bool = False
    compare_input: str = ""

    def control(self, name: str) -> Control:
        """The control called `name`; raises UsageError."""
        for control in self.controls:
            if control.name == name:
                return control
        raise UsageError(f"{self.title} has no setting {name!r}")

    @property
    def prompt(self) -> str:
        """Name of the text that says what to make, "" where there is none."""
        return next(
            (c.name for c in self.controls if isinstance(c, Text) and c.role == "prompt"), ""
        )

    def inputs(self) -> tuple[Control, ...]:
        """The controls that ask for files."""
        return tuple(c for c in self.controls if is_input(c))


class Preset(Plain):
    """Named recipe values: `options` of the family, and the trainer's `settings`."""

    name: str
    title: str
    help: str = ""
    options: dict[str, Json] = {}
    settings: dict[str, Json] = {}


@dataclass(frozen=True)
class Family:
    """One folder below `families/`.

    `tasks(config)` gives the tasks for a model with that manifest config (class names and
    sizes differ between models). `config(options, data)` resolves recipe options and facts of
    the dataset (`DataFacts.model_dump()`) into the config kept in the manifest; it raises
    UsageError where they do not fit. `in_short`: two or three words for a card.
    `captions`: it learns to follow words where the data has captions.
    `also` are further kinds of data that it learns from; such a model is of that kind. `only`
    names options that mean something for one kind of data alone, `usual` values that options
    begin with for a kind of data where they differ from the defaults.
    `along` are settings of the trainer that go with an option that is turned on.
    `repeated` names graphs that one result runs again and again: worth a fast copy (core/fast.py).
    `free` are keys of the config that do not shape the networks: they may change in mid-training.
    `later` are options that older packages do not know, and what they were without them.
    """

    name: str
    title: str
    summary: str
    modality: Modality
    tasks: Callable[[Mapping[str, Json]], tuple[Task, ...]]
    config: Callable[[Mapping[str, Json], Mapping[str, Json]], dict[str, Json]]
    options: tuple[Control, ...] = ()
    presets: tuple[Preset, ...] = ()
    in_short: str = ""
    data_kind: str = "image"
    needs_classes: bool = False
    needs_captions: bool = False
    captions: bool = False
    also: tuple[str, ...] = ()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    usual: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    along: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    free: frozenset[str] = frozenset()
    later: Mapping[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = field(default_factory=tuple)

    def learns(self, data_kind: str) -> bool:
        """True where data of this kind is what it can be trained on."""
        return data_kind == self.data_kind or data_kind in self.also

    def options_for(self, data_kind: str) -> tuple[Control, ...]:
        """The options that mean something for data of this kind."""
        others = (names for kind, names in self.only.items() if kind != data_kind)
        hidden = frozenset().union(*others)
        return tuple(option for option in self.options if option.name not in hidden)

    def modality_for(self, data_kind: str) -> Modality:
        """What a model that learned from this kind of data makes."""
        other = {"text": "text", "music": "music", "sound": "sound"}
        return other[data_kind] if data_kind in self.also else self.modality  # type: ignore[return-value]

    def task(self, config: Mapping[str, Json], name: str = "") -> Task:
        """The task called `name`, or the first; raises UsageError."""
        tasks = self.tasks(config)
        for task in tasks:
            if task.name == name or not name:
                return task
        known = ", ".join(task.name for task in tasks)
        raise UsageError(f"a {self.title} model has no task {name!r}; it has: {known}")

    def preset(self, name: str) -> Preset:
        """The preset called `name`; raises UsageError."""
        for preset in self.presets:
            if preset.name == name:
                return preset
        known = ", ".join(preset.name for preset in self.presets)
        raise UsageError(f"{self.title} has no preset {name!r}; it has: {known}")
