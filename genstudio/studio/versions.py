"""Trees of versions beside their documents, written in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from genstudio.core.errors import Problem
from genstudio.core.versions import Versions
from genstudio.studio import kept
from genstudio.studio.documents import Documents
from genstudio.studio.saver import REST_SECONDS, Saver

BESIDE = "versions"


class VersionShelf:
    """By the id of the document; all calls are safe from any thread."""

    def __init__(
        self,
        documents: Documents,
        on_problem: Callable[[Problem], None] = lambda _problem: None,
        read_only: bool = False,
    ) -> None:
        self._documents, self._tell, self._read_only = documents, on_problem, read_only
        self._lock = threading.RLock()
        self._waiting: dict[str, Versions] = {}
        self._saver = Saver(self._save, on_problem, REST_SECONDS)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._saver.close()

    def get(self, name: str) -> Versions:
        """The tree of a document; an empty one where there is none. A damaged one is told."""
        with self._lock:
            if name in self._waiting:
                return self._waiting[name]
        found, problem = kept.read(Versions, self._documents.beside(name, BESIDE), Versions())
        if problem is not None:
            self._tell(problem)
        return found

    def put(self, name: str, versions: Versions) -> None:
        """Keep the newest tree; it is on the disk a moment later."""
        if self._read_only:
            return
        with self._lock:
            self._waiting[name] = versions
        self._saver.mark()

    def _save(self) -> None:
        with self._lock:
            waiting = dict(self._waiting)
        for name, versions in waiting.items():
            if self._documents.has(name):  # else it went to the trash
                kept.write(self._documents.beside(name, BESIDE), versions)
            with self._lock:
                if self._waiting.get(name) is versions:
                    del self._waiting[name]
