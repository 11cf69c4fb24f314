"""The two threads that work on an engine: one makes sound ahead, one hands it over."""

from __future__ import annotations

import threading

from PySide6.QtCore import QEventLoop

from genstudio.ui.playing.engine import Engine

TICK_SECONDS = 0.02
_REST_SECONDS = 0.01


class Hands:
    """They begin with the first `wake` and rest while the engine has nothing to do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._wakes = (threading.Event(), threading.Event())
        self._threads: list[threading.Thread] = []

    def wake(self) -> None:
        """There is something to do."""
        if not self._threads and not self._stop.is_set():
            for number, (work, name) in enumerate(((self._make, "maker"), (self._give, "giver"))):
                thread = threading.Thread(
                    target=work, args=(self._wakes[number],), name=f"sound-{name}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
        for wake in self._wakes:
            wake.set()

    def close(self) -> None:
        """Silence; both threads have ended when it returns."""
        self._stop.set()
        for wake in self._wakes:
            wake.set()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _make(self, wake: threading.Event) -> None:
        while not self._stop.is_set():
            if not self._engine.prepare():
                self._rest(wake, _REST_SECONDS)

    def _give(self, wake: threading.Event) -> None:
        # QAudioSink lives in this thread and may want its events handled here.
        events = QEventLoop()
        while not self._stop.is_set():
            self._engine.feed()
            events.processEvents()
            self._rest(wake, TICK_SECONDS)
        self._engine.close()

    def _rest(self, wake: threading.Event, seconds: float) -> None:
        if self._engine.busy:
            self._stop.wait(seconds)
            return
        wake.clear()
        # Asked again, because something may have come before the line above.
        if not self._engine.busy and not self._stop.is_set():
            wake.wait()
