"""Run: one training as a folder `runs/0007-name/` (recipe, metrics, samples, checkpoints)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.errors import Problem
from genstudio.core.manifest import FileEntry
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Name, Short, Stored

RUN_FILE = "run.json"
RECIPE_FILE = "recipe.json"
METRICS_FILE = "metrics.jsonl"
SAMPLES = "samples"
CHECKPOINTS = "checkpoints"
STOP_FILE = "stop"

RunState = Literal["new", "running", "stopped", "done", "failed"]


class Run(Stored):
    """State of a run; rewritten as it goes. `pid` tells a living run from a dead one."""

    id: Name
    recipe: Recipe
    state: RunState = "new"
    step: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    created: Short = ""
    model: Short = ""
    device: Short = ""
    pid: int = 0
    problem: Problem | None = None


class CheckpointManifest(Stored):
    """Written last into a checkpoint folder: no manifest or a wrong hash = does not exist."""

    step: int
    threads: int
    torch: str
    device: str
    seconds: float = 0.0
    files: tuple[FileEntry, ...]
