"""The piano roll at 10,000 notes: how long a frame takes, with everything around it.

A frame is the whole widget (bars, keys, notes, velocities) drawn anew, nothing kept, on
1,400 × 760 pixels. Measured in a fresh process; a display is used where there is one (DISPLAY),
Qt's offscreen platform elsewhere. Beside the time that passed stands the time of the processor,
which other programs on the machine do not lengthen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row

ROOT = Path(__file__).resolve().parents[1]
FRAME_MS = 16.0
WORK = """
import json, statistics, sys, time
import numpy as np
from PySide6.QtWidgets import QApplication
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.ui import app
from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.piano_roll import PianoRoll
count, repeats = int(sys.argv[1]), int(sys.argv[2])
application = app.make_application(["roll"])
random = np.random.default_rng(0)
rows = [(i // 8 * 120, 110, 36 + i % 8 * 7 + int(random.integers(-5, 6)), 30 + i % 90, i % 8)
        for i in range(count)]
roll = PianoRoll()
roll.resize(1400, 760)
roll.show()
roll.set_piece(Piece(notes_of(rows), tuple(Track(f"Voice {n}") for n in range(8))))
application.processEvents()
canvas, model = roll.canvas, roll.model

def redraw():
    canvas.stale()
    roll.repaint()
def scroll():
    bar = canvas.horizontalScrollBar()
    bar.setValue((bar.value() + 37) % bar.maximum())
    application.processEvents()
place = [0]
def play():
    place[0] += 40
    roll.set_playhead(place[0], follow=False)
    application.processEvents()
def drag():
    model.preview(roll_rows.moved(model.rows(), 120 * (1 + place[0] % 5), 1))
    application.processEvents()
    place[0] += 1

def measure(name, work):
    work()
    wall, own = [], []
    for _ in range(repeats):
        began, ran = time.perf_counter(), time.thread_time()
        work()
        wall.append((time.perf_counter() - began) * 1e3)
        own.append((time.thread_time() - ran) * 1e3)
    facts[name] = [statistics.median(wall), statistics.median(own), max(own)]

facts = {}
measure("scroll", scroll)
measure("play", play)
roll.set_playhead(None)
canvas.fit()
application.processEvents()
facts["seen"] = int(((canvas.view.places(model.rows())[0]) < canvas.viewport().width()).sum())
measure("all", redraw)
roll.commands.select_all()
measure("drag", drag)
print("FACTS " + json.dumps(facts), flush=True)
roll.close()
"""
_ROWS = (
    ("roll, all notes in sight drawn anew", "all", "{seen:,} notes in sight"),
    ("roll, scrolled by 37 pixels", "scroll", "8 bars in sight"),
    ("roll, all notes dragged, one move", "drag", "every note selected, moved and drawn anew"),
    ("roll, a frame while it plays", "play", "only the playhead moves"),
)


def rows(quick: bool = False) -> Iterator[Row]:
    """A frame of each kind against what 60 frames a second leave."""
    facts = _facts(10_000, 5 if quick else 41)
    for name, key, how in _ROWS:
        wall, own, worst = facts[key]
        words = how.format(seen=facts["seen"])
        yield Row(
            name,
            own,
            "ms",
            FRAME_MS,
            note=f"processor's time, median; worst {worst:.1f} ms, {wall:.1f} ms passed; {words}",
        )


def _facts(count: int, repeats: int) -> dict:
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    if not os.environ.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(count), str(repeats)],
        env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("FACTS ")]
    if done.returncode or not lines:
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr[-3000:]}")
    found: dict = json.loads(lines[-1].removeprefix("FACTS "))
    return found
