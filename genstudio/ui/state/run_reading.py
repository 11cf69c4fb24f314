"""Reads a run folder as it grows: numbers, sample sheets, advice, log. Called beside the window.

Only what is new is read; a file that was cut or written anew (after a resume) is read whole.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genstudio.core.errors import GenStudioError, Problem, classify
from genstudio.core.events import Advice
from genstudio.core.run import (
    ADVICE_FILE,
    ASKED_FILE,
    LOG_FILE,
    METRICS_FILE,
    RUN_FILE,
    SAMPLES,
    Run,
)

MOST_BYTES = 64 * 1024 * 1024
"""No run of ours writes more; what lies behind is not shown."""
MOST_LOG = 2000
MOST_WORDS = 1024 * 1024
"""Bytes of what a sheet was asked for."""
_MEMORY = 64  # bytes before the last place, to notice that a file was written anew
_SHEET = re.compile(r"^step-(\d{1,12})\.(png|json)$")
_PIECE = re.compile(r"^(step-\d{1,12})-\d{1,2}\.(?:mid|wav)$")
MOST_WRITTEN = 16
"""Samples of text that are shown at a time."""

Curves = dict[str, tuple[list[float], list[float]]]
"""Name of a number -> (steps, values), both in order."""


@dataclass(frozen=True)
class Sample:
    """A sheet of samples at fixed noise: a picture, or texts as JSON; `pieces` are the MIDI
    or WAV files of a sheet that shows music or sounds."""

    step: int
    path: Path
    pieces: tuple[Path, ...] = ()

    @property
    def written(self) -> bool:
        """Whether they are texts."""
        return self.path.suffix == ".json"


@dataclass(frozen=True)
class LogLine:
    """A sentence of the training with its step, its level and when it was said (ISO or "")."""

    step: int
    level: str
    text: str
    at: str = ""


@dataclass(frozen=True)
class Look:
    """What lay in a run folder at one moment.

    `interrupted`: the run says that it runs, but its process is gone. `asked`: what each picture
    of a sheet was asked for. `problem`: why the folder
    cannot be read (then `run` is None).
    """

    id: str
    run: Run | None = None
    interrupted: bool = False
    curves: Curves = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    asked: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    log: tuple[LogLine, ...] = ()
    problem: Problem | None = None


class Tail:
    """Whole JSON lines of a growing file, from where the last reading ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = 0
        self._before = b""
        self._file = 0

    def read(self) -> tuple[bool, list[dict[str, Any]]]:
        """(True where the file began anew, the new rows); lines that are no objects are left out.

        A last line without its end waits for the next reading.
        """
        try:
            with self._path.open("rb") as handle:
                return self._take(handle)
        except OSError:
            anew = self._place > 0
            self._place, self._before, self._file = 0, b"", 0
            return anew, []

    def _take(self, handle: Any) -> tuple[bool, list[dict[str, Any]]]:
        here = os.fstat(handle.fileno()).st_ino
        anew = here != self._file or not self._same(handle)
        if anew:
            self._place, self._before, self._file = 0, b"", here
        handle.seek(self._place)
        data = handle.read(MOST_BYTES - self._place)
        end = data.rfind(b"\n") + 1
        if end:
            whole = data[:end]
            self._place += end
            self._before = (self._before + whole)[-_MEMORY:]
            return anew, list(_rows(whole))
        return anew, []

    def _same(self, handle: Any) -> bool:
        """Whether what was read last still stands before the place it ended at."""
        handle.seek(self._place - len(self._before))
        return bool(handle.read(len(self._before)) == self._before)


def _rows(data: bytes) -> Iterable[dict[str, Any]]:
    for line in data.split(b"\n"):
        with contextlib.suppress(ValueError, RecursionError):
            row = json.loads(line)
            if isinstance(row, dict):
                yield row


class Reader:
    """Follows one run folder; `look` is called by one thread at a time."""

    def __init__(self, run: str, folder: Path, get: Callable[[str], Run]) -> None:
        self._run, self._folder, self._get = run, folder, get
        self._metrics = Tail(folder / METRICS_FILE)
        self._advice = Tail(folder / ADVICE_FILE)
        self._log = Tail(folder / LOG_FILE)
        self._curves: Curves = {}
        self._said: dict[str, Advice] = {}
        self._lines: list[LogLine] = []

    def look(self) -> Look:
        """Everything as it is now; never raises."""
        try:
            run = self._get(self._run)
            raw = Run.read(self._folder / RUN_FILE)
        except (GenStudioError, OSError) as error:
            return Look(self._run, problem=classify(error, "reading the run", self._folder))
        self._take_metrics()
        self._take_advice()
        self._take_log()
        return Look(
            self._run,
            run,
            raw.state == "running" and run.state == "stopped",
            {name: (list(steps), list(values)) for name, (steps, values) in self._curves.items()},
            samples_of(self._folder),
            asked_of(self._folder),
            tuple(self._said.values()),
            tuple(self._lines),
        )

    def _take_metrics(self) -> None:
        anew, rows = self._metrics.read()
        if anew:
            self._curves = {}
        add_rows(self._curves, rows)

    def _take_advice(self) -> None:
        anew, rows = self._advice.read()
        if anew:
            self._said = {}
        for row in rows:
            with contextlib.suppress(ValueError):
                found = Advice.model_validate_json(json.dumps(row))
                self._said[found.name] = found

    def _take_log(self) -> None:
        anew, rows = self._log.read()
        if anew:
            self._lines = []
        for row in rows:
            if isinstance(row.get("text"), str):
                at, level = str(row.get("at", "")), str(row.get("level", "info"))
                self._lines.append(LogLine(_whole(row.get("step")), level, row["text"], at))
        del self._lines[:-MOST_LOG]


def add_rows(curves: Curves, rows: Iterable[Mapping[str, Any]]) -> None:
    """Sort the rows of metrics.jsonl into curves; what is no finite number is left out."""
    for row in rows:
        step = row.get("step")
        if not _is_number(step):
            continue
        for name, value in row.items():
            if name != "step" and _is_number(value):
                steps, values = curves.setdefault(name, ([], []))
                steps.append(float(step))  # type: ignore[arg-type]
                values.append(float(value))


def ends_of(curves: Curves) -> list[tuple[str, int, float]]:
    """(name, points, last step) of each: enough to tell whether curves grew or were cut."""
    return [(name, len(steps), steps[-1] if steps else 0.0) for name, (steps, _) in curves.items()]


def samples_of(folder: Path) -> tuple[Sample, ...]:
    """The sheets of a run folder, oldest first."""
    sheets: list[tuple[int, Path]] = []
    pieces: dict[str, list[Path]] = {}
    with contextlib.suppress(OSError):
        for path in sorted((folder / SAMPLES).iterdir()):
            if match := _SHEET.match(path.name):
                sheets.append((int(match[1]), path))
            elif match := _PIECE.match(path.name):
                pieces.setdefault(match[1], []).append(path)
    found = [Sample(step, path, tuple(pieces.get(path.stem, ()))) for step, path in sheets]
    return tuple(sorted(found, key=lambda sample: sample.step))


def asked_of(folder: Path) -> tuple[str, ...]:
    """What each picture of a sheet was asked for; () where nothing was, or it cannot be read."""
    path = folder / SAMPLES / ASKED_FILE
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(path.read_bytes()) if path.stat().st_size <= MOST_WORDS else []
        if isinstance(found, list):
            return tuple(word if isinstance(word, str) else "" for word in found)
    return ()


def written_of(path: Path) -> tuple[tuple[str, str], ...]:
    """(what it was given, what it wrote) of each text of a sheet; () where it cannot be read."""
    with contextlib.suppress(OSError, ValueError, RecursionError, KeyError, TypeError):
        if path.stat().st_size <= MOST_WORDS:
            found = json.loads(path.read_bytes())["samples"][:MOST_WRITTEN]
            return tuple((str(one["prompt"]), str(one["text"])) for one in found)
    return ()


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: object) -> int:
    return int(value) if _is_number(value) else 0  # type: ignore[arg-type]
