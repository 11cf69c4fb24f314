"""Axes of a sweep: which setting changes, and the values typed for it.

Values are written as people write them elsewhere: `1, 3, 5`, `1-9 (5)` for five values evenly
apart, `1-9 (+2)` for steps of two (stable-diffusion-webui's X/Y plot has the same words), `all`
for every option of a list, `random (4)` for four seeds. In texts a part is found and replaced.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import Field

from genstudio.core.controls import MAX_SEED, Choice, Float, Int, Seed, Switch, Text
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json, Plain, Short

MOST = 100
"""Cells of a whole sweep, and so the most values of one axis."""
AxisControl = Int | Float | Switch | Choice | Text | Seed
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?:-|–|\.\.|to)\s*(?P<high>{_NUMBER})"
    r"(?:\s*(?:\((?P<plus>\+?)\s*(?P<inside>\d+(?:\.\d+)?)\)|\[(?P<count>\d+)\]))?"
)
_RANDOM = re.compile(r"random(?:\s*\((\d+)\))?", re.IGNORECASE)
_ALL = ("all", "*")


class Axis(Plain):
    """One direction of a sweep: control `name`, `seed` or `model`, and what it takes in turn.

    `find` (texts only): each value takes the place of these words; "" = of the whole text.
    """

    name: Short
    label: Short
    values: Annotated[tuple[Json, ...], Field(min_length=1, max_length=MOST)]
    labels: Annotated[tuple[Short, ...], Field(min_length=1, max_length=MOST)]
    find: Short = ""

    def applied(self, place: int, before: Json) -> Json:
        """Value number `place`; in texts the part is replaced. UsageError where it is not there."""
        value = self.values[place]
        if not self.find:
            return value
        text, count = re.subn(
            re.escape(self.find), lambda _: str(value), str(before), flags=re.IGNORECASE
        )
        if not count:
            raise UsageError(f"Nothing to replace: {self.find!r} does not stand in the text")
        return text


def read_axis(
    control: AxisControl, text: str, find: str = "", draw: Callable[[], int] | None = None
) -> Axis:
    """The axis that is meant by `text`; `draw` gives a fresh seed. Raises UsageError in words."""
    if isinstance(control, Text):
        values = _texts(control, text)
    else:
        words = [word for word in _words(text.replace("\n", ",")) if word]
        values = [value for word in words for value in _values(control, word, draw)]
    values = list(dict.fromkeys(values))
    if not values:
        raise UsageError(f"{control.label}: type at least one value")
    if len(values) > MOST:
        raise _too_many(control)
    label = f"{control.label}: {find}" if find and isinstance(control, Text) else control.label
    return Axis(
        name=control.name,
        label=label[:400],
        values=tuple(values),
        labels=tuple(shown(control, value)[:400] for value in values),
        find=find if isinstance(control, Text) else "",
    )


def hint(control: AxisControl) -> str:
    """An example of what may be typed."""
    if isinstance(control, (Int, Float)):
        middle = (control.low + control.high) / 2
        if isinstance(control, Int):
            return f"{control.low}, {round(middle)}, {control.high}  or  1-9 (5)"
        return f"{control.low:g}, {middle:g}, {control.high:g}  or  0.1-0.9 (5)"
    if isinstance(control, Seed):
        return "1, 2, 3  or  random (4)"
    if isinstance(control, Text):
        return "one, another, a third"
    if isinstance(control, Switch):
        return "off, on"
    return "all, or some of them"


def shown(control: AxisControl, value: Json) -> str:
    """A value as a label: `0.25`, `on`, the words of an option, a text as it is."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(control, Choice):
        return next((o.label for o in control.options if o.value == value), str(value))
    return str(value) if str(value).strip() else "(nothing)"


def _words(text: str) -> list[str]:
    """Entries between commas; quotation marks keep commas inside."""
    rows = csv.reader([text], skipinitialspace=True)
    return [word.strip() for word in next(rows, [])]


def _texts(control: Text, text: str) -> list[Json]:
    """Lines where there are several, else entries between commas; `""` is an empty one."""
    lines = text.splitlines() if "\n" in text.strip() else _words(text)
    wanted = [line.strip() for line in lines]
    kept = wanted if "\n" not in text.strip() else [line for line in wanted if line]
    return [control.check(word) for word in kept] if text.strip() else []


def _values(control: AxisControl, word: str, draw: Callable[[], int] | None) -> Iterator[Json]:
    """The values one entry stands for."""
    if isinstance(control, Seed):
        yield from _seeds(control, word, draw)
    elif isinstance(control, (Int, Float)):
        yield from _numbers(control, word)
    elif word.lower() in _ALL and not (isinstance(control, Choice) and word in control.values()):
        yield from control.values() if isinstance(control, Choice) else (False, True)
    else:
        yield control.parse(word)  # type: ignore[union-attr]


def _seeds(control: Seed, word: str, draw: Callable[[], int] | None) -> Iterator[Json]:
    found = _RANDOM.fullmatch(word)
    if found is None:
        whole = Int(name="seed", label=control.label, default=0, low=0, high=MAX_SEED)
        yield from _numbers(whole, word)
        return
    count = int(found[1] or 1)
    if draw is None or count > MOST:
        raise _too_many(control) if draw else UsageError("Seeds cannot be drawn here")
    yield from (draw() for _ in range(count))


def _numbers(control: Int | Float, word: str) -> Iterator[Json]:
    found = _RANGE.fullmatch(word)
    if found is None:
        yield control.parse(word)
        return
    low, high = float(found["low"]), float(found["high"])
    inside = found["count"] or found["inside"]
    if inside is None and isinstance(control, Float):
        raise UsageError(f"{control.label}: say how many values, such as {word} (5)")
    if inside is None or found["plus"]:
        yield from _stepped(control, low, high, float(inside or 1))
        return
    if "." in inside:
        raise UsageError(f"{control.label}: {word} must name a whole number of values")
    count = int(inside)
    if not 1 <= count <= MOST:
        raise _too_many(control)
    for place in range(count):
        yield _rounded(control, low + (high - low) * place / max(1, count - 1))


def _stepped(control: Int | Float, low: float, high: float, step: float) -> Iterator[Json]:
    """From `low` towards `high`, `high` included where a step meets it."""
    count = int(abs(high - low) / step + 1e-6) + 1 if step > 0 else MOST + 1
    if count > MOST:
        raise _too_many(control)
    sign = 1 if high >= low else -1
    for place in range(count):
        yield _rounded(control, low + sign * step * place)


def _rounded(control: Int | Float, value: float) -> Json:
    if isinstance(control, Int):
        return control.check(round(value))
    return control.check(round(value, max(4, control.decimals)))


def _too_many(control: AxisControl) -> UsageError:
    return UsageError(f"{control.label}: a sweep has from 1 to {MOST} values on an axis")
