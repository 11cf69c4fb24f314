"""One owner per data folder: a lock that heals by itself, and a knock on its door.

The lock belongs to the operating system and falls with its process, so nothing stale is left
by a kill. A second start writes a small file; the first one sees it, removes it and shows
itself. No sockets: they differ between systems and a firewall may ask about them.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import GenStudioError
from genstudio.core.paths import Home

POLL_SECONDS = 0.2
ANSWER_SECONDS = 2.0


class AlreadyOpen(GenStudioError):
    """Another window owns this data folder."""

    kind = "already-open"


class Lock:
    """Held from construction to `release`; raises AlreadyOpen, ReadOnly or DiskFull."""

    def __init__(self, path: Path) -> None:
        self._handle: int | None = files.open_log(path)
        if not _try_lock(self._handle):
            os.close(self._handle)
            raise AlreadyOpen(
                "GenStudio is open already with this data folder",
                file=path.parent,
                next_step="Use that window, or choose another folder with --home.",
            )

    def release(self) -> None:
        """Give the folder free."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            _unlock(handle)
            os.close(handle)


def _knock_file(home: Home) -> Path:
    return home.root / "show.request"


def ask_first_to_show(home: Home, patience: float = ANSWER_SECONDS) -> bool:
    """Ask the owner of the data folder to show its window; True when it answered."""
    knock = _knock_file(home)
    with contextlib.suppress(GenStudioError):
        files.write_text(knock, uuid.uuid4().hex)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not knock.exists():
                return True
            time.sleep(0.02)
        files.remove(knock)
    return False


class Doorkeeper:
    """Watches for a second start in a thread of its own and calls `on_show`."""

    def __init__(self, home: Home, on_show: Callable[[], None]) -> None:
        self._knock = _knock_file(home)
        self._on_show = on_show
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="doorkeeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._thread.join(2.0)

    def _watch(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            if self._knock.exists():
                with contextlib.suppress(GenStudioError, OSError):
                    files.remove(self._knock)
                self._on_show()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return True
        return False

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _unlock(handle: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
