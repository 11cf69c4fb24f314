"""The numbers of a run sorted into groups that share an axis, each with the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.ui.numbers import short
from genstudio.ui.state.run_reading import Curves

_TITLES = {
    "loss": "Loss",
    "kl": "KL divergence",
    "gradient": "Size of gradients",
    "watch/diversity": "Diversity of samples",
    "watch/nearest": "Distance to training pictures",
    "distance": "Distance to real pictures",
    "score": "Score of the critic",
    "words": "Gain from the right words",
    "lag": "Lag of the averaged weights",
}
_LAST = "gradient"


@dataclass(frozen=True)
class Line:
    """One curve: the name in the run's files, its title, and whether it is of validation."""

    name: str
    title: str
    valid: bool = False


@dataclass(frozen=True)
class Group:
    """Curves on one axis."""

    key: str
    title: str
    lines: tuple[Line, ...]


def groups(names: Curves | list[str]) -> list[Group]:
    """The groups in the order to offer them: the losses first, the sizes of gradients last."""
    known = list(names)
    phases = [name.partition("/")[2] for name in known if name.startswith("loss/")]
    found: dict[str, list[Line]] = {}
    for name in known:
        key, line = _place(name, phases)
        found.setdefault(key, []).append(line)
    keys = sorted(found, key=lambda key: (key != "loss", key == _LAST))
    return [Group(key, title_of(key), tuple(sorted(found[key], key=_order))) for key in keys]


def title_of(key: str) -> str:
    """What a group is called."""
    return _TITLES.get(key) or key.rpartition("/")[2].replace("_", " ").capitalize()


def _order(line: Line) -> bool:
    return line.valid


def _place(name: str, phases: list[str]) -> tuple[str, Line]:
    """Where a number belongs and what it is called there."""
    kind, _, rest = name.partition("/")
    if kind == "loss":
        return "loss", Line(name, "training" if len(phases) == 1 else _words(rest))
    if kind == "valid":
        if rest == "loss" or rest in phases:
            title = "validation" if len(phases) < 2 else f"{_words(rest)}, validation"
            return "loss", Line(name, title, valid=True)
        return rest, Line(name, "validation", valid=True)
    if kind == "watch":
        return name, Line(name, "samples", valid=True)
    if rest:
        return kind, Line(name, _words(rest))
    return kind, Line(name, "training")


def _words(name: str) -> str:
    return name.replace("_", " ")


@dataclass(frozen=True)
class Best:
    """The state that validation likes best so far, by the number `name`."""

    name: str
    step: int
    value: float

    @property
    def words(self) -> str:
        """`distance 0.037`."""
        return f"{_words(self.name.partition('/')[2])} {short(self.value)}"


def best_of(curves: Curves, noted: int) -> Best | None:
    """The best state, from the step that the run noted last; None where it cannot be told.

    The run notes a step, not what it was chosen by: that is the validation number which had its
    smallest or largest value so far at that step. By now there may be a better one.
    """
    for name, (steps, values) in curves.items():
        if not name.startswith("valid/") or noted not in steps:
            continue
        place = len(steps) - 1 - steps[::-1].index(noted)
        before = values[: place + 1]
        ways = (max, min) if "accuracy" in name else (min, max)
        for way in ways:
            if values[place] == way(before):
                value = way(values)
                return Best(name, int(steps[values.index(value)]), value)
    return None
