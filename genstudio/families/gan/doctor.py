"""What can go wrong with a GAN: a critic that always wins, a generator that draws one thing.

Goodfellow et al. 2014 (section 6) name both; Arjovsky, Bottou 2017 show why a perfect critic
teaches nothing. The class head tells real labels, so only the scores are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.events import Advice, Remedy
from genstudio.training.detectors import more_variety
from genstudio.training.doctor import History

SURE = 0.05
"""Share of its start below which the critic's loss means that it is never wrong."""
ALIKE = 0.35
"""Diversity of the samples, as a share of that of the data, below which they are one thing."""
FELL = 0.6
"""… and the share of their best diversity that they must have fallen to."""
_ROWS = 30


@dataclass(frozen=True)
class CriticWins:
    """The critic is never wrong: its loss is near its least value and stays there."""

    name: str = "critic-wins"
    over: str = "Critic and generator are even again."

    def look(self, history: History) -> Advice | None:
        if history.options.get("loss") == "wgan-gp":
            return None  # there the critic shall be trained to the end
        _, real = history.series("score/real")
        _, made = history.series("score/made")
        if len(real) < _ROWS:
            return None
        loss = str(history.options.get("loss"))
        third = _ROWS // 3
        for end in range(third, _ROWS + 1, third):  # now and some time ago, or it is a moment
            rows = slice(len(real) - end, len(real) - end + third)
            if not _never_wrong(loss, float(np.mean(real[rows])), float(np.mean(made[rows]))):
                return None
        text = (
            "The critic tells real from made pictures almost without fault (scores "
            f"{np.mean(real[-third:]):.1f} and {np.mean(made[-third:]):.1f}): the generator "
            "learns little from it."
        )
        return Advice(name=self.name, level="warning", text=text, remedies=_weaker(history))


def _never_wrong(loss: str, real: float, made: float) -> bool:
    """Mean loss of the critic at these mean scores, compared with that at scores of zero."""
    if loss == "hinge":
        # On average beyond the margins of 1 on both sides: hardly a picture is in doubt.
        return real > 1 and made < -1 and real - made > 2.6
    ever = (np.logaddexp(0, -real) + np.logaddexp(0, made)) / (2 * np.log(2))
    return bool(ever < SURE)


def _weaker(history: History) -> tuple[Remedy, ...]:
    rate = float(history.options.get("critic_rate", 1.0))  # type: ignore[arg-type]
    slower = float(f"{max(0.05, rate / 2):.2g}")
    found = [r for r in more_variety(history) if r.options]
    found.append(
        Remedy(
            title=f"Slow the critic down (rate {slower:g})",
            action="amend",
            options={"critic_rate": slower},
        )
    )
    if not history.options.get("r1"):
        found.append(Remedy(title="Add the R1 penalty", action="amend", options={"r1": 0.5}))
    return tuple(found)


@dataclass(frozen=True)
class ModeCollapse:
    """The samples at fixed noise become alike."""

    name: str = "mode-collapse"
    over: str = "The samples differ from each other again."

    def look(self, history: History) -> Advice | None:
        _, values = history.series("watch/diversity")
        # The first sheets of a fresh generator are grey in grey: that is no collapse.
        if len(values) < 4:
            return None
        now = float(np.mean(values[-2:]))
        if now > ALIKE or now > FELL * float(np.max(values)):
            return None
        text = (
            f"The samples become alike: they differ only {now:.0%} as much as real pictures do "
            f"(it was {np.max(values):.0%}). The generator has found one thing that pleases the "
            "critic (mode collapse)."
        )
        keep = Remedy(title="Stop and keep the best", action="keep")
        return Advice(
            name=self.name, level="warning", text=text, remedies=(*_weaker(history), keep)
        )
