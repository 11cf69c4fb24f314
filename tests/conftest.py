"""What all tests share: no display, no user's data folder, no leaks, models trained once."""

from __future__ import annotations

import os

# Before anything imports Qt: tests need no display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Before anything imports numpy: threads that spin slow each other down on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import gc
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from genstudio.core.paths import Home
from tests.helpers import leaks, shapes, tiny


def pytest_collection_finish() -> None:
    """Modules and their 300,000 objects stay: they are not looked through after every test."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Nothing of Python's lies in the clipboard when Qt goes, behind the end of Python.

    Qt's clipboard without a display frees it in a handler of exit(), and PySide crashes there.
    """
    if (qt := sys.modules.get("PySide6.QtGui")) is not None and qt.QGuiApplication.instance():
        qt.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True, scope="module")
def lasting_things_are_set_aside() -> Iterator[None]:
    """The same with what outlives a module of tests, such as models opened once for all."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for every test, named by GENSTUDIO_HOME; made when first used."""
    home = tmp_path_factory.getbasetemp() / "homes" / f"{time.monotonic_ns()}"
    monkeypatch.setenv("GENSTUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: no thread, child process or running timer is left that was not there."""
    threads, children = set(threading.enumerate()), leaks.children()
    yield
    left = leaks.wait_for_none(lambda: leaks.threads_since(threads), seconds=5)
    assert not left, f"threads left running: {[thread.name for thread in left]}"
    left = leaks.wait_for_none(lambda: leaks.children() - children, seconds=6)
    assert not left, f"child processes left running: {[leaks.command_of(pid) for pid in left]}"
    if "qtbot" in request.fixturenames or "qapp" in request.fixturenames:
        gc.collect()
        timers = leaks.running_timers()
        assert not timers, f"timers left running: {timers}"


@pytest.fixture(scope="session")
def shapes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Class folders of small grey pictures: discs, squares and crosses."""
    return shapes.write(tmp_path_factory.mktemp("data") / "shapes")


@pytest.fixture(scope="session")
def tiny_home() -> Path:
    """A data folder with the dataset "shapes" and a model "tiny-<family>" of every family.

    Trained by the real pipeline in a process of its own; kept in the system's temporary folder
    until the sources change. Do not write into it: copy it.
    """
    return tiny.home()


@pytest.fixture(scope="session")
def tiny_packages(tiny_home: Path) -> dict[str, Path]:
    """Package folder of the tiny model of every family, by family name."""
    return tiny.packages(tiny_home)


@pytest.fixture
def tiny_copy(tiny_home: Path, tmp_path: Path) -> Home:
    """A copy of `tiny_home` that a test may change."""
    return Home(tiny.copy_of(tiny_home, tmp_path / "home"))
