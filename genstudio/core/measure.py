"""Measure: what a number of an evaluation is called and means; GROUPS: what they answer."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS: dict[str, str] = {
    "foretelling": "How well it foretells",
    "likeness": "How real",
    "following": "How well it does what is asked",
    "variety": "How varied",
    "copying": "Own work or copies",
    "repair": "How well pictures survive",
    "judging": "How well it judges",
    "fairness": "Whom it favours",
    "speed": "How fast",
    "other": "More",
}
"""Headings in reading order, by the name that `Measure.group` uses."""


MOST_TITLE, MOST_HELP = 60, 300


@dataclass(frozen=True)
class Measure:
    """`meaning` is one sentence, `top` the end of its scale where it has one (1 for shares).

    `task` is what a model must be able to do; "prompt": it is asked with words; "": the number
    comes with that of another measure and is not asked for by itself. `kinds` of models are
    measured by it (`core.subjects`).
    """

    name: str
    title: str
    meaning: str
    group: str
    top: float | None = None
    task: str = "sample"
    kinds: tuple[str, ...] = ("image",)
