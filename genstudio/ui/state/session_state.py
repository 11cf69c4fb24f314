"""SessionState: every field survives a restart and a crash; three crashes at start reset it.

Keys hold plain JSON in the data folder's session file. A change is written a second later, and
while changes go on at the latest after five, in a thread: a disk may take a tenth of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.stored import Json
from genstudio.studio.kept import Session
from genstudio.studio.saver import Saver

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

QUIET_MS = 1000
LATEST_MS = 5000
MAX_CRASHES = 3


class SessionState(QObject):
    """`get`, `set`, and `part` for states that are asked for a snapshot at saving time; `close`
    ends the thread."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.safe_start = studio.crashes >= MAX_CRASHES
        # What was open may be what crashes the start: begin with defaults instead.
        self._values: dict[str, Json] = {} if self.safe_start else dict(studio.session())
        self._parts: dict[str, Callable[[], Json]] = {}
        self._dirty = False
        self._waiting: dict[str, Json] | None = None
        self._writing = threading.Lock()
        self._saver = Saver(self._write, lambda _problem: None)
        self.problem = ""
        self._quiet = self._timer(QUIET_MS)
        self._latest = self._timer(LATEST_MS)

    @property
    def notice(self) -> Problem | None:
        """What is to be said about a start with defaults; None after an ordinary start."""
        if not self.safe_start:
            return None
        return Problem(
            kind="safe-start",
            what=f"GenStudio did not end well {self._studio.crashes} times in a row, so it began "
            "with empty fields instead of what was open",
            next_step="Results, models, data and trainings are untouched. "
            "The reports lie in the folder “logs” of the data folder.",
        )

    def get(self, key: str, default: Any = None) -> Any:
        """What was kept under `key`, or `default`."""
        return self._values.get(key, default)

    def set(self, key: str, value: Json) -> None:
        """Keep `value` under `key`; written within five seconds."""
        if key not in self._values or self._values[key] != value:
            self._values[key] = value
            self.touch()

    def part(self, key: str, snapshot: Callable[[], Json]) -> None:
        """`snapshot()` is asked whenever the session is written; call `touch` on changes."""
        self._parts[key] = snapshot

    def touch(self) -> None:
        """Something changed: write after a second of quiet, at the latest after five."""
        self._dirty = True
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()

    def save(self) -> None:
        """Write now if anything changed."""
        self._take()
        self._write()

    def close(self) -> None:
        """Write what is new and end the thread."""
        self.save()
        self._saver.close()

    def _save_soon(self) -> None:
        self._take()
        self._saver.mark()

    def _take(self) -> None:
        """What is to be written, apart from values that go on changing."""
        self._quiet.stop()
        self._latest.stop()
        if not self._dirty:
            return
        self._dirty = False
        fresh = {key: snapshot() for key, snapshot in self._parts.items()}
        self._values |= fresh
        # Snapshots are made anew each time and may be large: only the other values are copied.
        others = {key: value for key, value in self._values.items() if key not in fresh}
        self._waiting = {**Session(values=others).values, **fresh}

    def _write(self) -> None:
        with self._writing:
            values, self._waiting = self._waiting, None
            if values is None:
                return
            try:
                self._studio.save_session(values)
                self.problem = ""
            except (GenStudioError, OSError) as error:
                # Read-only folder or full disk: work goes on, the fields stay in memory.
                self._dirty, self.problem = True, str(error)

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(self._save_soon)
        return timer
