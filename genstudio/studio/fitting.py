"""What of another program's settings fits a task here: values the form takes, and what does not.

Controls are known by their role (prompt, negative) or by their conventional names; values
outside a control's range are left out and named, never bent into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from genstudio.core.controls import MAX_SEED, Choice, Control, Option, Text, is_input
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.foreign import Foreign, plain_prompt
from genstudio.core.stored import Json
from genstudio.studio.library import Model

# What is said of a setting -> names that a control for it may have.
_NAMES = {
    "steps": ("steps",),
    "guidance": ("guidance", "cfg_scale"),
    "sampler": ("sampler",),
    "scheduler": ("spacing", "scheduler"),
    "strength": ("strength",),
}
_LABELS = {"guidance": "Guidance", "scheduler": "Schedule"}
_NOISE = re.compile(r"karras|exponential|solver|sample_|^k_|_k$|_?gpu$|ancestral$")


@dataclass(frozen=True)
class Fit:
    """Values for the form of `task` of `model`: the `prompts` alone, and `values` with all.

    `left_out` says in sentences what does not fit; `place` names model and task.
    """

    model: str
    task: str
    place: str
    prompts: dict[str, Json] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)
    seed: int | None = None
    left_out: tuple[str, ...] = ()

    @property
    def fits_more(self) -> bool:
        """True where something besides the prompt fits."""
        return self.seed is not None or len(self.values) > len(self.prompts)


def fit(found: Foreign, model: Model, task: Task) -> Fit:
    """What of `found` the form of `task` takes."""
    controls = [c for c in task.controls if not is_input(c)]
    left_out: list[str] = []
    prompts = _prompts(found, controls, left_out)
    values = dict(prompts)
    for what, names in _NAMES.items():
        value = getattr(found, what) or (_schedule(found) if what == "scheduler" else None)
        if value is None or value == "":
            continue
        control = next((c for c in controls if c.name in names), None)
        if control is not None:
            # What the steps are called differs too much to be worth a word where it is unknown.
            _take(control, value, values, [] if what == "scheduler" else left_out)
        elif what != "scheduler":
            left_out.append(f"{_LABELS.get(what, what.capitalize())} {value} has no place here.")
    seed = found.seed
    if seed is not None and seed > MAX_SEED:
        left_out.append(f"Seed {seed} is larger than seeds are here.")
        seed = None
    place = f"{model.title} · {task.title}"
    return Fit(model.id, task.name, place, prompts, values, seed, tuple(left_out))


def best_fit(
    found: Foreign, models: Sequence[Model], model: str = "", task: str = ""
) -> Fit | None:
    """The fit for the form at hand if it takes a prompt, else the first that does; None without.

    A model of the name that `found` tells goes first.
    """
    ranked = sorted(models, key=lambda m: (not _is_named(m, found.model), m.id != model))
    made = [
        fit(found, one, asked)
        for one in ranked
        for asked in sorted(one.tasks, key=lambda t: one.id != model or t.name != task)
    ]
    with_prompt = (one for one in made if one.prompts)
    with_values = (one for one in made if len(one.values) > 1)
    return next(with_prompt, None) or (None if found.prompt else next(with_values, None))


def _schedule(found: Foreign) -> str:
    """Some write it behind the sampler: `DPM++ 2M Karras`."""
    return "karras" if "karras" in found.sampler.lower() else ""


def _is_named(model: Model, name: str) -> bool:
    return bool(name) and name.lower() in (model.id.lower(), model.title.lower())


def _prompts(found: Foreign, controls: Iterable[Control], left_out: list[str]) -> dict[str, Json]:
    """The texts for the controls with the roles prompt and negative, without foreign marks."""
    texts = {"prompt": plain_prompt(found.prompt), "negative": plain_prompt(found.negative)}
    taken: dict[str, Json] = {}
    for control in controls:
        text = texts.get(control.role, "") if isinstance(control, Text) else ""
        if text and isinstance(control, Text):
            taken[control.name] = text[: control.max_length]
            texts[control.role] = ""
            if len(text) > control.max_length:
                left_out.append(f"{control.label} was cut at {control.max_length} characters.")
    left_out += [
        f"The {words} has no place here."
        for role, words in (("prompt", "prompt"), ("negative", "negative prompt"))
        if texts[role]
    ]
    return taken


def _take(control: Control, value: Json, values: dict[str, Json], left_out: list[str]) -> None:
    if isinstance(control, Choice):
        same = [o.value for o in control.options if known_as(str(value)) in _names_of(o)]
        if not same:
            left_out.append(f"{control.label} {value} is not known here.")
            return
        value = same[0]
    try:
        values[control.name] = control.check(value)  # type: ignore[union-attr]
    except UsageError:
        left_out.append(f"{control.label} {value} lies outside what is possible here.")


def _names_of(option: Option) -> set[str]:
    return {known_as(option.value), known_as(option.label)}


def known_as(sampler: str) -> str:
    """One spelling for the many of a sampler: `DPM++ 2M Karras`, `dpmpp_2m` -> `dpmpp2m`."""
    text = sampler.lower().replace("++", "pp").strip()
    ancestral = bool(re.search(r"ancestral|[ _]a$", text.replace("karras", "").strip()))
    text = _NOISE.sub("", re.sub(r"[ _]a$", "", text.replace("karras", "").strip()))
    return re.sub(r"[^a-z0-9]", "", _NOISE.sub("", text)) + ("a" if ancestral else "")
