"""Looking at foreign files for the window: a process of its own reads them, never the window's.

A picture that crashes its decoder costs a sentence; the next look starts a new process.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from genstudio.core.artifact import Provenance
from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Done, Event, Failed
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.studio.importing import Described
from genstudio.workers.parent import Worker

MAX_SIDE = 2048


class Looker:
    """`describe` and `picture` block until the answer is there: call them beside the window's
    thread. One look at a time; the process starts at the first.
    """

    def __init__(self, home: Home, worker: Callable[..., Worker] = Worker) -> None:
        self._ends: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._worker = worker("files", home.root, self._hear)
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._asked = 0

    def describe(self, path: Path) -> Described:
        """What the file or folder is; raises GenStudioError with the reason."""
        data = self._ask("inspect", {"path": str(path)})
        record = data.pop("provenance", None)
        made = Provenance.model_validate(record) if record else None
        kind, text = str(data.pop("kind")), str(data.pop("text"))
        data.pop("path", None)
        return Described(kind, path, text, made, data)  # type: ignore[arg-type]

    def picture(self, path: Path, side: int = MAX_SIDE) -> bytes:
        """PNG bytes of a picture, at most `side` pixels wide and high; raises GenStudioError."""
        with self._lock:
            data = self._answer("picture", {"path": str(path), "side": side})
            made = Path(str(data["path"]))
            content = made.read_bytes()
            made.unlink()
        return content

    def close(self) -> None:
        """End the process; a look under way ends with it."""
        self._worker.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _ask(self, work: str, body: dict[str, Json]) -> dict[str, Json]:
        with self._lock:
            return self._answer(work, body)

    def _answer(self, work: str, body: dict[str, Json]) -> dict[str, Json]:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="genstudio-")
        self._asked += 1
        job = f"look-{self._asked}"
        self._worker.send(Message(job=job, work=work, body=body, spool=self._folder.name))
        end = self._ends.get()
        while end.job != job:  # the end of a look that was given up
            end = self._ends.get()
        if isinstance(end, Done):
            return dict(end.data)
        if isinstance(end, Failed):
            raise GenStudioError(
                end.problem.what,
                file=end.problem.file,
                next_step=end.problem.next_step,
                details=end.problem.details,
                kind=end.problem.kind,
            )
        raise GenStudioError("The look was stopped", kind="cancelled")

    def _hear(self, event: Event) -> None:
        if isinstance(event, ENDS):
            self._ends.put(event)
