"""Events: all that long work says, each one JSON line."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from genstudio.core.errors import BadInput, Problem
from genstudio.core.stored import Json, Plain, first_fault

MAX_LINE = 4 * 1024 * 1024


class _Event(Plain):
    """`job` and `stamp` are filled in by the worker loop, not by generators."""

    job: str = ""
    stamp: int = 0


class Started(_Event):
    """Work begins. `device` is where it really runs, `reason` why not on the GPU."""

    kind: Literal["started"] = "started"
    device: str = "CPU"
    reason: str = ""
    threads: int = 0
    text: str = ""


class Progress(_Event):
    """`done` of `total` units (total 0: unknown); `text` such as "step 9 of 12"."""

    kind: Literal["progress"] = "progress"
    done: float
    total: float = 0
    text: str = ""


class Preview(_Event):
    """A passing picture for place `index`: base64 PNG (`data`) or a file (`path`)."""

    kind: Literal["preview"] = "preview"
    index: int = 0
    data: str = ""
    path: str = ""


class Words(_Event):
    """Text that grows: `text` is to be put behind what place `index` has said so far.

    `data` may hold "tokens": for each new token its text, its probability and the likeliest
    others (`core.writing.TOKENS`). Nothing of it is a file: the Result at the end has everything.
    """

    kind: Literal["words"] = "words"
    index: int = 0
    text: str
    data: dict[str, Json] = {}


class Metric(_Event):
    """Numbers of one training step or of an evaluation."""

    kind: Literal["metric"] = "metric"
    step: int = 0
    values: dict[str, float | None]


class Remedy(Plain):
    """What a click can do about an Advice.

    `keep` ends the training with the best state so far, `amend` goes on with other `options` or
    `settings`, `restart` starts a new run with them (where the networks would change).
    """

    title: str
    action: Literal["keep", "amend", "restart"]
    options: dict[str, Json] = {}
    settings: dict[str, Json] = {}


class Advice(_Event):
    """The training doctor speaks: `name` is the detector, `text` one or two sentences.

    `good` and `note` need nothing done. The newest Advice of a detector replaces its last one.
    """

    kind: Literal["advice"] = "advice"
    step: int = 0
    name: str
    level: Literal["good", "note", "warning"] = "note"
    text: str
    remedies: tuple[Remedy, ...] = ()


class Result(_Event):
    """A finished file (in the spool, or where the command line asked for it).

    `output` "package": a folder with a model package, such as a training's model so far.
    """

    kind: Literal["result"] = "result"
    path: str
    index: int = 0
    seed: int = 0
    output: str = "image"
    data: dict[str, Json] = {}


class Log(_Event):
    """A sentence for the log; `level` info, warning or error; `index` the place it is about."""

    kind: Literal["log"] = "log"
    index: int = -1
    level: Literal["info", "warning", "error"] = "info"
    text: str


class Heartbeat(_Event):
    """The worker lives. `memory` is its resident memory in bytes."""

    kind: Literal["heartbeat"] = "heartbeat"
    memory: int = 0


class Done(_Event):
    """The work ended well; `data` sums it up."""

    kind: Literal["done"] = "done"
    seconds: float = 0.0
    data: dict[str, Json] = {}


class Cancelled(_Event):
    """The work was stopped on request."""

    kind: Literal["cancelled"] = "cancelled"


class Failed(_Event):
    """The work ended badly; `problem` says so in words."""

    kind: Literal["failed"] = "failed"
    problem: Problem


Event = (
    Started | Progress | Preview | Words | Metric | Advice | Result | Log | Heartbeat | Done
    | Cancelled | Failed
)  # fmt: skip
ENDS = (Done, Cancelled, Failed)
_adapter: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def to_line(event: Event) -> str:
    """One JSON line without its newline."""
    try:
        return event.model_dump_json()
    except ValueError:
        # Halves of characters, as in file names that are no UTF-8: slower, but it takes them.
        value = event.model_dump(mode="json")
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str | bytes) -> Event:
    """The event of one line; raises BadInput."""
    if len(line) > MAX_LINE:
        raise BadInput("a worker sent a line that is too long")
    try:
        return _adapter.validate_json(line)
    except ValidationError as error:
        raise BadInput(f"a worker sent a line that is no event: {first_fault(error)}") from error


def stamped(event: Event, job: str, stamp: int) -> Event:
    """The same event with its job and stamp."""
    return event.model_copy(update={"job": job, "stamp": stamp})
