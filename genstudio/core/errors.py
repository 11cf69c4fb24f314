"""Errors that a person can act on: what happened, to which file, and what to do next.

Every error that reaches a window or a terminal is a `Problem`; `classify` turns the many
names under which a full disk or missing memory arrive into one of them.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
# torch reports a full disk as RuntimeError "... unexpected pos 704 vs 598", not as OSError.
_FULL_WORDS = ("unexpected pos", "no space left", "disk quota", "enospc", "file write failed")
_MEMORY_WORDS = (
    "out of memory",
    "defaultcpuallocator",
    "failed to allocate memory",
    "bad_alloc",
    "cublas_status_alloc_failed",
    "arena.alloc",
)


class Problem(BaseModel):
    """One thing that went wrong, in words. `kind` is for programs, the rest for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = "error"
    what: str
    file: str = ""
    next_step: str = ""
    details: str = ""

    @property
    def sentence(self) -> str:
        """What happened, the file and the next step, in one line."""
        where = f" ({self.file})" if self.file and self.file not in self.what else ""
        step = f" {self.next_step}" if self.next_step else ""
        return f"{self.what.rstrip('.')}{where}.{step}"


class GenStudioError(Exception):
    """Any failure with a sentence for the user. Raise this, never a bare ValueError, outwards."""

    kind = "error"

    def __init__(
        self,
        what: str,
        *,
        file: str | Path = "",
        next_step: str = "",
        details: str = "",
        kind: str = "",
    ) -> None:
        self.problem = Problem(
            kind=kind or self.kind,
            what=_clean(what),
            file=_clean(str(file)),
            next_step=next_step,
            details=_clean(details),
        )
        super().__init__(self.problem.sentence)


class BadInput(GenStudioError):
    """A file, value or message from outside that cannot be used."""

    kind = "bad-input"


class UsageError(GenStudioError):
    """Words of a command or values of a form that do not fit; the command line exits with 2."""

    kind = "usage"


class NotFound(GenStudioError):
    """Something named by the user that is not there."""

    kind = "not-found"


class DiskFull(GenStudioError):
    """No room to write; the old file, if any, is untouched."""

    kind = "disk-full"


class ReadOnly(GenStudioError):
    """A folder or file that may not be written."""

    kind = "read-only"


class OutOfMemory(GenStudioError):
    """Memory of the device or the machine ran out."""

    kind = "out-of-memory"


def is_out_of_memory(error: BaseException) -> bool:
    """True for every form in which Python, torch, CUDA or onnxruntime report missing memory."""
    if isinstance(error, (MemoryError, OutOfMemory)):
        return True
    text = f"{type(error).__name__} {error}".lower()
    return "outofmemory" in text or any(word in text for word in _MEMORY_WORDS)


def is_disk_full(error: BaseException) -> bool:
    """True for every form in which a full disk is reported (OSError, torch's RuntimeError)."""
    if isinstance(error, DiskFull):
        return True
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(word in str(error).lower() for word in _FULL_WORDS)


def is_read_only(error: BaseException) -> bool:
    """True where writing is refused by permissions or a read-only volume."""
    return isinstance(error, ReadOnly) or (isinstance(error, OSError) and error.errno in _READ_ONLY)


def classify(error: BaseException, doing: str = "", file: str | Path = "") -> Problem:
    """Turn any exception into a Problem; `doing` completes "… while {doing}"."""
    details = _clean("".join(traceback.format_exception(error))[-6000:])
    if isinstance(error, GenStudioError):
        return error.problem.model_copy(update={"details": error.problem.details or details})
    where = _clean(str(file or getattr(error, "filename", "") or ""))
    during = f" while {doing}" if doing else ""
    kind, what, step = _words(error, during)
    return Problem(kind=kind, what=_clean(what), file=where, next_step=step, details=details)


def _clean(text: str) -> str:
    """File names that are no UTF-8 hold lone surrogates, which no log, line or terminal takes."""
    return text.encode("utf-8", "replace").decode()


def _words(error: BaseException, during: str) -> tuple[str, str, str]:
    """(kind, what, next step) for an exception that is not ours."""
    if is_out_of_memory(error):
        return (
            "out-of-memory",
            f"Memory ran out{during}",
            "Ask for fewer results at once or a smaller batch, or close other programs.",
        )
    if is_disk_full(error):
        return (
            "disk-full",
            f"The disk is full{during}; nothing was overwritten",
            "Free some space and try again.",
        )
    if is_read_only(error):
        return (
            "read-only",
            f"This place cannot be written{during}",
            "Choose another folder, or change its permissions.",
        )
    if isinstance(error, FileNotFoundError):
        return "not-found", f"A file is not there{during}", "Check the name and try again."
    name = type(error).__name__
    return "error", f"Something unexpected happened{during}: {name}: {error}", ""
