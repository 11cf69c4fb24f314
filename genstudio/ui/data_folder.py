"""The data folder: what it holds, how large it is, what may be cleaned, another one next time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core import files
from genstudio.core.paths import Home, chosen_home_file

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio


@dataclass(frozen=True)
class Part:
    """One folder of the data folder with its size in bytes. `clean` names what may be removed."""

    key: str
    title: str
    bytes: int
    clean: str = ""


def parts_of(home: Home) -> tuple[tuple[str, str, Path, str], ...]:
    """(key, title, folder, word of the cleaning button) of all that takes room."""
    return (
        ("models", "Installed models", home.models, ""),
        ("gallery", "Gallery", home.gallery, ""),
        ("trash", "Trash", home.trash, "Empty the trash"),
        ("datasets", "Datasets", home.datasets, ""),
        ("runs", "Training runs", home.runs, ""),
        ("cache", "Thumbnails and caches", home.cache, "Clear"),
        ("logs", "Logs", home.logs, "Clear"),
    )


def folder_size(folder: Path) -> int:
    """Bytes of all files below `folder`; links are not followed, vanished files count nothing."""
    total = 0
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
    return total


def measure(home: Home) -> list[Part]:
    """All parts with their sizes; takes a moment for many files."""
    return [
        Part(key, title, folder_size(folder), clean) for key, title, folder, clean in parts_of(home)
    ]


def clean(studio: Studio, key: str) -> str:
    """Remove what may be removed of part `key`; says what was done. Raises GenStudioError."""
    home = studio.home
    if key == "trash":
        count = studio.gallery.purge(0)
        return f"{count} file{'s' if count != 1 else ''} deleted from the trash"
    folder = {"cache": home.cache, "logs": home.logs}[key]
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        with contextlib.suppress(OSError):
            files.remove(path)
    return "Thumbnails and caches are cleared" if key == "cache" else "Logs are cleared"


def choose_for_next_start(folder: Path) -> None:
    """Use `folder` as data folder from the next start on. Raises GenStudioError."""
    files.make_folder(folder)
    files.write_text(chosen_home_file(), str(folder.absolute()))


def forget_choice() -> None:
    """Use the usual data folder from the next start on. Raises GenStudioError."""
    files.remove(chosen_home_file())


class Measurer(QObject):
    """Measures beside the window's thread; `measured(list[Part])` answers."""

    measured = Signal(list)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def start(self) -> None:
        """Measure now."""
        home, tell = self._home, self.measured.emit
        self._pool.start(_Task(lambda: tell(measure(home))))

    def wait(self) -> None:
        """Let a measuring under way end."""
        self._pool.waitForDone()


class _Task(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """In a thread of the pool; the window may be gone by the end."""
        with contextlib.suppress(RuntimeError):
            self._work()
