"""Controls: one declaration that gives the form field, the command-line flag and the check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from genstudio.core.errors import UsageError
from genstudio.core.stored import Json, Plain

MAX_SEED = 2**32 - 1


class _Control(Plain):
    """What all controls share. `more` folds it away; `live` lets a drag redraw at once."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: str
    help: str = ""
    more: bool = False
    live: bool = False


class Int(_Control):
    """A whole number from `low` to `high`, both allowed."""

    kind: Literal["int"] = "int"
    default: int
    low: int
    high: int
    step: int = 1
    unit: str = ""

    @model_validator(mode="after")
    def _inside(self) -> Int:
        if not self.low <= self.default <= self.high or self.step < 1:
            raise ValueError(f"default of {self.name} lies outside its range")
        return self

    def check(self, value: Json) -> int:
        """The value as int; raises UsageError."""
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not whole:
            raise _wrong(self, value, "a whole number")
        if not self.low <= value <= self.high:
            raise _wrong(self, value, f"from {self.low} to {self.high}")
        return int(value)

    def parse(self, text: str) -> int:
        """The value written as text; raises UsageError."""
        try:
            return self.check(int(text))
        except ValueError:
            raise _wrong(self, text, "a whole number") from None


class Float(_Control):
    """A number from `low` to `high`, both allowed.

    `role` "noise" says that it is the share of the way from the given picture (0) to pure noise
    (1) at which the work starts: the form shows what is left of the picture there.
    """

    kind: Literal["float"] = "float"
    role: Literal["", "noise"] = ""
    default: float
    low: float
    high: float
    step: float = 0.01
    decimals: int = 2
    unit: str = ""

    @model_validator(mode="after")
    def _inside(self) -> Float:
        if not self.low <= self.default <= self.high or self.step <= 0:
            raise ValueError(f"default of {self.name} lies outside its range")
        return self

    def check(self, value: Json) -> float:
        """The value as float; raises UsageError (NaN and infinity too)."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _wrong(self, value, "a number")
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise _wrong(self, value, f"from {self.low:g} to {self.high:g}")
        return float(value)

    def parse(self, text: str) -> float:
        """The value written as text; raises UsageError."""
        try:
            return self.check(float(text))
        except ValueError:
            raise _wrong(self, text, "a number") from None


class Switch(_Control):
    """On or off."""

    kind: Literal["switch"] = "switch"
    default: bool = False

    def check(self, value: Json) -> bool:
        """The value as bool; raises UsageError."""
        if not isinstance(value, bool):
            raise _wrong(self, value, "on or off")
        return value

    def parse(self, text: str) -> bool:
        """on/off, true/false, yes/no, 1/0."""
        word = text.strip().lower()
        if word in ("on", "true", "yes", "1"):
            return True
        if word in ("off", "false", "no", "0"):
            return False
        raise _wrong(self, text, "on or off")


class Option(Plain):
    """One value of a Choice with the words shown for it."""

    value: str
    label: str
    help: str = ""


class Choice(_Control):
    """One of a fixed list of words."""

    kind: Literal["choice"] = "choice"
    default: str
    options: Annotated[tuple[Option, ...], Field(min_length=1)]

    @field_validator("options", mode="before")
    @classmethod
    def _from_words(cls, value: Any) -> Any:
        return [{"value": v, "label": v} if isinstance(v, str) else v for v in value]

    @model_validator(mode="after")
    def _inside(self) -> Choice:
        if self.default not in self.values():
            raise ValueError(f"default of {self.name} is not among its options")
        return self

    def values(self) -> tuple[str, ...]:
        """The words that may be chosen."""
        return tuple(option.value for option in self.options)

    def check(self, value: Json) -> str:
        """The value, else found by value or by label whatever the case; raises UsageError."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value in self.values():
            return value  # "a" and "A" may both be there
        for option in self.options:
            if isinstance(value, str) and value.lower() in (
                option.value.lower(),
                option.label.lower(),
            ):
                return option.value
        raise _wrong(self, value, "one of " + ", ".join(self.values()))

    def parse(self, text: str) -> str:
        """The value as written on a command line; raises UsageError."""
        return self.check(text)


class Text(_Control):
    """Free text of at most `max_length` characters.

    `role` "prompt" says what to make and "negative" what to avoid: such texts have a history,
    styles and `{a|b}` alternatives.
    """

    kind: Literal["text"] = "text"
    role: Literal["", "prompt", "negative", "before", "after", "passage"] = ""
    default: str = ""
    multiline: bool = False
    max_length: int = 4000
    placeholder: str = ""

    def check(self, value: Json) -> str:
        """The value as text; raises UsageError."""
        if not isinstance(value, str):
            raise _wrong(self, value, "text")
        if len(value) > self.max_length:
            raise _wrong(self, value[:20] + "…", f"at most {self.max_length} characters")
        return value

    def parse(self, text: str) -> str:
        """The value as written on a command line; raises UsageError."""
        return self.check(text)


class Seed(_Control):
    """The number all noise comes from. None means: draw one, and say which."""

    kind: Literal["seed"] = "seed"
    default: int | None = None

    def check(self, value: Json) -> int | None:
        """A seed from 0 to 2**32 - 1, or None; -1 counts as None. Raises UsageError."""
        if value is None or value == -1:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEED:
            raise _wrong(self, value, f"a whole number from 0 to {MAX_SEED}, or empty")
        return value

    def parse(self, text: str) -> int | None:
        """The seed written as text; "random" and "" mean None."""
        if text.strip().lower() in ("", "random", "-1"):
            return None
        try:
            return self.check(int(text))
        except ValueError:
            raise _wrong(self, text, "a whole number") from None


class _Input(_Control):
    """A path in `Request.inputs`, not a value."""

    required: bool = True


class ImageInput(_Input):
    """A picture that the task starts from."""

    kind: Literal["image"] = "image"


class MaskInput(_Input):
    """A painted mask over the picture of control `over`: white is the part to make anew."""

    kind: Literal["mask"] = "mask"
    over: str = "image"


class FileInput(_Input):
    """Any other file, by suffix such as `.latent`."""

    kind: Literal["file"] = "file"
    suffixes: tuple[str, ...] = ()


ValueControl = Int | Float | Switch | Choice | Text | Seed
InputControl = ImageInput | MaskInput | FileInput
Control = Annotated[ValueControl | InputControl, Field(discriminator="kind")]


def _wrong(control: _Control, value: object, wanted: str) -> UsageError:
    return UsageError(f"{control.label} ({control.name}) must be {wanted}, not {value!r}")


def is_input(control: _Control) -> bool:
    """True where the control asks for a file rather than for a value."""
    return isinstance(control, _Input)


def defaults(controls: Iterable[_Control]) -> dict[str, Json]:
    """The default of every value control by name (seeds are left out)."""
    return {
        c.name: c.default  # type: ignore[attr-defined]
        for c in controls
        if not is_input(c) and not isinstance(c, Seed)
    }


def check_values(controls: Iterable[_Control], values: Mapping[str, Json]) -> dict[str, Json]:
    """All values, checked, defaults filled in; unknown names and bad values raise UsageError."""
    wanted = {c.name: c for c in controls if not is_input(c) and not isinstance(c, Seed)}
    for name in values:
        if name not in wanted:
            known = ", ".join(wanted) or "none"
            raise UsageError(f"there is no setting {name!r} here; known are: {known}")
    return {
        name: control.check(values[name]) if name in values else control.default  # type: ignore[attr-defined]
        for name, control in wanted.items()
    }


def parse_values(controls: Iterable[_Control], texts: Mapping[str, str]) -> dict[str, Json]:
    """Values from `NAME=VALUE` words of a command line; raises UsageError."""
    wanted = {c.name: c for c in controls if not is_input(c)}
    for name in texts:
        if name not in wanted:
            known = ", ".join(wanted) or "none"
            raise UsageError(f"there is no setting {name!r} here; known are: {known}")
    return {name: wanted[name].parse(text) for name, text in texts.items()}  # type: ignore[attr-defined]
