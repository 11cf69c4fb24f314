"""Template: a prompt with fields to fill in, such as those of a product's description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from genstudio.core.controls import Choice, Option, Text
from genstudio.core.errors import UsageError
from genstudio.core.stored import Plain, Short, Stored, to_name

MOST_TEMPLATES = 200
MOST_FIELDS = 20
_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")


class TemplateField(Plain):
    """One thing to fill in. It stands in the text as `{name}`, or it `sets` a setting of the
    task, such as the length. `options` are offered; a table may say anything else.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    help: Short = ""
    default: Annotated[str, Field(max_length=2000)] = ""
    example: Short = ""
    options: Annotated[tuple[Option, ...], Field(max_length=30)] = ()
    sets: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,39})?$")] = ""

    @field_validator("options", mode="before")
    @classmethod
    def _from_words(cls, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            return value
        return [{"value": v, "label": v} if isinstance(v, str) else v for v in value]

    @model_validator(mode="after")
    def _offers_its_default(self) -> Self:
        if self.options and self.default not in [option.value for option in self.options]:
            raise ValueError(f"default of {self.name} is not among its options")
        return self

    def control(self) -> Text | Choice:
        """The form field that asks for it."""
        common = {"name": self.name, "label": self.label, "help": self.help}
        if self.options:
            return Choice(**common, default=self.default, options=self.options)
        return Text(**common, default=self.default, placeholder=self.example, max_length=2000)


class Template(Plain):
    """`text` with `{field}` in it. A line whose fields are all empty is left out.

    `models` are those that learned this form; others may be asked all the same.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    help: Short = ""
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    fields: Annotated[tuple[TemplateField, ...], Field(max_length=MOST_FIELDS)] = ()
    stop: Short = ""
    models: Annotated[tuple[Short, ...], Field(max_length=20)] = ()

    @field_validator("name", mode="before")
    @classmethod
    def _one_line(cls, name: object) -> object:
        return " ".join(name.split()) if isinstance(name, str) else name

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("two fields have the same name")
        known = {field.name for field in self.fields if not field.sets}
        places = set(places_in(self.text))
        if places - known:
            raise ValueError(f"the text has {{{min(places - known)}}}, but there is no such field")
        if known - places:
            raise ValueError(f"the field {min(known - places)} stands nowhere in the text")
        return self

    @property
    def id(self) -> str:
        """Its name as a word for command lines: `product-description`."""
        return to_name(self.name, "template")

    def controls(self) -> tuple[Text | Choice, ...]:
        """The form."""
        return tuple(field.control() for field in self.fields)

    def checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """All fields with their values, defaults filled in; raises UsageError for unknown ones."""
        known = [field.name for field in self.fields]
        for name in given:
            if name not in known:
                listed = ", ".join(known) or "none"
                raise UsageError(f"{self.name} has no field {name!r}; known are: {listed}")
        return {
            field.name: " ".join(str(given.get(field.name, "")).split()) or field.default
            for field in self.fields
        }

    def filled(self, given: Mapping[str, str]) -> str:
        """The prompt; raises UsageError for fields that it does not have."""
        values = self.checked(given)
        lines = []
        for line in self.text.split("\n"):
            names = places_in(line)
            if not names or any(values[name] for name in names):
                lines.append(_PLACE.sub(lambda found: values[found[1]], line))
        return "\n".join(lines)

    def settings(self, given: Mapping[str, str]) -> dict[str, str]:
        """What fields say about the task's settings, as text: {"length": "120"}."""
        values = self.checked(given)
        return {f.sets: values[f.name] for f in self.fields if f.sets and values[f.name]}


class Templates(Stored):
    """The user's own templates."""

    CHECKED: ClassVar[bool] = True
    templates: Annotated[tuple[Template, ...], Field(max_length=MOST_TEMPLATES)] = ()


class TemplateFile(Stored):
    """A template that ships with the program: a file of resources/templates."""

    template: Template


def places_in(text: str) -> list[str]:
    """The names of the fields in `text`, each once, in order."""
    return list(dict.fromkeys(found[1] for found in _PLACE.finditer(text)))


def plain_fields(text: str) -> tuple[TemplateField, ...]:
    """A simple field for each `{name}` of a text that a user wrote."""
    return tuple(
        TemplateField(name=name, label=name.replace("_", " ").capitalize())
        for name in places_in(text)
    )
