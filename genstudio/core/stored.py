"""Base of everything kept as JSON on disk: a format version, strict types, clear refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from genstudio.core.errors import BadInput
from genstudio.core.spelling import FIXED, Spelled, hash_of

MAX_JSON_BYTES = 8 * 1024 * 1024
NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
"""An identifier that is also a safe folder name on every system."""
Short = Annotated[str, Field(max_length=400)]
Long = Annotated[str, Field(max_length=100_000)]
Json = JsonValue


class Plain(BaseModel):
    """A frozen value: unknown fields and wrong types are refused, NaN and infinity too."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Lasting(Plain):
    """A part of stored values that is saved again and again and never changes."""

    @cached_property
    def spelled(self) -> Spelled:
        """As it is stored, put into JSON once."""
        return FIXED.spelled(self.model_dump(mode="json", exclude_defaults=True))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Another value, which is to be spelled anew."""
        made = super().model_copy(update=update, deep=deep)
        made.__dict__.pop("spelled", None)
        return made


class Stored(Plain):
    """A value that lives in a file of its own and says which format it is written in."""

    FORMAT: ClassVar[int] = 1
    CHECKED: ClassVar[bool] = False
    """True: the file ends with a hash of itself (`check`), so that a flipped bit is noticed."""
    format: int = 1

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and validate `path`; raises BadInput naming file, reason and next step."""
        return cls.from_bytes(read_limited(path, MAX_JSON_BYTES), path)

    @classmethod
    def from_bytes(cls, data: bytes, source: Path | str) -> Self:
        """Validate JSON bytes; `source` is the name used in messages."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"{Path(source).name} is not valid JSON: {error}", file=source
            ) from error
        if not isinstance(value, dict):
            raise BadInput(f"{Path(source).name} must hold one JSON object", file=source)
        cls._check_format(value.get("format"), source)
        if cls.CHECKED and value.pop("check", "") != hash_of(value):
            raise BadInput(f"{Path(source).name} is damaged (its hash differs)", file=source)
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            raise BadInput(
                f"{Path(source).name} is not a valid {cls.__name__.lower()}: {first_fault(error)}",
                file=source,
            ) from error

    @classmethod
    def _check_format(cls, found: object, source: Path | str) -> None:
        if found == cls.FORMAT and not isinstance(found, bool):
            return
        if isinstance(found, int) and found > cls.FORMAT:
            raise BadInput(
                f"{Path(source).name} has format {found}; this version reads up to {cls.FORMAT}",
                file=source,
                next_step="Update GenStudio to open it.",
            )
        raise BadInput(f"{Path(source).name} has no known format version ({found!r})", file=source)

    def to_bytes(self) -> bytes:
        """The JSON text to write, indented, UTF-8, ending with a newline."""
        value = self.model_dump(mode="json")
        if self.CHECKED:
            value["check"] = hash_of(value)
        return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def read_limited(path: Path, limit: int) -> bytes:
    """Bytes of a regular file no larger than `limit` bytes; raises BadInput otherwise."""
    try:
        if not path.is_file():
            raise BadInput(f"{path.name} is missing", file=path)
        with path.open("rb") as handle:
            data = handle.read(limit + 1)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}", file=path) from error
    if len(data) > limit:
        raise BadInput(f"{path.name} is larger than {limit // 1024 // 1024} MB", file=path)
    return data


def first_fault(error: ValidationError) -> str:
    """The first fault of a validation in words: `field: reason`."""
    fault = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "value"
    return f"{where}: {fault['msg']}"


def to_name(text: str, fallback: str = "item") -> str:
    """A safe `Name` made from any text: lower case, dashes, at most 64 characters."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-")
    return slug or fallback
