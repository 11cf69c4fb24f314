"""What can go wrong with a diffusion model: words that change nothing, an average that lags.

Both are told by the answers to held-out pictures. How much an answer gains from what was asked is
what classifier-free guidance amplifies (Ho, Salimans 2021, equation 6): where there is no gain
there is nothing to guide. Learning by heart is seen by `training/detectors.py`: for diffusion
models it is the danger with few pictures (Somepalli et al. 2023, Diffusion art or digital forgery).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.events import Advice, Remedy
from genstudio.training.doctor import History

DEAF = 0.002
"""Gain from the right words, as a share of the error, below which they count as not listened to."""
PATIENT = 0.3
"""Share of the training after which words should have begun to tell."""
LAGS = 0.04
"""The average may be worse than the newest weights by this share of the error."""
SPAN = 0.03
"""Share of the training over which weights are averaged where the average lagged."""
_ROWS = 3


@dataclass(frozen=True)
class WordsIgnored:
    """The answers are as good with the words of other pictures."""

    name: str = "words-ignored"
    over: str = "The words make a difference now."

    def look(self, history: History) -> Advice | None:
        steps, gains = history.series("valid/words")
        if len(gains) < _ROWS or steps[-1] < PATIENT * history.settings.steps:
            return None
        gain = float(np.mean(gains[-_ROWS:]))
        if gain > DEAF:
            return None
        text = (
            "Captions or classes make no difference so far: the answers are as good with those of "
            "other pictures. Do they say what can be seen? If so, it needs more steps."
        )
        return Advice(name=self.name, level="warning", text=text, remedies=_louder(history))


def _louder(history: History) -> tuple[Remedy, ...]:
    """Words hidden more seldom, and more time."""
    found = []
    for name, title in (("drop", "Hide captions less often"), ("lose", "Keep captions whole")):
        value = history.options.get(name, 0.0)
        least = 0.05 if name == "drop" else 0.0
        if isinstance(value, float) and value > least:
            found.append(Remedy(title=title, action="amend", options={name: least}))
    steps = 2 * history.settings.steps
    found.append(Remedy(title="Train twice as long", action="amend", settings={"steps": steps}))
    return tuple(found)


@dataclass(frozen=True)
class AverageLags:
    """The averaged weights, which become the model, are worse than the newest ones."""

    name: str = "average-lags"
    over: str = "The averaged weights are as good as the newest again."

    def look(self, history: History) -> Advice | None:
        _, lags = history.series("valid/lag")
        if len(lags) < _ROWS or not np.all(lags[-_ROWS:] > LAGS):
            return None
        text = (
            f"The averaged weights, which become the model, are behind: their error is "
            f"{np.mean(lags[-_ROWS:]):.0%} higher than that of the newest weights. "
            "Averaging over fewer steps would catch up."
        )
        return Advice(name=self.name, text=text, remedies=_quicker(history))


def _quicker(history: History) -> tuple[Remedy, ...]:
    decay = float(f"{1 - 1 / max(2.0, SPAN * history.settings.steps):.5f}")
    if decay >= history.settings.ema:
        decay = float(f"{max(0.5, 1 - 4 * (1 - history.settings.ema)):.5f}")
    if decay >= history.settings.ema:
        return ()
    title = f"Average over fewer steps ({decay:g})"
    return (Remedy(title=title, action="amend", settings={"ema": decay}),)
