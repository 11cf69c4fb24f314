"""Save in the background: the newest state only, and one sentence per trouble."""

from __future__ import annotations

import threading
from collections.abc import Callable

from genstudio.core.errors import Problem, classify

REST_SECONDS = 0.25


class Saver:
    """Calls `save` in its own thread after `mark`; marks that come meanwhile are one more save.

    A failing save is told once, until a save works again. `rest` seconds pass between a mark
    and its save: what is large is written when the press of a key that changed it is over.
    """

    def __init__(
        self,
        save: Callable[[], None],
        on_problem: Callable[[Problem], None],
        rest: float = 0.0,
    ) -> None:
        self._save = save
        self._on_problem = on_problem
        self._rest = rest
        self._change = threading.Condition()
        self._dirty = False
        self._closing = False
        self._told = False
        self._thread: threading.Thread | None = None

    def mark(self) -> None:
        """There is something new to save."""
        with self._change:
            self._dirty = True
            self._change.notify()
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="saver", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Save what is new and end the thread."""
        with self._change:
            self._closing = True
            self._change.notify()
            thread = self._thread
        if thread is not None:
            thread.join(10.0)
        elif self._dirty:
            self._once()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._dirty or self._closing)
                if not self._dirty:
                    return
                self._change.wait_for(lambda: self._closing, self._rest)
                self._dirty = False
            self._once()

    def _once(self) -> None:
        try:
            self._save()
            self._told = False
        except Exception as error:
            if not self._told:
                self._told = True
                self._on_problem(classify(error, doing="saving"))
