"""Where training runs, with how many threads, and what the machine is called."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from genstudio.core.errors import UsageError
from genstudio.training.distributed import local_rank, local_world


@dataclass(frozen=True)
class Device:
    """`name` is torch's word ("cpu", "cuda"), `label` the user's; `reason` says why not the GPU."""

    name: str
    label: str
    reason: str
    threads: int


def choose(wanted: str = "auto", threads: int = 0) -> Device:
    """The device to train on; 0 threads means as many as torch finds cores.

    Processes that share a machine (torchrun) share its cores and take a GPU each; raises
    UsageError where there are fewer GPUs.
    """
    sharing = local_world()
    if threads or sharing > 1:
        torch.set_num_threads(threads or max(1, (os.cpu_count() or 1) // sharing))
    used = torch.get_num_threads()
    if wanted != "cpu" and torch.cuda.is_available():
        count = torch.cuda.device_count()
        if sharing > count:
            raise UsageError(
                f"This machine has {count} GPU{'s' if count > 1 else ''} for {sharing} processes",
                next_step=f"Use --devices {count}, or choose the processor in the settings.",
            )
        if sharing > 1:
            torch.cuda.set_device(local_rank())
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
