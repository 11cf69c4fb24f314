"""Artifact: one generated file with all that is needed to make it again."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from genstudio.core.request import Request
from genstudio.core.stored import Json, Name, Plain, Short, Stored

MetadataLevel = Literal["full", "label", "bare"]
UNFINISHED = "unfinished"
"""Fact of a result that was stopped on its way: "stopped at step 9 of 20"."""


class InputFacts(Plain):
    """An input of the request as it was: its name, hash and a small picture of it."""

    name: Short = ""
    sha256: str = ""


class Group(Plain):
    """What a result was made together with: a sweep, a list of prompts, a folder of pictures.

    `name` is what the group calls this one; `place` is where its item's results begin.
    """

    id: Name
    title: Short = ""
    name: Short = ""
    place: Annotated[int, Field(ge=0)] = 0


class Provenance(Stored):
    """Written into every file made here (PNG iTXt `genstudio`), read back by `inspect`."""

    app: Short = ""
    created: Short = ""
    request: Request
    index: int = 0
    title: Short = ""
    family: Short = ""
    model_sha256: str = ""
    data: tuple[Short, ...] = ()
    data_sha256: tuple[str, ...] = ()
    licence: Short = ""
    device: Short = ""
    output: Short = "image"
    source_type: Literal["trained", "composite", "algorithmic"] = "trained"
    inputs: dict[str, InputFacts] = {}
    facts: dict[str, Json] = {}
    group: Group | None = None


class Artifact(Stored):
    """The record beside a gallery file (`<file>.json`): stars and trash are kept here."""

    CHECKED: ClassVar[bool] = True

    id: Name
    file: Annotated[str, Field(max_length=255)]
    output: Short = "image"
    created: Short
    provenance: Provenance
    starred: bool = False
    trashed: str = ""
    width: Annotated[int, Field(ge=0)] = 0
    height: Annotated[int, Field(ge=0)] = 0
    size: Annotated[int, Field(ge=0)] = 0
