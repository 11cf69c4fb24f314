"""How sounds look among results: their outline as a picture, and a line of words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from genstudio.core import sounding
from genstudio.core.artifact import UNFINISHED
from genstudio.media import sound_picture, sound_reading
from genstudio.media.sound_reading import Recording
from genstudio.ui.state.results import Place
from genstudio.ui.theme import color
from genstudio.ui.widgets import images

WIDTH, HEIGHT = 240, 180


def recording(path: Path) -> Recording:
    """A sound of our own gallery; raises BadInput, OSError."""
    return sound_reading.read(path.read_bytes(), path.name)


def outline(samples: np.ndarray, width: int = WIDTH, height: int = HEIGHT) -> QImage:
    """The outline of a sound (n,) or (n, channels) in the colours of the theme."""
    colours = [
        (c.red(), c.green(), c.blue()) for c in (color("raised"), color("accent"), color("line"))
    ]
    paper, ink, axis = colours
    return images.from_array(
        sound_picture.waveform(samples, width, height, paper=paper, ink=ink, axis=axis)
    )


def growing(peaks: list[list[float]], seconds: float) -> QImage:
    """The outline of a sound on its way: low and high in turn, silence up to `seconds`."""
    whole = max(len(peaks), round(seconds * sounding.PEAKS_A_SECOND), 1)
    both = np.zeros((whole, 2), np.float32)
    if peaks:
        both[: len(peaks)] = peaks
    often = -(-2 * WIDTH // whole)  # so that every column of the picture meets low and high
    return outline(np.repeat(both, often, axis=0).ravel())


def words(place: Place) -> str:
    """Such as "seven · 0.62 s"."""
    kind, seconds = place.data.get(sounding.CLASS), place.data.get(sounding.SECONDS)
    parts = [str(kind)] if kind else []
    if isinstance(seconds, (int, float)):
        parts.append(f"{seconds:.2f} s")
    if UNFINISHED in place.data:
        parts.append("stopped")
    return " · ".join(parts)
