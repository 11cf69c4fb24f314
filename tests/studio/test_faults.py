"""Faults on purpose: the disk fails at every single call, processes die at every moment.

Whatever fails, a file holds its old bytes or its new ones, and the next attempt works
(RELIABILITY.md bars 3, 5, 7, 9; SQLite's test6.c is the model for failing at call k).
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.core.events import ENDS, Failed, Preview, Result
from genstudio.core.job import QueueFile
from genstudio.core.paths import Home
from genstudio.core.settings import Settings
from genstudio.media import image
from genstudio.studio import kept
from genstudio.studio.gallery import Gallery
from genstudio.studio.library import Library, Model
from genstudio.studio.requests import make_request
from genstudio.studio.studio import Studio
from genstudio.workers.parent import Worker
from tests.helpers import packages
from tests.helpers.results import result

ROOT = Path(__file__).resolve().parents[2]
SOON = 30.0
CALLS = ("write", "sync", "rename")


class Fault:
    """Fails at the k-th call of the writer's system calls, once or from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, for_good: bool, code: int):
        self.count = 0
        self.fired = False
        self._number, self._for_good, self._code = number, for_good, code
        self._lock = threading.Lock()
        write, sync, rename = files._Whole.write, files._sync, files._rename
        monkeypatch.setattr(files._Whole, "write", lambda s, data: self._turn() or write(s, data))
        monkeypatch.setattr(files, "_sync", lambda handle: self._turn() or sync(handle))
        monkeypatch.setattr(files, "_rename", lambda a, b: self._turn() or rename(a, b))

    def _turn(self) -> None:
        with self._lock:
            self.count += 1
            now = self.count == self._number or (self._for_good and self.count > self._number)
            self.fired = self.fired or now
        if now:
            raise OSError(self._code, os.strerror(self._code))


def every_fault(work: Callable[[Fault], None], code: int, for_good: bool) -> int:
    """Run `work` with a fault at call 1, 2, 3 … until it gets through; how many there were."""
    for number in range(1, 200):
        with pytest.MonkeyPatch.context() as patch:
            fault = Fault(patch, number, for_good, code)
            work(fault)
        if not fault.fired:
            return number - 1
    raise AssertionError("it never gets through")


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob(f"*{files.TEMP_MARK}*")]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_state_files_are_old_or_new(tmp_path, code, for_good):
    path = tmp_path / "settings.json"
    old, new = Settings(theme="dark"), Settings(theme="light", threads=7)

    def save(fault: Fault) -> None:
        shutil.rmtree(tmp_path, ignore_errors=True)
        path.parent.mkdir()
        path.write_bytes(old.to_bytes())
        try:
            kept.write(path, new)
            done = True
        except (GenStudioError, OSError):
            done = False
        data = path.read_bytes()
        assert data in (old.to_bytes(), new.to_bytes())
        assert data == new.to_bytes() or not done
        assert leftovers(tmp_path) == []
        value, problem = kept.read(Settings, path, Settings())
        assert value in (old, new)
        assert problem is None

    assert every_fault(save, code, for_good) >= 6


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_adding_to_the_gallery_loses_no_picture(tmp_path, for_good):
    home = Home(tmp_path / "home")

    def add(fault: Fault) -> None:
        shutil.rmtree(home.root, ignore_errors=True)
        fault.count = -(10**6)
        gallery = Gallery(home)
        made = [result(home, seed=seed) for seed in (1, 2)]
        pixels = {Path(one.path).read_bytes() for one in made}
        fault.count = 0
        try:
            gallery.add_many(made)
            done = True
        except (GenStudioError, OSError):
            done = False
        fault.count = -(10**6)
        places = [*home.spool.rglob("*.png"), *home.gallery.rglob("*.png")]
        assert {path.read_bytes() for path in places} == pixels
        gallery.refresh()
        shown = gallery.list()
        assert len(shown) == len(list(home.gallery.rglob("*.png")))
        assert len(shown) == 2 or not done
        for artifact in shown:
            assert image.read(gallery.path(artifact)).size
        assert leftovers(home.root) == []
        gallery.close()

    assert every_fault(add, errno.ENOSPC, for_good) >= 8


def test_trash_and_stars_are_all_or_nothing(tmp_path):
    home = Home(tmp_path / "home")

    def change(fault: Fault) -> None:
        shutil.rmtree(home.root, ignore_errors=True)
        fault.count = -(10**6)
        gallery = Gallery(home)
        artifact = gallery.add(result(home, seed=5))
        fault.count = 0
        for work in (gallery.star, lambda name: gallery.trash([name])):
            try:
                work(artifact.id)
            except (GenStudioError, OSError):
                continue
        fault.count = -(10**6)
        gallery.rebuild()
        (found,) = gallery.list() or gallery.list(trashed=True)
        assert found.provenance.request.seed == 5
        assert image.read(gallery.path(found)).size
        gallery.close()

    assert every_fault(change, errno.ENOSPC, False) >= 6


def test_installing_a_model_is_all_or_nothing(tmp_path):
    package = packages.gan(tmp_path / "package")
    home = Home(tmp_path / "home")

    def install(fault: Fault) -> None:
        shutil.rmtree(home.root, ignore_errors=True)
        library = Library(home, bundled=tmp_path / "none")
        with contextlib.suppress(GenStudioError, OSError):
            library.install(package)
        folders = list(home.models.iterdir()) if home.models.exists() else []
        assert [model.folder for model in library.list()] == folders
        assert library.problems == []
        assert len(folders) <= 1

    assert every_fault(install, errno.ENOSPC, False) >= 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_FSIZE of Linux")
def test_a_real_limit_of_the_system_keeps_the_old_file(tmp_path):
    """The kernel itself refuses the write: the same as a full disk."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from genstudio.core import files; from genstudio.core.errors import DiskFull\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "path = Path(sys.argv[1]); files.write_bytes(path, b'old')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n    files.write_bytes(path, bytes(200_000))\n"
        "except DiskFull as error:\n    print(error.problem.sentence)\n"
    )
    path = tmp_path / "Größe.bin"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    said = done.stdout.decode()
    assert said.startswith("The disk is full; Größe.bin was not written")
    assert said.count("\n") == 1
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


SESSION = """
import sys, time
from pathlib import Path
from genstudio.core.paths import Home
from genstudio.studio.studio import Studio
from genstudio.core.request import Request
from tests.helpers.fake_worker import FakeWorker
from tests.helpers.results import result

home = Home(Path(sys.argv[1]))
studio = Studio(home, worker=FakeWorker)
first = len(studio.gallery.list()) + len(studio.gallery.list(trashed=True))
print("open", studio.unclean, flush=True)
n = first
while True:
    n += 1
    artifact = studio.gallery.add(result(home, seed=n))
    print("kept", artifact.id, flush=True)
    studio.save_session({"n": n})
    studio.queue.pause(True)
    studio.queue.submit(Request(model="toy-gan", task="sample", seed=n))
    if n % 3 == 0:
        studio.gallery.star(artifact.id)
    if n % 5 == 0:
        studio.gallery.trash([artifact.id])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_session_killed_again_and_again_loses_nothing_it_had_told(tmp_path):
    """10 SIGKILLs of a busy window: all told artifacts are there, all state files are whole."""
    home = Home(tmp_path / "home")
    seed = 20261121
    moments = random.Random(seed)
    told: set[str] = set()
    for turn in range(10):
        window = subprocess.Popen(
            [sys.executable, "-c", SESSION, str(home.root)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert window.stdout.readline().split() == [b"open", str(turn > 0).encode()]
        window.stdout.readline()
        wait = moments.uniform(0, 0.3)
        time.sleep(wait)
        os.kill(window.pid, signal.SIGKILL)
        said = window.stdout.read().decode()
        window.stdout.close()
        window.wait()
        told |= {line.split()[1] for line in said.splitlines() if line.startswith("kept ")}
        at = f"seed {seed}, turn {turn}, {wait:.4f} s"
        for kind, path in ((QueueFile, home.queue_file), (kept.Session, home.session_file)):
            _, problem = kept.read(kind, path, kind())
            assert problem is None, at
    gallery = Gallery(home, unclean=True)
    there = {a.id for a in gallery.list(limit=-1)} | {
        a.id for a in gallery.list(trashed=True, limit=-1)
    }
    assert told <= there
    assert gallery.problems == []
    for record in home.root.rglob("*.png.json"):
        assert Artifact.read(record)
    gallery.close()
    db = sqlite3.connect(home.index_file)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()


class Window:
    """A studio with its real processes, and what its callbacks heard."""

    def __init__(self, home: Home) -> None:
        self.workers: list[Worker] = []
        self.heard: queue.Queue = queue.Queue()
        self.studio = Studio(home, worker=self._worker)
        self.studio.queue.on_event(self.heard.put)

    def _worker(self, role, home, on_event):
        self.workers.append(Worker(role, home.root, on_event, 1.0))
        return self.workers[-1]

    def until(self, kinds) -> list:
        events = []
        while not events or not isinstance(events[-1], kinds):
            events.append(self.heard.get(timeout=SOON))
        return events


@pytest.fixture
def window(tmp_path) -> Iterator[Window]:
    home = Home(tmp_path / "Prüfung 測試")
    Library(home, bundled=tmp_path / "none").install(packages.gan(tmp_path / "gan"))
    window = Window(home)
    yield window
    window.studio.close()


def gan_of(window: Window) -> Model:
    """The one model that is installed."""
    return next(model for model in window.studio.library.list() if not model.bundled)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_generate_process_killed_in_the_middle_of_a_job(window, name):
    """The real worker, a real model: one Failed, what was made is kept, the next job works."""
    model = gan_of(window)
    job = window.studio.queue.submit(make_request(model, values={"count": 256}, seed=1))
    before = window.until(Result)
    os.kill(window.workers[0].pid, getattr(signal, name))
    events = before + window.until(ENDS)
    ends = [event for event in events if isinstance(event, ENDS)]
    assert len(ends) == 1
    if isinstance(ends[0], Failed):
        assert "\n" not in ends[0].problem.sentence
    told = [event.data["artifact"] for event in events if isinstance(event, Result)]
    assert told
    assert {artifact.id for artifact in window.studio.gallery.list(limit=-1)} == set(told)
    assert ends[0].job == job
    window.studio.queue.submit(make_request(model, values={"count": 2}, seed=2))
    assert [event.kind for event in window.until(ENDS)][-1] == "done"
    assert window.heard.empty()


def test_cancel_while_pictures_are_made(window):
    model = gan_of(window)
    job = window.studio.queue.submit(make_request(model, values={"count": 256}, seed=1))
    window.until(Result)
    window.studio.queue.cancel(job)
    end = window.until(ENDS)[-1]
    assert end.kind in ("cancelled", "done")
    assert window.studio.queue.get(job).state == end.kind


def test_a_slider_dragged_on_a_real_model(window):
    model = gan_of(window)
    for step in range(30):
        values = {"count": 1, "truncation": step / 30}
        window.studio.queue.submit(make_request(model, values=values, seed=1, live=True))
        time.sleep(0.005)
    stamps, end = [], time.monotonic() + SOON
    while time.monotonic() < end and window.studio.queue.busy("generate"):
        time.sleep(0.01)
    while not window.heard.empty():
        event = window.heard.get()
        assert not isinstance(event, Failed), event
        if isinstance(event, Preview):
            stamps.append(event.stamp)
    assert stamps == sorted(stamps)
    assert 1 <= len(stamps) <= 30
    assert stamps[-1] == 30
    assert window.studio.gallery.count() == 0
    assert window.studio.queue.jobs() == []


def test_verify_evaluate_and_doctor_answer_in_the_real_worker(window):
    model = gan_of(window)
    packages.record_probe(model.folder)
    window.studio.queue.submit_work("generate", "doctor")
    done = window.until(ENDS)[-1]
    assert done.data["device"] in ("CPU", "CUDA")
    window.studio.queue.submit_work("generate", "verify", {"model": model.id})
    assert window.until(ENDS)[-1].data["ok"] is True
    window.studio.queue.submit_work("generate", "evaluate", {"model": model.id, "data": "none"})
    failed = window.until(ENDS)[-1]
    assert isinstance(failed, Failed)
    assert "none" in failed.problem.sentence
