"""Style: a named way to ask, laid around a prompt."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from genstudio.core.controls import Text
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json, Plain, Stored

PLACE = "{prompt}"
"""Stands in a style's prompt where the user's prompt goes; without it the style comes behind."""
MOST_STYLES = 500
_EMPTY = re.compile(r"^[\s,;]+|[\s,;]+$")


class Style(Plain):
    """What is asked for besides the prompt: words around it, words to avoid, other settings."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    prompt: Annotated[str, Field(max_length=4000)] = ""
    negative: Annotated[str, Field(max_length=4000)] = ""
    values: Annotated[dict[str, Json], Field(max_length=100)] = {}

    @field_validator("name", mode="before")
    @classmethod
    def _one_line(cls, name: object) -> object:
        return " ".join(name.split()) if isinstance(name, str) else name

    def around(self, prompt: str) -> str:
        """The style's prompt with `prompt` in its place."""
        if PLACE in self.prompt:
            return _tidy(self.prompt.replace(PLACE, prompt.strip()))
        return _joined(prompt, self.prompt)

    def beside(self, negative: str) -> str:
        """`negative` and what the style wants to avoid."""
        return _joined(negative, self.negative)


class Styles(Stored):
    """The styles of a data folder."""

    CHECKED: ClassVar[bool] = True
    styles: Annotated[tuple[Style, ...], Field(max_length=MOST_STYLES)] = ()


def prompt_controls(controls: Iterable[object]) -> tuple[Text | None, Text | None]:
    """The first control with the role "prompt" and the first with "negative", where there are."""
    found: dict[str, Text] = {}
    for control in controls:
        if isinstance(control, Text) and control.role:
            found.setdefault(control.role, control)
    return found.get("prompt"), found.get("negative")


def dressed(
    controls: Sequence[object], values: Mapping[str, Json], styles: Sequence[Style]
) -> dict[str, Json]:
    """`values` with the texts of `styles` around the prompts, the first style innermost.

    Tasks without a prompt stay as they are; other settings of the styles are not looked at.
    """
    result = dict(values)
    prompt, negative = prompt_controls(controls)
    for style in styles:
        if prompt is not None:
            result[prompt.name] = style.around(str(result.get(prompt.name, "")))
        if negative is not None and style.negative:
            result[negative.name] = style.beside(str(result.get(negative.name, "")))
    return result


def dressed_line(
    controls: Iterable[object], line: Mapping[str, Json], styles: Sequence[Style]
) -> dict[str, Json]:
    """The same for some values of a task: what `line` does not set stays unset."""
    return dressed([c for c in controls if getattr(c, "name", "") in line], line, styles)


def style_values(controls: Iterable[object], styles: Sequence[Style]) -> dict[str, Json]:
    """The other settings of `styles` that the controls take, those of later styles first."""
    found: dict[str, Json] = {}
    known = {getattr(c, "name", ""): c for c in controls if not getattr(c, "role", "")}
    for style in styles:
        for name, value in style.values.items():
            with contextlib.suppress(UsageError, AttributeError, KeyError):
                found[name] = known[name].check(value)  # type: ignore[attr-defined]
    return found


def _joined(first: str, second: str) -> str:
    return ", ".join(part for part in (_tidy(first), _tidy(second)) if part)


def _tidy(text: str) -> str:
    """Without the commas that an empty prompt leaves at the ends."""
    return _EMPTY.sub("", text)
