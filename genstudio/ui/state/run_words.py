"""A run in words: what it is called, how it stands, what it has reached, what to do next."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from genstudio import families
from genstudio.core import measures
from genstudio.core.errors import Problem
from genstudio.core.manifest import Score
from genstudio.core.run import Run
from genstudio.core.stored import Json
from genstudio.studio import trainer_controls
from genstudio.ui.state import words
from genstudio.ui.state.run_curves import best_of
from genstudio.ui.state.run_reading import Curves, Look

Phase = Literal["none", "waiting", "running", "pausing", "paused", "interrupted", "failed", "done"]
ACTIVE = ("waiting", "running", "pausing")
"""Phases in which a job of the queue belongs to the run."""

_PHASES: dict[str, tuple[str, str]] = {
    "none": ("not started", "dim"),
    "waiting": ("waits in the queue", "dim"),
    "running": ("training", "accent"),
    "pausing": ("saving", "accent"),
    "paused": ("paused", "amber"),
    "interrupted": ("interrupted", "amber"),
    "failed": ("failed", "red"),
    "done": ("finished", "good"),
}


_TELLING = ("following", "foretelling", "likeness", "variety", "copying", "judging")
"""Groups of `core.measures` of which one number is shown beside a finished run."""


@dataclass(frozen=True)
class Badge:
    """A small fact with the sentence that explains it."""

    text: str
    tip: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence about how a run stands, and the next steps by name of action."""

    level: Literal["good", "note", "warning", "bad"]
    text: str
    actions: tuple[str, ...] = ()


def number_of(run: str) -> str:
    """`0007` of `0007-holiday`."""
    return run.partition("-")[0]


def family_title(family: str) -> str:
    """A family's title; its name where this version does not know it."""
    with contextlib.suppress(Exception):  # a run of a newer version
        return families.family(family).title
    return family


def title(run: Run) -> str:
    """`0007 · VAE · holiday avatars`."""
    kind = family_title(run.recipe.family)
    name = (run.recipe.title or run.recipe.model).removesuffix(f" ({kind})")
    return f"{number_of(run.id)} · {kind} · {name}"


def phase_of(look: Look) -> Phase:
    """How a run stands by its folder alone."""
    if look.run is None:
        return "none"
    if look.interrupted:
        return "interrupted"
    # A job that waits is known to the queue; a run that is new by itself was only prepared.
    table: dict[str, Phase] = {
        "new": "paused", "running": "running", "stopped": "paused", "done": "done",
        "failed": "failed",
    }  # fmt: skip
    return table[look.run.state]


def phase_words(phase: Phase) -> tuple[str, str]:
    """(word, colour token) of a phase."""
    return _PHASES[phase]


def step_text(phase: Phase, step: int, total: int) -> str:
    """`step 8,400 of 13,000`, with how it stands where it does not run."""
    at = f"step {step:,} of {total:,}"
    if phase in ("running", "none"):
        return at
    if phase == "done":
        return f"finished · {step:,} steps"
    return f"{_PHASES[phase][0]} · {at}"


def notice(phase: Phase, run: Run, step: int) -> Notice | None:
    """What to say above the curves; None while all goes its way."""
    if phase == "paused" and run.state == "new":
        return Notice("note", "It was prepared, but not started.", ("resume", "duplicate"))
    if phase == "paused":
        text = f"Paused at step {step:,}. Everything is kept; it goes on exactly from there."
        return Notice("note", text, ("resume", "keep", "try"))
    if phase == "interrupted":
        text = (
            f"GenStudio or the computer ended in the middle, at about step {step:,}. "
            "It goes on from its last checkpoint."
        )
        return Notice("warning", text, ("resume", "keep", "duplicate"))
    if phase == "failed":
        problem = run.problem or Problem(what="The training ended with an error")
        return Notice("bad", problem.sentence, ("resume", "duplicate", "report"))
    if phase == "waiting":
        return Notice("note", "It begins when what runs before it has ended.")
    if phase == "pausing":
        return Notice("note", "It finishes this step and writes a checkpoint.")
    if phase == "done" and run.model:
        return Notice("good", "Finished and installed. It can be used at once.", ("use", "more"))
    return None


def best_text(run: Run, curves: Curves) -> Badge | None:
    """The best state so far as validation sees it."""
    if not run.best_step:
        return None
    found = best_of(curves, run.best_step)
    tip = "The state that did best on data kept out of training; this one becomes the model."
    if found is None:
        return Badge(f"best at step {run.best_step:,}", tip)
    return Badge(f"best at step {found.step:,}: {found.words}", tip)


def watched(curves: Curves) -> list[Badge]:
    """What the samples say about themselves: how unlike each other, how near to the data; of text
    how well what was held out is foretold."""
    made = []
    for name, text, tip in (
        ("watch/diversity", "diversity {:.2f} × real",
         "How unlike each other the samples are; real pictures are 1. Falling towards 0 means "
         "that they become all the same."),
        ("watch/nearest", "nearest {:.2f} × held-out",
         "Distance from samples to their nearest training picture, held-out pictures being 1. "
         "Far below 1 means that pictures are learnt by heart."),
        ("valid/perplexity", "perplexity {:.3g}",
         "Between how many tokens the model wavers, on average, in text that it has not seen; "
         "fewer is better."),
    ):  # fmt: skip
        if name in curves:
            made.append(Badge(text.format(curves[name][1][-1]), tip))
    return made


def telling(scores: Sequence[Score]) -> list[Score]:
    """The first number of each of the groups that tell most: likeness, variety, copies."""
    groups = {measures.of(found[0]).group: found for _, found in measures.in_order(tuple(scores))}
    return [groups[group][0] for group in _TELLING if group in groups]


def scored(scores: Sequence[Score]) -> list[Badge]:
    """The evaluation of a finished model, in short; distances in multiples of what real pictures
    reach among themselves."""
    made = []
    for score in scores:
        measure = measures.of(score)
        value = measures.number(score.value) + (f" {score.unit}" if score.unit else "")
        if measure.group == "likeness" and score.better == "lower" and score.floor:
            value = f"{score.value / score.floor:.1f} × floor"
        how = measures.measured(score)
        tip = f"{measure.meaning} {how}." if how else measure.meaning
        made.append(Badge(f"{measure.title.lower()} {value}", tip))
    return made


def made(run: Run) -> str:
    """What the model of this run makes: "image", "text", "music", "sound" or "judge"."""
    if run.makes:
        return run.makes
    with contextlib.suppress(Exception):  # a run of a newer version
        return families.family(run.recipe.family).modality
    return "image"


def writes(run: Run) -> bool:
    """Whether the model of this run writes text."""
    return made(run) == "text"


_READ = {
    "text": "Tokens of text read in a second",
    "music": "Tokens of music read in a second; a note is about three",
}


def pace(run: Run, per_second: float) -> Badge:
    """How much is learnt from in a second: pictures, or tokens of text."""
    kind, context = made(run), run.recipe.options.get("context")
    if kind in ("text", "music") and isinstance(context, int):
        return Badge(rate_text(per_second * context, "tokens"), _READ[kind])
    if kind == "sound":
        return Badge(rate_text(per_second, "sounds"), "Sounds learnt from in a second")
    return Badge(rate_text(per_second), "Pictures learnt from in a second")


def rate_text(per_second: float, what: str = "pictures") -> str:
    """`412 pictures/s`; slow ones per minute."""
    if per_second >= 9.5:
        return f"{per_second:,.0f} {what}/s"
    if per_second >= 1:
        return f"{per_second:.1f} {what}/s"
    return f"{per_second * 60:.0f} {what}/min"


def gone(seconds: float) -> str:
    """`37 min gone`."""
    return f"{words.duration(seconds).removeprefix('about ')} gone"


def settings_of(run: Run) -> dict[str, Json]:
    """Everything a recipe says, flat, in words: what a comparison of runs looks at."""
    recipe = run.recipe
    flat: dict[str, Json] = {
        "Kind of model": family_title(recipe.family), "Data": recipe.data,
        "Starts from": recipe.start_from or "scratch", "Seed": recipe.seed,
    }  # fmt: skip
    flat.update({_label(recipe.family, name): value for name, value in recipe.options.items()})
    labels = {control.name: control.label for control in trainer_controls.CONTROLS}
    for name, value in recipe.settings.model_dump(mode="json").items():
        flat[labels.get(name) or name.replace("_", " ").capitalize()] = value
    return flat


def differences(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """(name, value in each run) of what is not the same in all of them, but for the steps."""
    flats = [settings_of(run) for run in runs]
    names: dict[str, None] = {}
    for flat in flats:
        names.update(dict.fromkeys(flat))
    rows = []
    for name in names:
        if name == "Steps":
            continue  # a row of what was reached tells it
        values = [_said(flat.get(name)) for flat in flats]
        if len(set(values)) > 1:
            rows.append((name, values))
    return rows


def change_text(options: Mapping[str, Json], settings: Mapping[str, Json]) -> str:
    """`learning rate 0.0001, cutout 0.2`."""
    both = {**options, **settings}
    return ", ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in both.items())


def _label(family: str, name: str) -> str:
    with contextlib.suppress(Exception):
        return next(c.label for c in families.family(family).options if c.name == name)
    return name.replace("_", " ").capitalize()


def _said(value: Json) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else str(value) or "—"


def outcome(action: str, active: bool) -> str:
    """What follows from a remedy, in words; `active`: the training runs."""
    if action == "keep":
        return "It ends here"
    return "It goes on with the change" if active else "Resume goes on with the change"
