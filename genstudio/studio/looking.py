"""Looking at foreign files for the window: a process of its own reads them, never the window's.

A picture that crashes its decoder costs a sentence; the next look starts a new process.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from genstudio.core.artifact import Provenance
from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Done, Event, Failed, Preview, Progress
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.studio.importing import Described
from genstudio.workers.parent import Worker

MAX_SIDE = 2048


class Asker:
    """A files worker of its own that is asked one thing at a time; it starts at the first.

    `ask` blocks until the answer is there: call it beside the window's thread.
    """

    def __init__(self, home: Home, worker: Callable[..., Worker] = Worker) -> None:
        self._heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._worker = worker("files", home.root, self._hear)
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._asked = 0

    def ask(
        self,
        work: str,
        body: Mapping[str, Json],
        hear: Callable[[Event], object] = lambda event: None,
    ) -> dict[str, Json]:
        """Done.data of a work of the files role; `hear` is called with each Preview and Progress
        on the way, in this thread. Raises GenStudioError (kind "cancelled" after `stop`)."""
        with self._lock:
            return self._answer(work, body, hear)

    def stop(self) -> None:
        """Ask what runs now to stop; its `ask` raises."""
        self._worker.cancel(_job(self._asked))

    def close(self) -> None:
        """End the process; a look under way ends with it."""
        self._worker.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _answer(
        self,
        work: str,
        body: Mapping[str, Json],
        hear: Callable[[Event], object] = lambda event: None,
    ) -> dict[str, Json]:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="genstudio-")
        self._asked += 1
        job = _job(self._asked)
        self._worker.send(Message(job=job, work=work, body=dict(body), spool=self._folder.name))
        event = self._heard.get()
        # Events of another job belong to a look that was given up.
        while event.job != job or not isinstance(event, ENDS):
            if event.job == job:
                hear(event)
            event = self._heard.get()
        if isinstance(event, Done):
            return dict(event.data)
        if isinstance(event, Failed):
            raise GenStudioError(
                event.problem.what,
                file=event.problem.file,
                next_step=event.problem.next_step,
                details=event.problem.details,
                kind=event.problem.kind,
            )
        raise GenStudioError("The look was stopped", kind="cancelled")

    def _hear(self, event: Event) -> None:
        if isinstance(event, (*ENDS, Preview, Progress)):
            self._heard.put(event)


class Looker(Asker):
    """What the window wants to know of dropped files and input pictures."""

    def describe(self, path: Path) -> Described:
        """What the file or folder is; raises GenStudioError with the reason."""
        data = self.ask("inspect", {"path": str(path)})
        record = data.pop("provenance", None)
        made = Provenance.model_validate(record) if record else None
        kind, text = str(data.pop("kind")), str(data.pop("text"))
        data.pop("path", None)
        return Described(kind, path, text, made, data)  # type: ignore[arg-type]

    def picture(self, path: Path, side: int = MAX_SIDE) -> bytes:
        """PNG bytes of a picture, at most `side` pixels wide and high; raises GenStudioError."""
        return self._made("picture", {"path": str(path), "side": side})

    def words(self, path: Path) -> str:
        """What a text file, page or Word document says; raises GenStudioError."""
        return self._made("words", {"path": str(path)}).decode()

    def score(self, path: Path) -> bytes:
        """The notes of a MIDI or MusicXML file, as a `core.piece_file.PieceFile`; raises
        GenStudioError."""
        return self._made("score", {"path": str(path)})

    def colours(self, path: Path) -> dict[str, Json]:
        """`key`, `tempo` and `sentence` of a picture (`media.colour_music`); raises
        GenStudioError."""
        return self.ask("colours", {"path": str(path)})

    def _made(self, work: str, body: Mapping[str, Json]) -> bytes:
        """What a work put into the spool."""
        with self._lock:
            made = Path(str(self._answer(work, body)["path"]))
            content = made.read_bytes()
            made.unlink()
        return content


def _job(number: int) -> str:
    return f"look-{number}"
