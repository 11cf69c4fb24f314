"""Pictures for the panels, loaded beside the window's thread where that may take time.

Pillow and numpy are imported at the first need: the window paints before them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage

from genstudio.core.errors import GenStudioError
from genstudio.studio.looking import Looker
from genstudio.ui.state.results import Place
from genstudio.ui.widgets import images


class _Told(QObject):
    ready = Signal(object, object)


class _Load(QRunnable):
    def __init__(self, key: object, make: Callable[[], object], told: _Told) -> None:
        super().__init__()
        self._key, self._make, self._told = key, make, told

    def run(self) -> None:
        """Load; what cannot be read arrives as None."""
        try:
            made = self._make()
        except (GenStudioError, OSError, ValueError):
            made = None
        self._told.ready.emit(self._key, made)


class Loader(QObject):
    """`ask(key, make)` runs `make` in a thread; `ready(key, made)` arrives in the window's."""

    ready = Signal(object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._told = _Told(self)
        self._told.ready.connect(self.ready)

    def ask(self, key: object, make: Callable[[], object]) -> None:
        """Load one thing."""
        self._pool.start(_Load(key, make, self._told))

    def forget(self) -> None:
        """Drop what has not begun."""
        self._pool.clear()

    def close(self) -> None:
        """Drop what waits and let what runs end."""
        self._pool.clear()
        self._pool.waitForDone()


def of_place(place: Place) -> QImage | None:
    """The picture of a place: the newest preview, else its file (ours, small)."""
    if place.picture:
        return _or_none(images.from_png(place.picture))
    if place.path is not None and place.output == "image":
        return _or_none(QImage(str(place.path)))
    return None


def of_any_file(path: Path, looker: Looker) -> QImage:
    """A picture the user gave, read and bounded by another process; raises GenStudioError."""
    return images.from_png(looker.picture(path))


def of_small_file(path: Path) -> QImage:
    """A picture of our own (a thumbnail)."""
    return QImage(str(path))


def frames_of(path: Path) -> tuple[list[QImage], float]:
    """All frames of an animation with its frames per second; raises BadInput."""
    from genstudio.media import animation

    frames, fps = animation.read(path)
    return [images.from_array(frame) for frame in frames], fps


def _or_none(picture: QImage) -> QImage | None:
    return None if picture.isNull() else picture
