"""The one place that knows of several processes: torchrun's environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """This process is `rank` of `world`; only rank 0 writes files."""

    rank: int = 0
    world: int = 1

    @property
    def writes(self) -> bool:
        """True in the process that writes checkpoints and logs."""
        return self.rank == 0


def place() -> Place:
    """From RANK and WORLD_SIZE; alone when they are not set."""
    return Place(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))
