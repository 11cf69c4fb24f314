"""Look into the day folders of the gallery."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A folder changed this recently may change again within the same tick of the clock.
_FRESH_NS = 2_000_000_000


def days(root: Path) -> dict[str, int]:
    """The day folders with their time stamps (ns); 0 for one that changed just now."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError):
        now = time.time_ns()
        for path in root.iterdir():
            if _DAY.fullmatch(path.name) and path.is_dir():
                stamp = path.stat().st_mtime_ns
                found[path.name] = stamp if now - stamp > _FRESH_NS else 0
    return found


def media_files(folder: Path) -> set[str]:
    """Names of the files that are no records and no leftovers."""
    try:
        names = {p.name for p in folder.iterdir() if not p.name.startswith(".") and p.is_file()}
    except OSError:
        return set()
    return {name for name in names if not _is_record(name, names)}


def _is_record(name: str, names: set[str]) -> bool:
    stem = name.removesuffix(".json")
    return name.endswith(".damaged") or (stem != name and stem in names)
