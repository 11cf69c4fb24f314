"""What a model of tokens can be asked, of text or of music: the same for all such families."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core import composing, writing
from genstudio.core.family import Task
from genstudio.core.stored import Json


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config."""
    kind = composing if config.get("tokenizer") == composing.KIND else writing
    return kind.tasks(config)
