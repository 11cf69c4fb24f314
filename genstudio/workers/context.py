"""Context: what a piece of work knows of its surroundings, and how it learns to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genstudio.core.errors import GenStudioError
from genstudio.core.paths import Home, bundled_models
from genstudio.core.settings import Settings


class Stopped(GenStudioError):
    """The work was stopped on request."""

    kind = "cancelled"


@dataclass
class Context:
    """Handed to every work function.

    `kept` lives as long as the process: opened models stay warm in it. `spool` is where
    results are put. `settings` are read anew for every job. `in_worker` is False when the
    work runs inside the command line, whose process is not ours to limit. A work that sets
    `ends_itself` looks for a stop on its own and still tells what it has before it raises.
    """

    home: Home
    spool: Path
    job: str = ""
    settings: Settings = field(default_factory=Settings)
    kept: dict[str, Any] = field(default_factory=dict)
    in_worker: bool = False
    ends_itself: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _hooks: list[Callable[[], None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cancelled(self) -> bool:
        """True once a stop was asked for."""
        return self._stop.is_set()

    def on_cancel(self, hook: Callable[[], None]) -> None:
        """Call `hook` (from another thread) when a stop is asked for; at once if it was."""
        with self._lock:
            if not self._stop.is_set():
                self._hooks.append(hook)
                return
        hook()

    def cancel(self) -> None:
        """Ask for a stop: set the flag and call the hooks (an engine's `stop`)."""
        with self._lock:
            self._stop.set()
            hooks, self._hooks = self._hooks, []
        for hook in hooks:
            hook()

    def check(self) -> None:
        """Raise Stopped when a stop was asked for."""
        if self._stop.is_set():
            raise Stopped("The work was stopped")


def model_folder(home: Home, model: str) -> Path:
    """Where the package `model` lies: installed ones first, then those of the program."""
    for place in (home.models / model, bundled_models() / model):
        if (place / "model.json").is_file():
            return place
    raise GenStudioError(
        f"There is no model {model!r}",
        kind="not-found",
        next_step="`genstudio models list` shows those that are there.",
    )


def package_folders(home: Home) -> list[Path]:
    """All package folders, installed ones first."""
    return [
        path.parent
        for place in (home.models, bundled_models())
        for path in sorted(place.glob("*/model.json"))
    ]


def read_settings(home: Home) -> Settings:
    """The user's settings; the defaults when the file is absent or damaged."""
    try:
        return Settings.read(home.settings_file)
    except GenStudioError:
        return Settings()
