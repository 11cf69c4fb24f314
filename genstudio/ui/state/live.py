"""LiveLoop: redraw while a slider is dragged, newest wish first, one request under way at a time.

A new wish never stops the picture being drawn (a fast drag would then show nothing at all);
it waits, replaces any older wish, and goes out when the answer has come.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PATIENCE_MS = 10_000


class LiveLoop(QObject):
    """`send(wish)` submits and returns the job id; call `answered(job)` at its end."""

    def __init__(self, send: Callable[[object], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._job = ""
        self._wish: object | None = None
        self.sent_at = 0.0
        self.shown = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)

    @property
    def job(self) -> str:
        """The live job under way, or ""."""
        return self._job

    @property
    def busy(self) -> bool:
        """True while an answer is awaited."""
        return bool(self._job)

    def want(self, wish: object, *, urgent: bool = False) -> None:
        """Ask for `wish`; an older wish that has not gone out is forgotten.

        `urgent` does not wait for the answer under way (a whole grid, not one picture).
        """
        self._wish = wish
        if urgent or not self._job:
            self._go()

    def answered(self, job: str) -> None:
        """The live job ended, well or not: send the newest wish, if there is one."""
        if job and job == self._job:
            self._job = ""
            self._patience.stop()
            self._go()

    def stop(self) -> None:
        """Forget what is wished and what is under way."""
        self._wish = None
        self._job = ""
        self._patience.stop()

    def _go(self) -> None:
        if self._wish is None:
            return
        wish, self._wish = self._wish, None
        self.sent_at = time.monotonic()
        self._job = self._send(wish)
        if self._job:
            self._patience.start()

    def _give_up(self) -> None:
        # The worker is loading the model or gone: do not wait for ever for its answer.
        self._job = ""
        self._go()
