"""Run: one training as a folder `runs/0007-name/` (recipe, metrics, samples, checkpoints)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.errors import Problem
from genstudio.core.manifest import FileEntry
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json, Name, Plain, Short, Stored

RUN_FILE = "run.json"
RECIPE_FILE = "recipe.json"
METRICS_FILE = "metrics.jsonl"
SAMPLES = "samples"
CHECKPOINTS = "checkpoints"
ASKED_FILE = "asked.json"
"""In the folder of samples: a list of what each picture of a sheet was asked for."""
STOP_FILE = "stop"
"""Asks a running training to save and leave; it can be resumed."""
KEEP_FILE = "keep"
"""Asks it to end here: the best state so far becomes the model."""
TRY_FILE = "try"
"""Asks for a package of the model as it is now; training goes on."""
WISHES = (STOP_FILE, KEEP_FILE, TRY_FILE)
"""In the order in which they are heard. Whoever asks sees first that the run is running."""
ADVICE_FILE = "advice.jsonl"
"""What the training doctor said: one Advice event a line."""
LOG_FILE = "log.jsonl"
"""Sentences of the log with the step and the time they belong to."""

RunState = Literal["new", "running", "stopped", "done", "failed"]


class Change(Plain):
    """The recipe was changed at `step`, by the user, the doctor or for want of memory."""

    step: Annotated[int, Field(ge=0)]
    what: Short
    options: dict[str, Json] = {}
    settings: dict[str, Json] = {}


class Run(Stored):
    """State of a run; rewritten as it goes. `pid` tells a living run from a dead one.

    `recipe` is what is trained with now, `changes` how it came to differ from recipe.json.
    `best_step` is what validation liked best so far (0: nothing yet). `copy_of` names the run
    that this one was made from. `makes` is the kind of thing that its model will make, a
    modality; "" in runs of older versions.
    """

    id: Name
    recipe: Recipe
    state: RunState = "new"
    step: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    created: Short = ""
    model: Short = ""
    device: Short = ""
    pid: int = 0
    best_step: Annotated[int, Field(ge=0)] = 0
    changes: Annotated[tuple[Change, ...], Field(max_length=1000)] = ()
    copy_of: Short = ""
    makes: Short = ""
    problem: Problem | None = None


class CheckpointManifest(Stored):
    """Written last into a checkpoint folder: no manifest or a wrong hash = does not exist.

    `world`: how many processes trained together when it was written.
    """

    step: int
    threads: int
    torch: str
    device: str
    world: int = 1
    seconds: float = 0.0
    files: tuple[FileEntry, ...]
