"""The one writer: whatever fails, a file holds its old bytes or its new ones."""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time

import pytest

from genstudio.core import files
from genstudio.core.errors import DiskFull, GenStudioError, ReadOnly

OLD, NEW = b"old" * 1000, b"new" * 3000


def test_write_replaces_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "名前 ünï" / "x.bin"
    files.write_bytes(path, OLD)
    files.write_bytes(path, NEW)
    assert path.read_bytes() == NEW
    assert os.listdir(path.parent) == [path.name]


def test_file_mode_is_the_usual_one(tmp_path):
    path = tmp_path / "x"
    files.write_text(path, "ä")
    usual = tmp_path / "usual"
    usual.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    assert path.read_text("utf-8") == "ä"


SYSTEM_CALLS = ["write", "_sync", "_rename"]


def _failing(monkeypatch, call, number, error):
    """Let the given step of the writer fail the `number`-th time it is made."""
    seen = {"n": 0}

    def wrap(real):
        def step(*args, **kwargs):
            seen["n"] += 1
            if seen["n"] == number:
                raise OSError(error, os.strerror(error))
            return real(*args, **kwargs)

        return step

    if call == "write":
        monkeypatch.setattr(files._Whole, "write", wrap(files._Whole.write))
    else:
        monkeypatch.setattr(files, call, wrap(getattr(files, call)))


@pytest.mark.parametrize("call", SYSTEM_CALLS)
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    ("error", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, ReadOnly), (errno.EIO, OSError)],
)
def test_a_failure_at_any_step_leaves_old_or_new(tmp_path, monkeypatch, call, number, error, kind):
    path = tmp_path / "x.bin"
    files.write_bytes(path, OLD)
    _failing(monkeypatch, call, number, error)
    try:
        with files.replacing(path) as handle:
            for start in range(0, len(NEW), len(NEW) // 2):
                handle.write(NEW[start : start + len(NEW) // 2])
        failed = False
    except kind:
        failed = True
    assert path.read_bytes() in ({OLD, NEW} if failed else {NEW})
    assert os.listdir(tmp_path) == ["x.bin"]


def test_disk_full_says_volume_and_next_step(tmp_path, monkeypatch):
    _failing(monkeypatch, "write", 1, errno.ENOSPC)
    with pytest.raises(DiskFull) as caught:
        files.write_bytes(tmp_path / "x.bin", NEW)
    sentence = caught.value.problem.sentence
    assert "x.bin" in sentence
    assert "MB free" in sentence
    assert "Free some space" in sentence


def test_torch_style_full_disk_is_recognised(tmp_path):
    with pytest.raises(DiskFull), files.replacing(tmp_path / "x"):
        raise RuntimeError("[enforce fail at inline_container.cc] . unexpected pos 704 vs 598")
    assert os.listdir(tmp_path) == []


def test_short_writes_are_completed(tmp_path, monkeypatch):
    class Stingy:
        def __init__(self, raw):
            self.raw = raw

        def write(self, view):
            return self.raw.write(view[:100])

        def __getattr__(self, name):
            return getattr(self.raw, name)

    real = files._Whole.__init__

    def init(self, path):
        real(self, path)
        self._raw = Stingy(self._raw)

    monkeypatch.setattr(files._Whole, "__init__", init)
    files.write_bytes(tmp_path / "x", NEW)
    assert (tmp_path / "x").read_bytes() == NEW


def test_real_disk_limit_keeps_the_old_file(tmp_path):
    """RLIMIT_FSIZE in a child: the kernel itself refuses the write."""
    path = tmp_path / "x.bin"
    files.write_bytes(path, OLD)
    code = (
        "import resource, signal, sys, pathlib\n"
        "from genstudio.core import files\n"
        "from genstudio.core.errors import DiskFull\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try:\n"
        f"    files.write_bytes(pathlib.Path({str(path)!r}), b'n' * 20000)\n"
        "except DiskFull:\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 7
    assert path.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["x.bin"]


def test_kill_at_random_moments_never_tears_a_file(tmp_path):
    """A process that does nothing but save is killed; the file is whole every time."""
    seed = 20261121
    moments = random.Random(seed)
    path = tmp_path / "x.bin"
    code = (
        "import pathlib\n"
        "from genstudio.core import files\n"
        f"path = pathlib.Path({str(path)!r})\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    files.write_bytes(path, bytes([n % 251]) * 400_000)\n"
        "    print('saved', flush=True)\n"
    )
    for _ in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True
        )
        child.stdout.readline()
        moment = moments.uniform(0, 0.08)
        time.sleep(moment)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        data = path.read_bytes()
        assert len(data) == 400_000, f"seed {seed}, moment {moment}"
        assert len(set(data)) == 1, f"seed {seed}, moment {moment}"
    files.clean_leftovers(tmp_path)
    assert os.listdir(tmp_path) == ["x.bin"]


def test_write_new_never_overwrites(tmp_path):
    places = [files.write_new(tmp_path / "a.png", bytes([n])) for n in range(3)]
    assert [p.name for p in places] == ["a.png", "a-1.png", "a-2.png"]
    assert [p.read_bytes() for p in places] == [b"\0", b"\1", b"\2"]


def test_write_new_leaves_no_empty_file_when_it_fails(tmp_path, monkeypatch):
    _failing(monkeypatch, "write", 1, errno.ENOSPC)
    with pytest.raises(DiskFull):
        files.write_new(tmp_path / "a.png", b"x")
    assert os.listdir(tmp_path) == []


def test_new_folder_is_all_or_nothing(tmp_path):
    target = tmp_path / "step-1"
    with pytest.raises(ZeroDivisionError), files.new_folder(target) as temp:
        (temp / "a").write_bytes(b"%d" % (1 // len(os.listdir(temp))))
    assert os.listdir(tmp_path) == []
    with files.new_folder(target) as temp:
        (temp / "sub").mkdir()
        (temp / "sub" / "a").write_bytes(b"1")
    assert (target / "sub" / "a").read_bytes() == b"1"
    assert os.listdir(tmp_path) == ["step-1"]


def test_new_folder_replaces_only_when_told(tmp_path):
    target = tmp_path / "box"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(GenStudioError, match="there already"), files.new_folder(target):
        pass
    assert os.listdir(target) == ["old"]
    with files.new_folder(target, replace=True) as temp:
        (temp / "new").touch()
    assert os.listdir(target) == ["new"]
    assert os.listdir(tmp_path) == ["box"]


def test_copy_move_remove(tmp_path):
    source = tmp_path / "a"
    files.write_bytes(source, NEW)
    files.copy_file(source, tmp_path / "sub" / "b")
    files.move_file(source, tmp_path / "c")
    assert not source.exists()
    assert files.sha256_of(tmp_path / "c") == files.sha256_of(tmp_path / "sub" / "b")
    files.remove(tmp_path / "sub")
    files.remove(tmp_path / "c")
    files.remove(tmp_path / "never")
    assert os.listdir(tmp_path) == []


def test_move_across_volumes_copies(tmp_path, monkeypatch):
    files.write_bytes(tmp_path / "a", OLD)
    real = files._rename

    def rename(source, target):
        if source.name == "a":
            raise OSError(errno.EXDEV, "cross-device")
        real(source, target)

    monkeypatch.setattr(files, "_rename", rename)
    files.move_file(tmp_path / "a", tmp_path / "b")
    assert os.listdir(tmp_path) == ["b"]
    assert (tmp_path / "b").read_bytes() == OLD


def test_leftovers_of_killed_writes_are_cleaned(tmp_path):
    (tmp_path / f"{files.TEMP_MARK}1").write_bytes(b"x")
    folder = tmp_path / "deep" / f"{files.TEMP_MARK}2"
    folder.mkdir(parents=True)
    (tmp_path / "keep").touch()
    assert files.clean_leftovers(tmp_path) == 2
    assert sorted(os.listdir(tmp_path)) == ["deep", "keep"]
    assert files.clean_leftovers(tmp_path / "none") == 0


def test_append_and_free_name(tmp_path):
    log = tmp_path / "logs" / "m.jsonl"
    files.append_line(log, "a")
    files.append_line(log, "b")
    assert log.read_text() == "a\nb\n"
    assert files.free_name(tmp_path / "x") == tmp_path / "x"
    (tmp_path / "x").mkdir()
    assert files.free_name(tmp_path / "x") == tmp_path / "x-1"
    assert files.free_bytes(tmp_path / "not" / "yet") > 0
