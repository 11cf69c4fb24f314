"""Rounds and places: what one press of the button asked for, and what came back so far."""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from genstudio.core.artifact import UNFINISHED
from genstudio.core.controls import is_input
from genstudio.core.errors import Problem
from genstudio.core.events import Log, Preview, Result
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.series import Series
from genstudio.core.stored import Json

PlaceState = Literal["waiting", "preview", "done", "lost", "trashed"]


@dataclass
class Place:
    """One fixed place of a round: empty at first, sharpened by previews, then a gallery file.

    `index` counts from 0 inside the round (the item drawn is the request's `first` + index).
    `picture` holds PNG bytes of the newest preview.
    """

    index: int
    state: PlaceState = "waiting"
    picture: bytes = b""
    path: Path | None = None
    artifact: str = ""
    seed: int = 0
    output: str = "image"
    starred: bool = False
    data: dict[str, Json] = field(default_factory=dict)
    fault: str = ""
    """Why nothing was made, in a sentence; "" where nothing went wrong."""
    number: int = -1
    """The number of its noise (`first` + its place in its request); -1: as `index` says."""


@dataclass
class Part:
    """One of several jobs of a round: it fills `count` places from place `first` on."""

    request: Request
    job: str
    first: int
    count: int
    running: bool = True


@dataclass
class Round:
    """A request with its places. A `sketch` is a live redraw: nothing of it is kept on disk.

    One press may ask several times, with following seeds: then `parts` lists every job, and
    `request` and `job` are those of the first.
    """

    request: Request
    title: str
    output: str
    places: list[Place]
    job: str = ""
    sketch: bool = False
    running: bool = True
    problem: Problem | None = None
    asked: float = field(default_factory=time.monotonic)
    parts: list[Part] = field(default_factory=list)
    series: Series | None = None
    """What was asked where it was a sweep or a list; `request` is what its items share."""

    def add(self, task: Task, request: Request, job: str) -> None:
        """One more job with places of its own behind the others."""
        places = places_for(task, request)
        for place in places:
            place.index += len(self.places)
        self.parts.append(Part(request, job, len(self.places), len(places)))
        self.places += places

    def has(self, job: str) -> bool:
        """Whether events of `job` are meant for this round."""
        return bool(job) and (job == self.job or any(part.job == job for part in self.parts))

    @property
    def open_jobs(self) -> list[str]:
        """The jobs that still run or wait."""
        if not self.running:
            return []
        return [part.job for part in self.parts if part.running] or [self.job]

    def _part(self, job: str) -> Part | None:
        return next((part for part in self.parts if part.job == job), None)

    @property
    def done(self) -> int:
        """How many places hold a file."""
        return sum(place.state == "done" for place in self.places)

    @property
    def unfinished(self) -> list[Place]:
        """Places whose file shows a picture that was stopped on its way."""
        return [p for p in self.places if p.state == "done" and UNFINISHED in p.data]

    def place_of(self, index: int, job: str = "") -> Place | None:
        """The place that `index` in an event of `job` means (events count from 0), if any."""
        part = self._part(job)
        first, count = (part.first, part.count) if part else (0, len(self.places))
        return self.places[first + index] if 0 <= index < count else None

    def take_preview(self, event: Preview) -> Place | None:
        """Put a passing picture into its place; finished places keep what they have."""
        place = self.place_of(event.index, event.job)
        if place is None or (place.state == "done" and not self.sketch):
            return None
        picture = decoded(event)
        if not picture:
            return None
        place.picture, place.state = picture, "preview"
        return place

    def take_result(self, event: Result) -> Place | None:
        """Put a finished file into its place."""
        place = self.place_of(event.index, event.job)
        if place is None:
            return None
        artifact = event.data.get("artifact", "")
        place.state, place.path, place.seed = "done", Path(event.path), event.seed
        place.artifact = artifact if isinstance(artifact, str) else ""
        place.output, place.data = event.output, dict(event.data)
        place.picture = b""  # the file is what counts now, not the last preview
        return place

    def take_fault(self, event: Log) -> Place | None:
        """One item went wrong: its first place says so, the others go on."""
        place = self.place_of(event.index, event.job) if event.level == "error" else None
        if place is None:
            return None
        place.state, place.fault = "lost", event.text
        return place

    def end(self, problem: Problem | None = None, job: str = "") -> list[Place]:
        """No more will come (of `job`): places without a file are lost; returns those."""
        part = self._part(job)
        if part is not None:
            part.running = False
        self.running = part is not None and any(each.running for each in self.parts)
        self.problem = problem or (self.problem if part else None)
        mine = self.places[part.first : part.first + part.count] if part else self.places
        lost = [place for place in mine if place.state in ("waiting", "preview")]
        if self.sketch:
            return []
        for place in lost:
            place.state, place.picture = "lost", b""
        return lost


def decoded(event: Preview) -> bytes:
    """PNG bytes of a preview event; empty when it holds none that can be read."""
    try:
        return base64.b64decode(event.data, validate=True) if event.data else b""
    except (binascii.Error, ValueError):
        return b""


def places_of_series(task: Task, series: Series) -> list[Place]:
    """The places of all items, in their order."""
    return [
        Place(
            index=number * series.count + within,
            output=task.output,
            seed=series.base.seed if item.seed is None else item.seed,
            number=(series.base.first if item.first is None else item.first) + within,
        )
        for number, item in enumerate(series.items)
        for within in range(series.count)
    ]


def places_for(task: Task, request: Request) -> list[Place]:
    """The places a request will fill: `count` of them where the task has such a control."""
    counted = any(c.name == "count" and not is_input(c) for c in task.controls)
    number = max(1, request.count) if counted else 1
    return [
        Place(index=i, output=task.output, seed=request.seed, number=request.first + i)
        for i in range(number)
    ]
