"""Job: one piece of work in the queue, and the message that carries it to a worker."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from genstudio.core.errors import Problem
from genstudio.core.stored import Json, Plain, Short, Stored

Role = Literal["generate", "train", "files"]
JobState = Literal["waiting", "running", "paused", "done", "cancelled", "failed"]


class Message(Plain):
    """What a worker is told to do. `work` names a function of its role, `body` its argument."""

    job: str
    stamp: int = 0
    work: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    body: dict[str, Json] = {}
    spool: str = ""


class Job(Plain):
    """A queue entry. `live` jobs are never stored."""

    id: str
    role: Role
    work: str
    title: Short
    body: dict[str, Json]
    state: JobState = "waiting"
    created: str = ""
    live: bool = False
    problem: Problem | None = None


class QueueFile(Stored):
    """The queue as it is kept on disk."""

    CHECKED: ClassVar[bool] = True

    paused: bool = False
    jobs: Annotated[tuple[Job, ...], Field(max_length=10_000)] = ()
