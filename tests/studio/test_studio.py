"""The whole object: one owner, crashes noticed, state kept, read-only folders, what follows."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import DiskFull, GenStudioError, Problem, ReadOnly
from genstudio.core.events import Cancelled, Done, Failed, Log
from genstudio.core.paths import Home
from genstudio.core.settings import Settings
from genstudio.studio import instance, kept, recovery
from genstudio.studio.instance import AlreadyOpen, Lock, ask_first_to_show
from genstudio.studio.studio import Studio
from tests.helpers import packages
from tests.helpers.fake_worker import FakeWorker
from tests.helpers.results import result

ROOT = Path(__file__).resolve().parents[2]
SOON = 20.0


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "Prüfung 測試")


class Crew:
    """Fake workers by role."""

    def __init__(self) -> None:
        self.workers: dict[str, FakeWorker] = {}

    def __call__(self, role, home, on_event):
        self.workers[role] = FakeWorker(role, home, on_event)
        return self.workers[role]

    def wait(self, role: str, work: str):
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            worker = self.workers.get(role)
            if worker is not None and worker.message is not None and worker.message.work == work:
                return worker
            time.sleep(0.005)
        raise AssertionError(f"{role} was never asked for {work}")


@contextlib.contextmanager
def opened(home: Home, **options):
    crew = Crew()
    studio = Studio(home, worker=crew, **options)
    studio.crew = crew
    try:
        yield studio
    finally:
        studio.close()


def wait_for(condition) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_new_folder_opens_and_closes_clean(home):
    with opened(home) as studio:
        assert not studio.read_only
        assert not studio.unclean
        assert studio.problems == []
        assert studio.settings == Settings()
        assert studio.session() == {}
        assert studio.datasets.list() == studio.runs.list() == []
    with opened(home) as studio:
        assert not studio.unclean
    studio.close()


def test_one_window_owns_a_folder_and_guests_may_look(home, tmp_path):
    with opened(home):
        with pytest.raises(AlreadyOpen, match="open already"):
            Studio(home)
        with opened(home, owner=False) as guest:
            assert guest.gallery.list() == []
            assert not guest.unclean
        with opened(Home(tmp_path / "another")):
            pass
    with opened(home):
        pass


def test_a_guest_that_only_looks_leaves_no_trace(home):
    with opened(home, owner=False) as guest:
        assert guest.gallery.list() == []
        assert guest.settings == Settings()
        assert guest.session() == {}
        assert [model for model in guest.library.list() if not model.bundled] == []
        assert not guest.read_only
    assert not home.root.exists()


def test_a_second_start_asks_the_first_to_show_itself(home):
    shown = threading.Event()
    with opened(home) as studio:
        studio.on_show(shown.set)
        assert ask_first_to_show(home)
        assert shown.wait(SOON)
    assert not ask_first_to_show(home, patience=0.05)
    assert not (home.root / "show.request").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_lock_heals_by_itself_after_a_kill(home):
    """20 owners killed: every next start gets the folder and knows what happened."""
    seed = 7
    moments = random.Random(seed)
    code = (
        "import sys, time; from pathlib import Path; from genstudio.core.paths import Home\n"
        "from genstudio.studio.instance import Lock\n"
        "lock = Lock(Home(Path(sys.argv[1])).lock_file); print('held', flush=True)\n"
        "time.sleep(600)\n"
    )
    for turn in range(10):
        holder = subprocess.Popen(
            [sys.executable, "-c", code, str(home.root)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyOpen):
            Lock(home.lock_file)
        time.sleep(moments.uniform(0, 0.01))
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
        lock = Lock(home.lock_file)
        lock.release()
        lock.release()
        assert turn >= 0, f"seed {seed}"


def test_crashes_are_counted_until_a_start_settles(home):
    home.root.mkdir(parents=True)
    for count in range(4):
        assert recovery.mark_start(home) == count
    recovery.settle(home)
    assert recovery.mark_start(home) == 1
    recovery.mark_end(home)
    assert recovery.mark_start(home) == 0


def test_after_a_crash_leftovers_go_and_finished_work_stays(home):
    recovery.mark_start(home)
    saved = result(home, seed=77)
    (home.gallery / "2026-11-21").mkdir(parents=True)
    (home.gallery / "2026-11-21" / f"{files.TEMP_MARK}abc").write_bytes(b"half")
    (home.root / f"{files.TEMP_MARK}def").write_bytes(b"half")
    (home.spool / "torn.png").write_bytes(Path(saved.path).read_bytes()[:-20])
    home.logs.mkdir()
    (home.logs / "crash-1.log").write_bytes(b"")
    (home.logs / "crash-2.log").write_bytes(b"Fatal")
    with opened(home) as studio:
        assert studio.unclean
        assert studio.crashes == 1
        (kept_one,) = studio.gallery.list()
        assert kept_one.provenance.request.seed == 77
        studio.settle()
    assert not Path(saved.path).exists()
    assert not list(home.root.rglob(f"*{files.TEMP_MARK}*"))
    assert [path.name for path in home.logs.iterdir()] == ["crash-2.log"]


def test_settings_and_session_are_kept(home):
    with opened(home) as studio:
        studio.save_settings(Settings(theme="dark", threads=3))
        studio.save_session({"panel": "gallery", "fields": {"count": 4}})
    with opened(home) as studio:
        assert studio.settings.theme == "dark"
        assert studio.session() == {"panel": "gallery", "fields": {"count": 4}}
    with opened(home, owner=False) as guest:
        guest.save_session({"panel": "nothing"})
        assert guest.session()["panel"] == "gallery"


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff" * 50, b'{"format": 1, "theme": "pink"}'])
def test_damaged_settings_fall_back_and_are_told_once(home, damage):
    with opened(home) as studio:
        studio.save_settings(Settings(theme="dark"))
        studio.save_settings(Settings(theme="light"))
    home.settings_file.write_bytes(damage)
    with opened(home) as studio:
        assert studio.settings.theme == "dark"
        (problem,) = studio.problems
        assert "\n" not in problem.sentence
        assert "settings.json was damaged" in problem.sentence
    assert (home.root / "settings.json.damaged").read_bytes() == damage
    with opened(home) as studio:
        assert studio.problems == []


def test_settings_of_a_newer_version_are_left_alone(home):
    home.root.mkdir(parents=True)
    newer = b'{"format": 9, "theme": "dark"}'
    home.settings_file.write_bytes(newer)
    with opened(home) as studio:
        assert studio.settings == Settings()
        assert "Update GenStudio" in studio.problems[0].sentence
    assert home.settings_file.read_bytes() == newer


def test_every_flipped_bit_of_a_session_is_noticed(home):
    home.root.mkdir(parents=True)
    path = home.session_file
    first, second = kept.Session(values={"a": 1}), kept.Session(values={"a": 2})
    for number in range(0, len(second.to_bytes()) * 8, 11):
        kept.write(path, first)
        kept.write(path, second)
        data = bytearray(path.read_bytes())
        data[number // 8] ^= 1 << number % 8
        path.write_bytes(bytes(data))
        value, problem = kept.read(kept.Session, path, kept.Session())
        # Blanks may flip without harm; nothing else passes unnoticed.
        assert (value, problem) == (second, None) or (value == first and problem), number
        for left in path.parent.iterdir():
            left.unlink()


def test_a_full_disk_keeps_the_old_settings(home, monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    with opened(home) as studio:
        studio.save_settings(Settings(theme="dark"))
        before = home.settings_file.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(files._Whole, "write", full)
            with pytest.raises(DiskFull) as caught:
                studio.save_settings(Settings(theme="light"))
        assert "\n" not in caught.value.problem.sentence
        assert studio.settings.theme == "dark"
        assert home.settings_file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_random_kills_while_settings_are_saved(home):
    """15 SIGKILLs of a process that only saves: old or new, never less."""
    code = (
        "import sys; from pathlib import Path; from genstudio.studio import kept\n"
        "path, n = Path(sys.argv[1]), 0\n"
        "while True:\n"
        "    n += 1; kept.write(path, kept.Session(values={'n': n, 'pad': 'x' * 20000}))\n"
        "    print(n, flush=True)\n"
    )
    seed = 11
    moments = random.Random(seed)
    path = home.session_file
    path.parent.mkdir(parents=True)
    for turn in range(15):
        saver = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        saver.stdout.readline()
        wait = moments.uniform(0, 0.05)
        time.sleep(wait)
        os.kill(saver.pid, signal.SIGKILL)
        told = int(([1, *saver.stdout.read().split()])[-1])
        saver.wait()
        saver.stdout.close()
        value, problem = kept.read(kept.Session, path, kept.Session())
        assert problem is None, f"seed {seed}, turn {turn}, {wait:.4f} s: {problem}"
        assert value.values["n"] in (told, told + 1), f"seed {seed}, turn {turn}, {wait:.4f} s"
    assert files.clean_leftovers(path.parent) >= 0


def test_inputs_are_kept_once(home, tmp_path):
    source = tmp_path / "Bild.JPG"
    source.write_bytes(b"bytes of a picture")
    with opened(home) as studio:
        one = studio.keep_input(source)
        assert one.suffix == ".jpg"
        assert one.read_bytes() == source.read_bytes()
        assert studio.keep_input(source) == one
        mask = studio.keep_input(b"mask")
        assert mask.suffix == ".png"
        assert mask.parent == one.parent == home.root / "inputs"


def refuse_writes(monkeypatch, root: Path) -> None:
    """The data folder behaves as on a read-only volume, for root too."""
    real = files._Whole.__init__

    def init(self, path):
        if Path(path).is_relative_to(root):
            raise OSError(30, "Read-only file system", str(path))
        real(self, path)

    monkeypatch.setattr(files._Whole, "__init__", init)


def test_a_read_only_folder_starts_browses_and_refuses_in_words(home, monkeypatch):
    with opened(home) as studio:
        studio.save_settings(Settings(theme="dark"))
        artifact = studio.gallery.add(result(home))
    before = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    refuse_writes(monkeypatch, home.root)
    with opened(home) as studio:
        assert studio.read_only
        assert studio.settings.theme == "dark"
        assert [found.id for found in studio.gallery.list()] == [artifact.id]
        assert studio.gallery.thumbnail(artifact, 6).is_file()
        assert [problem.kind for problem in studio.problems] == ["read-only"]
        with pytest.raises(ReadOnly, match="cannot keep the settings"):
            studio.save_settings(Settings())
        studio.save_session({"panel": "x"})
        studio.settle()
        assert studio.keep_input(b"mask").read_bytes() == b"mask"
    assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == before


def test_a_trash_that_is_old_is_emptied_at_the_end(home):
    with opened(home) as studio:
        artifact = studio.gallery.add(result(home))
        studio.gallery.trash([artifact.id])
        studio.settings = Settings(trash_days=1)
    with opened(home) as studio:
        assert len(studio.gallery.list(trashed=True)) == 1


def test_an_imported_model_is_tried_out(home, tmp_path):
    package = packages.gan(tmp_path / "p")
    with opened(home) as studio:
        job = studio.import_model(package)
        assert studio.queue.get(job).title == "Import p"
        worker = studio.crew.wait("files", "import_model")
        model = studio.library.install(package)
        worker.emit(Done(data={"model": model.id}))
        check = studio.crew.wait("generate", "verify")
        assert check.message.body["model"] == model.id
        check.emit(Done(data={"ok": True}))
        wait_for(lambda: not studio.queue.busy("generate"))
        assert studio.library.get(model.id)


@pytest.mark.parametrize(
    ("end", "stays"),
    [
        (Failed(problem=Problem(kind="bad-input", what="The probe does not agree")), False),
        (Failed(problem=Problem(kind="worker-signal", what="It crashed")), False),
        (Cancelled(), True),
    ],
)
def test_a_model_that_fails_its_trial_does_not_stay(home, tmp_path, end, stays):
    package = packages.gan(tmp_path / "p")
    told, ends = [], []
    with opened(home) as studio:
        studio.on_problem(told.append)
        studio.queue.on_event(ends.append)
        studio.import_model(package)
        worker = studio.crew.wait("files", "import_model")
        model = studio.library.install(package)
        worker.emit(Done(data={"model": model.id}))
        studio.crew.wait("generate", "verify").emit(end)
        wait_for(lambda: len(ends) == 2)
        assert (model.id in [m.id for m in studio.library.list()]) == stays
        assert len(told) == (0 if stays else 1)
        if not stays:
            assert f"{model.id} was not installed" in told[0].sentence


def test_a_finished_training_is_installed_and_tried_out(home):
    heard = []
    with opened(home) as studio:
        studio.runs.on_change(lambda: heard.append("runs"))
        job = studio.queue.submit_work("train", "train", {"recipe": {}})
        worker = studio.crew.wait("train", "train")
        (home.runs / "0003-toy").mkdir(parents=True)
        worker.emit(Log(text="Run 0003-toy"))
        wait_for(lambda: studio.queue.get(job).body == {"run": "0003-toy"})
        worker.emit(Done(data={"run": "0003-toy", "package": "/p", "model": "toy"}))
        installer = studio.crew.wait("files", "import_model")
        assert installer.message.body == {"path": "/p", "replace": True, "evaluate": True}
        assert heard


def test_export_goes_through_the_files_worker(home):
    with opened(home) as studio:
        studio.save_settings(Settings(metadata="label"))
        studio.export(["a", "b"], Path("/out"), ".jpg")
        message = studio.crew.wait("files", "export").message
        assert message.body == {
            "ids": ["a", "b"],
            "target": str(Path("/out")),
            "ext": ".jpg",
            "level": "label",
        }
        assert studio.queue.jobs()[0].title == "Export 2 files"


def test_datasets_and_evaluations_are_announced(home):
    heard = []
    with opened(home) as studio:
        studio.datasets.on_change(lambda: heard.append("datasets"))
        studio.library.on_change(lambda: heard.append("library"))
        studio.queue.submit_work("files", "add_dataset", {})
        studio.crew.wait("files", "add_dataset").emit(Done())
        studio.queue.submit_work("generate", "evaluate", {})
        studio.crew.wait("generate", "evaluate").emit(Done())
        wait_for(lambda: len(heard) == 2)
    assert heard == ["datasets", "library"]


def test_a_start_that_fails_gives_the_folder_free(home, monkeypatch):
    def broken(*_, **__):
        raise GenStudioError("no index today")

    with monkeypatch.context() as patch:
        patch.setattr("genstudio.studio.studio.Gallery", broken)
        with pytest.raises(GenStudioError, match="no index"):
            Studio(home)
    with opened(home):
        assert instance.POLL_SECONDS < instance.ANSWER_SECONDS


def test_the_window_side_holds_no_heavy_library():
    code = (
        "import sys; import genstudio.studio.studio, genstudio.studio.requests\n"
        "print([m for m in ('torch', 'onnxruntime', 'PySide6', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
