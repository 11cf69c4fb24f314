"""Where training runs, with how many threads, and what the machine is called."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass(frozen=True)
class Device:
    """`name` is torch's word ("cpu", "cuda"), `label` the user's; `reason` says why not the GPU."""

    name: str
    label: str
    reason: str
    threads: int


def choose(wanted: str = "auto", threads: int = 0) -> Device:
    """The device to train on; 0 threads means as many as torch finds cores."""
    if threads:
        torch.set_num_threads(threads)
    used = torch.get_num_threads()
    if wanted != "cpu" and torch.cuda.is_available():
        return Device("cuda", f"CUDA ({torch.cuda.get_device_name(0)})", "", used)
    reason = "chosen in the settings" if wanted == "cpu" else "PyTorch finds no CUDA device"
    return Device("cpu", "CPU", reason, used)


def machine() -> str:
    """Processor and core count in words, for the card."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        name = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores"


def peak_memory(device: Device) -> int:
    """Most bytes held so far by this process (CPU) or on the GPU; 0 where the system hides it."""
    if device.name == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
