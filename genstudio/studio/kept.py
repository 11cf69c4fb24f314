"""Small state files that must survive damage: the version before is kept as a fall-back."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import ClassVar, TypeVar

from genstudio.core import files
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.spelling import sealed
from genstudio.core.stored import Json, Stored

Kept = TypeVar("Kept", bound=Stored)


class Session(Stored):
    """Panel, fields and window of the last session, as the window wrote them."""

    CHECKED: ClassVar[bool] = True
    values: dict[str, Json] = {}

    def to_bytes(self) -> bytes:
        """In one line: nobody reads it, and it is written every few seconds."""
        return sealed(self.model_dump(mode="json"))


class RunMark(Stored):
    """Lies in the data folder while a window is open; found at start = it did not end well."""

    CHECKED: ClassVar[bool] = True
    pid: int
    crashes: int = 0


_own: dict[Path, bytes] = {}
"""SHA-256 of what this process wrote last: those bytes need no reading to be known as good."""


def previous(path: Path) -> Path:
    """Where the version before the newest lies."""
    return path.with_name(path.name + ".previous")


def read(kind: type[Kept], path: Path, default: Kept) -> tuple[Kept, Problem | None]:
    """The newest good version, and what was wrong with the newest if it was not good.

    A damaged file is kept aside as `<name>.damaged`, never deleted.
    """
    if not path.exists():
        # Kept aside at an earlier start, or never written: the version before speaks for itself.
        return _older(kind, path) or default, None
    try:
        return kind.read(path), None
    except GenStudioError as error:
        problem = error.problem
        if "Update GenStudio" in problem.next_step:
            # Written by a newer version: not ours to move away.
            return default, problem
    aside = path.with_name(path.name + ".damaged")
    with contextlib.suppress(GenStudioError, OSError):
        files.move_file(path, aside)
    older = _older(kind, path)
    words = "The version before it is used" if older else "It starts empty"
    told = _told(path, problem, f"{words}; the damaged one is kept as {aside.name}.")
    return older or default, told


def _older(kind: type[Kept], path: Path) -> Kept | None:
    with contextlib.suppress(GenStudioError):
        return kind.read(previous(path))
    return None


def write(path: Path, value: Stored) -> None:
    """Write a new version; the one that was there becomes the previous if it is a good one.

    Raises in a sentence.
    """
    data = value.to_bytes()
    writes = [(path, data)]
    with contextlib.suppress(GenStudioError, OSError):
        old = path.read_bytes()
        if old == data:
            return
        if _own.get(path) != hashlib.sha256(old).digest():
            type(value).from_bytes(old, path)
        writes.insert(0, (previous(path), old))
    files.commit([], writes)
    _own[path] = hashlib.sha256(data).digest()


def _told(path: Path, problem: Problem, step: str) -> Problem:
    return Problem(
        kind="damaged",
        what=f"{path.name} was damaged",
        file=str(path),
        next_step=step,
        details=problem.sentence,
    )
