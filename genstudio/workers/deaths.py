"""Why a worker process ended, in a sentence."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import Problem
from genstudio.core.paths import Home

_NAMES = {"generate": "The generating process", "train": "The training process"}
_AGAIN = "It starts again by itself with the next job."
_TAIL = 6000
_MEMORY_EXITS = {0xC0000017, 0xC000012D}


def never_started(role: str, command: Sequence[str]) -> Problem:
    """The system refused to start the program."""
    return Problem(
        kind="worker-start",
        what=f"{_name(role)} could not be started",
        next_step="Install GenStudio again, or look whether a virus scanner holds it back.",
        details=" ".join(command),
    )


def problem(role: str, code: int, killed_for: str, home: Path, crash: str = "") -> Problem:
    """A Problem for an exit code (negative: signal) and the reason we killed it for, if any."""
    kind, what, step = _words(role, code, killed_for)
    log = Home(home).logs / f"worker-{role}.log"
    details = "\n".join(part for part in (crash, _tail(log)) if part)
    return Problem(kind=kind, what=what, next_step=step, details=details)


def take_crash(home: Path, pid: int) -> str:
    """What the process wrote into its crash file; an empty file is removed."""
    path = Home(home).logs / f"crash-{pid}.log"
    text = _tail(path)
    if not text:
        with contextlib.suppress(Exception):
            files.remove(path)
    return text


def _words(role: str, code: int, killed_for: str) -> tuple[str, str, str]:
    name = _name(role)
    if killed_for == "hang":
        return "worker-hang", f"{name} did not answer any more and was ended", _AGAIN
    if killed_for == "start":
        return (
            "worker-start",
            f"{name} did not start in time and was ended",
            "Try again; the machine may be very busy.",
        )
    if killed_for == "idle":
        return (
            "worker-idle",
            f"{name} made no progress for a long time and was ended",
            "The file or setting may be too large; try a smaller one.",
        )
    if code < 0 and -code == getattr(signal, "SIGKILL", 9):
        return (
            "worker-killed",
            f"{name} was ended by the system, most likely because memory ran out",
            f"Ask for fewer results at once, or close other programs. {_AGAIN}",
        )
    if sys.platform == "win32" and code & 0xFFFFFFFF in _MEMORY_EXITS:
        return "worker-killed", f"{name} ran out of memory", _AGAIN
    if code < 0:
        return "worker-signal", f"{name} crashed ({_signal_name(-code)})", _AGAIN
    if code == 0:
        return "worker-exit", f"{name} ended in the middle of its work", _AGAIN
    return "worker-exit", f"{name} ended unexpectedly (exit code {code})", _AGAIN


def _name(role: str) -> str:
    return _NAMES.get(role, "The background process")


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _tail(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - _TAIL))
        return handle.read().decode("utf-8", "replace")
    return ""
