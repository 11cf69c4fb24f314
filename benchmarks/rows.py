"""One measured number with its bar, and the table of all of them."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Row:
    """`value` in `unit`; `bar` is the figure to meet ("at most" or "at least"), None: no bar."""

    name: str
    value: float
    unit: str = ""
    bar: float | None = None
    wanted: Literal["at most", "at least"] = "at most"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.wanted == "at most" else self.value >= self.bar

    def cells(self) -> tuple[str, str, str, str, str]:
        """Name, value, bar, verdict, note as words."""
        unit = f" {self.unit}" if self.unit else ""
        bar = "" if self.bar is None else f"{self.wanted} {self.bar:g}{unit}"
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return self.name, f"{self.value:.3g}{unit}", bar, verdict, self.note


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table that is aligned for reading as text."""
    head = ("figure", "measured", "bar", "verdict", "how")
    lines = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def machine() -> str:
    """The machine and the software in two lines."""
    libraries = ("torch", "onnxruntime-gpu", "onnxruntime", "pyside6", "numpy")
    found = []
    for name in libraries:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    cpu = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [r for r in facts.read_text().splitlines() if r.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    return (
        f"{cpu}, {os.cpu_count()} logical cores, {platform.system()} {platform.release()}\n"
        f"Python {platform.python_version()}, {', '.join(found)}"
    )


def interleaved(works: dict[str, Callable[[], float | None]], repeats: int = 5) -> dict[str, float]:
    """Median seconds of each work, taken in turns so that a slow moment hits all alike.

    A work may return its own seconds; otherwise the call is timed.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            began = time.perf_counter()
            own = work()
            seconds[name].append(time.perf_counter() - began if own is None else own)
    return {name: statistics.median(found) for name, found in seconds.items()}
