"""Series on the shelf: what was asked is kept, so that a sweep can be opened again as one."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Protocol

from genstudio.core import files
from genstudio.core.artifact import Artifact
from genstudio.core.errors import BadInput, NotFound
from genstudio.core.job import Role
from genstudio.core.paths import Home
from genstudio.core.series import Series
from genstudio.core.stored import Json, to_name


class QueueLike(Protocol):
    """What takes the job."""

    def submit_work(
        self, role: Role, work: str, body: dict[str, Json] | None = None, title: str = ""
    ) -> str:
        """The job id."""


class GalleryLike(Protocol):
    """Where the results lie."""

    def list(self, text: str = "", *, limit: int = 200) -> list[Artifact]:
        """Newest first."""


def new_id(kind: str) -> str:
    """A fresh name such as `sweep-20261121-1f3a9c`."""
    return f"{to_name(kind)}-{datetime.now():%Y%m%d}-{secrets.token_hex(3)}"


def start(home: Home, queue: QueueLike, series: Series) -> str:
    """Keep what is asked, and queue it; returns the job id. Raises GenStudioError."""
    files.write_bytes(path_of(home, series.id), series.model_dump_json().encode())
    # Its name only: the queue is written at every change, and thousands of items are long.
    body: dict[str, Json] = {"series": series.id}
    return queue.submit_work("generate", "series", body, series.title)


def read(home: Home, name: str) -> Series:
    """A series that was started here; raises NotFound, BadInput."""
    if to_name(name) != name:
        raise BadInput(f"{name!r} is no name of a series")
    path = path_of(home, name)
    if not path.is_file():
        raise NotFound("What was asked in this series is not here any more", file=path)
    return Series.read(path)


def path_of(home: Home, name: str) -> Path:
    """Where a series is kept."""
    return home.series / f"{name}.json"


def results(gallery: GalleryLike, series: Series) -> list[Artifact | None]:
    """Its results by place; None where there is none (not made, or in the trash)."""
    found: list[Artifact | None] = [None] * series.total
    for artifact in gallery.list(text=f"group:{series.id}", limit=-1):
        place = place_of(series, artifact)
        if place is not None and found[place] is None:
            found[place] = artifact  # the newest where it was made twice
    return found


def place_of(series: Series, artifact: Artifact) -> int | None:
    """The place of a result in the series; None where it has none."""
    group = artifact.provenance.group
    if group is None or group.id != series.id or group.place >= series.total:
        return None
    number = group.place // series.count
    within = artifact.provenance.index - series.request(number).first
    return group.place + within if 0 <= within < series.count else None
