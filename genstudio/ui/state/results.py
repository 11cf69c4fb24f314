"""Rounds and places: what one press of the button asked for, and what came back so far."""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from genstudio.core.controls import is_input
from genstudio.core.errors import Problem
from genstudio.core.events import Preview, Result
from genstudio.core.family import Task
from genstudio.core.request import Request
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


@dataclass
class Round:
    """A request with its places. A `sketch` is a live redraw: nothing of it is kept on disk."""

    request: Request
    title: str
    output: str
    places: list[Place]
    job: str = ""
    sketch: bool = False
    running: bool = True
    problem: Problem | None = None
    asked: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many places hold a finished file."""
        return sum(place.state == "done" for place in self.places)

    def place_of(self, index: int) -> Place | None:
        """The place an event's `index` means (events count places from 0), if there is one."""
        return self.places[index] if 0 <= index < len(self.places) else None

    def take_preview(self, event: Preview) -> Place | None:
        """Put a passing picture into its place; finished places keep what they have."""
        place = self.place_of(event.index)
        if place is None or (place.state == "done" and not self.sketch):
            return None
        picture = decoded(event)
        if not picture:
            return None
        place.picture, place.state = picture, "preview"
        return place

    def take_result(self, event: Result) -> Place | None:
        """Put a finished file into its place."""
        place = self.place_of(event.index)
        if place is None:
            return None
        artifact = event.data.get("artifact", "")
        place.state, place.path, place.seed = "done", Path(event.path), event.seed
        place.artifact = artifact if isinstance(artifact, str) else ""
        place.output, place.data = event.output, dict(event.data)
        return place

    def end(self, problem: Problem | None = None) -> list[Place]:
        """No more will come: places without a file are lost; returns those."""
        self.running, self.problem = False, problem
        lost = [place for place in self.places if place.state in ("waiting", "preview")]
        if self.sketch:
            return []
        for place in lost:
            place.state = "lost"
        return lost


def decoded(event: Preview) -> bytes:
    """PNG bytes of a preview event; empty when it holds none that can be read."""
    try:
        return base64.b64decode(event.data, validate=True) if event.data else b""
    except (binascii.Error, ValueError):
        return b""


def places_for(task: Task, request: Request) -> list[Place]:
    """The places a request will fill: `count` of them where the task has such a control."""
    counted = any(c.name == "count" and not is_input(c) for c in task.controls)
    number = max(1, request.count) if counted else 1
    return [Place(index=index, output=task.output) for index in range(number)]
