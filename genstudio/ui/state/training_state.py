"""TrainingState: what is about to be trained, what it will take, and its start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core import budget as budgets
from genstudio.core.controls import defaults
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Event
from genstudio.core.family import Family
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json, to_name
from genstudio.studio import kinds, tuning
from genstudio.ui.state import plan_words
from genstudio.ui.state.launch_state import LaunchState, Names
from genstudio.ui.state.plan_state import PlanState, Wish
from genstudio.ui.state.plan_words import Forecast, Knob
from genstudio.ui.state.train_choices import Choices, good_options

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.studio.studio import Studio
    from genstudio.ui.state.data_state import DataState

PAGES = ("data", "run", "runs")
TIMED = ("steps", "patience", "sample_every", "validate_every")
"""Settings that a time decides."""
COSTLY = ("batch", "shards", "parts", "threads", "mixed", "flip", "shift", "colour", "cutout")
"""Settings that a step's time or memory depend on."""


class TrainingState(QObject):
    """`changed`: a choice; `planned`: what it takes, or whether it can start now; `chosen`: by
    hand; `started(run)`: a training asked for here has its run folder; `page_wanted`: "data",
    "run" or "runs"; `edited`: the session has something to keep."""

    changed = Signal()
    planned = Signal()
    started = Signal(str)
    page_wanted = Signal(str)
    edited = Signal()
    chosen = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, data: DataState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._data = studio, data
        self.choices = Choices()
        self.plan = PlanState(studio, self)
        self.launch = LaunchState(studio, self)
        self.names = Names()
        self.page = PAGES[0]
        self.pressed = False
        self._models: list[Model] = []
        self.plan.changed.connect(self._on_plan)
        self.launch.changed.connect(self.planned)
        self.launch.started.connect(self.started)
        self.launch.problem.connect(self.problem)
        data.changed.connect(lambda: self._touched(by_hand=False))
        data.chosen.connect(lambda _name: self._touched(by_hand=False))

    # ---- what there is to choose from

    @property
    def dataset(self) -> Dataset | None:
        """The data to train on."""
        return self._data.dataset

    @property
    def families(self) -> list[Family]:
        """Kinds of model that can learn from the data."""
        return kinds.fitting(self.dataset)

    @property
    def family(self) -> Family | None:
        """The chosen kind; None where nothing here learns from this data."""
        fitting = self.families
        found = next((f for f in fitting if f.name == self.choices.family), None)
        return found or (fitting[0] if fitting else None)

    @property
    def parents(self) -> list[Model]:
        """Models that training can go on from."""
        return kinds.parents(self._models, self.families, self.dataset)

    @property
    def ancestor(self) -> Model | None:
        """The model to go on from; None: from scratch."""
        found = next((m for m in self.parents if m.id == self.choices.start_from), None)
        family = self.family
        same = found is not None and family is not None and found.manifest.family == family.name
        return found if same else None

    # ---- choosing

    def choose_family(self, name: str) -> None:
        """A kind of model; another kind than the parent's starts from scratch."""
        ancestor = self.ancestor
        self.choices.family = name
        if ancestor is not None and ancestor.manifest.family != name:
            self.choices.start_from = ""
        self._touched()

    def continue_from(self, model: str) -> None:
        """Go on from this model ("": from scratch); its kind is chosen with it."""
        found = next((m for m in self._models if m.id == model), None)
        if found is not None and found not in self.parents:
            self.said.emit(f"{found.title} cannot learn from this data", "", None)
            return
        self.choices.start_from = found.id if found else ""
        if found is not None:
            self.choices.family = found.manifest.family
        self._touched()

    def choose_budget(self, name: str) -> None:
        """How long; steps that were set by hand give way."""
        self.choices.budget = budgets.budget(name).name
        for setting in TIMED:
            self.choices.own_settings.pop(setting, None)
        self._touched()

    def choose_preset(self, name: str) -> None:
        """Other values to begin with."""
        family = self.family
        if family is not None:
            self.choices.presets[family.name] = name
            self._touched()

    def set_option(self, name: str, value: Json) -> None:
        """Change an option of the family."""
        self._settle_family()
        self.choices.put_option(name, value)
        self._touched()

    def set_setting(self, name: str, value: Json) -> None:
        """Change a setting of the trainer."""
        self._settle_family()
        self.choices.put_setting(name, value)
        self._touched()

    def set_hold_out(self, text: str) -> None:
        """Combinations of captions that are not trained on, one a line."""
        self.choices.hold_out = text
        self._touched()

    def set_title(self, title: str) -> None:
        """Name of the new model; "" takes the one that suggests itself."""
        self.choices.title = title.strip()[:200]
        self._touched()

    def reset(self) -> None:
        """Forget what was changed by hand."""
        self._settle_family()
        self.choices.forget_changes()
        self._touched()

    def take_augmentation(self, chosen: Mapping[str, Any]) -> None:
        """Train with the augmentation that was looked at; `policy` goes to families that have
        such an option."""
        self._settle_family()
        for name in ("flip", "shift", "colour", "cutout"):
            if name in chosen:
                self.choices.put_setting(name, chosen[name])
        family = self.family
        if family is not None and "policy" in chosen:
            policy = {"augment": chosen["policy"] or "off"}
            self.choices.options.setdefault(self.choices.kind_key, {}).update(
                good_options(family, policy)
            )
        self._touched()

    def take_recipe(self, recipe: Recipe) -> None:
        """Fill everything in from a recipe, such as that of an older run."""
        choices = self.choices
        choices.family, choices.start_from = recipe.family, recipe.start_from
        choices.presets[recipe.family] = recipe.preset
        choices.options[choices.kind_key] = dict(recipe.options)
        choices.settings[choices.kind_key] = recipe.settings.model_dump(exclude_unset=True)
        choices.title, choices.hold_out = recipe.title, "\n".join(recipe.hold_out)
        self._data.choose(recipe.data)
        self.show_page("data")
        self._touched()
        for name, there, what in (
            (recipe.data, recipe.data in self._data.names(), "the data"),
            (recipe.start_from, self.ancestor is not None, "the model it went on from"),
        ):
            if name and not there:
                self.said.emit(f"{name}, {what}, is not there any more: choose another", "", None)

    def use_knob(self, knob: Knob) -> None:
        """Turn what the plan suggests, and measure again."""
        self._settle_family()
        for name, value in knob.options.items():
            self.choices.put_option(name, value)
        for name, value in knob.settings.items():
            self.choices.put_setting(name, value)
        self._touched()

    def show_page(self, name: str) -> None:
        """Ask the panel for a page."""
        if name in PAGES:
            self.page = name
            self.page_wanted.emit(name)
            self.edited.emit()

    # ---- the recipe

    def recipe(self) -> Recipe:
        """What would be trained now; raises GenStudioError saying what is missing."""
        data = self.dataset
        if data is None:
            raise UsageError("Choose or add data first")
        if self.family is None:
            raise UsageError(f"No kind of model here learns from {data.kind} yet")
        self._settle_family()
        made = self.choices.recipe(data, self.ancestor, self._timed())
        title = self.choices.title or self.names.free_title(made.title)
        name = self.names.free_model(to_name(title, made.model))
        return made.model_copy(update={"title": title, "model": name})

    def options(self) -> dict[str, Json]:
        """Every option of the family with the value it would be trained with."""
        family = self.family
        try:
            return {**defaults(family.options), **self.recipe().options} if family else {}
        except GenStudioError:
            return defaults(family.options) if family else {}

    def settings(self) -> TrainerSettings:
        """The trainer's settings as they would be used."""
        try:
            return tuning.full_settings(self.recipe())
        except GenStudioError:
            return TrainerSettings()

    def going_on(self) -> str:
        """How it goes on from the chosen model, in a sentence; "" from scratch."""
        ancestor = self.ancestor
        try:
            return tuning.in_words(self.recipe(), ancestor) if ancestor else ""
        except GenStudioError:
            return ""

    def changed_by_hand(self) -> bool:
        """True where `reset` would change anything."""
        choices, family = self.choices, self.family
        preset = family is not None and family.name in choices.presets
        by_hand = choices.own_options or choices.own_settings or choices.hold_out
        return bool(by_hand or preset)

    def _timed(self) -> dict[str, Json]:
        found = self.plan.measurement
        chosen = budgets.budget(self.choices.budget)
        return plan_words.budget_settings(chosen, found.data if found else {}, self.plan.speed)

    def _settle_family(self) -> None:
        family, parent = self.family, self.ancestor
        self.choices.family = family.name if family else ""
        self.choices.start_from = parent.id if parent else ""

    # ---- what it takes

    @property
    def forecast(self) -> Forecast:
        """What the plan box shows."""
        wanted, found = self.settings(), self.plan.measurement
        if found is not None:
            return plan_words.measured(found.data, wanted, found.age, self.choices.budget)
        if self.plan.speed:
            return plan_words.guessed(self.plan.speed, wanted)
        return plan_words.blind(wanted)

    def _wish(self) -> Wish:
        data, family = self.dataset, self.family
        if data is None or family is None:
            return Wish()
        try:
            recipe = self.recipe()
        except GenStudioError:
            return Wish()
        full = tuning.full_settings(recipe).model_dump()
        costs = {name: full[name] for name in COSTLY}
        # Not its sha256: another caption takes no longer to learn.
        facts = [data.name, data.content, data.facts.count, data.excluded, data.facts.classes]
        # Nor does it take longer to be shown for other words.
        texts = {control.name for control in family.options if control.kind == "text"}
        options = {name: value for name, value in recipe.options.items() if name not in texts}
        kind = [family.name, recipe.start_from, recipe.preset, options]
        key = json.dumps([kind, facts, costs], sort_keys=True)
        size = kinds.size_of(family, recipe.options, data)
        return Wish(key, f"{family.name}/{size}", recipe)

    # ---- starting

    def start(self) -> str:
        """Queue the training; the id of its job, "" where it cannot start, or not yet: while a
        measurement is under way it starts by itself at its end."""
        try:
            recipe = self.recipe()
            if self.plan.status in ("resting", "measuring"):
                self.pressed = True
                self.planned.emit()
                return ""
            self.pressed = False
            job = self.launch.start(recipe)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""
        self.choices.title = ""
        self.names.start(recipe)
        self._touched(by_hand=False)
        self.edited.emit()
        return job

    def take_back(self) -> bool:
        """Do not start after the measurement; False where nothing was to start."""
        was, self.pressed = self.pressed, False
        if was:
            self.planned.emit()
        return was

    def _on_plan(self) -> None:
        if self.pressed and self.plan.status not in ("resting", "measuring"):
            self.pressed = False
            if self.plan.status in ("ready", "busy"):
                self.start()
        self.planned.emit()

    # ---- events

    def on_event(self, event: Event) -> None:
        """Follow the measurement, and the training until it has its run."""
        self.plan.on_event(event)
        self.launch.on_event(event)

    def on_queue(self) -> None:
        """The queue changed: the device may be free now, or taken."""
        self.names.see_queue(self.launch.trainings())
        self.plan.on_queue()
        self.planned.emit()

    def refresh(self) -> None:
        """Models or runs came or went."""
        self._models = self._studio.library.list()
        self.names.see(self._models, self._studio.runs.list())
        self._touched(by_hand=False)

    def _touched(self, by_hand: bool = True) -> None:
        if by_hand:
            self.pressed = False
        self.plan.want(self._wish())
        self.changed.emit()
        if by_hand:
            self.chosen.emit()
            self.edited.emit()

    # ---- session

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {
            **self.choices.snapshot(),
            "page": self.page,
            "plan": self.plan.snapshot(),
        }

    def take(self, kept: Mapping[str, Any]) -> None:
        """Take what the session kept."""
        self.choices.take(kept)
        plan = kept.get("plan")
        self.plan.take(plan if isinstance(plan, dict) else {})
        page = kept.get("page")
        self.page = page if page in PAGES else PAGES[0]
        self.refresh()

    def close(self) -> None:
        """Ask nothing more."""
        self.pressed = False
        self.plan.close()
