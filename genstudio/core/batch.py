"""BatchJob: many results of one request, made by several machines that know nothing of each other.

Item i draws its noise from (seed, first + i), so nothing depends on who makes it. Items are made
in blocks of a fixed size and a block belongs to one shard as a whole: pictures of a batch differ
in their last bit from pictures made alone, and so every way of sharing gives the same bytes.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from genstudio.core.artifact import MetadataLevel
from genstudio.core.controls import MAX_SEED
from genstudio.core.errors import UsageError
from genstudio.core.request import Request
from genstudio.core.stored import Json, Name, Plain, Short, Stored

BLOCK = 64
MOST = 1_000_000


class BatchJob(Stored):
    """`count` results of `task`. `inputs` are paths relative to the job file.

    `created` goes into the results' provenance, so that they have the same bytes whenever they
    are made; `model_sha256` ("" = any) refuses another model of the same name. `block` is how
    many results are asked for at once.
    """

    model: Name
    model_sha256: Annotated[str, Field(max_length=64)] = ""
    task: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    values: dict[str, Json] = {}
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)]
    first: Annotated[int, Field(ge=0, le=MOST)] = 0
    count: Annotated[int, Field(ge=1, le=MOST)]
    inputs: dict[str, str] = {}
    ext: Short = ""
    level: MetadataLevel = "full"
    created: Short = ""
    block: Annotated[int, Field(ge=1, le=BLOCK)] = BLOCK

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Json]:
        """Jobs of the usual blocks are written, and hashed, as before there were others."""
        value: dict[str, Json] = dump(self)
        return {k: v for k, v in value.items() if k != "block" or v != BLOCK}

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if self.first + self.count > MOST:
            raise ValueError(f"first and count may reach {MOST:,} together")
        return self

    @property
    def sha256(self) -> str:
        """Hash of all that is asked for."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def blocks(self) -> int:
        """How many pieces the job is made in."""
        return -(-self.count // self.block)

    def size(self, block: int) -> int:
        """Number of results of a block."""
        return min(self.block, self.count - block * self.block)

    def request(self, block: int) -> Request:
        """The request of a block (from 0)."""
        count = {"count": self.size(block)} if "count" in self.values else {}
        return Request(
            model=self.model,
            task=self.task,
            values={**self.values, **count},
            seed=self.seed,
            first=self.first + block * self.block,
            inputs=self.inputs,
        )

    def asks_the_same(self, other: BatchJob) -> bool:
        """True where only the moment they were written differs."""
        return self.model_copy(update={"created": other.created}) == other


class Shard(Plain):
    """Piece `number` (from 0) of `of`: every `of`-th block."""

    number: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1, le=100_000)]

    @classmethod
    def parse(cls, text: str) -> Self:
        """From words like `0/4`; raises UsageError."""
        number, sign, of = text.partition("/")
        if not (sign and number.isdigit() and of.isdigit()) or int(number) >= int(of):
            raise UsageError(
                f"a shard is written i/n with i from 0 to n - 1, such as 0/2 and 1/2; not {text!r}"
            )
        return cls(number=int(number), of=int(of))

    def blocks(self, job: BatchJob) -> range:
        """The blocks of `job` that this shard makes."""
        return range(self.number, job.blocks, self.of)
