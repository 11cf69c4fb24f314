"""The window: how soon it is there, how smooth it stays, how fast a slider redraws and text comes.

Each figure comes from a fresh process. A display is used where there is one (DISPLAY), Qt's
offscreen platform elsewhere; the peer runs on the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, interleaved

ROOT = Path(__file__).resolve().parents[1]
SLIDER_MODEL = "fashion-gan"
WRITER, PARAGRAPHS = "stories-transformer", 3000
"""A text of a megabyte."""
STALL_MS = 50.0

# Both print the milliseconds from their first line to the end of the first paint.
EMPTY = """
import time; began = time.perf_counter()
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    seen = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.seen:
            self.seen = True
            QTimer.singleShot(0, report)
def report():
    print(time.perf_counter() - began, flush=True)
    application.quit()
application = QApplication(["empty"])
window = Window()
window.resize(1280, 800)
window.show()
application.exec()
"""
OURS = """
import time; began = time.perf_counter()
import sys
from pathlib import Path
from genstudio.core.paths import Home
from genstudio.ui import app
application = app.make_application(["genstudio"])
made = app.Application(Home(Path(sys.argv[1])))
made.window.painted.disconnect(made.start)
def report():
    print(time.perf_counter() - began, flush=True)
    heavy = {"torch", "onnxruntime"} & set(sys.modules)
    assert not heavy, heavy
    application.quit()
made.window.painted.connect(report)
made.window.resize(1280, 800)
made.show()
application.exec()
"""

# What the two measurements of a living window share.
LIVING = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from genstudio.core.paths import Home
from genstudio.ui import app
home, seconds, model, data = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
application = app.make_application(["genstudio"])
made = app.Application(Home(home))
made.window.resize(1280, 800)
made.show()
def finish(facts):
    print("FACTS " + json.dumps(facts), flush=True)
    made.window.close()
    application.quit()
def begin():
    if made.state is None:
        QTimer.singleShot(50, begin)
    else:
        QTimer.singleShot(2000, work)
QTimer.singleShot(0, begin)
"""
STALLS = (
    LIVING
    + """
gaps, last = [], [0.0]
def tick():
    now = time.perf_counter()
    gaps.append((now - last[0]) * 1000 - 10)
    last[0] = now
timer = QTimer()
timer.setTimerType(timer.timerType().PreciseTimer)
timer.setInterval(10)
timer.timeout.connect(tick)
made_pictures = [0]
def again():
    generation = made.state.generation
    generation.ask.set_model(model)
    generation.ask.set_value("count", 64)
    generation.submit()
def event(found):
    if found.kind == "result":
        made_pictures[0] += 1
    if found.kind in ("done", "failed") and made_pictures[0] and not finished[0]:
        if not made.studio.queue.busy("generate"):
            again()
finished = [False]
def work():
    from genstudio.core.recipe import Recipe
    recipe = json.loads(Path(sys.argv[5]).read_bytes())
    recipe["data"] = data
    recipe["settings"] = {**recipe.get("settings", {}), "steps": 1000000}
    made.studio.queue.submit_work("train", "train", {"recipe": recipe, "base": str(home)}, "load")
    made.bridge.event.connect(event)
    again()
    QTimer.singleShot(8000, measure)
def measure():
    gaps.clear()
    last[0] = time.perf_counter()
    made_pictures[0] = 0
    timer.start()
    QTimer.singleShot(int(seconds * 1000), done)
def done():
    finished[0] = True
    timer.stop()
    training = made.studio.queue.busy("train")
    made.studio.queue.cancel_running()
    late = sorted(gaps)
    finish({
        "worst": late[-1], "p99": late[int(len(late) * 0.99)], "ticks": len(late),
        "over": sum(gap > 50 for gap in late), "pictures": made_pictures[0], "training": training,
    })
sys.exit(application.exec())
"""
)
WRITING = (
    LIVING
    + """
gaps, last, letters = [], [0.0], [0]
def tick():
    now = time.perf_counter()
    gaps.append((now - last[0]) * 1000 - 5)
    last[0] = now
timer = QTimer()
timer.setTimerType(timer.timerType().PreciseTimer)
timer.setInterval(5)
timer.timeout.connect(tick)
def write():
    if time.perf_counter() < until[0]:
        panel.write()
until = [0.0]
def work():
    global panel
    made.window.show_area("text")
    panel = made.window.panels["text"]
    state = made.state.writing
    state.ask.set_model(model)
    state.ask.set_values({"count": 4})
    paragraph = "Once upon a time there was a king, and he had three sons. " * 6
    panel.page.edit.set_content((paragraph + "\\n\\n") * int(data) + "One day")
    until[0] = time.perf_counter() + 600
    state.grew.connect(count)
    state.ended.connect(lambda: QTimer.singleShot(0, write))
    begin_writing()
def begin_writing():
    if panel.page.edit.is_loading():
        QTimer.singleShot(50, begin_writing)
        return
    panel.page.edit.select(panel.page.edit.length())
    panel.write()
def count(_index, text):
    if not letters[0]:
        gaps.clear()
        last[0] = time.perf_counter()
        timer.start()
        until[0] = last[0] + seconds
        QTimer.singleShot(int(seconds * 1000), done)
    letters[0] += len(text)
def done():
    timer.stop()
    made.state.writing.stop()
    late = sorted(gaps)
    finish({
        "worst": late[-1], "p99": late[int(len(late) * 0.99)], "ticks": len(late),
        "over": sum(gap > 50 for gap in late), "letters": letters[0],
    })
sys.exit(application.exec())
"""
)
SLIDER = (
    LIVING
    + """
shown, waits, asked = [0], [], [0.0]
def work():
    generation = made.state.generation
    generation.ask.set_model(model)
    generation.ask.set_value("count", 1)
    generation.place_changed.connect(count)
    generation.finished.connect(drag)
    generation.submit()
def count(place):
    shown[0] += 1
steps = [0]
mover = QTimer()
def drag(*_):
    made.state.generation.finished.disconnect(drag)
    mover.setInterval(8)
    mover.timeout.connect(move)
    mover.start()
    QTimer.singleShot(2000, measure)
def move():
    steps[0] += 1
    made.state.generation.ask.set_value("truncation", 0.3 + 0.6 * (steps[0] % 100) / 100)
    made.state.generation.submit_live()
def measure():
    shown[0] = 0
    began = time.perf_counter()
    QTimer.singleShot(int(seconds * 1000), lambda: finish(
        {"rate": shown[0] / (time.perf_counter() - began)}))
sys.exit(application.exec())
"""
)


def rows(quick: bool = False) -> Iterator[Row]:
    """Start, smoothness under load, slider."""
    with tempfile.TemporaryDirectory(prefix="genstudio-bench-") as folder:
        home = Path(folder) / "home"
        yield from _start(home, 3 if quick else 9)
        yield from _slider(home, 5 if quick else 20)
        yield from _stalls(home, 10 if quick else 60)
        yield from _writing(home, 5 if quick else 30)


def _start(home: Path, repeats: int) -> Iterator[Row]:
    for code in (EMPTY, OURS):
        _python(code, home)  # files into the system's cache, byte code written
    found = interleaved(
        {
            "empty": lambda: float(_python(EMPTY, home)),
            "ours": lambda: float(_python(OURS, home)),
        },
        repeats,
    )
    yield Row(
        "start: imports and first paint",
        found["ours"] / found["empty"],
        "x",
        3.0,
        note=f"{found['ours'] * 1e3:.0f} ms against {found['empty'] * 1e3:.0f} ms of an empty "
        "QMainWindow; neither torch nor onnxruntime is imported",
    )


def _slider(home: Path, seconds: float) -> Iterator[Row]:
    facts = _facts(SLIDER, home, str(seconds), SLIDER_MODEL, "")
    yield Row(
        f"truncation slider on {SLIDER_MODEL}",
        facts["rate"],
        "images/s",
        30.0,
        "at least",
        note=f"moved every 8 ms for {seconds:g} s in the real window; a worker per picture",
    )


def _stalls(home: Path, seconds: float) -> Iterator[Row]:
    data = _noise(home)
    recipe = ROOT / "models" / SLIDER_MODEL / "recipe.json"
    facts = _facts(STALLS, home, str(seconds), SLIDER_MODEL, data, str(recipe))
    load = f"{facts['pictures']} pictures made" + (" while training" if facts["training"] else "")
    yield Row(
        "event loop, longest stall under full load",
        facts["worst"],
        "ms",
        STALL_MS,
        note=f"10 ms timer for {seconds:g} s, {load}; {facts['over']} of {facts['ticks']} ticks "
        f"over 50 ms, 99 % within {max(facts['p99'], 0):.1f} ms",
    )


def _writing(home: Path, seconds: float) -> Iterator[Row]:
    """From the first letter on, four drafts at a time, one after the other."""
    facts = _facts(WRITING, home, str(seconds), WRITER, str(PARAGRAPHS))
    yield Row(
        "event loop, longest stall while text streams",
        facts["worst"],
        "ms",
        STALL_MS,
        note=f"5 ms timer for {seconds:g} s, 4 drafts of {WRITER} behind {PARAGRAPHS:,} "
        f"paragraphs, {facts['letters']:,} letters came; {facts['over']} of {facts['ticks']} "
        f"ticks over 50 ms, 99 % within {max(facts['p99'], 0):.1f} ms",
    )


def _noise(home: Path) -> str:
    """A dataset of ten classes of noise: training on it costs what training costs."""
    import io

    import numpy as np

    from genstudio.core import files
    from genstudio.core.paths import Home
    from genstudio.workers import inline

    random = np.random.default_rng(0)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        images=random.integers(0, 256, (4000, 28, 28), dtype=np.uint8),
        labels=np.arange(4000) % 10,
    )
    place = home.parent / "noise.npz"
    files.write_bytes(place, buffer.getvalue())
    body = {"path": str(place), "name": "noise", "copy": True}
    list(inline.run("files", "add_dataset", body, Home(home)))
    return "noise"


def _facts(code: str, home: Path, *words: str) -> dict[str, float]:
    out = _python(code, home, *words)
    lines = [line for line in out.splitlines() if line.startswith("FACTS ")]
    found: dict[str, float] = json.loads(lines[-1].removeprefix("FACTS "))
    return found


def _python(code: str, home: Path, *words: str) -> str:
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    if not os.environ.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    for name, value in {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}.items():
        environment.setdefault(name, value)
    command = [sys.executable, "-c", code, str(home), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(
            f"exit code {done.returncode}: {done.stdout[-1500:]}{done.stderr[-3000:]}"
        )
    return done.stdout
