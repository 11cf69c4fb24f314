"""Processes that end with the one that started them: their stdin is its open pipe."""

from __future__ import annotations

import os
import signal
import threading

WATCHED = "GENSTUDIO_ENDS_WITH_STDIN"
"""Set by our own launcher, which keeps stdin open; others may close it from the start."""


def end_with_stdin() -> None:
    """Where stdin is a pipe to the launcher: end at once when the launcher is gone."""
    if not os.environ.get(WATCHED):
        return

    def watch() -> None:
        while os.read(0, 1):
            pass
        # torchrun's own handler then ends its processes; a rank saves what it can.
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="launcher", daemon=True).start()
