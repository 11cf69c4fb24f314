"""What a training writes down as it goes, and what its doctor remembers of it.

metrics.jsonl and advice.jsonl are cut at a resume, so that they end up equal to those of an
unbroken run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genstudio.core import files, run
from genstudio.core.events import Advice
from genstudio.training import metrics
from genstudio.training.doctor import Doctor


class Records:
    """The two files of `folder`; with `writes` False nothing is written, only remembered."""

    def __init__(self, folder: Path, doctor: Doctor, writes: bool) -> None:
        self._folder, self._doctor, self._writes = folder, doctor, writes

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Write a row of numbers; try again after DiskFull."""
        self._append(run.METRICS_FILE, step, values)

    def advice(self, step: int, advice: Advice) -> None:
        """Write what the doctor said; try again after DiskFull."""
        row = advice.model_dump(mode="json", exclude={"job", "stamp", "step"})
        self._append(run.ADVICE_FILE, step, row)

    def asked(self, words: Sequence[str]) -> None:
        """Write what the pictures of sample sheets are asked for, where there are words."""
        path = self._folder / run.SAMPLES / run.ASKED_FILE
        data = json.dumps(list(words), ensure_ascii=False).encode()
        known = path.read_bytes() if path.is_file() else b"[]"
        if self._writes and data != known:
            files.write_bytes(path, data)

    def cut(self, step: int) -> None:
        """Drop all after `step` from files and memory."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for name in (run.METRICS_FILE, run.ADVICE_FILE):
            path = self._folder / name
            if self._writes:
                metrics.cut(path, step)
            rows[name] = [row for row in metrics.read(path) if row["step"] <= step]
        self._doctor.history.fill(rows[run.METRICS_FILE])
        self._doctor.history.step = step
        self._doctor.remember([Advice.model_validate(row) for row in rows[run.ADVICE_FILE]])

    def _append(self, name: str, step: int, values: Mapping[str, Any]) -> None:
        if not self._writes:
            return
        path = self._folder / name
        if metrics.is_torn(path):
            metrics.cut(path, step)
        metrics.append(path, step, values)
