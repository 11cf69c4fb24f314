"""How much memory there is for a training, and how much a piece of work took at its highest."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import torch

from genstudio.training.device import Device, peak_memory

LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def total_memory(device: Device) -> int:
    """Bytes of the GPU, or of the machine (of its container); 0 where the system hides it."""
    if device.name == "cuda":
        return int(torch.cuda.get_device_properties(0).total_memory)
    found = _machine()
    for limit in LIMITS:
        with contextlib.suppress(OSError, ValueError):  # "max": no limit
            found = min(found or 2**63, int(Path(limit).read_text(encoding="ascii")))
    return found


def forget_peak(device: Device) -> None:
    """Measure `peak` from here on; a process that did other work before has a higher one."""
    if device.name == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        # Linux: 5 resets the high-water mark (proc(5), /proc/pid/clear_refs).
        handle = os.open("/proc/self/clear_refs", os.O_WRONLY)
        try:
            os.write(handle, b"5")
        finally:
            os.close(handle)


def peak(device: Device) -> int:
    """Most bytes held since `forget_peak`, or by this process ever where that cannot be told."""
    if device.name != "cuda":
        with contextlib.suppress(OSError, StopIteration, ValueError, IndexError):
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            return 1024 * int(next(x for x in lines if x.startswith("VmHWM")).split()[1])
    return peak_memory(device)


def _machine() -> int:
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = [
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                ("total", ctypes.c_ulonglong),
                *((f"other{number}", ctypes.c_ulonglong) for number in range(6)),
            ]

        status = Status()
        status.length = ctypes.sizeof(Status)
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.total)
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 0
