"""What a WaveNet can be asked: the same for all families of sound."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core import sounding
from genstudio.core.family import Task
from genstudio.core.stored import Json


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config."""
    return sounding.tasks(config)
