"""Request: everything one generation needs, and nothing else."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from genstudio.core.controls import MAX_SEED
from genstudio.core.stored import Json, Name, Stored


class Request(Stored):
    """Ask `model` for `task`. Item i of the answer draws its noise from (seed, first + i).

    `inputs` maps input controls to paths. `live` asks for previews only: nothing is written.
    """

    model: Name
    task: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    values: dict[str, Json] = {}
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    first: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    inputs: dict[str, str] = {}
    live: bool = False

    @property
    def count(self) -> int:
        """How many results are asked for."""
        count = self.values.get("count", 1)
        return count if isinstance(count, int) else 1
