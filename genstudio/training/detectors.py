"""Detectors for every kind of model: explosion, learning by heart, little data, standing still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.events import Advice, Remedy
from genstudio.core.recipe import TrainerSettings
from genstudio.training.doctor import Detector, History, smoothed

FEW = 200
"""Pictures below which any of our models learns by heart."""
SEEN_OFTEN = 300
"""Times a picture may be seen before it counts as little data, where there are under `SOME`."""
SOME = 5000
COPIES = 0.5
"""Samples nearer to training pictures than this share of what new pictures are: copies."""
FEW_TOKENS = 200_000
READ_OFTEN = 40
"""Times that a text may be read before it is known by heart."""
EXPLODES = 100.0
"""So many times the usual size and spread of a loss is an explosion."""
_PATIENT = 4
"""Validations in a row that must be worse before anything is said."""


@dataclass(frozen=True)
class LossExplodes:
    """A loss shoots up; the returns from losses that are no numbers are told by the trainer."""

    name: str = "loss-explodes"
    over: str = "The loss is calm again."

    def look(self, history: History) -> Advice | None:
        found = exploded(history)
        if not found:
            return None
        text = f"The loss of phase {found} shot up to many times its usual size."
        return Advice(name=self.name, level="warning", text=text, remedies=calmer(history))


def exploded(history: History) -> str:
    """The phase whose loss just shot up, or "" (upwards only; five rows are needed to judge)."""
    for name in history.names("loss/"):
        values = history.recent(name, 51)
        before = values[:-1]
        if len(before) < 5:
            continue
        usual = float(np.median(before))
        spread = float(np.subtract(*np.percentile(before, [75, 25])))
        if values[-1] - usual > EXPLODES * max(1.0, abs(usual), spread):
            return name.removeprefix("loss/")
    return ""


def calmer(history: History) -> tuple[Remedy, ...]:
    """Half the learning rate, and a limit to gradients at their usual length."""
    norms = [history.series(name)[1] for name in history.names("gradient/")]
    usual = max((float(np.median(values)) for values in norms if len(values)), default=1.0)
    clip = float(f"{max(usual, 1e-3):.2g}")
    rate = float(f"{history.settings.learning_rate / 2:.3g}")
    return (
        Remedy(title="Halve the learning rate", action="amend", settings={"learning_rate": rate}),
        Remedy(title=f"Clip gradients at {clip:g}", action="amend", settings={"clip": clip}),
    )


@dataclass(frozen=True)
class Overfitting:
    """Validation gets worse while training gets better, or samples become copies."""

    name: str = "overfitting"
    over: str = "Validation gets better again."

    def look(self, history: History) -> Advice | None:
        text = self._worse(history) or self._copies(history)
        if not text:
            return None
        keep = Remedy(title="Stop and keep the best", action="keep")
        return Advice(
            name=self.name, level="warning", text=text, remedies=(keep, *more_variety(history))
        )

    def _worse(self, history: History) -> str:
        steps, values = history.validation()
        if len(values) <= _PATIENT:
            return ""
        best = int(np.argmin(values))
        after, fell = values[best + 1 :], float(np.max(values) - values[best])
        # Worse than the best by a tenth of all that was ever gained, several times in a row.
        margin = 0.1 * fell
        if len(after) < _PATIENT or not np.all(after[-_PATIENT:] > values[best] + margin):
            return ""
        if not _training_falls(history, int(steps[best])):
            return ""
        what = "pieces" if history.pieces else "texts" if history.tokens else "pictures"
        return (
            f"Validation was best at step {int(steps[best])} and gets worse since, while training "
            f"still gets better: the model begins to learn its {what} by heart."
        )

    def _copies(self, history: History) -> str:
        _, near = history.series("watch/nearest")
        if len(near) < 3 or not np.all(near[-2:] < COPIES) or near[-1] > np.max(near):
            return ""
        return (
            f"Samples lie closer to single training pictures than new pictures do "
            f"({near[-1]:.0%} of the distance): the model begins to copy its pictures."
        )


def _training_falls(history: History, since: int) -> bool:
    """True where a loss of the training is lower now than about step `since`."""
    for name in history.names("loss/"):
        steps, values = history.series(name)
        about = smoothed(values, 10)
        then = about[steps <= since]
        if len(then) and about[-1] < then[-1]:
            return True
    return False


def more_variety(history: History) -> tuple[Remedy, ...]:
    """Augmentation that is not in use yet; there is none for texts."""
    if history.tokens:
        return ()
    s = history.settings
    found = []
    if "augment" in history.options:
        if history.options["augment"] in ("off", ""):
            options = {"augment": "color,translation,cutout"}
            title = "Turn on differentiable augmentation"
            found.append(Remedy(title=title, action="amend", options=dict(options)))
    elif not s.shift:
        title = "Shift and recolour the pictures"
        found.append(Remedy(title=title, action="amend", settings={"shift": 0.1, "colour": 0.1}))
    if not s.flip:
        found.append(Remedy(title="Mirror the pictures", action="amend", settings={"flip": True}))
    return tuple(found)


@dataclass(frozen=True)
class LittleData:
    """Too few pictures, or too short texts, for so many steps; known before the first one."""

    name: str = "little-data"
    over: str = ""

    def look(self, history: History) -> Advice | None:
        if history.tokens:
            thing = "piece" if history.pieces else "text"
            text = little_text(history.tokens, history.windows, history.settings, thing)
            few = history.tokens < FEW_TOKENS
        elif history.sounds:
            text = little_data(history.sounds, history.settings, "sound")
            few = history.sounds < FEW
        else:
            text = little_data(history.pictures, history.settings)
            few = history.pictures < FEW
        if not text:
            return None
        level = "warning" if few else "note"
        return Advice(name=self.name, level=level, text=text, remedies=more_variety(history))


def little_data(count: int, settings: TrainerSettings, thing: str = "picture") -> str:
    """What there is to say about that many pictures for that many steps; "" is nothing.

    `thing` is what they are called if they are no pictures; those cannot be augmented.
    """
    times = settings.steps * settings.batch / max(1, count)
    if count >= SOME or (count >= FEW and times < SEEN_OFTEN):
        return ""
    seen = f"each will be seen about {times:,.0f} times" if times >= 2 else "that is very little"
    changed = "augmentation, " if thing == "picture" else ""
    return (
        f"Only {count:,} {thing}{'s' if count != 1 else ''} to learn from: {seen}. "
        f"The model may learn them by heart; more {thing}s, {changed}fewer steps or going on "
        "from a trained model help."
    )


def little_text(tokens: int, windows: int, settings: TrainerSettings, thing: str = "text") -> str:
    """What there is to say about texts (or another `thing`) of so many tokens, read in so many
    windows an epoch."""
    times = settings.steps * settings.batch / max(1, windows)
    if tokens >= FEW_TOKENS and times <= READ_OFTEN:
        return ""
    more = "text" if thing == "text" else f"{thing}s"
    return (
        f"Only {tokens:,} tokens to learn from: each will be read about {max(1, times):,.0f} "
        f"times. The model may learn the {thing}s by heart; more {more}, fewer steps, dropout, or "
        "going on from a trained model help."
    )


@dataclass(frozen=True)
class Plateau:
    """Validation stands still."""

    name: str = "plateau"
    over: str = "Validation gets better again."

    def look(self, history: History) -> Advice | None:
        steps, values = history.validation()
        if len(values) < 2 * _PATIENT:
            return None
        best = int(np.argmin(values))
        rest = len(values) - 1 - best
        if rest < max(_PATIENT, 0.3 * len(values)):
            return None
        ago = int(steps[-1] - steps[best])
        rate = float(f"{history.settings.learning_rate * 0.3:.3g}")
        return Advice(
            name=self.name,
            text=f"Validation stopped getting better {ago:,} steps ago (step {int(steps[best])}).",
            remedies=(
                Remedy(title="Stop and keep the best", action="keep"),
                Remedy(
                    title="Go on with a third of the rate",
                    action="amend",
                    settings={"learning_rate": rate},
                ),
            ),
        )


@dataclass(frozen=True)
class Good:
    """How it goes: what is measured still falls, or goes sideways."""

    name: str = "progress"
    over: str = ""

    def look(self, history: History) -> Advice | None:
        _, values = history.validation()
        what, least = "Validation gets better", 3
        if len(values) < least:
            names = history.names("loss/")
            if len(names) != 1:  # of two that play against each other neither need fall
                return None
            what, least = "The loss falls", 6
            _, values = history.series(names[0])
        if len(values) < least:
            return None
        third = max(1, len(values) // 3)
        early, late = np.mean(values[-2 * third : -third]), np.mean(values[-third:])
        if late < early:
            return Advice(name=self.name, level="good", text=f"{what} steadily.")
        what = "The loss" if what.startswith("The") else "Validation"
        way = "gets worse" if late - early > 0.1 * float(np.ptp(values)) else "goes sideways"
        return Advice(name=self.name, text=f"{what} {way} at the moment.")


def general() -> list[Detector]:
    """All of them; the warning signs first."""
    return [LossExplodes(), Overfitting(), LittleData(), Plateau(), Good()]
