"""RowSoundState: sounds of the user's in place of drums are read and kept in a thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from genstudio.core.stored import read_limited
from genstudio.media.notes import RowSound
from genstudio.media.row_sounds import MAX_BYTES, taken
from genstudio.studio.sounds_out import called
from genstudio.ui.state.opening import Opening

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

LETTERS = 60


@dataclass(frozen=True)
class Taken:
    """A sound that lies beside piece `piece` now, for a row of its track `track`."""

    piece: str
    track: int
    sound: RowSound


class RowSoundState(QObject):
    """`ready(Taken)` or `problem` follows each `take`. A sound may be offered by another panel
    before anybody said which row it is for."""

    ready = Signal(object)
    problem = Signal(object)
    area_wanted = Signal(str)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf, self._gallery = studio.pieces, studio.gallery
        self.waiting: Path | None = None
        # One thread reads in the order of asking, so both ends of the row agree.
        self._asked: deque[tuple[str, int, int, str]] = deque()
        self._opening = Opening(self._read, "reading the sound", self)
        self._opening.ready.connect(lambda _path, found: self.ready.emit(found))
        self._opening.problem.connect(self.problem)

    def called(self, path: Path) -> str:
        """What a sound is called: as its file, or by its class where the gallery has it."""
        return called(self._gallery, path)[:LETTERS]

    def take(self, path: Path, piece: str, track: int, pitch: int) -> None:
        """Have a sound file kept beside a piece, for a row of a drum track."""
        self._asked.append((piece, track, pitch, self.called(path)))
        self._opening.open(path)

    def offer(self, path: Path) -> None:
        """Show the Music panel and ask there which row a sound is for."""
        self.waiting = path
        self.area_wanted.emit("music")

    def take_offered(self) -> Path | None:
        """The sound that was offered, once."""
        path, self.waiting = self.waiting, None
        return path

    def wait(self) -> None:
        """Let what is being read end (at closing, and in tests)."""
        self._opening.wait()

    def _read(self, path: Path) -> Taken:
        piece, track, pitch, name = self._asked.popleft()
        data = taken(read_limited(path, MAX_BYTES), path.name)
        file = self._shelf.add_sound(piece, data)
        return Taken(piece, track, RowSound(pitch, name, file))
