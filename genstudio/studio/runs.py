"""Runs shelf: trainings as folders `runs/0007-name/`."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import GenStudioError, NotFound, Problem, UsageError
from genstudio.core.paths import Home
from genstudio.core.run import METRICS_FILE, RUN_FILE, SAMPLES, STOP_FILE, Run
from genstudio.core.stored import Json
from genstudio.studio.listeners import Listeners

# Below, `list` is the method of the shelf.
Rows = list[dict[str, Json]]
Paths = list[Path]


class Runs:
    """Reads the folders at every call."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._changed = Listeners()
        self.problems: list[Problem] = []

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after runs came or went; returns how to end that."""
        return self._changed.add(callback)

    def list(self) -> list[Run]:
        """All readable runs, newest first; one whose process is gone shows as stopped."""
        found: list[Run] = []
        problems: list[Problem] = []
        root = self._home.runs
        for folder in sorted(root.iterdir(), reverse=True) if root.is_dir() else []:
            if folder.name.startswith(".") or not (folder / RUN_FILE).is_file():
                continue
            try:
                found.append(self._read(folder))
            except GenStudioError as error:
                problems.append(error.problem)
        self.problems = problems
        return found

    def get(self, run: str) -> Run:
        """The run with that id, or with that number; raises NotFound or BadInput."""
        return self._read(self.folder(run))

    def folder(self, run: str) -> Path:
        """Where a run lies; "7" finds 0007-name."""
        folder = self._home.runs / run
        if "/" not in run and "\\" not in run and (folder / RUN_FILE).is_file():
            return folder
        if run.isdecimal() and self._home.runs.is_dir():
            for place in sorted(self._home.runs.glob(f"{int(run):04d}-*")):
                if (place / RUN_FILE).is_file():
                    return place
        known = ", ".join(found.id for found in self.list()) or "none yet"
        raise NotFound(f"There is no run {run!r}", next_step=f"Known are: {known}.")

    def metrics(self, run: str) -> Rows:
        """All rows of `metrics.jsonl`; a torn last line is left out."""
        rows: Rows = []
        with contextlib.suppress(FileNotFoundError):
            text = (self.folder(run) / METRICS_FILE).read_text("utf-8", "replace")
            for line in text.splitlines():
                with contextlib.suppress(ValueError):
                    rows.append(json.loads(line))
        return rows

    def samples(self, run: str) -> Paths:
        """The sample grids, oldest first."""
        return sorted((self.folder(run) / SAMPLES).glob("*.png"))

    def stop(self, run: str) -> None:
        """Ask a running training, wherever it runs, to write a checkpoint and leave."""
        found = self.get(run)
        if found.state != "running":
            raise UsageError(f"{found.id} is not running ({found.state})")
        files.write_text(self.folder(run) / STOP_FILE, "stop\n")
        self._changed()

    def remove(self, run: str) -> None:
        """Move a run that does not run to the trash."""
        found = self.get(run)
        if found.state == "running":
            raise UsageError(f"{found.id} is running; stop it first")
        kept = self._home.trash / "runs" / found.id
        files.remove(kept)
        files.move_file(self.folder(run), kept)
        self._changed()

    def changed(self) -> None:
        """Somebody else (a worker) wrote a run."""
        self._changed()

    def _read(self, folder: Path) -> Run:
        run = Run.read(folder / RUN_FILE)
        if run.state == "running" and not is_alive(run.pid):
            run = run.model_copy(update={"state": "stopped", "pid": 0})
        return run


def is_alive(pid: int) -> bool:
    """True where a process with that id runs."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x100000, False, pid)
        if not handle:
            return False
        waiting = ctypes.windll.kernel32.WaitForSingleObject(handle, 0)
        ctypes.windll.kernel32.CloseHandle(handle)
        return bool(waiting == 0x102)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
