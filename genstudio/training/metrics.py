"""metrics.jsonl and advice.jsonl: lines with a step; after a resume equal to an unbroken run's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genstudio.core import files


def read(path: Path) -> list[dict[str, Any]]:
    """All whole lines, in order; a torn or foreign line ends the reading."""
    rows: list[dict[str, Any]] = []
    if not path.is_file():
        return rows
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            row = json.loads(line)
        except ValueError:
            break
        if not isinstance(row, dict) or "step" not in row:
            break
        rows.append(row)
    return rows


def append(path: Path, step: int, values: Mapping[str, Any]) -> None:
    """Add the line of `step`."""
    files.append_line(path, _line({"step": step, **values}))


def cut(path: Path, step: int) -> None:
    """Drop every line after `step`, and a torn one."""
    if not path.is_file():
        return
    kept = "".join(_line(row) + "\n" for row in read(path) if row["step"] <= step).encode()
    if kept != path.read_bytes():
        files.write_bytes(path, kept)


def is_torn(path: Path) -> bool:
    """True where a try to append that failed has left half a line."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as handle:
        handle.seek(-1, 2)
        return handle.read(1) != b"\n"


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"))
