"""Finds what a test left behind."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

OF_LIBRARIES = ("tqdm_monitor",)
"""One for the whole process, begun by torch's exporter where tqdm is installed (for benchmarks)."""


def threads_since(before: set[threading.Thread]) -> set[threading.Thread]:
    """Living Python threads that were not there before (threads of Qt's own pool do not count)."""
    return {
        thread
        for thread in threading.enumerate()
        if thread not in before
        and not isinstance(thread, threading._DummyThread)
        and thread.name not in OF_LIBRARIES
    }


def children() -> set[int]:
    """Process ids of our living children (Linux; elsewhere nothing is known)."""
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(map(int, path.read_text().split()))
        except OSError:
            continue
    return {pid for pid in found if _alive(pid)}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return str(pid)


def running_timers() -> list[str]:
    """Active timers of Qt that Python knows, described by their parents; they are stopped.

    Stopped, so that the test that left them is the only one to be blamed.
    """
    if "PySide6.QtCore" not in sys.modules:
        return []
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    found = [
        timer
        for timer in gc.get_objects()
        # By type: asking proxies for their class makes torch warn about deprecated names.
        if issubclass(type(timer), QTimer) and isValid(timer) and timer.isActive()
    ]
    words = [f"{timer} of {timer.parent()}" for timer in found]
    for timer in found:
        timer.stop()
    return words


def wait_for_none(find: Callable[[], set[Any]], seconds: float) -> set[Any]:
    """Give what is ending a moment; what is still there after `seconds`."""
    end = time.monotonic() + seconds
    while (left := find()) and time.monotonic() < end:
        time.sleep(0.02)
    return left
