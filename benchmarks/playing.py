"""Playing while a model generates: gaps that would be heard, and how soon Play is heard.

A piece of eight tracks plays through the real engine and its two threads, into an output that
takes sound at the pace of the clock as a device does, while another process generates pictures
with all cores, again and again, and this one keeps its event loop as busy as a window may.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from benchmarks.rows import Row
from genstudio.media.notes import NOTE, Piece, Track
from genstudio.ui.playing.outputs import ClockOutput
from genstudio.ui.playing.transport import Transport

MODEL, COUNT = "fashion-diffusion", "64"
SECONDS, QUICK_SECONDS = 60.0, 4.0
PROGRAMS = (0, 24, 32, 40, 42, 56, 73)
BUSY_SECONDS, BUSY_EVERY_MS = 0.03, 100
"""A window that holds the interpreter for 30 ms ten times a second."""


def rows(quick: bool) -> Iterator[Row]:
    """Gaps while a model generates, and seconds from Play to sound."""
    seconds = QUICK_SECONDS if quick else SECONDS
    application = QCoreApplication.instance() or QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder:
        load = Load(Path(folder))
        transport = Transport(ClockOutput())
        try:
            began, heard = play(application, transport, seconds, load)
        finally:
            transport.close()
            load.close()
    note = f"{seconds:.0f} s, 8 tracks, while {MODEL} makes pictures ({load.started} runs)"
    yield Row("gaps while a model generates", transport.underruns, "", 0, note=note)
    yield Row("from Play to sound, all instruments cold", heard - began, "s", note="same run")


class Load:
    """A process that generates, begun again whenever it has ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0
        self.keep()

    def keep(self) -> None:
        """Begin again where it has ended."""
        if self._process is None or self._process.poll() is not None:
            words = ("generate", MODEL, "--count", COUNT, "--out", str(self._folder))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "genstudio", *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.started += 1

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def play(
    application: QCoreApplication, transport: Transport, seconds: float, load: Load
) -> tuple[float, float]:
    """Let it play; (when Play was pressed, when the place first moved)."""
    loop, moves = QEventLoop(), []
    transport.moved.connect(lambda place: moves.append(time.monotonic()) if place > 0 else None)
    busy = QTimer()
    busy.timeout.connect(lambda: (hold(), load.keep()))
    busy.start(BUSY_EVERY_MS)
    transport.set_piece(band(seconds + 60))
    began = time.monotonic()
    transport.play()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    busy.stop()
    application.processEvents()
    return began, moves[0] if moves else float("inf")


def hold() -> None:
    """Keep the interpreter busy without letting go."""
    until = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < until:
        pass


def band(seconds: float) -> Piece:
    """Eighths of seven instruments and drums at 120 quarters a minute."""
    tracks = (*(Track("", program) for program in PROGRAMS), Track("Drums", 0, True))
    rows_ = [
        (step * 240, 230, 36 if track == 7 else 40 + 4 * track + step % 12, 80, track)
        for step in range(int(seconds * 4))
        for track in range(8)
    ]
    return Piece(np.array(rows_, NOTE), tracks)


if __name__ == "__main__":
    for row in rows("--quick" in sys.argv):
        print(row.cells())
