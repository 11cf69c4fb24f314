"""Garbage is collected in the window's thread alone.

Python collects reference cycles in whichever thread happens to allocate next: a reader of a
worker's lines, a lane of the queue, a pool thread. A widget or timer among them would be
destroyed there, and Qt then ends the process. calibre's `GarbageCollector` does the same.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 250
OLDEST = 2
"""The generation with everything in it."""


class Collector(QObject):
    """Turns automatic collection off and does it by a timer, as often as Python would, until
    `stop`. To be made in the window's thread.

    What is there at `settle` (modules and the window) and what the first whole collection finds
    in use is not looked through again: it would hold the window for a tenth of a second.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._frozen = False
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> int:
        """Collect the oldest generation whose turn it is; the number of objects found."""
        due = [
            generation
            for generation, (count, most) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if most and count > most
        ]
        found = gc.collect(due[-1]) if due else 0
        if due and due[-1] == OLDEST and not self._frozen:
            self._frozen = True
            gc.freeze()
        return found

    def settle(self) -> None:
        """What is there now stays until `stop`."""
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again; a second call does nothing."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
        gc.unfreeze()
        self._was_on = False
