"""Resident memory, a limit on it, and priority: the few system calls a worker needs."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

# Code, libraries and thread stacks that every worker needs before its first model.
BASE_BYTES = 1024 * 1024 * 1024


def resident_bytes() -> int:
    """Resident memory of this process in bytes (peak on macOS; 0 where unknown)."""
    if sys.platform == "win32":
        return _windows_bytes()
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def limit_bytes(limit: int) -> bool:
    """Let the system refuse data beyond `limit` bytes on top of the base; True if it will.

    RLIMIT_DATA counts private writable memory and not the address space that drivers reserve.
    0 lifts the limit. Linux only: macOS ignores the call, Windows has none for a lone process.
    """
    if not sys.platform.startswith("linux"):
        return False
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = BASE_BYTES + limit if limit > 0 else resource.RLIM_INFINITY
    if hard != resource.RLIM_INFINITY and (wanted == resource.RLIM_INFINITY or wanted > hard):
        wanted = hard
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
        return limit > 0
    return False


def lower_priority(steps: int) -> None:
    """Step back behind the window and other programs by `steps` (0 to 19)."""
    if not steps:
        return
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        with contextlib.suppress(OSError):
            os.nice(steps)
        # Linux gives every session an equal share, whatever its niceness; ours is a session of
        # its own, so the step back must be taken by the whole group.
        with contextlib.suppress(OSError):
            handle = os.open("/proc/self/autogroup", os.O_WRONLY)
            try:
                os.write(handle, str(steps).encode())
            finally:
                os.close(handle)


def _windows_bytes() -> int:
    if sys.platform != "win32":
        return 0
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in ("PeakWorkingSetSize", "WorkingSetSize")),
            *((f"quota{number}", ctypes.c_size_t) for number in range(4)),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        ]

    counters = Counters()
    counters.cb = ctypes.sizeof(Counters)
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    get = kernel.K32GetProcessMemoryInfo
    get.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    found = get(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.WorkingSetSize) if found else 0
