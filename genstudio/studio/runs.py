"""Runs shelf: trainings as folders `runs/0007-name/`."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from genstudio.core import files
from genstudio.core.errors import GenStudioError, NotFound, Problem, UsageError
from genstudio.core.events import Advice
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import (
    ADVICE_FILE,
    KEEP_FILE,
    LOG_FILE,
    METRICS_FILE,
    RUN_FILE,
    SAMPLES,
    STOP_FILE,
    TRY_FILE,
    Change,
    Run,
)
from genstudio.core.stored import Json
from genstudio.studio import amending, recipes
from genstudio.studio.listeners import Listeners

# Below, `list` is the method of the shelf.
Rows = list[dict[str, Json]]
Paths = list[Path]
Advices = list[Advice]


class Runs:
    """Reads the folders at every call."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._changed = Listeners()
        self.problems: list[Problem] = []

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after runs came or went; returns how to end that."""
        return self._changed.add(callback)

    def list(self) -> list[Run]:
        """All readable runs, newest first; one whose process is gone shows as stopped."""
        found: list[Run] = []
        problems: list[Problem] = []
        root = self.home.runs
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
        folder = self.home.runs / run
        if "/" not in run and "\\" not in run and (folder / RUN_FILE).is_file():
            return folder
        if run.isdecimal() and self.home.runs.is_dir():
            for place in sorted(self.home.runs.glob(f"{int(run):04d}-*")):
                if (place / RUN_FILE).is_file():
                    return place
        known = ", ".join(found.id for found in self.list()) or "none yet"
        raise NotFound(f"There is no run {run!r}", next_step=f"Known are: {known}.")

    def has(self, run: str) -> bool:
        """True where a run with that id has a folder."""
        return bool(run) and "/" not in run and (self.home.runs / run).is_dir()

    def metrics(self, run: str) -> Rows:
        """All rows of `metrics.jsonl`; a torn last line is left out."""
        return self._rows(run, METRICS_FILE)

    def log(self, run: str) -> Rows:
        """What was said, oldest first: rows with step, level, text, at."""
        return self._rows(run, LOG_FILE)

    def samples(self, run: str) -> Paths:
        """The sample grids, oldest first."""
        return sorted((self.folder(run) / SAMPLES).glob("*.png"))

    def advice(self, run: str, history: bool = False) -> Advices:
        """What the training doctor says: the newest of each detector in the order in which they
        first spoke, or with `history` all that it ever said, oldest first."""
        said: Advices = []
        for row in self._rows(run, ADVICE_FILE):
            with contextlib.suppress(ValidationError):
                said.append(Advice.model_validate(row))
        return said if history else [*{each.name: each for each in said}.values()]

    def pause(self, run: str) -> None:
        """Ask a running training, wherever it runs, to write a checkpoint and leave."""
        self._ask(run, STOP_FILE)

    stop = pause

    def keep(self, run: str) -> None:
        """Ask a running training to end here: its best state becomes the model."""
        self._ask(run, KEEP_FILE)

    def try_out(self, run: str) -> None:
        """Ask a running training for a package of the model as it is now."""
        self._ask(run, TRY_FILE)

    def amend(
        self,
        run: str,
        options: Mapping[str, Json] | None = None,
        settings: Mapping[str, Json] | None = None,
        what: str = "",
    ) -> Run:
        """Let a resting run go on with other options and settings; it is noted in its changes.

        Raises UsageError while it runs, for values that do not fit, and for what would change
        networks or held-out pictures (see `amending.check`).
        """
        found = self.get(run)
        if found.state == "running":
            raise UsageError(f"{found.id} is running", next_step="Pause it, then change it.")
        recipe = amending.check(self.home, found, options or {}, settings or {})
        change = Change(
            step=found.step,
            what=(what or amending.words(options or {}, settings or {}))[:400],
            options=dict(options or {}),
            settings=dict(settings or {}),
        )
        changes = (*found.changes, change)[-1000:]
        found = found.model_copy(update={"recipe": recipe, "changes": changes})
        files.write_bytes(self.folder(run) / RUN_FILE, found.to_bytes())
        self._changed()
        return found

    def duplicate(self, run: str) -> Recipe:
        """A recipe like that of the run, for a model of its own, to be changed and started."""
        recipe = self.get(run).recipe
        taken = {found.recipe.model for found in self.list()}
        return recipe.model_copy(update={"model": recipes.free_name(recipe.model, taken)})

    def remove(self, run: str) -> None:
        """Move a run that does not run to the trash; see `restore`."""
        found = self.get(run)
        if found.state == "running":
            raise UsageError(f"{found.id} is running; stop it first")
        kept = self.home.trash / "runs" / found.id
        files.remove(kept)
        files.move_file(self.folder(run), kept)
        self._changed()

    def restore(self, run: str) -> Run:
        """Bring a removed run back; raises NotFound."""
        kept = self.home.trash / "runs" / run
        if "/" in run or "\\" in run or not (kept / RUN_FILE).is_file():
            raise NotFound(f"There is no removed run {run!r}")
        if (self.home.runs / run).exists():
            raise UsageError(f"There is a run {run} already")
        files.move_file(kept, self.home.runs / run)
        self._changed()
        return self.get(run)

    def changed(self) -> None:
        """Somebody else (a worker) wrote a run."""
        self._changed()

    def _ask(self, run: str, wish: str) -> None:
        found = self.get(run)
        if found.state != "running":
            raise UsageError(f"{found.id} is not running ({found.state})")
        files.write_text(self.folder(run) / wish, f"{wish}\n")
        self._changed()

    def _rows(self, run: str, name: str) -> Rows:
        rows: Rows = []
        with contextlib.suppress(FileNotFoundError):
            text = (self.folder(run) / name).read_text("utf-8", "replace")
            for line in text.splitlines():
                with contextlib.suppress(ValueError):
                    row = json.loads(line)
                    if isinstance(row, dict):
                        rows.append(row)
        return rows

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
