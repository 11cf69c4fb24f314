"""The training doctor: looks at the numbers of a training and says what it sees, in sentences.

A detector is a function of the History alone, and the History holds what metrics.jsonl holds; so
a resumed run hears the same advice at the same steps as an unbroken one. General detectors lie in
`detectors.py`, those of a family in `families/x/doctor.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from genstudio.core.events import Advice
from genstudio.core.recipe import TrainerSettings
from genstudio.core.stored import Json

LASTS = 0.1
"""Share of the training for which a warning stays although its cause is gone, and after which new
numbers in old words are worth saying."""


@dataclass
class History:
    """All numbers of a training so far, by name, and what is needed to judge them.

    `pictures` are trained on, or texts of so many `tokens` in `windows`, or `pieces` of
    music of so many, or `sounds`. `best` names the validation number that chooses the model and
    whether "higher" or "lower" is better.
    """

    settings: TrainerSettings
    options: Mapping[str, Json] = field(default_factory=dict)
    pictures: int = 0
    tokens: int = 0
    windows: int = 0
    best: tuple[str, str] | None = None
    step: int = 0
    sounds: int = 0
    pieces: int = 0
    _series: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """Take note of one row of the log."""
        self.step = max(self.step, step)
        for name, value in values.items():
            steps, numbers = self._series.setdefault(name, ([], []))
            steps.append(step)
            numbers.append(value)

    def fill(self, rows: Sequence[Mapping[str, float]]) -> None:
        """Start anew with these rows of metrics.jsonl."""
        self._series, self.step = {}, 0
        for row in rows:
            self.add(int(row["step"]), {k: v for k, v in row.items() if k != "step"})

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(steps (n,) int64, values (n,) float64) of the number called `name`; may be empty."""
        steps, values = self._series.get(name, ([], []))
        return np.array(steps, np.int64), np.array(values, np.float64)

    def recent(self, name: str, count: int) -> np.ndarray:
        """The last values, up to `count`: (n,) float64."""
        return np.array(self._series.get(name, ([], []))[1][-count:], np.float64)

    def names(self, start: str) -> list[str]:
        """The numbers whose names begin with `start`, in the order they came up."""
        return [name for name in self._series if name.startswith(start)]

    def validation(self) -> tuple[np.ndarray, np.ndarray]:
        """(steps, values) of the number that chooses the model, turned so that lower is better."""
        if self.best is None:
            return self.series("")
        steps, values = self.series(f"valid/{self.best[0]}")
        return steps, -values if self.best[1] == "higher" else values


class Detector(Protocol):
    """Looks for one fault (or one good sign). `over` is said when a warning no longer holds."""

    @property
    def name(self) -> str:
        """Of the Advice; small words with dashes."""
        ...

    @property
    def over(self) -> str:
        """A sentence, or "": what was said stays then."""
        ...

    def look(self, history: History) -> Advice | None:
        """What is to be said now, or None."""
        ...


class Doctor:
    """Asks all detectors and keeps quiet about what was said before."""

    def __init__(self, detectors: Sequence[Detector], history: History) -> None:
        self.detectors, self.history = list(detectors), history
        self._said: dict[str, Advice] = {}

    def remember(self, advice: Sequence[Advice]) -> None:
        """Start anew with what was said up to here, oldest first."""
        self._said = {each.name: each for each in advice}

    def look(self) -> list[Advice]:
        """What is new, in the order of the detectors."""
        found = []
        for detector in self.detectors:
            new = self._ask(detector)
            old = self._said.get(detector.name)
            if new is not None and (old is None or self._is_news(new, old)):
                self._said[detector.name] = new
                found.append(new)
        return found

    def say(self, advice: Advice) -> Advice:
        """Something that the trainer itself noticed."""
        self._said[advice.name] = advice
        return advice

    def _is_news(self, new: Advice, old: Advice) -> bool:
        """Other words, or the same ones with other numbers after a while."""
        if (new.level, _words(new)) != (old.level, _words(old)):
            return True
        waited = new.step - old.step >= LASTS * self.history.settings.steps
        return waited and new.text != old.text

    def _ask(self, detector: Detector) -> Advice | None:
        found = detector.look(self.history)
        if found is None:
            old = self._said.get(detector.name)
            if old is None or old.level == "good" or not detector.over:
                return None
            if self.history.step - old.step < LASTS * self.history.settings.steps:
                return None
            found = Advice(name=detector.name, level="good", text=detector.over)
        return found.model_copy(update={"step": self.history.step})


def _words(advice: Advice) -> str:
    return re.sub(r"[\d.,]+", "", advice.text)


def smoothed(values: np.ndarray, window: int = 5) -> np.ndarray:
    """Running means over up to `window` values, each with those before it: (n,) -> (n,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - window)
    return (sums[ends] - sums[starts]) / (ends - starts)
