"""Where models run, found out by running one: lists of providers promise more than they keep.

onnxruntime-gpu names CUDA on machines without a driver and falls back to the CPU without a word
(microsoft/onnxruntime #23372); only `session.get_providers()` after creation tells the truth.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime as ort

Wanted = Literal["auto", "cpu", "cuda"]
CUDA = "CUDAExecutionProvider"
CPU = "CPUExecutionProvider"
_QUIET = 4  # fatal errors only: the fall-back is told by `reason`, not by lines on stderr

# One Identity node on float32 "x" (n) -> "y" (n), opset 17, as ModelProto bytes: small enough to
# be written by hand, so the probe needs neither a file nor the onnx package.
_PROBE = (
    b'\x08\x08:9\n\x10\n\x01x\x12\x01y"\x08Identity\x12\x01p'
    b"Z\x10\n\x01x\x12\x0b\n\t\x08\x01\x12\x05\n\x03\x12\x01n"
    b"b\x10\n\x01y\x12\x0b\n\t\x08\x01\x12\x05\n\x03\x12\x01n"
    b"B\x04\n\x00\x10\x11"
)


@dataclass(frozen=True)
class Device:
    """What runs the networks. `reason` says why it is not the GPU ("" when it is)."""

    name: Literal["CPU", "CUDA"]
    reason: str
    threads: int
    providers: list[Any] = field(default_factory=lambda: [CPU], compare=False)


def choose(wanted: Wanted = "auto", threads: int = 0) -> Device:
    """The device that really works. `threads` 0 leaves one physical core free."""
    count = threads or max(1, physical_cores() - 1)
    if wanted == "cpu":
        return Device("CPU", "The CPU is chosen in the settings", count)
    reason = why_no_cuda()
    if not reason:
        return Device("CUDA", "", count, [(CUDA, cuda_options()), CPU])
    if wanted == "cuda":
        reason = f"CUDA is chosen in the settings, but {reason[0].lower()}{reason[1:]}"
    return Device("CPU", reason, count)


def cuda_options(memory_mb: int = 0) -> dict[str, str]:
    """Options of the CUDA provider (LIBRARIES.md 1): grow as needed, no long search per shape.

    TF32 is off so that results agree with the CPU up to rounding.
    """
    options = {
        "arena_extend_strategy": "kSameAsRequested",
        "cudnn_conv_algo_search": "HEURISTIC",
        "use_tf32": "0",
    }
    if memory_mb:
        options["gpu_mem_limit"] = str(memory_mb * 1024**2)
    return options


@functools.lru_cache(maxsize=1)
def why_no_cuda() -> str:
    """ "" where a CUDA session really ran on the GPU, else the reason in one sentence."""
    if CUDA not in ort.get_available_providers():
        return "This build of onnxruntime has no CUDA support"
    if not _driver():
        return "No NVIDIA driver was found on this machine"
    with contextlib.redirect_stdout(sys.stderr):  # preload_dlls prints what it misses
        if hasattr(ort, "preload_dlls"):
            ort.preload_dlls()
    options = ort.SessionOptions()
    options.log_severity_level = _QUIET
    try:
        session = ort.InferenceSession(_PROBE, options, providers=[(CUDA, cuda_options()), CPU])
        session.run(None, {"x": np.ones(2, np.float32)})
    except Exception as error:
        return f"The CUDA test failed: {str(error).splitlines()[0][:200]}"
    if session.get_providers()[0] != CUDA:
        return "The CUDA or cuDNN libraries that onnxruntime needs are missing or do not fit"
    return ""


def _driver() -> bool:
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def physical_cores() -> int:
    """Cores without their second threads, at most what this process may use; at least 1."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    logical = usable or os.cpu_count() or 1
    cores = _linux_cores() if sys.platform.startswith("linux") else 0
    if not cores:
        # Most desktop processors outside Apple's show two threads per core.
        cores = logical if sys.platform == "darwin" else max(1, logical // 2)
    return max(1, min(cores, logical))


def _linux_cores() -> int:
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for siblings in Path("/sys/devices/system/cpu").glob("cpu*/topology/thread_siblings_list"):
            found.add(siblings.read_text().strip())
    return len(found)


def cpu_name() -> str:
    """The processor's name as the system tells it ("" where it does not)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return ""
